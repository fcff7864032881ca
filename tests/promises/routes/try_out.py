"""What to try in the parts of an address besides the child: as (what it is, value)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from inbeeld.kernel.access import FieldClass, Involvement
from tests.promises.routes.population import PLACES, Member

if TYPE_CHECKING:
    from tests.promises.routes.openings import Case


def entries(case: Case) -> Iterator[tuple[str, Any]]:
    """An entry of each class: of oneself, of a colleague, of another organisation; of another child."""
    seen: set[tuple[FieldClass, str]] = set()
    for pk, (child, member, field_class) in case.planted.entries.items():
        place = case.world.members[member].place
        whose = "own" if case.who is not None and member == case.who.key else (
            "colleague" if isinstance(case.who, Member) and place == case.who.place else "other"
        )  # fmt: skip
        here = case.child is not None and child == case.child.key
        what = f"{whose} {field_class.value}" if here else "of another child"
        if (field_class, what) not in seen and (here or (whose == "own" and "of another child" not in
                                                         {one for _, one in seen})):  # fmt: skip
            seen.add((field_class, what))
            yield what, pk


def alerts(case: Case) -> Iterator[tuple[str, UUID]]:
    """Each of this child, and one of another."""
    here = {pk: one for pk, one in case.planted.alerts.items() if case.child and one.child == case.child.key}
    yield from ((f"of {one.field_class.value}", pk) for pk, one in here.items())
    yield "of another child", next(pk for pk in case.planted.alerts if pk not in here)


def reports(case: Case) -> Iterator[tuple[str, UUID]]:
    """Each of this child, and one of another."""
    child = case.child.key if case.child else ""
    here = {pk: state for pk, (key, _place, state) in case.planted.reports.items() if key == child}
    yield from ((state, pk) for pk, state in here.items())
    yield "of another child", next(pk for pk in case.planted.reports if pk not in here)


def contacts(case: Case) -> Iterator[tuple[str, UUID]]:
    """Each with this child, and one with another."""
    child = case.child.key if case.child else ""
    here = [pk for pk, (key, _place, _class) in case.planted.contacts.items() if key == child]
    yield from ((f"contact {number}", pk) for number, pk in enumerate(here))
    yield "of another child", next(pk for pk in case.planted.contacts if pk not in here)


def causes(case: Case) -> Iterator[tuple[str, UUID]]:
    """Each of this child, and one of another."""
    child = case.child.key if case.child else ""
    here = {pk: of for pk, (key, _place, of) in case.planted.causes.items() if key == child}
    yield from ((f"cause of {of.value}", pk) for pk, of in here.items())
    yield "of another child", next(pk for pk in case.planted.causes if pk not in here)


def agreements(case: Case) -> Iterator[tuple[str, UUID]]:
    """Each about this child, and one about another."""
    child = case.child.key if case.child else ""
    here = [pk for pk, (key, _writer, _said) in case.planted.agreements.items() if key == child]
    yield from ((f"agreement {number}", pk) for number, pk in enumerate(here))
    yield "about another child", next(pk for pk in case.planted.agreements if pk not in here)


def ties(case: Case) -> Iterator[tuple[str, UUID]]:
    """An involvement of this child, and one of another."""
    mine = [one for one in case.world.ties if case.who is not None and one.member == case.who.key]
    here = [one for one in case.world.ties if case.child is not None and one.child == case.child.key]
    for what, found in (("of this child", here), ("of oneself", [one for one in mine if one in here]),
                        ("of another child", [one for one in mine if one not in here])):  # fmt: skip
        if found and found[0].id is not None:
            yield what, found[0].id


def own_ties(case: Case) -> Iterator[tuple[str, UUID]]:
    """One's own that holds, one that waits, one that is over; and somebody else's."""
    who = "" if case.who is None else case.who.key
    for what, child, member in (("holds", "I2", who), ("waits", "X1", who), ("over", "X3", who),
                                ("of somebody else", "X1", "swv_adviser")):  # fmt: skip
        found = [one for one in case.world.ties if one.child == child and one.member == member]
        if found and found[0].id is not None and not (what == "of somebody else" and member == who):
            yield what, found[0].id


def consents(case: Case) -> Iterator[tuple[str, UUID]]:
    """One of this child, and one of another."""
    for what, wanted in (("of this child", True), ("of another child", False)):
        found = [one.id for one in case.world.leaves
                 if (case.child is not None and one.child == case.child.key) is wanted]  # fmt: skip
        if found and found[0] is not None:
            yield what, found[0]


def emergencies(case: Case) -> Iterator[tuple[str, UUID]]:
    for one in case.world.ties:
        if one.kind is Involvement.EMERGENCY and one.id is not None:
            yield f"by {one.member}", one.id
    other = next(one.id for one in case.world.ties if one.kind is Involvement.INVOLVED)
    if other is not None:
        yield "no emergency", other


def members(case: Case) -> Iterator[tuple[str, int]]:
    for key in ("mentor", "mentor-2", "privacy_officer", "leerplicht_desk-2", "left"):
        yield key, case.planted.memberships[key].pk


def deliveries(case: Case) -> Iterator[tuple[str, UUID]]:
    for pk, place in case.planted.deliveries.items():
        yield f"{'a roster ' if pk in case.planted.rosters else ''}of {place}", pk


def system_keys(case: Case) -> Iterator[tuple[str, UUID]]:
    for pk, place in case.planted.system_keys.items():
        yield f"of {place}", pk


def schools(case: Case) -> Iterator[tuple[str, str]]:
    """Every school and site, a place that is no school, and a name that is nobody's."""
    yield from ((one.key, one.key) for one in PLACES.values() if one.kind == "school")
    yield from (("no school", "swv-vo"), ("nothing", "bestaat-niet"))


def words(*values: str) -> Callable[[Case], Iterator[tuple[str, str]]]:
    def each(case: Case) -> Iterator[tuple[str, str]]:
        yield from ((one, one) for one in values)

    return each
