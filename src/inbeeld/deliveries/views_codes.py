"""What the codes of a school mean, and, in a trial, files to try handing in with."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.deliveries import operations
from inbeeld.deliveries.example import example_of, example_roster_of
from inbeeld.deliveries.forms import MeaningForm
from inbeeld.deliveries.models import CodeMeaning
from inbeeld.deliveries.words import MEANINGS, SOURCES
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import current_judgement, tables_of


@require_safe
@for_an_actor
def example(request: HttpRequest) -> HttpResponse:
    """In a trial: a file to hand in, of the school of who asks."""
    actor, judgement = _in_a_trial(request)
    content = example_of(tables_of(judgement), school=actor.organisation_key, until_on=judgement.on)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="voorbeeld.csv"'
    return answer


@require_safe
@for_an_actor
def example_roster(request: HttpRequest) -> HttpResponse:
    """In a trial: a roster to hand in, of the school of who asks."""
    actor, judgement = _in_a_trial(request)
    brin = "" if actor.organisation is None else actor.organisation.brin
    content = example_roster_of(
        tables_of(judgement), school=actor.organisation_key, brin=brin, on=judgement.on
    )
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="voorbeeld.xml"'
    return answer


def _in_a_trial(request: HttpRequest) -> tuple[Actor, Judgement]:
    """Who may try handing in, and what is known; elsewhere there is nothing here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    judgement = current_judgement()
    if not settings.INBEELD_TRIAL or judgement is None or not operations.may_deliver(actor):
        raise Http404
    return actor, judgement


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def codes(request: HttpRequest) -> HttpResponse:
    """What the codes of the school mean, and since when; and that one means something else from a day on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not operations.may_deliver(actor) or actor.organisation is None:
        raise Http404
    if request.method != "POST":
        return _codes(request, actor)
    form = MeaningForm(request.POST)
    chosen = request.POST.get("code", "")
    rows = CodeMeaning.objects.filter(school=actor.organisation)
    known = (
        rows.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    )
    if known is None or not form.is_valid():
        return _codes(request, actor, wrong=known, status=400)
    try:
        operations.mean_anew(actor, known, form.cleaned_data["is"], from_on=form.cleaned_data["from_on"])
    except Refused as why:
        return _codes(request, actor, refusal=why.sentence, status=409)
    there = redirect("delivery_codes")
    there["Location"] += "?gedaan=betekenis"
    return there


def _codes(
    request: HttpRequest,
    actor: Actor,
    *,
    refusal: str = "",
    wrong: CodeMeaning | None = None,
    status: int = 200,
) -> HttpResponse:
    assert actor.organisation is not None
    keys = {said: key for key, said in operations.MEANINGS.items()}
    words = {operations.MEANINGS[key]: word for key, word in MEANINGS.items()}
    rows = CodeMeaning.objects.filter(school=actor.organisation).select_related("said_by__person")
    today = actor.today
    seen = [
        {
            "id": one.pk,
            "is": keys.get((one.status, one.reason, one.permission), ""),
            "holds": one.until_on is None or one.until_on >= today,
            "wrong": wrong is not None and wrong.pk == one.pk,
            "source": SOURCES.get(one.source, one.source),
            "code": one.code,
            "means": words.get((one.status, one.reason, one.permission), one.status),
            "from_on": one.from_on,
            "until_on": one.until_on,
            "said_by": one.said_by.person.get_full_name() if one.said_by else "",
            "said_at": one.said_at,
        }
        for one in rows
    ]
    context = {
        "codes": seen,
        "place": actor.place,
        "meanings": list(MEANINGS.items()),
        "refusal": refusal,
        "done": request.GET.get("gedaan", ""),
    }
    return render(request, "deliveries/codes.html", context, status=status)
