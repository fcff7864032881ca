"""One delivery from file to canonical tables. Runs inside the confined child process only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.intake.beside import saved_columns, slots_by_school
from inbeeld.engine.intake.codes import TODO_COLUMNS, Codes, Unmapped, read_codes
from inbeeld.engine.intake.entry import Delivery, Entry, RosterRow
from inbeeld.engine.intake.keys import KeysAreBsns, bsns_among, refuse_unusable_keys
from inbeeld.engine.intake.limits import LONGEST_PERIOD_DAYS, refuse_unusable
from inbeeld.engine.intake.opening import Opened, Rows, opened
from inbeeld.engine.intake.profile import PRESENT, Meaning, Profile, all_profiles, reader_of
from inbeeld.engine.intake.record import Record, RowRefused
from inbeeld.engine.intake.spreading import Spot, spread, weekend_days
from inbeeld.engine.intake.written import Tables
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import ENROLMENTS, LEARNERS, MARKS

ROSTER_COLUMNS = ("learner", "born_on", "from_on", "until_on", "from_said", "clear")
UNJUDGED_COLUMNS = ("line", "learner", "school", "date", "slot", "code", "description", "reason")
_TELL_EVERY = 100_000


@dataclass(frozen=True)
class Task:
    """What is asked of the child. `shown` is the file as the user named it."""

    file: Path
    shown: str
    profile: str
    school: str
    codes: Path | None = None
    slots_per_day: int | None = None
    made_on: date | None = None


@dataclass
class _Import:
    """The running import of one file: its settings, its tables, its counts."""

    task: Task
    profile: Profile
    delivery: Delivery
    codes: Codes
    slots: dict[str, int]
    tables: Tables
    tell: Callable[[str], None]
    bsns: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    unmapped: dict[tuple[str, str], Unmapped] = field(default_factory=dict)
    first_refusal: tuple[int, RowRefused] | None = None
    keys: set[str] = field(default_factory=set)
    speaks_until: date | None = None
    first_on: date | None = None
    last_on: date | None = None


def import_into(folder: Path, task: Task, tell: Callable[[str], None]) -> None:
    """Leave tables and import.json in `folder`. Raises BadInput when the file cannot be used at all."""
    refuse_unusable(task.file, shown=task.shown)
    profile = all_profiles()[task.profile]
    profile = profile.renamed(
        saved_columns(task.file.parent / "columns.csv", profile) if profile.own_keys else {}
    )
    if task.school == "all" and not profile.names_schools:
        raise BadInput(
            task.shown, f"the school it is from; {profile.title} does not say, so it cannot be all"
        )
    source = opened(task.file, profile, shown=task.shown)
    running = _read_once(folder, task, profile, source, tell)
    if bsns := _bsns(running):
        # Only after the last row is it known which numbers stand out; then the tables are written anew.
        (folder / "codes.todo.csv").unlink(missing_ok=True)
        running = _read_once(folder, task, profile, source, tell, bsns=bsns)
    _write_receipt(folder, running, {"encoding": source.encoding, "separator": source.separator})


def _read_once(
    folder: Path,
    task: Task,
    profile: Profile,
    source: Opened,
    tell: Callable[[str], None],
    bsns: frozenset[str] = frozenset(),
) -> _Import:
    """All rows into tables; those of a learner in `bsns` are refused."""
    with Tables(folder) as tables:
        running = _Import(
            task, profile, Delivery(task.school, source.head), _codes(task),
            slots_by_school(task.file.parent / "schools.csv"), tables, tell, bsns,
        )  # fmt: skip
        _open_tables(running)
        if profile.open_ends:
            running.speaks_until = task.made_on or _last_day_spoken_of(running, source.records())
        for record in source.records():
            _take(running, record)
        _refuse_if_useless(running)
        _write_todo(running)
    return running


def _bsns(running: _Import) -> frozenset[str]:
    """The learner keys that look like BSNs; BadInput when the file's numbers as a whole do."""
    try:
        return frozenset(bsns_among(running.keys))
    except KeysAreBsns:
        raise BadInput(
            running.task.shown,
            "a school's own learner numbers; these look like BSNs, which are never needed",
        ) from None


def _codes(task: Task) -> Codes:
    """The mapping given, else codes.csv beside the file, else none."""
    beside = task.file.parent / "codes.csv"
    if task.codes is not None:
        return read_codes(task.codes, source=task.profile)
    return read_codes(beside, source=task.profile) if beside.is_file() else Codes()


def _open_tables(running: _Import) -> None:
    tables = running.tables
    if running.profile.fills == "marks":
        tables.open("marks", MARKS.names)
        tables.open("unjudged", UNJUDGED_COLUMNS)
    else:
        tables.open("learners", LEARNERS.names)
        tables.open("enrolments", ENROLMENTS.names)
        tables.open("roster", ROSTER_COLUMNS)
    tables.open("refused", ("line", "column", "reason"))
    tables.open("remarks", ("line", "column", "remark"))


def _last_day_spoken_of(running: _Import, records: Rows) -> date | None:
    """How far an open-ended absence may be taken when nobody says when the file was made.

    The last moment of entry in the file; without those, the last begin among open-ended rows. Begins and ends
    of closed rows do not count: leave is entered ahead, and an open end must not reach into the future.
    """
    entered: date | None = None
    begun: date | None = None
    for record in records:
        entry = _entry(running, record)
        if not isinstance(entry, Entry):
            continue
        if entry.entered_on is not None:
            entered = max(entered or entry.entered_on, entry.entered_on)
        if entry.when.until_on is None:
            begun = max(begun or entry.when.from_on, entry.when.from_on)
    return entered or begun


def _entry(
    running: _Import, record: Record | tuple[int, RowRefused]
) -> Entry | RosterRow | tuple[int, RowRefused]:
    if isinstance(record, tuple):
        return record
    try:
        read: Entry | RosterRow = reader_of(running.profile).entry(record, delivery=running.delivery)
        refuse_unusable_keys(read, record, bsns=running.bsns)
    except RowRefused as refusal:
        return record.line, refusal
    return read


def _take(running: _Import, record: Record | tuple[int, RowRefused]) -> None:
    """One row into the tables: as marks, as learner and enrolment, or refused."""
    running.counts["read"] += 1
    if running.counts["read"] % _TELL_EVERY == 0:
        running.tell(f"{running.counts['read']} rows read")
    entry = _entry(running, record)
    if isinstance(entry, tuple):
        line, refusal = entry
        running.first_refusal = running.first_refusal or entry
        running.tables.add("refused", line, refusal.column, refusal.reason)
        if running.profile.fills == "roster":
            _keep_in_sight(running, record)
    elif isinstance(entry, RosterRow):
        _take_roster_row(running, entry)
    else:
        _take_absence(running, entry)


def _take_absence(running: _Import, entry: Entry) -> None:
    running.keys.add(entry.learner)
    until_on = entry.when.until_on or _end_of_open(running, entry)
    running.counts["weekend_days_passed_over"] += weekend_days(entry.when.from_on, until_on)
    slots = running.task.slots_per_day or running.slots.get(entry.school) or running.profile.whole_day_slots
    written = 0
    for spot in spread(entry.when, until_on=until_on, slots_per_day=slots):
        running.first_on = min(running.first_on or spot.on, spot.on)
        running.last_on = max(running.last_on or spot.on, spot.on)
        meaning = entry.given or running.profile.codes.get(entry.code)
        meaning = meaning or running.codes.meaning(school=entry.school, code=entry.code, on=spot.on)
        if meaning is not None and meaning.status == PRESENT:
            running.counts["present"] += 1
        elif meaning is None or spot.slot is None:
            _leave_unjudged(running, entry, spot, meaning)
        else:
            _write_mark(running, entry, spot, meaning)
        written += 1
    if not written:
        running.tables.add(
            "remarks", entry.line, "", "the period holds only a Saturday and a Sunday: no mark"
        )


def _end_of_open(running: _Import, entry: Entry) -> date:
    """The last day an open-ended absence is taken to, said in the remarks."""
    running.counts["open_ended"] += 1
    from_on = entry.when.from_on
    until_on = max(running.speaks_until or from_on, from_on)
    if (until_on - from_on).days >= LONGEST_PERIOD_DAYS:
        until_on = from_on + timedelta(days=LONGEST_PERIOD_DAYS - 1)
    running.tables.add(
        "remarks", entry.line, "", f"no end given: taken up to {until_on}, later days are not known"
    )
    return until_on


def _write_mark(running: _Import, entry: Entry, spot: Spot, meaning: Meaning) -> None:
    row = (
        entry.learner,
        entry.school,
        spot.on,
        spot.slot,
        spot.minutes,
        meaning.status,
        meaning.reason,
        meaning.permission,
    )
    running.tables.add("marks", *row)


def _leave_unjudged(running: _Import, entry: Entry, spot: Spot, meaning: Meaning | None) -> None:
    """A mark that cannot be judged stays in sight: with its line, and the code or slot that is not known."""
    why = spot.unclear
    if meaning is None:
        why = "the code has no meaning for this school and day"
        unmapped = running.unmapped.setdefault((entry.school, entry.code), Unmapped())
        unmapped.seen(on=spot.on, description=entry.description, permitted=entry.permitted)
    row = (entry.line, entry.learner, entry.school, spot.on, spot.slot, entry.code, entry.description, why)
    running.tables.add("unjudged", *row)


def _take_roster_row(running: _Import, row: RosterRow) -> None:
    if row.learner in running.keys:
        refusal = RowRefused("key", "expected each learner once; this key stands in the file twice")
        running.tables.add("refused", row.line, refusal.column, refusal.reason)
        return
    running.keys.add(row.learner)
    running.tables.add("learners", row.learner, row.born_on, None)
    for column, remark in row.remarks:
        running.tables.add("remarks", row.line, column, remark)
    if row.enrolment_refused:
        running.tables.add("refused", row.line, *row.enrolment_refused)
        running.tables.add("roster", row.learner, None, None, None, False, False)
        return
    if row.from_on is not None:
        running.tables.add("enrolments", row.learner, row.school, row.from_on, row.until_on)
    running.tables.add("roster", row.learner, row.born_on, row.from_on, row.until_on, row.from_said, True)


def _keep_in_sight(running: _Import, record: Record | tuple[int, RowRefused]) -> None:
    """Whose row on a roster cannot be read is on it all the same: a slip in a date throws nobody out."""
    try:
        if isinstance(record, tuple):
            raise record[1]
        learner = reader_of(running.profile).learner(record, delivery=running.delivery)
        unclear = RosterRow(record.line, learner, running.task.school, None, None, None)
        refuse_unusable_keys(unclear, record, bsns=running.bsns)
    except RowRefused:
        running.counts["unnamed"] += 1
    else:
        running.tables.add("roster", learner, None, None, None, False, False)


def _refuse_if_useless(running: _Import) -> None:
    """Raise BadInput when no row at all could be read."""
    task = running.task
    if not running.keys and running.first_refusal:
        line, refusal = running.first_refusal
        said = f"at least one usable row; the first refusal: {refusal.reason}"
        raise BadInput(task.shown, said, line=line, column=refusal.column or None)


def _write_todo(running: _Import) -> None:
    """codes.todo.csv, ready to be filled in and saved as codes.csv; only when something is missing."""
    if not running.unmapped:
        return
    running.tables.open("codes.todo", TODO_COLUMNS)
    for (school, code), unmapped in sorted(running.unmapped.items()):
        running.tables.add(
            "codes.todo", *unmapped.todo(school=school, source=running.task.profile, code=code)
        )


def _said_of_itself(delivery: Delivery) -> str | None:
    """The day for which a roster says who is enrolled: its peildatum, else the day it was made."""
    for name in ("peildatum", "aanmaakdatum"):
        with suppress(ValueError):
            return date.fromisoformat(delivery.head.get(name, "")[:10]).isoformat()
    return None


def _write_receipt(folder: Path, running: _Import, format_found: dict[str, str]) -> None:
    """import.json: what came in, how it was read, what came of it; no clock, no folder names: repeatable."""
    codes = running.codes
    receipt: dict[str, Any] = {
        "file": running.task.file.name,
        "sha256": sha256_of(running.task.file),
        "profile": running.profile.name,
        "school": running.task.school,
        "school_in_file": running.delivery.head.get("brincode"),
        **format_found,
        "speaks_on": _said_of_itself(running.delivery),
        "codes": {"file": codes.file, "sha256": codes.sha256} if codes.sha256 else None,
        "taken_up_to": str(running.speaks_until)
        if running.counts["open_ended"] and running.speaks_until
        else None,
        "days": [str(running.first_on), str(running.last_on)] if running.first_on else None,
        "counts": {
            **{
                name: running.counts[name]
                for name in ("read", "present", "open_ended", "weekend_days_passed_over", "unnamed")
            },
            **{name: running.tables.rows[name] for name in ("marks", "unjudged", "refused", "remarks")},
            **{name: running.tables.rows[name] for name in ("learners", "enrolments")},
        },
        "unmapped": [[school, code, seen.count] for (school, code), seen in sorted(running.unmapped.items())],
    }
    text = json.dumps(receipt, indent=2, ensure_ascii=False) + "\n"
    (folder / "import.json").write_text(text, encoding="utf-8")
