"""What one actor may see of a round: frozen, and made from the lists they may see and no other.

Of a child on their own list a party learns on which other lists it stands; of who is only on lists nobody
shares with them they learn how many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import FieldClass
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.models import Comparison, Party
from inbeeld.reconciliation.standing import PairStands

#: What is laid side by side of two records, in this order, and of which class it is.
FIELDS = {
    "last_name": FieldClass.IDE, "prefix": FieldClass.IDE, "call_name": FieldClass.IDE,
    "first_names": FieldClass.IDE, "born_on": FieldClass.IDE, "postcode": FieldClass.ADR,
    "house_number": FieldClass.ADR, "school": FieldClass.IDE, "since_on": FieldClass.ATT,
}  # fmt: skip
#: As what its keeper lists a child: words of their own, which may tell of illness. Nobody else reads them.
OWN_WORDS = "category"
#: By which a record is looked for.
SOUGHT = ("last_name", "prefix", "call_name", "first_names", "born_on", "postcode")


@dataclass(frozen=True)
class RowSeen:
    """A record as one may see it. `cells`: only what may be read; `id`: what its keeper calls it.

    `school`: by its name where the region knows it.
    """

    list: str
    title: str
    id: str
    mark: str
    cells: Mapping[str, str]
    school: str = ""

    @property
    def name(self) -> str:
        """As on a list of names; of a row without any, its id."""
        given = self.cells.get("call_name") or self.cells.get("first_names", "")
        family = " ".join(filter(None, (self.cells.get("prefix"), self.cells.get("last_name"))))
        return " ".join(filter(None, (given, family))) or self.id

    @property
    def born_on(self) -> date | None:
        return date.fromisoformat(self.cells["born_on"]) if self.cells.get("born_on") else None

    @property
    def since_on(self) -> date | None:
        return date.fromisoformat(self.cells["since_on"]) if self.cells.get("since_on") else None

    @property
    def category(self) -> str:
        return self.cells.get(OWN_WORDS, "")


@dataclass(frozen=True)
class SettledSeen:
    """Why a list lacks a child, as somebody said. `owner`: who does something about it; empty: settled.

    `mine`: is that the organisation of who looks?
    """

    reason: str
    owner: str
    mine: bool
    name: str
    at: datetime


@dataclass(frozen=True)
class MissingSeen:
    """A list that lacks the child. `kind`: absent, perhaps or conflict; `pair`: the key of who it may be.

    `outside`: it is of no age to be missing (beside a register only).
    """

    list: str
    title: str
    kind: str
    pair: str = ""
    settled: SettledSeen | None = None
    outside: bool = False

    @property
    def is_open(self) -> bool:
        """Has somebody to say why still?"""
        return not self.outside and self.settled is None


@dataclass(frozen=True)
class ChildSeen:
    """A child by its records one may see; `on`: titles of the lists it stands on, as far as one may know.

    `key`: the mark of its first record one sees, `marks`: of all its records. `since`: what changed since the
    last round: new, came, left or empty.
    """

    key: str
    marks: tuple[str, ...]
    rows: tuple[RowSeen, ...]
    on: tuple[str, ...]
    missing: tuple[MissingSeen, ...]
    since: str = ""
    links: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.rows[0].name

    @property
    def born_on(self) -> date | None:
        return next((one.born_on for one in self.rows if one.born_on), None)

    @property
    def school(self) -> str:
        return next((one.school for one in self.rows if one.school), "")

    @property
    def since_on(self) -> date | None:
        """Since when it is on a list: the first of the days."""
        return min((one.since_on for one in self.rows if one.since_on), default=None)


@dataclass(frozen=True)
class FieldSeen:
    """One thing two records say: same, different, or missing on a side. No value that may not be read."""

    name: str
    left: str
    right: str
    verdict: str
    hidden: bool = False


@dataclass(frozen=True)
class PairSeen:
    """Two records that may be one child, or are. `order`: by which those to look at stand."""

    key: str
    left: RowSeen
    right: RowSeen
    fields: tuple[FieldSeen, ...]
    verdict: str
    reason: str
    shown_as: str
    order: tuple[int, float]
    stands: PairStands | None = None

    @property
    def as_seen(self) -> str:
        """What names this page: it changes with the rows, and with what was said."""
        return self.shown_as + ("" if self.stands is None else self.stands.last.pk.hex)

    @property
    def has_changed(self) -> bool:
        """Do the rows say something else than when somebody said of them what holds?"""
        return self.stands is not None and self.stands.last.seen != self.shown_as


def readable_by(actor: Actor, comparison: Comparison) -> tuple[str, ...]:
    """The fields of a record this actor reads, by the access table."""
    classes = {one: bool(policies.may_read(actor, comparison, one)) for one in set(FIELDS.values())}
    return tuple(name for name, field_class in FIELDS.items() if classes[field_class])


def row_seen(
    row: Mapping[str, str], *, party: Party, mark: str, fields: Iterable[str], schools: Mapping[str, str]
) -> RowSeen:
    """A record with these fields of it. `schools`: names by key and BRIN."""
    cells = {name: row.get(name, "") for name in fields}
    school = cells.get("school", "")
    return RowSeen(party.name, party.title, row["id"], mark, cells, schools.get(school.upper(), school))


def fields_seen(
    left: Mapping[str, str],
    right: Mapping[str, str],
    *,
    readable: Collection[str],
    schools: Mapping[str, str],
) -> tuple[FieldSeen, ...]:
    """What two rows say, side by side. Of what may not be read it is told whether it is the same."""
    found = []
    for name in FIELDS:
        one, other = left.get(name, ""), right.get(name, "")
        verdict, hidden = _verdict(one, other), name not in readable
        if name == "school":
            one, other = (schools.get(each.upper(), each) for each in (one, other))
        shown = ("", "") if hidden else (one, other)
        found.append(FieldSeen(name, *shown, verdict, hidden=hidden))
    return tuple(found)


def _verdict(left: str, right: str) -> str:
    match bool(left), bool(right):
        case True, True:
            return "same" if _plain(left) == _plain(right) else "different"
        case True, False:
            return "missing_right"
        case False, True:
            return "missing_left"
    return "missing_both"


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
