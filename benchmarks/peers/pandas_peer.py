"""(d) The same four tables in pandas, as a good analyst writes it: categories, whole columns, few loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.pandas_enrolments import (
    add_other_schools,
    find_stays,
    number_pieces,
    number_school_days,
)
from benchmarks.peers.source import files_of

FAMILIES = {"any": (0, 1, 2), "open": (1, 2), "with": (0,), "without": (2,)}
SINCE = {"any": "ongoing_since", "without": "ongoing_without_since", "open": "ongoing_open_since"}
TEXTS_OF_MARKS = ["learner", "school", "status", "reason"]
OF_A_ROLL = [
    "id", "school", "from_on", "last_on", "calendar", "slots", "day_shift", "week_shift", "in_lessons",
    "shared",
]  # fmt: skip
MISSED = ["absent", "without", "not_said", "sick", "minutes"]


def run(folder: Path, on: date, out: Path) -> None:
    """The four tables of one region on one day, as Parquet in `out`."""
    judge_in_pandas(folder, on, out, read_marks=marks_as_categories, facts_alone=False)


def judge_in_pandas(
    folder: Path, on: date, out: Path, *, read_marks: Callable[[list[str]], pd.DataFrame], facts_alone: bool
) -> None:
    """The work, with one way or another to read the marks; the four tables or `facts` alone."""
    out.mkdir(parents=True)
    day = pd.Timestamp(on)
    tables = {
        name: _read(folder, name) for name in ("schools", "calendar", "learners", "enrolments", "exemptions")
    }
    people = np.unique(
        np.concatenate(
            [tables[name]["learner"].to_numpy(object) for name in ("learners", "enrolments", "exemptions")]
        )
    )
    days = number_school_days(tables["calendar"], day)
    stays = find_stays(tables["enrolments"], people, day)
    pieces = number_pieces(stays, tables["schools"], days)
    latest = (
        pieces.assign(
            last_number=pieces["last_n"] + pieces["day_shift"],
            last_week=pieces["last_week"] + pieces["week_shift"],
        )
        .groupby("id")[["last_number", "last_week"]]
        .max()
    )
    rolls = add_other_schools(pieces, stays)
    absences = _absences(_totals(read_marks(files_of(folder, "marks"))), people, rolls, days)
    runs = _runs(absences, latest, tuple(SINCE) if facts_alone else tuple(FAMILIES))
    sick = _sick_reports(absences)
    facts = _facts(people, tables, stays, pieces, latest, days, absences, runs, sick, day)
    _write(facts, out / "facts.parquet")
    if facts_alone:
        return
    _write(_named(runs, people, ["family", "first_on"]), out / "episodes.parquet")
    _write(_named(_report_duties(absences), people, ["ends_on"]), out / "report_duties.parquet")
    _write(_named(_sick_alerts(sick), people, ["on", "rule"]), out / "sick_alerts.parquet")


def _read(folder: Path, table: str) -> pd.DataFrame:
    found = pa.concat_tables([pq.read_table(path) for path in files_of(folder, table)])
    frame = found.to_pandas(date_as_object=False)
    return frame.astype(dict.fromkeys(frame.select_dtypes("datetime"), "datetime64[us]"))


def _write(frame: pd.DataFrame, path: Path) -> None:
    for name in frame.select_dtypes("datetime"):
        frame[name] = pd.array(pa.array(frame[name]).cast(pa.date32()), dtype=pd.ArrowDtype(pa.date32()))
    frame.to_parquet(path, index=False, compression="zstd")


def _named(rows: pd.DataFrame, people: np.ndarray, order: list[str]) -> pd.DataFrame:
    rows = rows.sort_values(["id", *order])
    rows.insert(0, "learner", people[rows["id"].to_numpy()])
    return rows.drop(columns="id")


def marks_as_categories(files: list[str]) -> pd.DataFrame:
    """The marks in order of delivery, texts as the categories Parquet already holds."""
    read = [pq.read_table(path, read_dictionary=TEXTS_OF_MARKS) for path in files]
    marks = pa.concat_tables(read).unify_dictionaries()
    return marks.to_pandas(date_as_object=False, types_mapper={pa.bool_(): pd.BooleanDtype()}.get)


def _totals(marks: pd.DataFrame) -> pd.DataFrame:
    """What was missed per learner, school and date; of repeated marks the last delivered stands."""
    repeated = marks.duplicated(["learner", "date", "slot"], keep="last")
    absent = marks[~repeated & (marks["status"] == "absent")]
    without = absent["permission"].eq(False).fillna(False).astype("bool")
    return (
        absent[["learner", "school", "date"]]
        .assign(
            absent=1,
            without=without.astype("int64"),
            not_said=absent["permission"].isna(),
            sick=absent["reason"] == "sick",
            minutes=absent["minutes"].where(without, 0).fillna(0).astype("int64"),
        )
        .groupby(["learner", "school", "date"], observed=True, sort=False)
        .sum()
        .reset_index()
        .astype({"learner": "category", "school": "category"})
    )


def _position(texts: pd.Index | pd.Series, among: np.ndarray | pd.Index) -> np.ndarray:
    """The place of each text among others; -1 when it is not there."""
    return pd.Index(among).get_indexer(pd.Index(texts))


def _added_up_over_schools(there: pd.DataFrame) -> pd.DataFrame:
    """One row per learner and day: only days on the roll of more than one school can have more."""
    apart = ~there["shared"]
    once = dict.fromkeys(there.columns.difference(["id", "date"]), "first")
    together = there[~apart].groupby(["id", "date"], as_index=False)
    return pd.concat([there[apart], together.agg(once | dict.fromkeys(MISSED, "sum"))], ignore_index=True)


def _absences(
    totals: pd.DataFrame, people: np.ndarray, rolls: pd.DataFrame, days: pd.DataFrame
) -> pd.DataFrame:
    """Learner-days with absence that counts, sorted by learner and number."""
    schools = totals["school"].cat.categories
    totals["id"] = _position(totals["learner"].cat.categories, people)[totals["learner"].cat.codes]
    totals["school"] = totals["school"].cat.codes
    totals["date"] = totals["date"].astype("datetime64[us]")
    placed = rolls.assign(school=_position(rolls["school"], schools).astype(totals["school"].dtype))
    there = totals.merge(placed[OF_A_ROLL], on=["id", "school"])
    there = there[(there["date"] >= there["from_on"]) & (there["date"] <= there["last_on"])]
    there = _added_up_over_schools(there)
    there = there.merge(days[["calendar", "date", "n", "week"]], on=["calendar", "date"])
    counted = pd.DataFrame(
        {
            "id": there["id"],
            "date": there["date"],
            "number": there["n"] + there["day_shift"],
            "week": there["week"] + there["week_shift"],
            "absent": there["absent"],
            "slots": there["slots"],
            "permission": np.where(there["without"] > 0, 2, np.where(there["not_said"] > 0, 1, 0)),
            "sick": there["sick"] > 0,
            "minutes": np.where(there["in_lessons"], there["without"] * 60, there["minutes"]),
        }
    )
    return counted.sort_values(["id", "number"], ignore_index=True)


def _begins(days: pd.DataFrame) -> np.ndarray:
    """Where a run of consecutive school days begins; rows are sorted by learner and number."""
    ids, numbers = days["id"].to_numpy(), days["number"].to_numpy()
    begins = np.ones(len(days), bool)
    begins[1:] = (ids[1:] != ids[:-1]) | (numbers[1:] != numbers[:-1] + 1)
    return begins


def _runs(absences: pd.DataFrame, latest: pd.DataFrame, families: tuple[str, ...]) -> pd.DataFrame:
    full = absences[absences["absent"] >= absences["slots"]]
    found = []
    for family in families:
        days = full[full["permission"].isin(FAMILIES[family])]
        first = np.flatnonzero(_begins(days))
        last = np.append(first[1:], len(days))[: len(first)] - 1
        ids = days["id"].to_numpy()[first]
        dates, numbers = days["date"].to_numpy(), days["number"].to_numpy()
        found.append(
            pd.DataFrame(
                {
                    "id": ids, "family": family, "first_on": dates[first], "last_on": dates[last],
                    "school_days": last - first + 1,
                    "ongoing": numbers[last] == latest["last_number"].reindex(ids).to_numpy(),
                }
            )
        )  # fmt: skip
    return pd.concat(found, ignore_index=True)


def _report_duties(absences: pd.DataFrame) -> pd.DataFrame:
    """Only learners with sixteen hours in all are gone through, day by day."""
    truancy = absences[absences["minutes"] > 0]
    truancy = truancy[truancy.groupby("id")["minutes"].transform("sum") >= 960]
    columns = [truancy[name].tolist() for name in ("id", "week", "minutes")]
    found = np.array(list(_duties(*columns)), "int64").reshape(-1, 3)
    dates = truancy["date"].to_numpy()
    return pd.DataFrame(
        {
            "id": truancy["id"].to_numpy()[found[:, 0]],
            "begins_on": dates[found[:, 0]],
            "ends_on": dates[found[:, 1]],
            "hours": found[:, 2] / 60,
        }
    )


def _duties(ids: list[int], weeks: list[int], minutes: list[int]) -> Iterator[tuple[int, int, int]]:
    """Rows where a duty begins and ends, and its minutes."""
    first = total = 0
    for here, (who, week, missed) in enumerate(zip(ids, weeks, minutes, strict=True)):
        if first < here and ids[first] != who:
            first, total = here, 0
        total += missed
        while weeks[first] <= week - 4:
            total -= minutes[first]
            first += 1
        if total >= 960:
            yield first, here, total
            first, total = here + 1, 0


def _sick_reports(absences: pd.DataFrame) -> pd.DataFrame:
    """Sick runs with first and seventh day, and whether the report makes exactly four in twelve weeks."""
    days = absences[absences["sick"]]
    first = np.flatnonzero(_begins(days))
    length = np.diff(np.append(first, len(days)))
    dates = days["date"].to_numpy()
    seventh = np.where(length >= 7, dates[np.minimum(first + 6, max(len(days) - 1, 0))], np.datetime64("NaT"))
    reports = days.iloc[first][["id", "date", "week"]].reset_index(drop=True)
    earlier = reports.groupby("id")["week"]
    within = reports["week"] - 11
    return reports.assign(
        seventh_on=seventh, makes_four=(earlier.shift(3) >= within) & ~(earlier.shift(4) >= within)
    )


def _sick_alerts(sick: pd.DataFrame) -> pd.DataFrame:
    fourth = (
        sick.loc[sick["makes_four"], ["id", "date"]]
        .set_axis(["id", "on"], axis=1)
        .assign(rule="fourth_report")
    )
    seventh = sick.dropna(subset="seventh_on")[["id", "seventh_on"]].set_axis(["id", "on"], axis=1)
    return pd.concat([fourth, seventh.assign(rule="seventh_day")], ignore_index=True)


def _scheduled(
    pieces: pd.DataFrame, latest: pd.DataFrame, days: pd.DataFrame, year_from: pd.Timestamp
) -> pd.DataFrame:
    """School days and slots per learner in the three windows."""
    weeks = days.groupby(["calendar", "week"])["n"].min()
    years = days[days["date"] >= year_from].groupby("calendar")["n"].min()
    last_week = latest["last_week"].reindex(pieces["id"]).to_numpy()
    counted = {"id": pieces["id"]}
    for name, back in (("ytd", None), ("4w", 3), ("12w", 11)):
        if back is None:
            begin = pieces["calendar"].map(years).to_numpy("float64")
        else:
            week = np.maximum(pieces["first_week"], last_week - back - pieces["week_shift"])
            begin = weeks.reindex(pd.MultiIndex.from_arrays([pieces["calendar"], week])).to_numpy("float64")
            begin = np.where(week <= pieces["last_week"], begin, np.nan)
        span = pieces["last_n"].to_numpy() - np.maximum(pieces["first_n"].to_numpy(), begin) + 1
        counted[f"days_{name}"] = np.nan_to_num(np.maximum(span, 0)).astype("int64")
        counted[f"scheduled_{name}"] = counted[f"days_{name}"] * pieces["slots"].to_numpy()
    return pd.DataFrame(counted).groupby("id").sum()


def _missed(absences: pd.DataFrame, latest: pd.DataFrame, year_from: pd.Timestamp) -> pd.DataFrame:
    absent = np.minimum(absences["absent"], absences["slots"])
    back = latest["last_week"].reindex(absences["id"]).to_numpy() - absences["week"]
    counted = pd.DataFrame(
        {
            "id": absences["id"],
            "absent_ytd": absent.where(absences["date"] >= year_from, 0),
            "absent_4w": absent.where(back < 4, 0),
            "absent_12w": absent.where(back < 12, 0),
            "alternating_days_15w": (back < 15) & (absences["absent"] * 4 >= absences["slots"]),
        }
    )
    return counted.groupby("id").sum()


def _facts(
    people: np.ndarray, tables: dict[str, pd.DataFrame], stays: pd.DataFrame, pieces: pd.DataFrame,
    latest: pd.DataFrame, days: pd.DataFrame, absences: pd.DataFrame, runs: pd.DataFrame, sick: pd.DataFrame,
    on: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    year_from = pd.Timestamp(on.year - (on.month < 8), 8, 1)
    facts = pd.DataFrame({"learner": people})
    today = (
        stays[stays["last_on"] >= on]
        .sort_values(["id", "from_on", "school"])
        .drop_duplicates("id", keep="last")
    )
    facts["school"] = today.set_index("id")["school"]
    facts["phase"] = 0
    ongoing = runs[runs["ongoing"]]
    for family, name in SINCE.items():
        facts[name] = ongoing[ongoing["family"] == family].set_index("id")["first_on"]
    facts["phase"] = _phase(facts["ongoing_since"], on)
    sick_weeks_back = latest["last_week"].reindex(sick["id"]).to_numpy() - sick["week"]
    counts = pd.concat(
        [
            _scheduled(pieces, latest, days, year_from),
            _missed(absences, latest, year_from),
            sick[sick_weeks_back < 12].groupby("id").size().rename("sick_reports_12w"),
        ],
        axis=1,
    ).reindex(facts.index, fill_value=0).fillna(0).astype("int64")  # fmt: skip
    for name in ("ytd", "4w", "12w"):
        facts[f"absent_{name}"], facts[f"scheduled_{name}"] = (
            counts[f"absent_{name}"],
            counts[f"scheduled_{name}"],
        )
    for name in ("ytd", "4w", "12w"):
        facts[f"layer_{name}"] = _layer(counts, name)
    facts[["sick_reports_12w", "alternating_days_15w"]] = counts[["sick_reports_12w", "alternating_days_15w"]]
    born = facts[["learner"]].merge(tables["learners"], on="learner", how="left")
    facts["of_compulsory_age"] = _of_compulsory_age(born["born_on"], born["basic_qualification"], on)
    facts["enrolled"] = facts["school"].notna()
    exemptions = tables["exemptions"]
    until = exemptions["until_on"]
    covers = (exemptions["from_on"] <= on) & (until.isna() | (until >= on))
    facts["exempt"] = facts["learner"].isin(exemptions.loc[covers, "learner"])
    return facts


def _phase(first: pd.Series, on: pd.Timestamp) -> np.ndarray:
    length = (on - first).dt.days + 1
    beyond = first + pd.DateOffset(months=3) < on
    return np.select([first.isna(), length <= 28, ~beyond], [0, 1, 2], 3)


def _layer(counts: pd.DataFrame, name: str) -> pd.Series:
    absent, scheduled = counts[f"absent_{name}"] * 100, counts[f"scheduled_{name}"]
    layer = sum((absent >= scheduled * cut).astype("Int64") for cut in (5, 10, 20))
    return layer.where(counts[f"days_{name}"] >= 20)


def _of_compulsory_age(born: pd.Series, qualification: pd.Series, on: pd.Timestamp) -> pd.Series:
    """Three-valued through pandas' nullable boolean."""
    fifth, sixteenth, eighteenth = (born + pd.DateOffset(years=years) for years in (5, 16, 18))
    begun_from = fifth.dt.to_period("M").add(1).dt.to_timestamp()
    school_year = sixteenth.dt.year + (sixteenth.dt.month >= 8)
    has_begun, ended, adult = (
        answer.astype("boolean").mask(born.isna())
        for answer in (
            begun_from <= on,
            school_year < on.year + ((on.month, on.day) > (7, 31)),
            eighteenth <= on,
        )
    )
    return has_begun & (~ended | (~adult & ~qualification.astype("boolean")))
