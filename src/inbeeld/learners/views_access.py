"""Who has access to a child and why, who looked, and everything that changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access import operations_consent as consents
from inbeeld.access import operations_involvement as involvements
from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.lines import sequence_in
from inbeeld.access.models import Consent, Involvement, Kinship
from inbeeld.access.operations_ground import decides, who_directs
from inbeeld.access.permit import permits_for
from inbeeld.access.proving import prove_again
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.access.same_name import is_whole_name
from inbeeld.access.scope_journal import READ_THE_LOG, children_with_an_open_log
from inbeeld.access.scope_own import kin_of
from inbeeld.access.sessions import same_role
from inbeeld.kernel.access import FieldClass, row_of
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.consent import Relation
from inbeeld.kernel.involvement import MAY_BE_INVOLVED, MAY_DIRECT
from inbeeld.learners.access_page import access_page
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.consent_page import consents_to_ask
from inbeeld.learners.forms import AskForm, DayForm, GrantForm, OrganisationForm, PaperForm
from inbeeld.learners.log_page import log_page
from inbeeld.organisations.models import Membership, Organisation


def show_access(
    request: HttpRequest, at: AtChild, *, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    """The page of who has access, with the sentence of what was refused, if it was."""
    page = access_page(at.actor, at.permit, at.learner)
    may_decide = decides(at.permit, at.learner)
    to_ask = consents_to_ask(at.actor, at.permit, at.learner)
    context = {
        "page": page,
        "may_decide": may_decide,
        "may_direct": sorted(MAY_DIRECT),
        "ask_form": _ask_form(at, to_ask) if to_ask else None,
        "done": request.GET.get(DONE, ""),
        **more,
    }
    return page_at(request, at, "learners/access.html", context, refusal=refusal)


def back_to_access(at: AtChild, done: str) -> HttpResponse:
    """To the page of who has access, which says what was done."""
    return redirect(f"{reverse('access', args=[at.reference])}?{DONE}={done}")


@require_safe
@for_an_actor
def access(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Who has access to this child, and why."""
    return show_access(request, at_child(request, reference))


# --- who is involved -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
def grant(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Ask somebody to be involved: first where they work, then who. Nobody but who decides sees this page."""
    at = at_child(request, reference)
    if not decides(at.permit, at.learner):
        raise Http404
    chosen = _places(at).filter(key=_plain(request.GET.get("organisatie", ""))).first()
    if request.method == "POST":
        answer: HttpResponse = _ask_to_be_involved(request, at, chosen)
        return answer
    if chosen is not None:
        return _grant_page(request, at, chosen, _grant_form(at, chosen))
    return _choice_of_a_place(request, at)


def _choice_of_a_place(request: HttpRequest, at: AtChild, *, refusal: Refused | None = None) -> HttpResponse:
    context = {"organisations": OrganisationForm(organisations=_places(at))}
    return page_at(request, at, "learners/access_grant.html", context, refusal=refusal)


@same_role
@prove_again(doing=gettext_lazy("ask somebody to be involved with a child"))
def _ask_to_be_involved(request: HttpRequest, at: AtChild, chosen: Organisation | None) -> HttpResponse:
    """Ask one person of an organisation; it counts once they agree."""
    if chosen is None:
        return _choice_of_a_place(request, at, refusal=Refused(_("Choose one.")))
    form = _grant_form(at, chosen, request.POST)
    if not form.is_valid():
        return _grant_page(request, at, chosen, form)
    asked = form.cleaned_data
    try:
        involvements.grant(
            at.permit,
            child=at.learner,
            to=asked["to"],
            purpose=asked["purpose"],
            until_on=asked["until_on"],
            directs=asked.get("directs", False),
        )
    except Refused as why:
        return _grant_page(request, at, chosen, form, refusal=why)
    return back_to_access(at, "gevraagd")


def _plain(key: str) -> str:
    """A key as short as keys are, without what no database should be asked for."""
    return key[:60] if key.isprintable() else ""


def _grant_form(at: AtChild, chosen: Organisation, data: Any = None) -> GrantForm:
    nobody_directs = who_directs(at.learner, stage=at.permit.stage, at=at.actor.at) is None
    return GrantForm(data, people=_people(at, chosen), today=at.actor.today, directs=nobody_directs)


def _grant_page(
    request: HttpRequest,
    at: AtChild,
    chosen: Organisation,
    form: GrantForm,
    *,
    refusal: Refused | None = None,
) -> HttpResponse:
    anybody = form.fields["to"].queryset.exists()
    context = {"chosen": chosen.name, "key": chosen.key, "form": form, "anybody": anybody}
    return page_at(request, at, "learners/access_grant.html", context, refusal=refusal)


def _places(at: AtChild) -> QuerySet[Organisation]:
    """The organisations of the region where somebody works who can be involved with a child at this stage."""
    members = Membership.objects.filter(role__in=_helping_roles(at.permit.stage)).values("organisation")
    return Organisation.objects.filter(region=at.learner.region, pk__in=members).order_by("name", "key")


def _people(at: AtChild, place: Organisation) -> list[Membership]:
    """Who works there now in a role that can help; not oneself."""
    found = Membership.objects.filter(
        organisation=place, role__in=_helping_roles(at.permit.stage)
    ).select_related("person", "organisation")
    me = at.actor.membership
    return [
        one
        for one in found
        if one.is_in_force(at.actor.today) and (me is None or one.person_id != me.person_id)
    ]


def _helping_roles(stage: int) -> list[str]:
    rows = [row_of(role, How.INVOLVED) for role in sorted(MAY_BE_INVOLVED)]
    return [row.role for row in rows if row is not None and stage in row.stages]


def _extend(at: AtChild, one: Involvement, request: HttpRequest) -> str:
    involvements.extend(one, by=at.permit, until_on=_day(request))
    return "verlengd"


def _direction(at: AtChild, one: Involvement, request: HttpRequest) -> str:
    involvements.hand_over_direction(at.permit, child=at.learner, to=one)
    return "regie"


#: To take access away asks for no proof (views_withdraw.py); to give more of it does.
INVOLVEMENT_DEEDS: dict[str, Callable[[AtChild, Involvement, HttpRequest], str]] = {
    "verlengen": _extend,
    "regie": _direction,
}


@require_POST
@for_an_actor
@same_role
@prove_again(doing=gettext_lazy("change who is involved with a child"))
def change_involvement(request: HttpRequest, reference: UUID, involvement: UUID, deed: str) -> HttpResponse:
    """Extend, or hand over direction: one button each."""
    at = at_child(request, reference)
    one = Involvement.objects.visible_to(at.actor).filter(child=at.learner, pk=involvement).first()
    if one is None or deed not in INVOLVEMENT_DEEDS:
        raise Http404
    try:
        done = INVOLVEMENT_DEEDS[deed](at, one, request)
    except Refused as why:
        return show_access(request, at, refusal=why)
    return back_to_access(at, done)


def _day(request: HttpRequest) -> date:
    """The day of a small form. Raises Refused with the sentence of what is wrong with it."""
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["on"][0])
    return date.fromisoformat(form.cleaned_data["on"].isoformat())


# --- consent ---------------------------------------------------------------------------------------


def _ask_form(at: AtChild, to_ask: Any, data: Any = None) -> AskForm:
    choices = [
        (one.value, _("{what}, with {organisation}").format(what=one.what, organisation=one.to))
        for one in to_ask
    ]
    return AskForm(data, choices=choices, today=at.actor.today)


@require_POST
@for_an_actor
@same_role
@prove_again(doing=gettext_lazy("ask for consent"))
def ask_consent(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Ask consent to share one class with one organisation, or with the learner or guardians."""
    at = at_child(request, reference)
    to_ask = consents_to_ask(at.actor, at.permit, at.learner)
    form = _ask_form(at, to_ask, request.POST)
    if not form.is_valid():
        return show_access(
            request, at, ask_form=form, refusal=Refused(_("This was not filled in completely."))
        )
    kind, key, field_class = form.cleaned_data["what"].split("-")
    receivers: list[dict[str, Any]]
    if kind == "organisation":
        receivers = [{"receiver": Organisation.objects.get(pk=int(key))}]
    else:
        kin = kin_of(at.learner.pk, relation=kind, on=at.actor.today)
        receivers = [{"receiving_kin": one} for one in kin]
    asked = {name: form.cleaned_data[name] for name in ("purpose", "until_on")}
    try:
        if not receivers:
            raise Refused(_("Nobody who would receive this can log in to inbeeld yet."))
        _each(
            partial(
                consents.ask, at.permit, child=at.learner, field_class=FieldClass(field_class), **asked, **one
            )
            for one in receivers
        )
    except Refused as why:
        return show_access(request, at, ask_form=form, refusal=why)
    return back_to_access(at, "toestemming-gevraagd")


def _sign(at: AtChild, one: Consent, request: HttpRequest) -> str:
    consents.sign(one, by=at.actor)
    return "getekend"


def _record(at: AtChild, one: Consent, request: HttpRequest) -> str:
    """One signer of a paper, found by the name on it: whose names a helper who has no paper need not know."""
    form = PaperForm(request.POST)
    if not form.is_valid():
        raise WrongPaper(form)
    signed = form.cleaned_data
    try:
        signer = _signer(at, signed["by"], signed["name"])
    except Refused as why:
        form.add_error("name", why.sentence)
        raise WrongPaper(form) from why
    consents.record_signature(one, kin=signer, on=signed["on"], by=at.permit)
    return "vastgelegd"


class WrongPaper(Refused):
    """The form of a paper is not filled in right: it comes back open, with each sentence at its field."""

    def __init__(self, form: PaperForm) -> None:
        super().__init__(next(iter(form.errors.values()))[0])
        self.form = form


@sensitive_variables("name")
def _signer(at: AtChild, relation: str, name: str) -> Kinship:
    """The learner, or the one guardian with this name. Raises Refused."""
    found = kin_of(at.learner.pk, relation=relation, on=at.actor.today)
    if relation == Relation.GUARDIAN.value:
        found = [
            one
            for one in found
            if is_whole_name(name, first_name=one.person.first_name, last_name=one.person.last_name)
        ]
    if len(found) != 1:
        raise Refused(
            _(
                "This signer is not known in inbeeld. Write the first and last name of the parent as on the"
                " paper. Is it right? Then the school can make this person known."
            )
        )
    return found[0]


def _each(deeds: Iterable[Callable[[], object]]) -> None:
    """Do the same for several people: who was asked before does not keep back the others.

    Raises the Refused of the last one when it was refused for all.
    """
    refusals, done = [], 0
    for deed in deeds:
        try:
            deed()
            done += 1
        except Refused as why:
            refusals.append(why)
    if refusals and not done:
        raise refusals[-1]


#: What opens a door for others, in the name of others.
RECORD = "vastleggen"
CONSENT_DEEDS: dict[str, Callable[[AtChild, Consent, HttpRequest], str]] = {
    "tekenen": _sign,
    RECORD: _record,
}


@require_POST
@for_an_actor
@same_role
@sensitive_post_parameters("name")
def change_consent(request: HttpRequest, reference: UUID, consent: UUID, deed: str) -> HttpResponse:
    """Sign, or record what was signed on paper: one button each. To record asks for a proof."""
    doing = gettext_lazy("record a signature on paper")
    view = prove_again(_change_consent, doing=doing) if deed == RECORD else _change_consent
    answer: HttpResponse = view(request, reference, consent, deed)
    return answer


def _change_consent(request: HttpRequest, reference: UUID, consent: UUID, deed: str) -> HttpResponse:
    at = at_child(request, reference)
    one = Consent.objects.visible_to(at.actor).filter(child=at.learner, pk=consent).first()
    if one is None or deed not in CONSENT_DEEDS:
        raise Http404
    try:
        done = CONSENT_DEEDS[deed](at, one, request)
    except WrongPaper as why:
        return show_access(request, at, refusal=why, paper=why.form, paper_for=one.pk)
    except Refused as why:
        paper = PaperForm(request.POST) if deed == RECORD else None
        return show_access(request, at, refusal=why, paper=paper, paper_for=one.pk)
    return back_to_access(at, done)


# --- the log ---------------------------------------------------------------------------------------


@require_safe
@for_an_actor
def log(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Who saw this child: all of it for who may read the log, else only what one did oneself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before = sequence_in(request.GET.get("voor", ""))
    if actor.rows and not any(row.cells[FieldClass.IDE] != "." for row in actor.rows):
        return _log_without_the_child(request, actor, reference, before)
    at = at_child(request, reference)
    page = log_page(actor, at.permit, before=before)
    return page_at(request, at, "learners/log.html", {"page": page})


def _log_without_the_child(
    request: HttpRequest, actor: Actor, reference: UUID, before: int | None
) -> HttpResponse:
    """The same for a privacy officer, who reads who looked and never at whom."""
    children = children_with_an_open_log(actor).filter(reference=reference)
    with operating(READ_THE_LOG):
        learner = children.select_related("standing", "standing__school").first()
    permit = None if learner is None else permits_for(actor, [learner])[reference]
    if permit is None or not permit.may(FieldClass.LOG):
        raise Http404
    page = log_page(actor, permit, before=before)
    return render(request, "learners/log.html", {"page": page, "head": None})
