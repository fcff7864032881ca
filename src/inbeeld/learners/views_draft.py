"""Where the script of a form keeps what is being written: asked as the form itself is, answered in a word."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from inbeeld.access.actor import for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.learners.at_child import NOT_ACCEPTED
from inbeeld.learners.views_file import DRAFT, Form, form_of_change, form_of_entry


@require_POST
@for_an_actor
@same_role
@sensitive_post_parameters()
def of_entry(request: HttpRequest, reference: UUID, slug: str) -> HttpResponse:
    """Keep a draft of a new entry of one class, or throw it away."""
    return _answered(request, form_of_entry(request, reference, slug))


@require_POST
@for_an_actor
@same_role
@sensitive_post_parameters()
def of_change(request: HttpRequest, reference: UUID, entry: UUID) -> HttpResponse:
    """Keep a draft of a change to an entry, or throw it away."""
    return _answered(request, form_of_change(request, reference, entry))


def _answered(request: HttpRequest, here: Form) -> HttpResponse:
    """One sentence for the page. A form that was emptied leaves no draft."""
    form = here.sent(request)
    try:
        if request.POST.get(DRAFT) == "away" or not request.POST.get("text", "").strip():
            here.throw_away()
            return JsonResponse({"said": ""})
        if not form.is_valid():
            return JsonResponse({"said": str(next(iter(form.errors.values()))[0])}, status=NOT_ACCEPTED)
        kept_at = here.keep(form.cleaned_data["text"], form.cleaned_data.get("version", 0))
    except Refused as why:
        return JsonResponse({"said": why.sentence}, status=NOT_ACCEPTED)
    said = _("Draft kept at {time}").format(time=f"{timezone.localtime(kept_at):%H:%M}")
    return JsonResponse({"said": said})
