"""What the codes of a school mean, and, in a trial, a file to try handing in with."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.deliveries import operations
from inbeeld.deliveries.example import example_of
from inbeeld.deliveries.models import CodeMeaning
from inbeeld.deliveries.words import MEANINGS, SOURCES
from inbeeld.learners.snapshot import current_judgement


@require_safe
@for_an_actor
def example(request: HttpRequest) -> HttpResponse:
    """In a trial: a file to hand in, of the school of who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    judgement = current_judgement()
    if not settings.INBEELD_TRIAL or judgement is None or not operations.may_deliver(actor):
        raise Http404
    tables = Path(settings.INBEELD_DATA) / judgement.tables
    content = example_of(tables, school=actor.organisation_key, until_on=judgement.on)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="voorbeeld.csv"'
    return answer


@require_safe
@for_an_actor
def codes(request: HttpRequest) -> HttpResponse:
    """What the codes of the school mean, and since when."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not operations.may_deliver(actor) or actor.organisation is None:
        raise Http404
    words = {said: word for key, word in MEANINGS.items() for said in (operations.MEANINGS[key],)}
    rows = CodeMeaning.objects.filter(school=actor.organisation).select_related("said_by__person")
    seen = [
        {
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
    return render(request, "deliveries/codes.html", {"codes": seen, "place": actor.place})
