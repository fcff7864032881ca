"""Enrolments in Polars: school days numbered per learner, and the schools whose marks count on them."""

from __future__ import annotations

from datetime import date

import polars as pl


def number_school_days(calendar: pl.DataFrame, on: date) -> pl.DataFrame:
    """School days up to the day, numbered per calendar, with their weeks."""
    return (
        calendar.filter("school_day", pl.col("date") <= on)
        .sort("calendar", "date")
        .select("calendar", "date", monday=pl.col("date").dt.truncate("1w"))
        .with_columns(
            n=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("calendar"),
            week=pl.col("monday").rank("dense").over("calendar").cast(pl.Int32),
        )
    )


def find_stays(enrolments: pl.DataFrame, people: pl.DataFrame, on: date) -> pl.DataFrame:
    return (
        enrolments.with_columns(last_on=pl.min_horizontal(pl.col("until_on").fill_null(on), pl.lit(on)))
        .filter(pl.col("from_on") <= pl.col("last_on"))
        .join(people, on="learner")
        .select("id", "learner", "school", "from_on", "last_on")
    )


def _settled(stays: pl.DataFrame) -> pl.DataFrame:
    """Stays that do not overlap, each at THE school: the later-begun, on a tie the greater key."""
    alone = pl.len().over("id") == 1
    several = stays.filter(~alone)
    cuts = pl.concat(
        [
            several.select("id", cut="from_on"),
            several.select("id", cut=pl.col("last_on") + pl.duration(days=1)),
        ]
    )
    slices = (
        cuts.unique()
        .sort("id", "cut")
        .with_columns(slice_until=pl.col("cut").shift(-1).over("id") - pl.duration(days=1))
        .join(several, on="id")
        .filter(pl.col("cut").is_between("from_on", "last_on"))
        .sort("id", "cut", "from_on", "school")
        .unique(["id", "cut"], keep="last")
        .select("id", "learner", "school", from_on="cut", last_on="slice_until")
    )
    return pl.concat([stays.filter(alone), slices])


def number_pieces(stays: pl.DataFrame, schools: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Settled stays with their school days numbered on from the stay before."""
    by_date = days.sort("date")
    numbers = ["n", "week", "monday"]
    opening = by_date.select(
        "calendar", *[pl.col(one).alias(f"first_{one}") for one in numbers], from_on="date"
    )
    closing = by_date.select(
        "calendar", *[pl.col(one).alias(f"last_{one}") for one in numbers], last_on="date"
    )
    shared_week = pl.col("first_monday") == pl.col("last_monday").shift(1).over("id")
    return (
        _settled(stays)
        .join(schools, on="school")
        .with_columns(in_lessons=pl.col("sector").is_in(["vo", "vso", "mbo"]))
        .rename({"slots_per_day": "slots"})
        .sort("from_on")
        .join_asof(opening, on="from_on", by="calendar", strategy="forward", check_sortedness=False)
        .sort("last_on")
        .join_asof(closing, on="last_on", by="calendar", strategy="backward", check_sortedness=False)
        .filter(pl.col("first_n") <= pl.col("last_n"))
        .sort("id", "from_on")
        .with_columns(
            weeks=pl.col("last_week") - pl.col("first_week") + 1 - shared_week.fill_null(False).cast(pl.Int32)
        )
        .with_columns(
            day_shift=(pl.col("last_n") - pl.col("first_n") + 1).cum_sum().over("id") - pl.col("last_n"),
            week_shift=pl.col("weeks").cum_sum().over("id") - pl.col("last_week"),
        )
        .drop("weeks", "first_monday", "last_monday")
    )


def add_other_schools(pieces: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    """The pieces once for each school of enrolment in them."""
    several = stays.filter(pl.len().over("id") > 1).select("id", "from_on", "last_on", other="school")
    others = (
        pieces.join(several, on="id", suffix="_of_other")
        .filter(
            pl.col("from_on").is_between("from_on_of_other", "last_on_of_other"),
            pl.col("other") != pl.col("school"),
        )
        .with_columns(school="other")
        .select(pieces.columns)
        .unique()
    )
    return pl.concat([pieces, others])
