"""Deliveries nobody decided about, with the number of a learner that stands nowhere else in each."""

from __future__ import annotations

import csv
import uuid
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.deliveries import places
from inbeeld.deliveries.models import Delivery, Fills, State, SystemKey, Way
from inbeeld.deliveries.reading_roster import keep_first
from inbeeld.engine.deliveries import PLACE, SAID
from inbeeld.engine.intake.importing import ROSTER_COLUMNS
from inbeeld.engine.schema import MARKS
from inbeeld.kernel.access import FieldClass
from inbeeld.organisations.models import Organisation
from tests.promises.routes.oracle import hands_in
from tests.promises.routes.snapshot import ON
from tests.promises.routes.words import CALLED, DELIVERED, Canary

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

SCHOOLS = ("school-a", "site-a", "school-b", "school-e")
#: Two are enough: whose a delivery is, is asked of the others.
WITH_A_ROSTER = ("school-a", "school-b")
_SPACE = uuid.UUID("8f8f7a3c-51a2-4b3b-9b0e-0d7d1d1f5c11")


def planted_deliveries(planted: Planted) -> None:
    """One for each school, read and laid beside what stands: two numbers of each child at that school."""
    for key in SCHOOLS:
        # The same in each test, as files stay where rows go.
        made = Delivery(id=uuid.uuid5(_SPACE, key), school=Organisation.objects.get(key=key), way=Way.FILE)
        numbers = [
            planted.words.word(Canary(child.key, FieldClass.ATT, DELIVERED, organisation=key))
            for child in planted.world.children.values()
            if child.school == key
        ]
        _files(made.pk, key, numbers)
        made.source, made.state, made.sha256, made.size = "magister", State.TO_REVIEW, "0" * 64, 1
        made.received_at, made.read_at = planted.world.now, planted.world.now
        made.from_on = made.until_on = ON
        made.counts = {
            "read": len(numbers), "marks": len(numbers), "stand": len(numbers), "learners": len(numbers),
            "refused": 1, "unjudged": 0, "unknown_codes": 0, "added": len(numbers), "changed": 0, "gone": 0,
            "first_on": str(ON), "last_on": str(ON),
        }  # fmt: skip
        made.save(force_insert=True)
        planted.deliveries[made.pk] = key
        if key in WITH_A_ROSTER:
            _roster(planted, key)
    _system_keys(planted)


def _roster(planted: Planted, key: str) -> None:
    """A roster of a school: two numbers of each child there, one new and one that left, and a name each."""
    made = Delivery(
        id=uuid.uuid5(_SPACE, f"roster {key}"), school=Organisation.objects.get(key=key), way=Way.FILE
    )
    children = [child.key for child in planted.world.children.values() if child.school == key]
    numbers, names = (
        [
            planted.words.word(
                Canary(child, FieldClass.IDE, what, organisation=key, never_shown=what == CALLED)
            )
            for child in (*children, *children)
        ]
        for what in (DELIVERED, CALLED)
    )
    keys = [f"{key}:{number}" for number in numbers]
    read = places.read_of(made.pk)
    read.mkdir(exist_ok=True)
    _write(
        read / "refused.csv",
        ("line", "column", "reason"),
        [[3, "geboortedatum", "expected a day that exists"]],
    )
    rows = [[one, str(ON), str(ON), "", "True", "True"] for one in keys]
    _write(read / "roster.csv", ROSTER_COLUMNS, rows)
    keep_first(made.pk, {}, named=keys)
    places.keep_people(made.pk, {one: {"last_name": name} for one, name in zip(keys, names, strict=True)})
    columns = ("kind", "learner", "from_before", "until_before", "from_on", "until_on", "silent",
               "stay_differs", "born_differs", "name_differs")  # fmt: skip
    half = len(keys) // 2
    differences = [
        ["left", one, str(ON), "", str(ON), str(ON), "true", "true", "false", "false"] for one in keys[:half]
    ]
    differences += [
        ["new", one, "", "", str(ON), "", "false", "true", "false", "false"] for one in keys[half:]
    ]
    _write(places.differences_of(made.pk), columns, differences)
    made.fills, made.source, made.state, made.sha256, made.size = (
        Fills.ROSTER,
        "edexml",
        State.TO_REVIEW,
        "1" * 64,
        1,
    )
    made.received_at, made.read_at = planted.world.now, planted.world.now
    made.from_on = made.until_on = ON
    made.counts = {
        "read": len(keys), "refused": 1, "learners": len(keys), "new": half, "left": half, "silent": half,
        "back": 0, "changed": 0, "stood": len(keys), "enrolled": len(keys), "unclear": 0, "unnamed": 0,
        "without_name": 0, "asks_twice": True,
    }  # fmt: skip
    made.save(force_insert=True)
    planted.deliveries[made.pk] = key
    planted.rosters.add(made.pk)


def _system_keys(planted: Planted) -> None:
    """Of each who keeps the attendance of a school the key they made for its system."""
    for key, member in planted.memberships.items():
        if not hands_in(planted.world.actors[key]):
            continue
        made = SystemKey.objects.create(
            id=uuid.uuid5(_SPACE, f"key {key}"), school=member.organisation, name="Magister", digest=key,
            made_by=member, made_at=planted.world.now, until_on=planted.world.now.date() + timedelta(days=9),
        )  # fmt: skip
        planted.system_keys[made.pk] = member.organisation.key


def _files(delivery: uuid.UUID, school: str, numbers: list[str]) -> None:
    read = places.read_of(delivery)
    read.mkdir(exist_ok=True)
    keys = [f"{school}:{number}" for number in numbers]
    first, other = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    said = ["absent", "", "false", 50]
    _write(
        read / "marks.csv",
        MARKS.names,
        [[one, school, ON, 1, 50, "absent", "", "false"] for one in first[:5]],
    )
    _write(read / "refused.csv", ("line", "column", "reason"), [[3, "datum", "expected a day that exists"]])
    columns = ["kind", *PLACE, *(f"{name}{when}" for name in SAID for when in ("_before", ""))]
    nothing = dict.fromkeys(columns, "")
    rows = [
        {
            **nothing,
            "kind": "added",
            "learner": one,
            "date": ON,
            "slot": 1,
            **dict(zip(SAID, said, strict=True)),
        }
        for one in (*first, *other)
    ]
    _write(places.differences_of(delivery), columns, [list(row.values()) for row in rows])


def _write(file: Path, columns: object, rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([list(columns), *rows])  # type: ignore[call-overload]
