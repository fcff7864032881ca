"""For the privacy officer: emergencies to review, who looked at which child, and the head of each day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access.actor import MEMBERSHIP, Actor, for_an_actor
from inbeeld.access.in_words import purpose_word
from inbeeld.access.ledger import REFUSED
from inbeeld.access.lines import SeenLine, folded, lines_in_words, page_of_lines, sequence_in
from inbeeld.access.lines_of_addresses import without_hidden_addresses
from inbeeld.access.models import Involvement
from inbeeld.access.operations_emergency import emergencies_for, give_back_emergency, review_emergency
from inbeeld.access.people import known_people
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.access.scope_journal import READ_THE_LOG, children_with_an_open_log, log_of_the_list
from inbeeld.access.sessions import same_role
from inbeeld.journal import heads
from inbeeld.journal.deed import Deed
from inbeeld.journal.models import DayHead, Line
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.access import Involvement as How
from inbeeld.organisations.models import Role

NOT_ACCEPTED = 409
DAYS_SHOWN = 7
_SUPERVISION = "supervision_of_access"
#: The lines of this very page.
_OVERSIGHT = Q(purpose=_SUPERVISION, action="read")
_ANSWERS = {"terecht": Involvement.Review.JUSTIFIED, "niet-terecht": Involvement.Review.NOT_JUSTIFIED}


@dataclass(frozen=True)
class SeenEmergency:
    """One emergency: everything but the child, of whom there is a reference if the log may be read."""

    id: UUID
    name: str
    role: str
    organisation: str
    reason: str
    called_at: datetime
    until: datetime
    going_on: bool
    due_on: date | None
    is_late: bool
    reviewed_on: datetime | None
    reviewed_by: str
    review: str
    may_give_back: bool
    is_mine: bool
    child: UUID | None


@dataclass(frozen=True)
class Asked:
    """Which lines the address asks for; every part is checked."""

    who: str = ""
    emergency: bool = False
    refused: bool = False
    before: int | None = None
    oversight: bool = False

    def address(self, **changes: Any) -> str:
        """The address of the page with some parts changed; the page before last is never kept."""
        parts = {"wie": self.who, "nood": self.emergency, "geweigerd": self.refused,
                 "inzage": self.oversight, "voor": None, **changes}  # fmt: skip
        said = {name: "1" if value is True else value for name, value in parts.items() if value}
        return f"?{urlencode(said)}#inzage" if said else "?#inzage"


@dataclass(frozen=True)
class KeptDay:
    """The head of a day, as the line a partner keeps."""

    on: date
    line: str


@require_safe
@for_an_actor
def privacy(request: HttpRequest) -> HttpResponse:
    """Emergencies, the log of the own organisation's children, and the head of the last days."""
    return _privacy(request, _officer(request))


def _officer(request: HttpRequest) -> Actor:
    """A privacy officer; for others this page is not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.role != Role.PRIVACY_OFFICER or actor.organisation is None:
        raise Http404
    return actor


def _privacy(request: HttpRequest, actor: Actor, *, refusal: str = "") -> HttpResponse:
    asked = _asked(request)
    with operating(READ_THE_LOG):
        rows = without_hidden_addresses(actor, log_of_the_list(actor))
        if asked.who and not _narrowed(rows, asked).exists():
            asked = replace(asked, who="")  # whoever it is: nobody in this log
        page = page_of_lines(_narrowed(rows, asked), before=asked.before)
        ours = children_with_an_open_log(actor).filter(reference__in=page.children)
        page = page.naming_only(set(ours.values_list("reference", flat=True)))
    known = known_people(
        actor, people=page.actors | ({asked.who} if asked.who else set()), organisations=page.organisations
    )
    emergencies = _emergencies(actor)
    lines = folded(lines_in_words(page.values, known))
    for child in [None, *sorted(page.children | {one.child for one in emergencies if one.child is not None})]:
        actor.ledger.add(_read_the_log(actor, child))
    context = {
        "to_review": [one for one in emergencies if one.reviewed_on is None],
        "lost": [one for one in emergencies if one.may_give_back],
        "reviewed": [one for one in emergencies if one.reviewed_on is not None and not one.may_give_back],
        "lines": lines,
        "people": _people(lines),
        "asked": asked,
        "who": known.person(asked.who).name if asked.who else "",
        "links": _links(asked, page.older),
        "heads": _heads(actor),
        "place": actor.place,
        "done": request.GET.get("gedaan", ""),
        "refusal": refusal,
    }
    return render(request, "access/privacy.html", context, status=NOT_ACCEPTED if refusal else 200)


def _asked(request: HttpRequest) -> Asked:
    who = request.GET.get("wie", "")
    kind, _colon, key = who.partition(":")
    is_member = kind == MEMBERSHIP and key.isascii() and key.isdecimal() and len(key) < 10
    return Asked(
        who=who if is_member else "",
        emergency=request.GET.get("nood") == "1",
        refused=request.GET.get("geweigerd") == "1",
        before=sequence_in(request.GET.get("voor", "")),
        oversight=request.GET.get("inzage") == "1",
    )


def _narrowed(rows: QuerySet[Line], asked: Asked) -> QuerySet[Line]:
    # One look at this page is a line for each child on it: they would push aside what is looked at.
    if asked.oversight:
        rows = rows.filter(_OVERSIGHT)
    elif not asked.who:
        rows = rows.exclude(_OVERSIGHT)
    if asked.who:
        rows = rows.filter(actor=asked.who)
    if asked.emergency:
        rows = rows.filter(emergency=True)
    if asked.refused:
        rows = rows.filter(outcome=REFUSED)
    return rows


def _links(asked: Asked, older: int | None) -> dict[str, str]:
    return {
        "everybody": asked.address(wie=""),
        "emergency": asked.address(nood=not asked.emergency),
        "refused": asked.address(geweigerd=not asked.refused),
        "oversight": asked.address(inzage=not asked.oversight),
        "newest": asked.address(),
        "older": asked.address(voor=older) if older else "",
    }


def _people(lines: tuple[SeenLine, ...]) -> list[tuple[str, str]]:
    """Who stands on this page, to choose one of: key and name."""
    found = {one.person.key: one.person.name for one in lines if one.person.key.startswith(f"{MEMBERSHIP}:")}
    return sorted(found.items(), key=lambda pair: pair[1])


def _read_the_log(actor: Actor, child: UUID | None) -> Deed:
    """That the log was read, and of whom: a family reads which officers saw their child too."""
    assert actor.organisation is not None
    row = next(row for row in actor.rows if row.involvement is How.OWN_ORG)
    return Deed(
        trace=actor.trace,
        actor=actor.key,
        organisation=actor.organisation.key,
        role=actor.role,
        involvement=How.OWN_ORG.value,
        purpose=_SUPERVISION,
        ground=row.ground,
        row=row.key,
        action="read",
        field_class=FieldClass.LOG.value,
        child=child,
        origin="privacy",
    )


def _emergencies(actor: Actor) -> list[SeenEmergency]:
    rows = emergencies_for(actor)
    children = children_with_an_open_log(actor).filter(pk__in=[one.child_id for one in rows])
    with operating(READ_THE_LOG):
        known = set(children.values_list("pk", flat=True))
    found = [_seen(one, actor, knows_the_child=one.child_id in known) for one in rows]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max, one.called_at))


def _seen(one: Involvement, actor: Actor, *, knows_the_child: bool) -> SeenEmergency:
    assert actor.membership is not None
    reviewer = one.reviewed_by
    return SeenEmergency(
        id=one.pk,
        name=one.membership.person.get_full_name(),
        role=str(one.membership.get_role_display()),
        organisation=one.membership.organisation.name,
        reason=purpose_word(one.purpose),
        called_at=one.granted_at,
        until=one.until_at if one.ended_at is None else min(one.ended_at, one.until_at),
        going_on=one.ended_at is None and one.until_at > actor.at,
        due_on=one.review_due_on,
        is_late=one.reviewed_at is None and one.review_due_on is not None and one.review_due_on < actor.today,
        reviewed_on=one.reviewed_at,
        reviewed_by=reviewer.person.get_full_name() if reviewer is not None else "",
        review=str(one.get_review_display()) if one.review else "",
        may_give_back=one.review == Involvement.Review.NOT_JUSTIFIED and one.review_due_on is not None,
        is_mine=one.membership.person_id == actor.membership.person_id,
        child=one.child.reference if knows_the_child else None,
    )


def _heads(actor: Actor) -> tuple[KeptDay, ...]:
    assert actor.organisation is not None
    region = actor.organisation.region
    rows = DayHead.objects.order_by("-on")[:DAYS_SHOWN]
    return tuple(KeptDay(one.on, heads.write(one, region=region)) for one in rows)


def _emergency_of(actor: Actor, wanted: UUID) -> Involvement:
    one = next((one for one in emergencies_for(actor) if one.pk == wanted), None)
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def not_justified(request: HttpRequest, emergency: UUID) -> HttpResponse:
    """Find an emergency not justified: first what that does to who called it."""
    actor = _officer(request)
    one = _emergency_of(actor, emergency)
    if request.method == "POST":
        return _review(request, actor, one, "niet-terecht")
    seen = _seen(one, actor, knows_the_child=False)
    if seen.is_mine or seen.reviewed_on is not None:
        return redirect("privacy")
    return render(request, "access/not_justified.html", {"one": seen})


@require_POST
@for_an_actor
@same_role
def review(request: HttpRequest, emergency: UUID, deed: str) -> HttpResponse:
    """Find an emergency justified, or give the button back."""
    actor = _officer(request)
    one = _emergency_of(actor, emergency)
    if deed not in ("terecht", "teruggeven"):
        raise Http404
    return _review(request, actor, one, deed)


def _review(request: HttpRequest, actor: Actor, one: Involvement, deed: str) -> HttpResponse:
    try:
        if deed == "teruggeven":
            give_back_emergency(one, by=actor)
        else:
            review_emergency(one, by=actor, found=_ANSWERS[deed].value)
    except Refused as why:
        return _privacy(request, actor, refusal=why.sentence)
    return redirect(f"{reverse('privacy')}?gedaan={deed}")
