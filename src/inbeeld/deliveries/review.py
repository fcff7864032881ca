"""What somebody looks through before a delivery counts: how it was read, and what would change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from inbeeld.access import operations_ground
from inbeeld.access.actor import Actor
from inbeeld.access.permit import permits_for
from inbeeld.deliveries import operations, reading, reading_roster
from inbeeld.deliveries.forms import DaysForm
from inbeeld.deliveries.models import Delivery
from inbeeld.deliveries.sentences import of_a_refusal
from inbeeld.deliveries.words import MEANINGS
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.learners.models import Learner
from inbeeld.learners.paging import paged

#: More at once is no list of codes; the others are asked next.
CODES_SHOWN = 200
#: A learner's day with alike changes is one row.
CHANGES_SHOWN = 25
#: What is proposed for a code, by what the file says of it; a person decides. First by its description.
_DESCRIBED = {
    "aangepast rooster": "timetable", "deeltijdrooster": "timetable",
    "ziek": "sick", "te laat": "late", "spijbel": "truant", "verlof": "leave", "uit de les": "removed",
    "verwijderd": "removed", "afspraak": "appointment", "tandarts": "appointment", "huisarts": "appointment",
}  # fmt: skip
_NOT_SO = ("niet", "geen", "zonder", "geweigerd", "ongeoorloofd", "afgewezen")
_PERMITTED = {"true": "other-with", "false": "other-without"}


def to_review(
    request: HttpRequest, one: Delivery, *, days: DaysForm | None, said: dict[str, str]
) -> dict[str, Any]:
    """What the page of a delivery shows that waits for a yes; every child in it that is known is noted."""
    if one.is_roster:
        return roster_to_review(request, one)
    return marks_to_review(request, one, days=days, said=said)


def roster_to_review(request: HttpRequest, one: Delivery) -> dict[str, Any]:
    """A roster: its first rows, and who is new, left, came back or is said otherwise. Without names."""
    counts = one.counts
    page = Paginator(reading_roster.differences(one.pk), CHANGES_SHOWN).get_page(request.GET.get("blad"))
    learners = reading_roster.first_learners(one.pk)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    note_read(actor, one, {row.key for row in (*page.object_list, *learners)})
    home = _at_home(actor, one, {row.key for row in page.object_list if row.kind == "left"})
    return {
        "learners": learners,
        "refused": _refused(one),
        "home": home,
        "differences": [(row, home.get(row.key)) for row in page.object_list],
        "is_nothing_new": not any(counts.get(name) for name in ("new", "left", "back", "changed")),
        "in_hundred": reading_roster.in_hundred(counts["silent"], counts["stood"]),
        **_pages(page),
    }


def _at_home(actor: Actor, one: Delivery, learners: Collection[str]) -> dict[str, Learner]:
    """Who of these is at home: after a yes this school sees them no more. Noted for the log."""
    rows = Learner.objects.visible_to(actor).filter(key__in=learners, standing__phase__gt=0)
    found = {row.key: row for row in rows.select_related("standing__school")} if learners else {}
    for permit in permits_for(actor, found.values()).values():
        if decision := permit.may(FieldClass.ATT):
            actor.ledger.note(permit, decision, FieldClass.ATT, about=f"delivery:{one.pk}")
        else:
            found = {key: row for key, row in found.items() if row.reference != permit.child}
    return found


def marks_to_review(
    request: HttpRequest, one: Delivery, *, days: DaysForm | None, said: dict[str, str]
) -> dict[str, Any]:
    codes = reading.unknown_codes(one.pk)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    counts = one.counts
    page = Paginator(reading.changes(one.pk) if not codes else (), CHANGES_SHOWN).get_page(
        request.GET.get("blad")
    )
    changed = list(page.object_list)
    marks = reading.first_marks(one.pk)
    note_read(actor, one, {row.key for row in (*changed, *marks)})
    return {
        "marks": marks,
        "refused": _refused(one),
        "codes": [(code, said.get(code.code) or _proposed(code)) for code in codes[:CODES_SHOWN]],
        "meanings": list(MEANINGS.items()),
        "days": days or DaysForm(initial={"from_on": one.from_on, "until_on": one.until_on}),
        "changes": changed,
        "is_nothing_new": not any(counts.get(name) for name in ("added", "changed", "gone")),
        **_pages(page),
        "backwards": sum(counts.get(f"{name}_backwards", 0) for name in ("added", "changed", "gone")),
        "known_until": date.fromisoformat(counts["known_until"]) if counts.get("known_until") else None,
        "may_accept": not codes,
        "without_slot": counts.get("unjudged", 0) - sum(code.count for code in codes),
    }


def _refused(one: Delivery) -> list[tuple[str, str, str]]:
    return [(row.line, row.column, of_a_refusal(row.reason)) for row in reading.refusals(one.pk)]


def _pages(page: Page) -> dict[str, Any]:
    return paged(page, lambda number: f"?blad={number}#anders")


def _proposed(code: reading.UnknownCode) -> str:
    described = code.description.casefold()
    if any(word in described for word in _NOT_SO):
        return ""  # "niet ziek gemeld", "ongeoorloofd verlof": that is for a person to say
    by_word = next((meaning for word, meaning in _DESCRIBED.items() if word in described), "")
    agrees = operations.MEANINGS[by_word][2] in ("", code.permitted) if by_word and code.permitted else True
    return by_word if by_word and agrees else "" if by_word else _PERMITTED.get(code.permitted, "")


def note_read(actor: Actor, one: Delivery, learners: Collection[str]) -> None:
    """Say in the log that the delivery was looked at, and of each child whose row was shown that it was.

    Of who has no standing the school knows the number already, and there is nobody else's word to be seen.
    """
    about = f"delivery:{one.pk}"
    of = FieldClass.IDE if one.is_roster else FieldClass.ATT
    known = Learner.objects.visible_to(actor).select_related("standing").filter(key__in=learners)
    for permit in permits_for(actor, known).values():
        if decision := permit.may(of):
            actor.ledger.note(permit, decision, of, about=about)
    operations_ground.said(actor, Action.READ.value, field_class=of, about=about)
