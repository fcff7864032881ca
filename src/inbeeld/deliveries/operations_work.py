"""What the worker does with deliveries: read them, lay them beside what stands, and work in what was decided.

Each step begins from the state in the table and ends with it, so a worker that was killed begins again where
it was. One worker at a time (work_command.py): nobody else takes a delivery out of a state that waits for it.
"""

from __future__ import annotations

import csv
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from inbeeld.access.row_security import commanding
from inbeeld.alerts.operations import publish
from inbeeld.deliveries import places
from inbeeld.deliveries.models import (
    COUNTS,
    DECIDED,
    CodeMeaning,
    ColumnName,
    Delivery,
    State,
    Way,
)
from inbeeld.deliveries.operations import counting_of
from inbeeld.deliveries.reading import unknown_codes
from inbeeld.engine.deliveries import (
    Amount,
    Delivered,
    Difference,
    compare_delivery,
    days_of,
    keep_marks,
    put_in,
    strangers,
    take_out,
    write_standing,
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
from inbeeld.engine.judge import judge
from inbeeld.engine.refusal import BadInput
from inbeeld.journal.deed import Deed
from inbeeld.journal.operations import append
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import current_judgement
from inbeeld.organisations.models import Organisation

#: In the journal a command has the name under which the database knows it.
WORKER = "command:publish"
STANDS, WITHDRAWN = "delivery_stands", "delivery_withdrawn"
#: What waits so long for somebody is not waited for any more.
KEPT_FOR = timedelta(days=14)
SECONDS_TO_BE_TAKEN_IN = 3600
_NUMBER = re.compile(r"\d+")

Say = Callable[[str], None]


class NothingToJudge(BadInput):
    """There are no tables yet into which deliveries could be worked in."""


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
        wrong = {name: value for name, value in asdict(bad).items() if name != "file" and value is not None}
        found = {"state": State.UNUSABLE, "wrong": wrong}
    except FileNotFoundError:
        found = {"state": State.UNUSABLE, "wrong": {"expected": "the file; it is not kept any more"}}
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
    if PROFILES[source].fills != "marks":
        raise BadInput("", f"a file about absence; this is {PROFILES[source].title}")
    kept = keep_marks(imported.out, places.marks_of(one.pk))
    days = _days(one, *_span(one, kept.first_on, kept.last_on))
    counts = {
        name: getattr(imported, name)
        for name in ("read", "marks", "present", "refused", "unjudged", "remarks", "open_ended")
    } | {
        "stand": kept.marks, "repeated": kept.repeated, "learners": kept.learners,
        "first_on": kept.first_on and str(kept.first_on), "last_on": kept.last_on and str(kept.last_on),
        "unknown_codes": len(imported.unmapped),
    }  # fmt: skip
    if days is None:
        raise BadInput("", "at least one row about absence")
    new = Delivered(places.marks_of(one.pk), *days)
    counts |= _beside_what_stands(one, new)
    return {
        "state": State.TO_REVIEW, "source": source, "counts": counts, "wrong": {}, "from_on": days[0],
        "until_on": days[1], "compared_with": counting_of(one.school),
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
    file = Path(settings.INBEELD_DATA) / judgement.tables / "schools.parquet"
    rows = reading.rows(file) if file.is_file() else ()
    return next((int(row["slots_per_day"]) for row in rows if row["school"] == school.key), None)


def _tell(one: Delivery, text: str) -> None:
    if number := _NUMBER.search(text):
        Delivery.objects.filter(pk=one.pk).update(progress=number.group())


def _days(one: Delivery, first_on: date | None, last_on: date | None) -> tuple[date, date] | None:
    """The days it speaks for: those somebody said, else from first to last row, or the day it was made."""
    if one.days_said and one.from_on and one.until_on:
        return one.from_on, one.until_on
    if first_on is None or last_on is None:
        return None
    return first_on, max(last_on, one.made_on or last_on)


def _span(one: Delivery, first_on: date | None, last_on: date | None) -> tuple[date | None, date | None]:
    """The first and last day of its marks, those whose code has no meaning yet among them."""
    unknown = unknown_codes(one.pk)
    first = [day for day in (first_on, *(code.first_on for code in unknown)) if day is not None]
    last = [day for day in (last_on, *(code.last_on for code in unknown)) if day is not None]
    return min(first, default=None), max(last, default=None)


def _beside_what_stands(one: Delivery, new: Delivered) -> dict[str, Any]:
    """The counts of what would be added, changed and gone, and of learners who are not enrolled there."""
    tables = _tables()
    _begin_with_what_is_there(one.school, tables)
    before = _counted(one.school)
    known_until = max((other.until_on for other in before), default=None)
    found = compare_delivery(before, new, places.differences_of(one.pk), known_until=known_until)
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
    return {**amounts, **backwards, **{f"{name}_learners": amount.learners for name, amount in parts.items()}}


def _tables() -> Path:
    """The tables of the current judgement. Raises NothingToJudge."""
    judgement = current_judgement()
    if judgement is None:
        raise NothingToJudge("", "a region with schools and learners; there is none yet")
    return Path(settings.INBEELD_DATA) / judgement.tables


def _begin_with_what_is_there(school: Organisation, tables: Path) -> None:
    """What stood of a school before its first delivery becomes one, so that it can be replaced day by day."""
    if Delivery.objects.filter(school=school, order__isnull=False).exists():
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


def _counted(school: Organisation) -> list[Delivered]:
    rows = Delivery.objects.filter(school=school, state__in=COUNTS).order_by("order")
    return [_delivered(one) for one in rows]


def _delivered(one: Delivery) -> Delivered:
    assert one.from_on is not None and one.until_on is not None
    return Delivered(places.marks_of(one.pk), one.from_on, one.until_on)


def publish_decided(say: Say) -> bool:
    """Work in what was accepted and take out what was withdrawn, all at once; False when there is nothing.

    New tables are built beside the old, judged, and published in one transaction with the states: whoever
    looks sees the old whole or the new whole.
    """
    decided = list(
        Delivery.objects.select_related("school")
        .filter(state__in=(State.ACCEPTED, State.WITHDRAWING))
        .order_by("pk")
    )
    if not decided:
        return False
    judgement = current_judgement()
    if judgement is None:
        raise NothingToJudge("", "a region with schools and learners; there is none yet")
    schools = {one.school_id: one.school for one in decided}
    say(f"working in {len(decided)} deliveries of {len(schools)} schools")
    build = places.snapshots() / str(uuid.uuid4())
    try:
        _build(build, judgement, list(schools.values()), on=_day(judgement, decided), say=say)
        with commanding("publish"):
            publish(
                build / "judged", tables=build / "region", within=Path(settings.INBEELD_DATA), by=WORKER,
                also=lambda: _now_it_counts(decided),
            )  # fmt: skip
    except BaseException:
        shutil.rmtree(build, ignore_errors=True)
        raise
    sweep_snapshots()
    return True


def _day(judgement: Judgement, decided: Sequence[Delivery]) -> date:
    """The day to judge on: that of the judgement, or the last a delivery speaks for, never one to come."""
    said = [one.until_on for one in decided if one.until_on is not None and one.state == State.ACCEPTED]
    return max([judgement.on, *(min(one, timezone.localdate()) for one in said)])


def _build(build: Path, judgement: Judgement, schools: Sequence[Organisation], *, on: date, say: Say) -> None:
    """The folders `region` and `judged` in `build`: the tables with what counts now, and their judgement."""
    build.mkdir(mode=0o700)
    tables = Path(settings.INBEELD_DATA) / judgement.tables
    for number, school in enumerate(schools):
        marks, out = build / f"marks-{number}.parquet", build / f"tables-{number}"
        write_standing(_counted(school), marks)
        out.mkdir()
        put_in(tables, school=school.key, marks=marks, out=out)
        tables = out
    tables.rename(build / "region")
    for left in (*build.glob("tables-*"), *build.glob("marks-*.parquet")):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    judge(build / "region", on=on, out=build / "judged", region=settings.INBEELD_REGION_PROFILE, progress=say)


def _now_it_counts(decided: Sequence[Delivery]) -> None:
    now = timezone.now()
    deeds = []
    for one in decided:
        accepted = one.state == State.ACCEPTED
        changed = (
            {"state": State.STANDS, "stands_at": now}
            if accepted
            else {"state": State.WITHDRAWN, "order": None, "forgotten": False}
        )
        Delivery.objects.filter(pk=one.pk, state=one.state).update(**changed)
        deeds.append(
            Deed(
                trace=uuid.uuid4(), actor=WORKER, action=STANDS if accepted else WITHDRAWN,
                organisation=one.school.key, object=f"delivery:{one.pk}", origin=WORKER,
            )
        )  # fmt: skip
    append(deeds)


def forget_decided() -> None:
    """Delete what was delivered of what was decided: of what counts the marks stay."""
    for one in Delivery.objects.filter(state__in=DECIDED, forgotten=False):
        if one.state == State.STANDS:
            places.forget_what_was_delivered(one.pk)
        else:
            places.forget_everything(one.pk)
        Delivery.objects.filter(pk=one.pk, state=one.state).update(forgotten=True)


def tidy() -> None:
    """What a worker or a site that was killed left behind: open files, files without a row, old tables."""
    places.sweep()
    known = {str(one) for one in Delivery.objects.values_list("pk", flat=True)}
    for folder in places.deliveries().iterdir():
        if folder.name not in known and _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)
    sweep_snapshots()


def _is_old(folder: Path) -> bool:
    """Not of a delivery that is being taken in just now: its row comes after its file."""
    return time.time() - folder.stat().st_mtime > SECONDS_TO_BE_TAKEN_IN


def sweep_snapshots() -> None:
    """Remove tables nobody looks at any more: all but of the current judgement and the one before."""
    used = set(Judgement.objects.order_by("-published_at", "-pk").values_list("tables", flat=True)[:2])
    for folder in places.snapshots().iterdir():
        if not any(Path(one).is_relative_to(Path("snapshots") / folder.name) for one in used):
            shutil.rmtree(folder, ignore_errors=True)


def forget_old(*, before: timedelta) -> int:
    """Dismiss what nobody decided about for so long; returns how many."""
    limit = timezone.now() - before
    old = Delivery.objects.filter(
        received_at__lt=limit, state__in=(State.UNNAMED, State.TO_REVIEW, State.UNUSABLE)
    )
    return old.update(state=State.DISMISSED, decided_at=timezone.now())
