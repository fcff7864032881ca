"""A round as it lies side by side for one actor: the sealed files they may see, made into views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

from django.views.decorators.debug import sensitive_variables

from inbeeld.access.actor import Actor
from inbeeld.engine.linkage.decisions import NOT_SAME, SAME
from inbeeld.keys.sealing import SealBroken
from inbeeld.reconciliation import places, policies
from inbeeld.reconciliation.comparing import POSSIBLE, SURE, ById
from inbeeld.reconciliation.expected import is_of_compulsory_age, schools_of
from inbeeld.reconciliation.marks import mark_of_what_is_shown, marker_of, records_marked
from inbeeld.reconciliation.models import Party, Round, Settled
from inbeeld.reconciliation.operations import looked_at
from inbeeld.reconciliation.seen import (
    FIELDS,
    OWN_WORDS,
    ChildSeen,
    MissingSeen,
    PairSeen,
    RowSeen,
    SettledSeen,
    fields_seen,
    readable_by,
    row_seen,
)
from inbeeld.reconciliation.standing import PairStands, pairs_said
from inbeeld.reconciliation.wording import reason_in_words

#: A record of a list: the name of the list and its id.
Record = tuple[str, str]
KEY_DIGITS = 16
TWIN = "twin"
HALF = 0.5


class Lying:
    """What came of a round, for one actor. Reading any of it stands in the log (`noted`)."""

    def __init__(self, actor: Actor, round_: Round) -> None:
        self.actor, self.round, self.comparison = actor, round_, round_.comparison
        self.parties = {one.name: one for one in _parties(round_)}
        self._order = list(self.parties)
        self.seen_lists = policies.lists_seen(actor, self.comparison, self.parties.values())
        self.own_lists = policies.own_lists(actor, self.parties.values()) & self.seen_lists
        self.readable = readable_by(actor, self.comparison)
        self.mark_of = marker_of(self.comparison)
        self.is_unreadable = False
        self._whole: dict[str, dict[str, dict[str, str]]] = {}

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """Who is on which list, by ids. When it is there no more `is_unreadable` says so."""
        found = places.kept_outcome(self.round.pk) if self.round.is_there else None
        self.is_unreadable |= found is None
        return found or {"lists": [], "children": {}, "pairs": [], "differences": []}

    @cached_property
    @sensitive_variables()
    def rows(self) -> ById:
        """Of each list that may be seen its rows by id; another list is not opened."""
        return {
            name: self._opened(name, places.SHOWN)
            for name in self.outcome["lists"]
            if name in self.seen_lists
        }

    def whole(self, list_: str) -> dict[str, dict[str, str]]:
        """All rows of a list that may be seen, also those no page shows: to look for somebody in."""
        if list_ not in self.seen_lists:
            return {}
        if list_ not in self._whole:
            self._whole[list_] = self._opened(list_, places.WHOLE)
        return self._whole[list_]

    def _opened(self, list_: str, what: str) -> dict[str, dict[str, str]]:
        try:
            kept = places.kept_rows(self.round.pk, list_, what=what)
        except (FileNotFoundError, SealBroken):
            self.is_unreadable = True
            return {}
        return {row["id"]: row for row in kept}

    def noted(self, shown: Iterable[RowSeen] = ()) -> None:
        """Say in the log that this round was looked at, and of each record that is shown that it was."""
        classes = sorted({FIELDS[name].value for name in self.readable})
        looked_at(self.actor, self.round, [one.mark for one in shown], classes=classes)

    # --- children ---------------------------------------------------------------------------------

    @cached_property
    @sensitive_variables()
    def children(self) -> list[ChildSeen]:
        """Every child on a list that may be seen, by name."""
        missing = defaultdict(list)
        for one in self.outcome["differences"]:
            missing[one["child"]].append(one)
        found = [
            child
            for number, there in self.outcome["children"].items()
            if (child := self._child(number, there, missing[number])) is not None
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.key))

    def child(self, key: str) -> ChildSeen | None:
        """The child with this key, if one may see it."""
        return next((one for one in self.children if one.key == key), None)

    def _child(
        self, number: str, there: Mapping[str, str], missing: list[dict[str, str]]
    ) -> ChildSeen | None:
        """Of a child of one's own list all lists it stands on; of another's only those one sees."""
        rows = tuple(
            self.seen(name, self.rows[name][id_])
            for name, id_ in there.items()
            if id_ in self.rows.get(name, {})
        )
        if not rows:
            return None
        is_ours = any(row.list in self.own_lists for row in rows)
        known = set(self.parties) if is_ours else self.seen_lists
        marks = tuple(self.mark_of(name, id_) for name, id_ in there.items())
        return ChildSeen(
            key=rows[0].mark,
            marks=marks,
            rows=rows,
            on=tuple(self.parties[name].title for name in there if name in known),
            missing=tuple(
                self._missing(one, there, marks, rows) for one in missing if one["missing_on"] in known
            ),
            since=self.outcome.get("since", {}).get(number, "") if is_ours else "",
            links=tuple(self._links_of(there)),
        )

    def seen(self, list_: str, row: Mapping[str, str]) -> RowSeen:
        """A record of a list with what this actor reads of it."""
        fields = (*self.readable, OWN_WORDS) if list_ in self.own_lists else self.readable
        mark = self.mark_of(list_, row["id"])
        return row_seen(row, party=self.parties[list_], mark=mark, fields=fields, schools=self._schools)

    @cached_property
    def _schools(self) -> dict[str, str]:
        return {key: one.name for key, one in schools_of(self.comparison.region).items()}

    def _missing(
        self,
        one: Mapping[str, str],
        there: Mapping[str, str],
        marks: tuple[str, ...],
        rows: tuple[RowSeen, ...],
    ) -> MissingSeen:
        party = self.parties[one["missing_on"]]
        said = [found for mark in marks if (found := self._settled.get((mark, party.name)))]
        born = next((row.cells["born_on"] for row in rows if row.cells.get("born_on")), "")
        outside = self.comparison.is_of_the_roll and is_of_compulsory_age(born, on=self.round.on) is False
        return MissingSeen(
            list=party.name, title=party.title, kind=one["kind"], outside=outside,
            settled=max(said, key=lambda each: each.at, default=None),
            pair=self._pair_with(there, party.name, one.get("possible_id", "")),
        )  # fmt: skip

    def _pair_with(self, there: Mapping[str, str], list_: str, possible: str) -> str:
        """The key of the open pair of one of these records with a record that may be it."""
        if not possible or list_ not in self.seen_lists:
            return ""
        for name, id_ in there.items():
            if name in self.seen_lists and frozenset(((name, id_), (list_, possible))) in self._raw_pairs:
                return self.key_of((name, id_), (list_, possible))
        return ""

    def _links_of(self, there: Mapping[str, str]) -> Iterator[str]:
        """The keys of what links the records of a child that may be seen, and that nobody undid since."""
        for one, other in combinations([item for item in there.items() if item[0] in self.seen_lists], 2):
            raw = self._raw_pairs.get(frozenset((one, other)))
            stands = self._said.get(self._marked((one, other)))
            is_undone = stands is not None and stands.holds == NOT_SAME
            if raw is not None and raw["verdict"] == SURE and not is_undone:
                yield self.key_of(one, other)

    @cached_property
    def _settled(self) -> dict[tuple[str, str], SettledSeen]:
        rows = Settled.objects.filter(comparison=self.comparison, ended_at__isnull=True)
        here = self.actor.organisation
        return {
            (one.mark, one.missing_on.name): SettledSeen(
                reason_in_words(one.reason), one.owner.name if one.owner else "",
                here is not None and one.owner_id == here.pk, one.said_by.person.get_full_name(), one.said_at,
            )
            for one in rows.select_related("reason", "owner", "missing_on", "said_by__person")
        }  # fmt: skip

    def unseen(self) -> dict[str, int]:
        """How many children stand only on lists one may not see, by the titles of those lists."""
        found: dict[str, int] = {}
        for names, number in self.round.counts.get("by_lists", []):
            if not set(names) & self.seen_lists:
                title = ", ".join(self.parties[name].title for name in names if name in self.parties)
                found[title] = found.get(title, 0) + number
        return found

    # --- pairs ------------------------------------------------------------------------------------

    @cached_property
    def _raw_pairs(self) -> dict[frozenset[Record], dict[str, Any]]:
        return {frozenset((tuple(one["left"]), tuple(one["right"]))): one for one in self.outcome["pairs"]}

    @cached_property
    def _said(self) -> dict[frozenset[Record], PairStands]:
        """By list and mark."""
        return pairs_said(self.comparison)

    def key_of(self, one: Record, other: Record) -> str:
        """How an address names two records; it says nothing of them."""
        return "-".join(self.mark_of(*each)[:KEY_DIGITS] for each in self._ordered((one, other)))

    def _ordered(self, pair: Iterable[Record]) -> tuple[Record, Record]:
        """The record of the list that is earlier in the order first."""
        left, right = sorted(pair, key=lambda each: self._order.index(each[0]))
        return left, right

    def pair(self, key: str) -> PairSeen | None:
        """The two records an address names, if one may see both; of a long list also who is not shown."""
        marks = key.split("-")
        if len(marks) != 2:
            return None
        for rows in (lambda name: self.rows.get(name, {}), self.whole):
            by_mark = {
                self.mark_of(name, id_)[:KEY_DIGITS]: (name, id_)
                for name in self.seen_lists
                for id_ in rows(name)
            }
            both = [by_mark[mark] for mark in marks if mark in by_mark]
            if len(both) == 2 and both[0][0] != both[1][0]:
                return self._pair(both[0], both[1])
        return None

    def pair_of(self, one: Record, other: Record) -> PairSeen | None:
        """Two records by list and id, if one sees both."""
        if self._row(one) is None or self._row(other) is None:
            return None
        return self._pair(one, other)

    def row_of(self, record: Record) -> RowSeen | None:
        """A record by list and id, if one sees it."""
        row = self._row(record)
        return None if row is None else self.seen(record[0], row)

    def _row(self, record: Record) -> dict[str, str] | None:
        name, id_ = record
        return self.rows.get(name, {}).get(id_) or self._whole.get(name, {}).get(id_)

    @cached_property
    @sensitive_variables()
    def open_pairs(self) -> list[PairSeen]:
        """Who may be one child and nobody said so, families first, then what is least clear."""
        found = [
            self._pair(*pair)
            for pair in dict.fromkeys((*self._raw_pairs, *self._pairs_said()))
            if all(id_ in self.rows.get(name, {}) for name, id_ in pair)
        ]
        return sorted(filter(_is_open, found), key=lambda one: (one.order, one.key))

    @cached_property
    @sensitive_variables()
    def linked_by_people(self) -> list[PairSeen]:
        """The pairs of which a person said that they are one child, also of rows no other page shows."""
        if not any(one.holds == SAME for one in self._said.values()):
            return []
        for name in self.seen_lists:
            self.whole(name)
        return [
            self._pair(*pair)
            for pair in self._pairs_said(self._whole)
            if self._said[self._marked(pair)].holds == SAME
        ]

    def _pairs_said(self, rows: ById | None = None) -> Iterator[frozenset[Record]]:
        """The pairs people spoke of, both still here: what they hold apart the engine names no more."""
        ids = records_marked(self._said, self.rows if rows is None else rows, self.mark_of)
        for pair in self._said:
            if all(each in ids for each in pair):
                yield frozenset((each[0], ids[each]) for each in pair)

    def _marked(self, pair: Iterable[Record]) -> frozenset[Record]:
        return frozenset((name, self.mark_of(name, id_)) for name, id_ in pair)

    @sensitive_variables()
    def _pair(self, one: Record, other: Record) -> PairSeen:
        left, right = self._ordered((one, other))
        raw = self._raw_pairs.get(frozenset((left, right)), {})
        these = [self._row(each) or {} for each in (left, right)]
        seen = [self.seen(name, row) for (name, _), row in zip((left, right), these, strict=True)]
        return PairSeen(
            key=self.key_of(left, right), left=seen[0], right=seen[1],
            stands=self._said.get(self._marked((left, right))),
            verdict=raw.get("verdict", ""), reason=raw.get("reason", ""),
            fields=fields_seen(*these, readable=self.readable, schools=self._schools),
            shown_as=mark_of_what_is_shown(*these),
            order=(raw.get("reason") != TWIN, abs(raw.get("probability", 0.0) - HALF)),
        )  # fmt: skip

    def family_of(self, pair: PairSeen) -> list[RowSeen]:
        """Others with the same surname and home on the two lists: who could be taken for the child."""
        ours = {(one.list, one.id) for one in (pair.left, pair.right)}
        homes = {_home(self._row(record) or {}) for record in ours} - {""}
        return [
            self.seen(name, row)
            for name in (pair.left.list, pair.right.list)
            for id_, row in (self._whole.get(name) or self.rows.get(name, {})).items()
            if (name, id_) not in ours and _home(row) in homes
        ]


def _home(row: Mapping[str, str]) -> str:
    """Surname and address; empty when either is not known."""
    parts = [row.get(name, "") for name in ("last_name", "postcode", "house_number")]
    return "|".join("".join(one.casefold().split()) for one in parts) if all(parts) else ""


def _is_open(pair: PairSeen) -> bool:
    """Has a person to look at it? What is linked or held apart by a person only when the rows changed."""
    if pair.stands is None or pair.stands.is_open:
        return pair.verdict == POSSIBLE or pair.stands is not None
    return pair.has_changed


def _parties(round_: Round) -> list[Party]:
    """The parties of a round, also those that ended since."""
    rows = round_.lists.select_related("party__organisation", "party__comparison")
    return [one.party for one in rows]
