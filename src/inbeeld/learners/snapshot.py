"""The current judgement, and one learner's attendance out of its snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from inbeeld.engine import reading
from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.definition import Definition
from inbeeld.kernel.region import Region
from inbeeld.learners.models import Judgement

#: A weekend and a day: a judgement of Friday is no news on Monday.
FRESH_DAYS = 3


def current_judgement() -> Judgement | None:
    """The judgement everybody sees now; None before the first."""
    return Judgement.objects.order_by("published_at", "pk").last()


def counted_from(judged_on: date, *, today: date) -> date:
    """The day from which days are counted: today; under an old judgement, which says so, its own."""
    return judged_on if is_old(judged_on, today=today) else today


def is_old(judged_on: date, *, today: date) -> bool:
    """Is a judgement so old that a page says of which day it is?"""
    return (today - judged_on).days > FRESH_DAYS


def begun_on() -> date | None:
    """The day of the first judgement: up to it everything the region began with is known."""
    return Judgement.objects.order_by("published_at", "pk").values_list("on", flat=True).first()


def judged_by(judgement: Judgement) -> tuple[Definition, ...]:
    """The definitions a judgement used, in catalogue order."""
    keys = set(judgement.definitions)
    chosen = region_of(judgement).definitions(judgement.on)
    return tuple(one for one in chosen if not keys or one.key in keys)


def region_of(judgement: Judgement) -> Region:
    """The settings the judgement was made with."""
    return region_from_settings(judgement.region)


def region_from_settings(written: Mapping[str, Any]) -> Region:
    """A region from its settings as a receipt writes them."""
    settings_then = dict(written)
    for part in ("layer_cuts", "counts_by"):
        if part in settings_then:
            settings_then[part] = tuple(settings_then[part])
    return Region(**settings_then)


def tables_of(judgement: Judgement) -> Path:
    """The folder with the tables a judgement was made of."""
    return Path(settings.INBEELD_DATA) / judgement.tables


def attendance_of(key: str, *, judgement: Judgement) -> Attendance:
    """Everything the snapshot says of one learner on the day of the judgement."""
    return reading.attendance_of(tables_of(judgement), key, on=judgement.on, region=region_of(judgement))
