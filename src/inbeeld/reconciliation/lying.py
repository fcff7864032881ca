"""A round as it lies side by side for one actor: the sealed files they may see, made into views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

from django.views.decorators.debug import sensitive_variables

from inbeeld.access.actor import Actor
from inbeeld.keys.sealing import SealBroken
from inbeeld.reconciliation import places, policies
from inbeeld.reconciliation.comparing import POSSIBLE, SURE, ById
from inbeeld.reconciliation.expected import is_of_compulsory_age, schools_of
from inbeeld.reconciliation.marks import mark_of, mark_of_what_is_shown
from inbeeld.reconciliation.models import Party, Round, Settled
from inbeeld.reconciliation.operations import Did, did
from inbeeld.reconciliation.seen import (
    ChildSeen,
    MissingSeen,
    PairSeen,
    RowSeen,
    SettledSeen,
    classes_shown,
    fields_seen,
    row_seen,
)
from inbeeld.reconciliation.standing import PairStands, Records, pairs_said
from inbeeld.reconciliation.wording import reason_in_words

#: A record of a list: the name of the list and its id.
Record = tuple[str, str]
KEY_DIGITS = 16
MOST_FOUND = 25
TWIN = "twin"
HALF = 0.5


class Lying:
    """What came of a round, for one actor. Reading any of it stands in the log (`noted`)."""

    def __init__(self, actor: Actor, round_: Round) -> None:
        self.actor, self.round, self.comparison = actor, round_, round_.comparison
        self.parties = {one.name: one for one in _parties(round_)}
        self._order = list(self.parties)
        self.seen_lists = policies.lists_seen(actor, self.comparison) & self.parties.keys()
        self.own_lists = policies.own_lists(actor, self.comparison)

    @cached_property
    def outcome(self) -> dict[str, Any]:
        found = places.kept_outcome(self.round.pk) if self.round.is_there else None
        return found or {"lists": [], "children": {}, "pairs": [], "differences": []}

    @property
    def is_kept(self) -> bool:
        """Are the rows of this round there still?"""
        return bool(self.outcome["lists"])

    @cached_property
    @sensitive_variables()
    def _rows(self) -> ById:
        """Of each list that may be seen its rows by id; another list is not opened."""
        return {name: self._opened(name, places.SHOWN) for name in self.seen_lists}

    def _opened(self, list_: str, what: str) -> dict[str, dict[str, str]]:
        try:
            kept = places.kept_rows(self.round.pk, list_, what=what)
        except (FileNotFoundError, SealBroken):
            return {}
        return {row["id"]: row for row in kept}

    def noted(self) -> None:
        """Say in the log that children of these lists were looked at."""
        for field_class in classes_shown(self.actor, self.comparison):
            did(self.actor, Did.LOOK, self.round, field_class=field_class)

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
        rows = tuple(self._row(name, id_) for name, id_ in there.items() if id_ in self._rows.get(name, {}))
        if not rows:
            return None
        marks = [mark_of(self.comparison, name, id_) for name, id_ in there.items()]
        return ChildSeen(
            key=rows[0].mark,
            rows=rows,
            on=tuple(self.parties[name].title for name in there),
            missing=tuple(self._missing(one, there, marks, rows) for one in missing),
            since=self.outcome.get("since", {}).get(number, ""),
            links=tuple(self._links_of(there)),
        )

    def _seen(self, name: str, row: Mapping[str, str]) -> RowSeen:
        return row_seen(self.actor, self.parties[name], row, schools=self._schools)

    @cached_property
    def _schools(self) -> dict[str, str]:
        return {key: one.name for key, one in schools_of(self.comparison.region).items()}

    def _row(self, name: str, id_: str) -> RowSeen:
        return self._seen(name, self._rows[name][id_])

    def _missing(
        self,
        one: Mapping[str, str],
        there: Mapping[str, str],
        marks: list[str],
        rows: tuple[RowSeen, ...],
    ) -> MissingSeen:
        party = self.parties[one["missing_on"]]
        settled = next((found for mark in marks if (found := self._settled.get((mark, party.pk)))), None)
        born = next((row.cells["born_on"] for row in rows if row.cells.get("born_on")), "")
        outside = self.comparison.is_of_the_roll and is_of_compulsory_age(born, on=self.round.on) is False
        return MissingSeen(
            list=party.name, title=party.title, kind=one["kind"], settled=settled, outside=outside,
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
        """The keys of what links the records of a child that may be seen."""
        for one, other in combinations([item for item in there.items() if item[0] in self.seen_lists], 2):
            raw = self._raw_pairs.get(frozenset((one, other)))
            if raw is not None and raw["verdict"] == SURE:
                yield self.key_of(one, other)

    @cached_property
    def _settled(self) -> dict[tuple[str, int], SettledSeen]:
        rows = Settled.objects.filter(comparison=self.comparison, ended_at__isnull=True)
        return {
            (one.mark, one.missing_on_id): SettledSeen(
                reason_in_words(one.reason), one.owner.name if one.owner else "",
                one.said_by.person.get_full_name(), one.said_at,
            )
            for one in rows.select_related("reason", "owner", "said_by__person").order_by("said_at")
        }  # fmt: skip

    def unseen(self) -> dict[str, int]:
        """How many children stand only on lists one may not see, by the title of a list that has them."""
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
    def _said(self) -> dict[Records, PairStands]:
        return pairs_said(self.comparison)

    def key_of(self, one: Record, other: Record) -> str:
        """How an address names two records; it says nothing of them."""
        marks = (mark_of(self.comparison, *each)[:KEY_DIGITS] for each in self._ordered(one, other))
        return "-".join(marks)

    def _ordered(self, one: Record, other: Record) -> tuple[Record, Record]:
        """The record of the list that is earlier in the order first."""
        left, right = sorted((one, other), key=lambda each: self._order.index(each[0]))
        return left, right

    def pair(self, key: str) -> PairSeen | None:
        """The two records an address names, if one may see both; of a long list also who is not shown."""
        marks = key.split("-")
        for rows in (self._rows, self._whole):
            by_mark = {mark[:KEY_DIGITS]: record for mark, record in self._marked(rows).items()}
            both = [by_mark[mark] for mark in marks if mark in by_mark]
            if len(both) == len(marks) == 2 and both[0][0] != both[1][0]:
                return self._pair(both[0], both[1], rows)
        return None

    def pair_of(self, one: Record, other: Record) -> PairSeen | None:
        """Two records by list and id, if one sees both."""
        if any(id_ not in self._rows.get(name, {}) for name, id_ in (one, other)):
            return None
        return self._pair(one, other, self._rows)

    def row_of(self, record: Record) -> RowSeen | None:
        """A record by list and id, if one sees it."""
        name, id_ = record
        return self._row(name, id_) if id_ in self._rows.get(name, {}) else None

    def _marked(self, rows: ById) -> dict[str, Record]:
        return {
            mark_of(self.comparison, name, id_): (name, id_) for name, some in rows.items() for id_ in some
        }

    @cached_property
    @sensitive_variables()
    def open_pairs(self) -> list[PairSeen]:
        """Who may be one child and nobody said so, families first, then what is least clear."""
        found = [
            self._pair(*pair, self._rows)
            for pair in dict.fromkeys((*self._raw_pairs, *self._pairs_said()))
            if all(id_ in self._rows.get(name, {}) for name, id_ in pair)
        ]
        return sorted(filter(_is_open, found), key=lambda one: (one.order, one.key))

    def _pairs_said(self) -> Iterator[frozenset[Record]]:
        """The pairs people spoke of, both still here: what they hold apart the engine names no more."""
        marked = self._marked(self._rows) if self._said else {}
        for (_, left), (_, right) in self._said:
            if left in marked and right in marked:
                yield frozenset((marked[left], marked[right]))

    @sensitive_variables()
    def _pair(self, one: Record, other: Record, rows: ById) -> PairSeen:
        left, right = self._ordered(one, other)
        raw = self._raw_pairs.get(frozenset((left, right)), {})
        these = [rows[name][id_] for name, id_ in (left, right)]
        seen = [self._seen(name, row) for (name, _), row in zip((left, right), these, strict=True)]
        stands = self._said.get(((left[0], seen[0].mark), (right[0], seen[1].mark)))
        return PairSeen(
            key=self.key_of(left, right), left=seen[0], right=seen[1], stands=stands,
            verdict=raw.get("verdict", ""), reason=raw.get("reason", ""),
            fields=fields_seen(*these, readable=seen[0].cells, schools=self._schools), shown_as=mark_of_what_is_shown(*these),
            order=(raw.get("reason") != TWIN, abs(raw.get("probability", 0.0) - HALF)),
        )  # fmt: skip

    @cached_property
    @sensitive_variables()
    def _whole(self) -> ById:
        """Of each list that may be seen all rows, to look for somebody in."""
        return {name: self._opened(name, places.WHOLE) for name in self.seen_lists}

    def found_on(self, list_: str, words: str) -> list[RowSeen]:
        """The rows of a list in which every word begins a name, a birth date or a postcode."""
        wanted = words.casefold().split()
        if list_ not in self.seen_lists or not wanted:
            return []
        found = []
        for row in self._whole[list_].values():
            seen = self._seen(list_, row)
            parts = " ".join(seen.cells.values()).casefold().split()
            if all(any(part.startswith(word) for part in parts) for word in wanted):
                found.append(seen)
                if len(found) > MOST_FOUND:
                    break
        return found

    def family_of(self, pair: PairSeen) -> list[RowSeen]:
        """Others with the same surname or home on the two lists: who could be taken for the child."""
        ours = {(one.list, one.id) for one in (pair.left, pair.right)}
        homes = {_home(self._rows[one.list][one.id]) for one in (pair.left, pair.right)} - {""}
        found = []
        for name in (pair.left.list, pair.right.list):
            for id_, row in self._rows[name].items():
                if (name, id_) not in ours and _home(row) in homes:
                    found.append(self._row(name, id_))
        return found


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
