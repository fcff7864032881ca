"""Two comparisons of lists: one lies side by side, and one party sees both its lists; the other waits.

A row is about a child on an organisation's list, not about a child of inbeeld: its words are its keeper's.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.kernel.access import FieldClass
from inbeeld.organisations.models import Organisation
from inbeeld.reconciliation import places
from inbeeld.reconciliation.models import (
    Comparison,
    Handed,
    ListState,
    Party,
    Reason,
    Reviewer,
    Round,
    RoundState,
    Sharing,
)
from tests.promises.routes.words import LISTED, Canary

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

#: The keeper of each list, by the name of the list.
KEEPERS = {"leerplicht": "gem-n", "swv_vo": "swv-vo"}
#: Who sees whose list besides their own.
SHARED = {"swv-vo": "gem-n"}
#: Who was appointed to say whether two are one child.
REVIEWERS = ("leerplicht_desk", "swv_coordinator")
#: The lists of the comparison in which nothing was handed in yet.
WAITING = {"leerplicht_z": "gem-z", "swv_po": "swv-po"}
#: Each row: the list it is on, and the id.
ROWS = {
    "leerplicht": ("LP-1", "LP-2", "LP-3"),
    "swv_vo": ("VO-1", "VO-2", "VO-3"),
}
#: Which of the rows are one child, and which may be.
LINKED, LIKE = 1, 3
_SPACE = uuid.UUID("5b0b7a52-6f3d-4c53-8d4f-6a39c2b5e0aa")


def planted_lists(planted: Planted) -> None:
    """One child on both, one on each alone, and a pair that may be one child."""
    first = _comparison(planted, "thuiszitters", "gem-n", KEEPERS)
    second = _comparison(planted, "anders", "gem-z", WAITING)
    parties = {one.name: one for one in Party.objects.filter(comparison=first)}
    Sharing.objects.create(
        id=uuid.uuid5(_SPACE, "sharing"), giver=parties["swv_vo"],
        receiver=parties["leerplicht"].organisation, ground="Convenant",
        said_by=planted.memberships["swv_coordinator"], said_at=planted.world.now,
    )  # fmt: skip
    for key in REVIEWERS:
        Reviewer.objects.create(
            id=uuid.uuid5(_SPACE, key), comparison=first, membership=planted.memberships[key],
            appointed_at=planted.world.now,
        )  # fmt: skip
    _lies_side_by_side(planted, first, parties)
    _round(planted, second, RoundState.ASKED, ListState.ASKED)


def _comparison(planted: Planted, key: str, led_by: str, lists: dict[str, str]) -> Comparison:
    made = Comparison.objects.create(
        id=uuid.uuid5(_SPACE, key), region="noorderveen", key=key, name=f"De lijsten {key}",
        compared="children", led_by=Organisation.objects.get(key=led_by), every_days=21, days_to_deliver=5,
    )  # fmt: skip
    for place, (name, keeper) in enumerate(lists.items()):
        Party.objects.create(
            comparison=made, name=name, title=name, place=place,
            organisation=Organisation.objects.get(key=keeper),
        )  # fmt: skip
    Reason.objects.create(
        id=uuid.uuid5(_SPACE, f"reason {key}"), comparison=made, key="moved_out", settles=True
    )
    planted.lists[made.pk] = lists
    return made


def _round(planted: Planted, comparison: Comparison, state: str, of_lists: str) -> Round:
    made = Round.objects.create(
        id=uuid.uuid5(_SPACE, f"round {comparison.key}"), comparison=comparison, number=1, state=state,
        on=planted.world.today, due_on=planted.world.today, asked_at=planted.world.now,
    )  # fmt: skip
    for party in Party.objects.filter(comparison=comparison):
        handed = Handed.objects.create(
            id=uuid.uuid5(_SPACE, f"list {party.name}"), round=made, party=party, state=of_lists, rows=3
        )
        planted.handed[handed.pk] = comparison.pk
    return made


def _lies_side_by_side(planted: Planted, comparison: Comparison, parties: dict[str, Party]) -> None:
    made = _round(planted, comparison, RoundState.COMPARED, ListState.FROZEN)
    for name, ids in ROWS.items():
        rows = [_row(planted, KEEPERS[name], id_, number) for number, id_ in enumerate(ids, 1)]
        for what in (places.WHOLE, places.SHOWN):
            places.keep_rows(made.pk, name, rows, what=what)
    places.keep_outcome(made.pk, {
        "lists": list(ROWS),
        "children": {
            "1": {"leerplicht": "LP-1", "swv_vo": "VO-1"}, "2": {"leerplicht": "LP-2"},
            "3": {"swv_vo": "VO-2"}, "4": {"leerplicht": "LP-3"}, "5": {"swv_vo": "VO-3"},
        },
        "pairs": [
            _pair("LP-1", "VO-1", "sure", ""),
            _pair("LP-3", "VO-3", "possible", "twin"),
        ],
        "sample": [["leerplicht", "LP-1", "swv_vo", "VO-1"], ["leerplicht", "LP-2", "swv_vo", ""]],
        "differences": [
            _missing("2", "swv_vo"), _missing("3", "leerplicht"),
            _missing("4", "swv_vo", "VO-3"), _missing("5", "leerplicht", "LP-3"),
        ],
    })  # fmt: skip
    Round.objects.filter(pk=made.pk).update(
        counts={
            "children": 5, "rows": {"leerplicht": 3, "swv_vo": 3}, "warnings": [],
            "by_lists": [[["leerplicht"], 2], [["leerplicht", "swv_vo"], 1], [["swv_vo"], 2]],
        },
        compared_at=planted.world.now,
    )  # fmt: skip


def _row(planted: Planted, keeper: str, id_: str, number: int) -> dict[str, str]:
    """A name on each; of pairs where they live, and of who is linked as what their keeper lists them."""
    child = list(planted.world.children)[number]

    def word(of: FieldClass) -> str:
        return planted.words.word(Canary(child, of, LISTED, organisation=keeper))

    said = {"id": id_, "last_name": word(FieldClass.IDE)}
    if number in (LINKED, LIKE):
        said["postcode"] = word(FieldClass.ADR)
    if number == LINKED:
        said["category"] = word(FieldClass.ATT)
    return dict.fromkeys(LIST_COLUMNS, "") | said


def _pair(left: str, right: str, verdict: str, reason: str) -> dict[str, Any]:
    return {
        "left": ["leerplicht", left], "right": ["swv_vo", right], "verdict": verdict, "reason": reason,
        "probability": 0.5,
    }  # fmt: skip


def _missing(child: str, on: str, possible: str = "") -> dict[str, str]:
    kind = "perhaps" if possible else "absent"
    return {"child": child, "missing_on": on, "kind": kind, "possible_id": possible, "reason": ""}
