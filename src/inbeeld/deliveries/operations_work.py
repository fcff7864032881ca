"""What the worker does with deliveries that wait: read them, lay them beside what stands, forget old ones.

Each step begins from the state in the table and ends with it, so a worker that was killed begins again where
it was. One worker at a time (site/work_command.py). Working in what was decided: operations_publish.py.
"""

from __future__ import annotations

import csv
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.db.models import Max
from django.utils import timezone

from inbeeld.deliveries import places
from inbeeld.deliveries.models import (
    DECIDED,
    CodeMeaning,
    ColumnName,
    Delivery,
    Fills,
    State,
    Way,
)
from inbeeld.deliveries.operations_roster import read_roster
from inbeeld.deliveries.standing import delivered, judged
from inbeeld.engine.deliveries import (
    Amount,
    Delivered,
    Difference,
    compare_delivery,
    days_of,
    keep_marks,
    strangers,
    take_out,
)
from inbeeld.engine.intake import (
    OWN_TABLE,
    PROFILES,
    Imported,
    column_names,
    import_file,
    lacks_columns,
    recognise,
)
from inbeeld.engine.intake.codes import CODE_COLUMNS
from inbeeld.engine.refusal import BadInput
from inbeeld.keys.keyring import KeyRingUnusable
from inbeeld.keys.sealing import SealBroken
from inbeeld.learners.snapshot import current_judgement, tables_of
from inbeeld.organisations.models import Organisation

#: What waits so long for somebody is not waited for any more.
KEPT_FOR = timedelta(days=14)
SECONDS_TO_BE_TAKEN_IN = 3600
#: A delivery that begins so soon after the last goes on where that ended: on a Monday nobody may be away.
GOES_ON_WITHIN = timedelta(days=7)
_NUMBER = re.compile(r"\d+")

Say = Callable[[str], None]


def read_next(say: Say) -> bool:
    """Read the delivery that waits longest, and lay it beside what stands; False when none waits."""
    one = (
        Delivery.objects.select_related("school").filter(state=State.RECEIVED).order_by("received_at").first()
    )
    if one is None:
        return False
    say(f"reading a delivery of {one.school.key}")
    try:
        found = _read(one)
    except BadInput as bad:
        found = {"state": State.UNUSABLE, "wrong": bad.without_file()}
    except (FileNotFoundError, SealBroken, KeyRingUnusable):
        found = {"state": State.UNUSABLE, "wrong": {"expected": "the file; it is not kept any more"}}
    except (DatabaseError, OSError):
        raise  # of the machine, not of the file: it is tried again
    except Exception as error:
        # One that breaks its reader does not keep the others waiting.
        say(f"the reader stopped with {type(error).__name__}")
        expected = f"a file whose reading does not fail (the reader stopped with {type(error).__name__})"
        found = {"state": State.UNUSABLE, "wrong": {"expected": expected}}
    # Whoever dismissed it meanwhile, dismissed it.
    Delivery.objects.filter(pk=one.pk, state=State.RECEIVED).update(
        **found, read_at=timezone.now(), progress=""
    )
    return True


def _read(one: Delivery) -> dict[str, Any]:
    """What becomes of a delivery that is read: the fields to set. Raises BadInput."""
    with places.unsealed(one.pk) as file:
        source = one.source or next(iter(recognise(file)), OWN_TABLE)
        try:
            imported = _imported(one, file, source)
        except BadInput as bad:
            if source != OWN_TABLE or not lacks_columns(bad):
                raise
            places.keep_columns(one.pk, column_names(file))  # for somebody to choose from
            return {"state": State.UNNAMED}
        if PROFILES[source].fills == Fills.ROSTER:
            return read_roster(one, file, imported)
    today = timezone.localdate()
    tables = tables_of(judged())
    kept = keep_marks(
        imported.out, places.marks_of(one.pk), latest=today, school=one.school.key, tables=tables
    )
    places.keep_private(one.pk)
    days = _days(one, imported.days, today)
    counts = {
        name: getattr(imported, name)
        for name in ("read", "marks", "present", "refused", "unjudged", "remarks", "open_ended")
    } | {
        "stand": kept.marks, "repeated": kept.repeated, "learners": kept.learners,
        "first_on": kept.first_on and str(kept.first_on), "last_on": kept.last_on and str(kept.last_on),
        "unknown_codes": len(imported.unmapped), "ahead": kept.ahead,
    }  # fmt: skip
    if days is None:
        raise BadInput("", "at least one row about absence")
    _begin_with_what_is_there(one.school, tables)
    before = list(Delivery.objects.counting(one.school))
    counts |= _beside(before, Delivered(places.marks_of(one.pk), *days), one, tables)
    return {
        "state": State.TO_REVIEW, "source": source, "fills": Fills.MARKS, "counts": counts, "wrong": {},
        "from_on": days[0], "until_on": days[1], "compared_with": [str(other.pk) for other in before],
    }  # fmt: skip


def _imported(one: Delivery, file: Path, source: str) -> Imported:
    """The rows of the file as canonical tables, read in a confined process."""
    beside = file.parent
    _write(beside / "codes.csv", CODE_COLUMNS, _codes(one.school, source))
    if source == OWN_TABLE and (columns := list(_columns(one.school))):
        _write(beside / "columns.csv", ("field", "column"), columns)
    slots = _slots_per_day(one.school)
    return import_file(
        file, profile=source, school=one.school.key, out=places.read_of(one.pk),
        codes=beside / "codes.csv", slots_per_day=slots, made_on=one.made_on,
        progress=lambda text: _tell(one, text),
    )  # fmt: skip


def _codes(school: Organisation, source: str) -> Iterable[Sequence[object]]:
    for row in CodeMeaning.objects.filter(school=school, source=source):
        yield (
            school.key, source, row.code, row.status, row.reason, row.permission,
            row.from_on or "", row.until_on or "",
        )  # fmt: skip


def _columns(school: Organisation) -> Iterable[Sequence[object]]:
    return ColumnName.objects.filter(school=school).values_list("field", "column")


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


def _slots_per_day(school: Organisation) -> int | None:
    """How many lesson hours a whole day of this school has, as the tables say."""
    from inbeeld.engine import reading

    judgement = current_judgement()
    if judgement is None:
        return None
    file = tables_of(judgement) / "schools.parquet"
    rows = reading.rows(file) if file.is_file() else ()
    return next((int(row["slots_per_day"]) for row in rows if row["school"] == school.key), None)


def _tell(one: Delivery, text: str) -> None:
    if number := _NUMBER.search(text):
        Delivery.objects.filter(pk=one.pk).update(progress=number.group())


def _days(one: Delivery, found: tuple[date, date] | None, today: date) -> tuple[date, date] | None:
    """The days it speaks for: those somebody said, else of its rows, or until the day it was made.

    Never days to come: what is entered ahead is delivered again when it has been.
    """
    if one.days_said and one.from_on and one.until_on:
        return one.from_on, one.until_on
    if found is None or found[0] > today:
        return None
    first = found[0]
    known = Delivery.objects.counting(one.school).filter(until_on__lt=first)
    last = known.aggregate(last=Max("until_on"))["last"]
    if last is not None and first - last <= GOES_ON_WITHIN:
        first = last + timedelta(days=1)  # who delivers week by week goes on where the last week ended
    return first, min(max(found[1], one.made_on or found[1]), today)


def _beside(before: Sequence[Delivery], new: Delivered, one: Delivery, tables: Path) -> dict[str, Any]:
    """The counts of what would be added, changed and gone, and of learners who are not enrolled there."""
    known_until = max((other.until_on for other in before if other.until_on is not None), default=None)
    stands = [delivered(other) for other in before]
    found = compare_delivery(stands, new, places.differences_of(one.pk), known_until=known_until)
    unknown = strangers(new.marks, tables=tables, school=one.school.key)
    return {
        **_amounts(found), "strangers": len(unknown),
        "marks_of_strangers": sum(count for _, count in unknown),
        "known_until": known_until and str(known_until),
    }  # fmt: skip


def _amounts(found: Difference) -> dict[str, int]:
    parts: dict[str, Amount] = {"added": found.added, "changed": found.changed, "gone": found.gone}
    amounts = {name: amount.marks for name, amount in parts.items()}
    backwards = {f"{name}_backwards": amount.backwards for name, amount in parts.items()}
    return {**amounts, **backwards}


def _begin_with_what_is_there(school: Organisation, tables: Path) -> None:
    """What stood of a school before its first delivery becomes one, so that it can be replaced day by day."""
    if Delivery.objects.filter(school=school, fills=Fills.MARKS, order__isnull=False).exists():
        return
    made = Delivery(
        id=uuid.uuid4(), school=school, way=Way.FIRST, state=State.STANDS, sha256="", size=0, order=0,
        received_at=timezone.now(), stands_at=timezone.now(),
    )  # fmt: skip
    marks = places.marks_of(made.pk)
    if take_out(tables, school=school.key, to=marks):
        made.from_on, made.until_on = days_of(marks)
        made.save(force_insert=True)
    else:
        places.forget_everything(made.pk)


def forget_decided() -> None:
    """Delete what was delivered of what was decided: of what counts the marks stay."""
    for one in Delivery.objects.filter(state__in=DECIDED, forgotten=False):
        if one.state == State.STANDS:
            places.forget_what_was_delivered(one.pk)
        else:
            places.forget_everything(one.pk)
        Delivery.objects.filter(pk=one.pk, state=one.state).update(forgotten=True)


def tidy() -> None:
    """What a worker or a site that was killed left behind: open files, and files without a row."""
    places.sweep()
    known = {str(one) for one in Delivery.objects.values_list("pk", flat=True)}
    for folder in places.deliveries().iterdir():
        if folder.name not in known and _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    """Not of a delivery that is being taken in just now: its row comes after its file."""
    return time.time() - folder.stat().st_mtime > SECONDS_TO_BE_TAKEN_IN


def forget_old(*, before: timedelta) -> int:
    """Dismiss what nobody decided about for so long; returns how many."""
    limit = timezone.now() - before
    # From the last time it was read: who answered a question yesterday is at work on it.
    old = Delivery.objects.filter(
        read_at__lt=limit, state__in=(State.UNNAMED, State.TO_REVIEW, State.UNUSABLE)
    )
    return old.update(state=State.DISMISSED, decided_at=timezone.now())
