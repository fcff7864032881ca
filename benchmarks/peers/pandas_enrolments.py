"""Enrolments in pandas: school days numbered per learner, and the schools whose marks count on them."""

from __future__ import annotations

import numpy as np
import pandas as pd

ONE_DAY = pd.Timedelta(days=1)


def _monday(dates: pd.Series) -> pd.Series:
    return dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")


def number_school_days(calendar: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """School days up to the day, numbered per calendar, with their weeks."""
    days = calendar.loc[calendar["school_day"] & (calendar["date"] <= on), ["calendar", "date"]]
    days = days.sort_values(["calendar", "date"], ignore_index=True)
    days["monday"] = _monday(days["date"])
    days["n"] = days.groupby("calendar").cumcount() + 1
    days["week"] = days.groupby("calendar")["monday"].rank("dense").astype("int64")
    return days


def find_stays(enrolments: pd.DataFrame, people: np.ndarray, on: pd.Timestamp) -> pd.DataFrame:
    last_on = enrolments["until_on"].fillna(on).clip(upper=on)
    stays = enrolments.assign(
        id=np.searchsorted(people, enrolments["learner"].to_numpy(object)), last_on=last_on
    )
    return stays.loc[stays["from_on"] <= last_on, ["id", "school", "from_on", "last_on"]]


def _settled(stays: pd.DataFrame) -> pd.DataFrame:
    """Stays that do not overlap, each at THE school: the later-begun, on a tie the greater key."""
    several = stays["id"].duplicated(keep=False)
    moving = stays[several]
    ends = moving[["id", "last_on"]].set_axis(["id", "cut"], axis=1)
    ends["cut"] += ONE_DAY
    slices = pd.concat([moving[["id", "from_on"]].set_axis(["id", "cut"], axis=1), ends])
    slices = slices.drop_duplicates().sort_values(["id", "cut"])
    slices["slice_until"] = slices.groupby("id")["cut"].shift(-1) - ONE_DAY
    there = slices.merge(moving, on="id")
    there = there[there["cut"].between(there["from_on"], there["last_on"])]
    there = there.sort_values(["id", "cut", "from_on", "school"]).drop_duplicates(["id", "cut"], keep="last")
    there = there.assign(from_on=there["cut"], last_on=there["slice_until"])[stays.columns]
    return pd.concat([stays[~several], there], ignore_index=True)


def number_pieces(stays: pd.DataFrame, schools: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Settled stays with their school days numbered on from the stay before."""
    pieces = _settled(stays).merge(schools, on="school")
    by_date = days.sort_values("date")
    for begin, prefix, direction in (("from_on", "first", "forward"), ("last_on", "last", "backward")):
        renamed = by_date.rename(
            columns={"date": begin} | {name: f"{prefix}_{name}" for name in ("n", "week", "monday")}
        )
        pieces = pd.merge_asof(
            pieces.sort_values(begin), renamed, on=begin, by="calendar", direction=direction
        )
    pieces = pieces[pieces["first_n"] <= pieces["last_n"]].sort_values(["id", "from_on"], ignore_index=True)
    whole = ["first_n", "first_week", "last_n", "last_week"]
    pieces[whole] = pieces[whole].astype("int64")
    shared = pieces["first_monday"] == pieces.groupby("id")["last_monday"].shift()
    pieces["weeks"] = pieces["last_week"] - pieces["first_week"] + 1 - shared
    pieces["days"] = pieces["last_n"] - pieces["first_n"] + 1
    so_far = pieces.groupby("id")[["days", "weeks"]].cumsum()
    pieces["day_shift"] = so_far["days"] - pieces["last_n"]
    pieces["week_shift"] = so_far["weeks"] - pieces["last_week"]
    pieces["in_lessons"] = pieces["sector"].isin(["vo", "vso", "mbo"])
    return pieces.rename(columns={"slots_per_day": "slots"})


def add_other_schools(pieces: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """The pieces once for each school of enrolment in them; `shared` when there are several."""
    several = stays[stays["id"].duplicated(keep=False)]
    others = pieces.drop(columns="school").merge(several, on="id", suffixes=("", "_of_stay"))
    others = others[others["from_on"].between(others["from_on_of_stay"], others["last_on_of_stay"])]
    rolls = pd.concat([pieces, others[pieces.columns]], ignore_index=True)
    rolls = rolls.drop_duplicates(["id", "from_on", "school"])
    return rolls.assign(shared=rolls.duplicated(["id", "from_on"], keep=False))
