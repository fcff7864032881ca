"""For whom each page of lists side by side is there: worked out from who keeps which list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from inbeeld.keys.keyring import record_mark
from inbeeld.reconciliation.models import Handed, Party, Reason, Reviewer, Sharing
from tests.promises.routes import oracle
from tests.promises.routes.openings import Case
from tests.promises.routes.planted_lists import KEEPERS, REVIEWERS, ROWS
from tests.promises.routes.population import Member

KEEP = 16


def _lists(case: Case) -> dict[str, str]:
    """The keepers of a comparison, by the name of the list."""
    return case.planted.lists.get(case.values["comparison"], {})


def keeps_a_list(case: Case) -> bool:
    """Keeps a list in some comparison, in a role that sees the children on it."""
    keepers = {one for lists in case.planted.lists.values() for one in lists.values()}
    return isinstance(case.who, Member) and case.who.place in keepers and oracle.reads_lists(case.who)


def takes_part(case: Case) -> bool:
    return keeps_a_list(case) and case.who.place in _lists(case).values()  # type: ignore[union-attr]


def lies_there(case: Case) -> bool:
    """Of the comparison that lies side by side."""
    return takes_part(case) and _lists(case) == KEEPERS


def of_a_list(case: Case) -> bool:
    return lies_there(case) and case.values["party"] in KEEPERS


def hands_in(case: Case) -> bool:
    return takes_part(case) and case.planted.handed.get(case.values["handed"]) == case.values["comparison"]


def changes_the_list(case: Case) -> bool:
    return hands_in(case) and case.values["deed"] in ("teruggenomen", "weggelaten")


def reviews(case: Case) -> bool:
    return lies_there(case) and isinstance(case.who, Member) and case.who.key in REVIEWERS


def sees_the_pair(case: Case) -> bool:
    """Who was appointed and sees both lists."""
    known = {key for what, key in pairs(case) if what.startswith("pair")}
    return reviews(case) and case.who.place == "gem-n" and case.values["pair"] in known  # type: ignore[union-attr]


def has_the_item(case: Case) -> bool:
    """What was drawn, or stands among it, for who was appointed and sees both lists."""
    known = {key for what, key in items(case) if what != "nothing"}
    return reviews(case) and case.who.place == "gem-n" and case.values["item"] in known  # type: ignore[union-attr]


def looks_for(case: Case) -> bool:
    """A child one sees, on another list one sees."""
    if not reviews(case) or case.who.place != "gem-n":  # type: ignore[union-attr]
        return False
    marks = dict(children(case))
    found = {marks["only with leerplicht"]: "swv_vo", marks["only with the SWV"]: "leerplicht"}
    return found.get(case.values["child"]) == case.values["party"]


def changes_what_was_agreed(case: Case) -> bool:
    return takes_part(case) and case.values["deed"] in ("delen", "beoordelaar", "reden")


def ends_what_was_agreed(case: Case) -> bool:
    if not takes_part(case):
        return False
    kinds: dict[str, Any] = {
        "delen": Sharing.objects.filter(giver__comparison=case.values["comparison"]),
        "beoordelaar": Reviewer.objects.filter(comparison=case.values["comparison"]),
        "reden": Reason.objects.filter(comparison=case.values["comparison"]),
    }
    found = kinds.get(case.values["what"])
    return found is not None and found.filter(pk=case.values["one"]).exists()


# --- what to try in the addresses ---


def comparisons(case: Case) -> Iterator[tuple[str, UUID]]:
    for number, key in enumerate(case.planted.lists):
        yield f"comparison {number}", key


def handed(case: Case) -> Iterator[tuple[str, UUID]]:
    for name in ("leerplicht", "swv_po"):
        yield f"list {name}", Handed.objects.get(party__name=name).pk


def agreed(case: Case) -> Iterator[tuple[str, UUID]]:
    yield "a sharing", Sharing.objects.get().pk
    yield "a reviewer", Reviewer.objects.order_by("pk")[0].pk
    yield "a reason", Reason.objects.get(comparison__key="thuiszitters").pk


def _mark(case: Case, party: str, id_: str) -> str:
    comparison = Party.objects.get(name=party).comparison_id
    return record_mark("record", str(comparison), party, id_)


def pairs(case: Case) -> Iterator[tuple[str, str]]:
    marks = {(name, id_): _mark(case, name, id_)[:KEEP] for name, ids in ROWS.items() for id_ in ids}
    for left, right in (("LP-1", "VO-1"), ("LP-3", "VO-3")):
        yield f"pair {left}", f"{marks['leerplicht', left]}-{marks['swv_vo', right]}"
    yield "of one list", f"{marks['leerplicht', 'LP-1']}-{marks['leerplicht', 'LP-2']}"
    yield "nothing", "bestaat-niet"


def items(case: Case) -> Iterator[tuple[str, str]]:
    yield from ((what, key) for what, key in pairs(case) if what.startswith("pair"))
    yield "to look for", f"{_mark(case, 'leerplicht', 'LP-2')[:KEEP]}-swv_vo"
    yield "nothing", "bestaat-niet"


def children(case: Case) -> Iterator[tuple[str, str]]:
    yield "only with leerplicht", _mark(case, "leerplicht", "LP-2")
    yield "only with the SWV", _mark(case, "swv_vo", "VO-2")
    yield "nobody", "bestaat-niet"
