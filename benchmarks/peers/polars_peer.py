"""(c) The same four tables in Polars: scans on the streaming engine, sorted frames and shifts for runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.peers.polars_enrolments import (
    add_other_schools,
    find_stays,
    number_pieces,
    number_school_days,
)
from benchmarks.peers.source import files_of

FAMILIES = {"any": (0, 1, 2), "open": (1, 2), "with": (0,), "without": (2,)}
ABSENT = pl.col("status") == "absent"
UNPERMITTED = ABSENT & ~pl.col("permission")
MISSED = ("absent", "without", "not_said", "sick", "minutes")


def run(folder: Path, on: date, out: Path) -> None:
    """The four tables of one region on one day, as Parquet in `out`."""
    out.mkdir(parents=True)
    read = {name: pl.read_parquet(files_of(folder, name)) for name in ("schools", "calendar", "learners")}
    read |= {name: pl.read_parquet(files_of(folder, name)) for name in ("enrolments", "exemptions")}
    people = _people(read)
    days = number_school_days(read["calendar"], on)
    stays = find_stays(read["enrolments"], people, on)
    pieces = number_pieces(stays, read["schools"], days)
    latest = pieces.group_by("id").agg(
        last_number=(pl.col("last_n") + pl.col("day_shift")).max(),
        last_week=(pl.col("last_week") + pl.col("week_shift")).max(),
    )
    absences = _absences(files_of(folder, "marks"), add_other_schools(pieces, stays), days)
    runs = _runs(absences, latest)
    sick = _sick_reports(absences)
    facts = _facts(people, read, stays, pieces, latest, days, absences, runs, sick, on)
    facts.write_parquet(out / "facts.parquet")
    _named(runs.drop("last_number"), people, "family", "first_on").write_parquet(out / "episodes.parquet")
    _named(_report_duties(absences), people, "ends_on").write_parquet(out / "report_duties.parquet")
    _named(_sick_alerts(sick), people, "on", "rule").write_parquet(out / "sick_alerts.parquet")


def _people(read: dict[str, pl.DataFrame]) -> pl.DataFrame:
    tables = ("learners", "enrolments", "exemptions")
    return (
        pl.concat([read[name].select("learner") for name in tables])
        .unique()
        .sort("learner")
        .with_row_index("id")
    )


def _named(rows: pl.DataFrame, people: pl.DataFrame, *order: str) -> pl.DataFrame:
    """The key in place of the number, sorted by it."""
    named = rows.sort("id", *order).join(people, on="id", how="left", maintain_order="left")
    return named.select("learner", pl.exclude("learner", "id"))


def _totals(marks: pl.LazyFrame) -> pl.LazyFrame:
    return marks.group_by("learner", "school", "date").agg(
        absent=ABSENT.sum(),
        without=UNPERMITTED.sum(),
        not_said=(ABSENT & pl.col("permission").is_null()).sum(),
        sick=(ABSENT & (pl.col("reason") == "sick")).sum(),
        minutes=pl.when(UNPERMITTED).then("minutes").sum(),
        marks=pl.len(),
        # Powers of two add up without a carry only while no slot comes twice.
        slots_seen=pl.lit(2, pl.Int64).pow(pl.col("slot") % 62).sum(),
    )


def _at_own_schools(totals: pl.LazyFrame, rolls: pl.DataFrame) -> pl.LazyFrame:
    """What was missed at a school of enrolment, beside the piece that numbers the day."""
    return (
        totals.filter(pl.col("absent") > 0)
        .join(rolls.lazy(), on=["learner", "school"])
        .filter(pl.col("date").is_between("from_on", "last_on"))
        .select("id", "date", "calendar", "slots", "in_lessons", "day_shift", "week_shift", *MISSED)
    )


def _absences(files: list[str], rolls: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Learner-days with absence that counts: add up first, then settle repeated marks and second schools."""
    day = ["learner", "date"]
    totals = _totals(pl.scan_parquet(files)).collect(engine="streaming")
    repeats = pl.col("slots_seen").bitwise_count_ones() < pl.col("marks")
    repeated = totals.group_by(day).agg(again=(pl.len() > 1) | repeats.any()).filter("again").select(day)
    standing = (
        pl.scan_parquet(files, row_index_name="row")
        .join(repeated.lazy(), on=day, how="semi")
        .collect(engine="streaming")
        .sort("row")
        .unique([*day, "slot"], keep="last")
    )
    corrected = (
        _at_own_schools(_totals(standing.lazy()), rolls)
        .group_by("id", "date")
        .agg(pl.exclude(MISSED).first(), pl.col(MISSED).sum())
    )
    plain = _at_own_schools(totals.join(repeated, on=day, how="anti").lazy(), rolls)
    return (
        pl.concat([plain, corrected])
        .join(days.lazy(), on=["calendar", "date"])
        .select(
            "id", "date", "slots",
            number=pl.col("n") + pl.col("day_shift"),
            week=pl.col("week") + pl.col("week_shift"),
            absent=pl.col("absent").cast(pl.Int64),
            permission=pl.when(pl.col("without") > 0).then(2)
            .when(pl.col("not_said") > 0).then(1).otherwise(0),
            sick=pl.col("sick") > 0,
            minutes=pl.when("in_lessons").then(pl.col("without").cast(pl.Int64) * 60).otherwise("minutes"),
        )
        .sort("id", "number")
        .collect(engine="streaming")
    )  # fmt: skip


def _spells(days: pl.DataFrame) -> pl.DataFrame:
    """Number the runs of consecutive school days; rows are sorted by learner and number."""
    goes_on = (pl.col("id") == pl.col("id").shift(1)) & (pl.col("number") == pl.col("number").shift(1) + 1)
    return days.with_columns(spell=(~goes_on).fill_null(True).cum_sum())


def _runs(absences: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    full = absences.filter(pl.col("absent") >= pl.col("slots"))
    spells = [
        _spells(full.filter(pl.col("permission").is_in(permissions)))
        .group_by("spell")
        .agg(
            pl.first("id"), pl.lit(family).alias("family"),
            first_on=pl.first("date"), last_on=pl.last("date"),
            school_days=pl.len().cast(pl.Int64), ongoing=pl.last("number"),
        )
        for family, permissions in FAMILIES.items()
    ]  # fmt: skip
    return (
        pl.concat(spells)
        .join(latest.select("id", "last_number"), on="id")
        .with_columns(ongoing=pl.col("ongoing") == pl.col("last_number"))
        .drop("spell")
    )


def _report_duties(absences: pl.DataFrame) -> pl.DataFrame:
    """Only learners with sixteen hours in some four weeks are gone through, day by day."""
    truancy = absences.filter(pl.col("minutes") > 0)
    truancy = truancy.filter(pl.col("minutes").sum().over("id") >= 960)
    columns = [truancy[name].to_list() for name in ("id", "date", "week", "minutes")]
    schema = {"id": pl.UInt32, "begins_on": pl.Date, "ends_on": pl.Date, "hours": pl.Float64}
    return pl.DataFrame(list(_duties(*columns)), schema, orient="row")


def _duties(
    ids: list[int], dates: list[date], weeks: list[int], minutes: list[int]
) -> Iterator[tuple[int, date, date, float]]:
    first = total = 0
    for here, (who, day, week, missed) in enumerate(zip(ids, dates, weeks, minutes, strict=True)):
        if first < here and ids[first] != who:
            first, total = here, 0
        total += missed
        while weeks[first] <= week - 4:
            total -= minutes[first]
            first += 1
        if total >= 960:
            yield who, dates[first], day, total / 60
            first, total = here + 1, 0


def _sick_reports(absences: pl.DataFrame) -> pl.DataFrame:
    """Sick runs with their first and seventh day, and how many reports the twelve weeks so far make."""
    spells = (
        _spells(absences.filter("sick"))
        .group_by("spell")
        .agg(
            pl.first("id"), pl.first("week").cast(pl.Int64), first_on=pl.first("date"),
            seventh_on=pl.col("date").slice(6, 1).first(),
        )
        .sort("id", "first_on")
    )  # fmt: skip
    fourth_last = pl.col("week").shift(3).over("id")
    fifth_last = pl.col("week").shift(4).over("id")
    from_week = pl.col("week") - 11
    return spells.with_columns(
        makes_four=(fourth_last >= from_week).fill_null(False) & ~(fifth_last >= from_week).fill_null(False)
    )


def _sick_alerts(sick: pl.DataFrame) -> pl.DataFrame:
    fourth = sick.filter("makes_four").select(
        "id", pl.col("first_on").alias("on"), rule=pl.lit("fourth_report")
    )
    seventh = sick.drop_nulls("seventh_on").select(
        "id", pl.col("seventh_on").alias("on"), rule=pl.lit("seventh_day")
    )
    return pl.concat([fourth, seventh])


def _scheduled(
    pieces: pl.DataFrame, latest: pl.DataFrame, days: pl.DataFrame, year_from: date
) -> pl.DataFrame:
    """School days and slots per learner in the three windows."""
    weeks = days.group_by("calendar", "week").agg(first_n=pl.col("n").min())
    years = days.filter(pl.col("date") >= year_from).group_by("calendar").agg(year_n=pl.col("n").min())
    spans = pieces.join(latest.select("id", latest_week="last_week"), on="id").join(
        years, on="calendar", how="left"
    )
    for name, number in (("4w", 4), ("12w", 12)):
        begin = pl.max_horizontal("first_week", pl.col("latest_week") - (number - 1) - pl.col("week_shift"))
        spans = (
            spans.with_columns(begin=begin.cast(pl.Int32))
            .join(
                weeks.select("calendar", begin="week", **{f"from_{name}": "first_n"}),
                on=["calendar", "begin"],
                how="left",
            )
            .with_columns(
                pl.when(pl.col("begin") <= pl.col("last_week")).then(f"from_{name}").alias(f"from_{name}")
            )
        )
    spans = spans.rename({"year_n": "from_ytd"})
    counted = {
        name: (pl.col("last_n") - pl.max_horizontal("first_n", f"from_{name}") + 1).clip(0).cast(pl.Int64)
        for name in ("ytd", "4w", "12w")
    }
    return (
        spans.select(
            "id", "slots",
            **{f"days_{name}": pl.when(pl.col(f"from_{name}") > 0).then(n) for name, n in counted.items()},
        )
        .group_by("id")
        .agg(
            *(pl.col(f"days_{name}").sum() for name in counted),
            **{f"scheduled_{name}": (pl.col(f"days_{name}") * pl.col("slots")).sum() for name in counted},
        )
    )  # fmt: skip


def _missed(absences: pl.DataFrame, latest: pl.DataFrame, year_from: date) -> pl.DataFrame:
    absent = pl.min_horizontal("absent", "slots")
    back = pl.col("last_week") - pl.col("week")
    return (
        absences.join(latest, on="id")
        .group_by("id")
        .agg(
            absent_ytd=pl.when(pl.col("date") >= year_from).then(absent).sum(),
            absent_4w=pl.when(back < 4).then(absent).sum(),
            absent_12w=pl.when(back < 12).then(absent).sum(),
            alternating_days_15w=((back < 15) & (pl.col("absent") * 4 >= pl.col("slots"))).sum(),
        )
    )


def _layer(name: str) -> pl.Expr:
    cuts = [pl.col(f"absent_{name}") * 100 >= pl.col(f"scheduled_{name}") * cut for cut in (5, 10, 20)]
    layer = pl.sum_horizontal(cut.cast(pl.Int32) for cut in cuts)
    return pl.when(pl.col(f"days_{name}") >= 20).then(layer).alias(f"layer_{name}")


def _facts(
    people: pl.DataFrame, read: dict[str, pl.DataFrame], stays: pl.DataFrame, pieces: pl.DataFrame,
    latest: pl.DataFrame, days: pl.DataFrame, absences: pl.DataFrame, runs: pl.DataFrame, sick: pl.DataFrame,
    on: date,
) -> pl.DataFrame:  # fmt: skip
    year_from = date(on.year - (on.month < 8), 8, 1)
    today = (
        stays.filter(pl.col("last_on") >= on)
        .sort("id", "from_on", "school")
        .group_by("id")
        .agg(pl.last("school"))
    )
    excused = read["exemptions"].filter(pl.col("from_on") <= on, (pl.col("until_on") >= on).fill_null(True))
    ongoing = runs.filter("ongoing")
    since = {"any": "ongoing_since", "without": "ongoing_without_since", "open": "ongoing_open_since"}
    sick_12w = sick.join(latest, on="id").filter(pl.col("last_week") - pl.col("week") < 12)
    facts = people.join(today, on="id", how="left")
    for family, name in since.items():
        of_family = ongoing.filter(pl.col("family") == family)
        facts = facts.join(of_family.select("id", pl.col("first_on").alias(name)), on="id", how="left")
    return (
        facts.join(_scheduled(pieces, latest, days, year_from), on="id", how="left")
        .join(_missed(absences, latest, year_from), on="id", how="left")
        .join(sick_12w.group_by("id").agg(sick_reports_12w=pl.len().cast(pl.Int64)), on="id", how="left")
        .join(read["learners"], on="learner", how="left")
        .join(excused.select("learner", exempt=pl.lit(True)).unique(), on="learner", how="left")
        .with_columns(pl.col("^(absent|scheduled|days|sick|alternating)_.*$").fill_null(0))
        .with_columns(
            *(_layer(name) for name in ("ytd", "4w", "12w")),
            phase=_phase(on),
            of_compulsory_age=_of_compulsory_age(on),
            enrolled=pl.col("school").is_not_null(),
            exempt=pl.col("exempt").fill_null(False),
        )
        .sort("id")
        .select(
            "learner", "school", "phase", *since.values(),
            *(f"{kind}_{name}" for name in ("ytd", "4w", "12w") for kind in ("absent", "scheduled")),
            "layer_ytd", "layer_4w", "layer_12w", "sick_reports_12w", "alternating_days_15w",
            "of_compulsory_age", "enrolled", "exempt",
        )
    )  # fmt: skip


def _phase(on: date) -> pl.Expr:
    first = pl.col("ongoing_since")
    return (
        pl.when(first.is_null()).then(0)
        .when((pl.lit(on) - first).dt.total_days() + 1 <= 28).then(1)
        .when(first.dt.offset_by("3mo") >= on).then(2)
        .otherwise(3)
    )  # fmt: skip


def _of_compulsory_age(on: date) -> pl.Expr:
    born = pl.col("born_on")
    has_begun = born.dt.offset_by("5y").dt.month_start().dt.offset_by("1mo") <= on
    year_of_16_ended = pl.date(born.dt.year() + 16 + (born.dt.month() >= 8).cast(pl.Int32), 7, 31) < on
    turned_18 = born.dt.offset_by("18y") <= on
    return has_begun & (~year_of_16_ended | (~turned_18 & ~pl.col("basic_qualification")))
