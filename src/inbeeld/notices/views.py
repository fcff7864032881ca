"""What waits for who looks, and how often they are mailed about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inbeeld.access.actor import for_an_actor
from inbeeld.access.sessions import same_role
from inbeeld.learners.at_child import DONE
from inbeeld.learners.snapshot import current_judgement
from inbeeld.notices.forms import RhythmForm
from inbeeld.notices.models import Choice, Rhythm
from inbeeld.notices.operations import choose
from inbeeld.notices.queries import waiting_for


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def notices(request: HttpRequest) -> HttpResponse:
    """Everything that waits, each with the way to it. Kin go to their own page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.membership is None:
        return redirect("in_beeld")
    choice = Choice.objects.filter(membership=actor.membership).first()
    rhythm = Rhythm.WEEKLY if choice is None else Rhythm(choice.rhythm)
    form = RhythmForm(request.POST if request.method == "POST" else None, initial={"rhythm": rhythm})
    if request.method == "POST" and form.is_valid():
        choose(actor, Rhythm(form.cleaned_data["rhythm"]))
        return redirect(f"{reverse('notices')}?{DONE}=mail")
    context = {
        "waiting": waiting_for(actor, current_judgement()),
        "form": form,
        "has_address": bool(actor.membership.person.email),
        "done": request.GET.get(DONE, ""),
    }
    return render(request, "notices/notices.html", context)
