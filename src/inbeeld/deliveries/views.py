"""Delivering: what a school handed in, what would change, and the yes or no of the school."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.deliveries import operations, reading
from inbeeld.deliveries.forms import DaysForm, DeliverForm
from inbeeld.deliveries.models import OPEN, ColumnName, Delivery, Fills, State, Way
from inbeeld.deliveries.places import kept_columns
from inbeeld.deliveries.review import note_read, to_review
from inbeeld.deliveries.sentences import of_a_refusal, of_bad_input
from inbeeld.deliveries.watch import schools_of, watched, watched_on, watches
from inbeeld.deliveries.words import FIELDS, SOURCES, sender_in_words
from inbeeld.engine.intake import OWN_TABLE, PROFILES
from inbeeld.engine.intake.written import harmless
from inbeeld.learners.snapshot import begun_on

NOT_ACCEPTED = 409
DONE = "gedaan"
ROOM_FOR_A_FORM = 100_000
#: So many stand on the page, those that wait for somebody first.
SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def deliveries(request: HttpRequest) -> HttpResponse:
    """For a school: hand in, and what was handed in. For SWV and leerplicht: which school is silent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not operations.may_deliver(actor):
        return _watch(request, actor)
    if request.method != "POST":
        return _deliveries(request, actor, DeliverForm())
    if int(request.META.get("CONTENT_LENGTH") or 0) > operations.LARGEST_FILE + ROOM_FOR_A_FORM:
        why = Refused(operations.too_large())  # of such a file the form has nothing
        return _deliveries(request, actor, DeliverForm(), refusal=why, status=NOT_ACCEPTED)
    form = DeliverForm(request.POST, request.FILES)
    if not form.is_valid():
        return _deliveries(request, actor, form, status=400)
    file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
    content = pasted.encode() if file is None else file.read()
    try:
        made, is_new = operations.receive(
            actor,
            content,
            way=Way.PASTED if file is None else Way.FILE,
            source=form.cleaned_data["source"],
            made_on=form.cleaned_data["made_on"],
        )
    except Refused as why:
        return _deliveries(request, actor, form, refusal=why, status=NOT_ACCEPTED)
    there = redirect("delivery", delivery=made.pk)
    there["Location"] += f"?{DONE}={'ontvangen' if is_new else 'al-ontvangen'}"
    return there


def _deliveries(
    request: HttpRequest,
    actor: Actor,
    form: DeliverForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = (
        Delivery.objects.of(actor)
        .exclude(way=Way.FIRST)
        .select_related("school", "received_by__person", "key")
    )
    waits_first = Case(When(state__in=OPEN, then=0), default=1)
    rows = rows.order_by(waits_first, "-received_at", "pk")
    context = {
        "form": form,
        "deliveries": [_seen(one) for one in rows[:SHOWN]],
        "until_on": _known_until(actor),
        "place": actor.place,
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
    }
    return render(request, "deliveries/deliveries.html", context, status=status)


def _known_until(actor: Actor) -> date | None:
    """The last day the school delivered; of a school that never did, the last the region began with."""
    rows = Delivery.objects.of(actor).filter(fills=Fills.MARKS, state=State.STANDS, until_on__isnull=False)
    found = rows.order_by("-until_on").values_list("until_on", flat=True).first()
    return found or begun_on()


def _watch(request: HttpRequest, actor: Actor) -> HttpResponse:
    if not watches(actor) or request.method == "POST":
        raise Http404
    on = watched_on(actor)
    found = watched(schools_of(actor), on=on, begun_on=begun_on())
    return render(request, "deliveries/watch.html", {"schools": found, "on": on, "place": actor.place})


def _seen(one: Delivery) -> dict[str, Any]:
    """One delivery on a page: about the delivery, and nothing of who is in it."""
    return {
        "id": one.pk,
        "state": one.state,
        "state_word": one.state_in_words,
        "source": SOURCES.get(one.source, ""),
        "way": Way(one.way).label,
        "school": one.school.name,
        "received_at": one.received_at,
        "sender": sender_in_words(one),
        "from_on": one.from_on,
        "until_on": one.until_on,
        "is_roster": one.is_roster,
        "counts": one.counts,
        "waits": one.waits,
        "is_forgotten": one.forgotten,
        "progress": int(one.progress) if one.progress.isdecimal() else None,
        "decided_at": one.decided_at,
        "decided_by": one.decided_by.person.get_full_name() if one.decided_by else "",
        "as_read": one.as_read,
    }


@require_safe
@for_an_actor
def delivery(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """One delivery: where it stands, and, before somebody decides, what would change."""
    return _delivery(request, _mine(request, delivery))


def _mine(request: HttpRequest, delivery: UUID) -> Delivery:
    """A delivery of the school of who asks; another is simply not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not operations.may_deliver(actor):
        raise Http404
    rows = Delivery.objects.of(actor).exclude(way=Way.FIRST)
    one = (
        rows.select_related("school", "received_by__person", "decided_by__person", "key")
        .filter(pk=delivery)
        .first()
    )
    if one is None:
        raise Http404
    return one


def _delivery(
    request: HttpRequest,
    one: Delivery,
    *,
    refusal: Refused | None = None,
    days: DaysForm | None = None,
    said: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "one": _seen(one),
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
        "may_withdraw": one.state == State.STANDS,
        # Also of a file nobody knows the source of: columns chosen wrong spoil every one.
        "may_choose_columns": one.source in ("", OWN_TABLE)
        and one.state in (State.TO_REVIEW, State.UNUSABLE)
        and ColumnName.objects.filter(school=one.school).exists(),
        "may_dismiss": one.state in (State.TO_REVIEW, State.UNNAMED, State.UNUSABLE, State.RECEIVED),
    }
    if one.state == State.UNUSABLE:
        context["wrong"] = of_bad_input(one.wrong)
    elif one.state == State.UNNAMED:
        context["fields"], context["columns"] = _fields(), kept_columns(one.pk)
        context["chosen"] = said or {}
    elif one.state == State.TO_REVIEW:
        context |= to_review(request, one, days=days, said=said or {})
    wrong = refusal is not None or (days is not None and not days.is_valid())
    return render(request, "deliveries/delivery.html", context, status=NOT_ACCEPTED if wrong else 200)


def _fields() -> list[tuple[str, Any, bool]]:
    return [
        (one.name, FIELDS[one.name], one.required) for one in PROFILES[OWN_TABLE].fields if one.name in FIELDS
    ]


@require_POST
@for_an_actor
@same_role
@sensitive_post_parameters()
def change(request: HttpRequest, delivery: UUID, deed: str) -> HttpResponse:
    """Name columns, say what codes mean or for which days it speaks, accept, dismiss, withdraw."""
    act = DEEDS.get(deed)
    if act is None:
        raise Http404
    one = _mine(request, delivery)
    try:
        done = act(request, one)
    except Refused as why:
        one = _mine(request, delivery)
        return _delivery(request, one, refusal=why, said=_chosen(request))
    if isinstance(done, HttpResponse):
        return done
    there = redirect("delivery", delivery=one.pk)
    there["Location"] += f"?{DONE}={done}"
    return there


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What was chosen, so that nothing has to be chosen again: a meaning by code, or a column by field."""
    names = zip(request.POST.getlist("what"), request.POST.getlist("is"), strict=False)
    return dict(names)


def _columns(request: HttpRequest, one: Delivery) -> str:
    operations.name_columns(request.actor, one, _chosen(request))  # type: ignore[attr-defined]
    return "kolommen"


def _other_columns(request: HttpRequest, one: Delivery) -> str:
    operations.forget_columns(request.actor, one)  # type: ignore[attr-defined]
    return "kolommen-opnieuw"


def _codes(request: HttpRequest, one: Delivery) -> str | HttpResponse:
    operations.say_codes(request.actor, one, _chosen(request))  # type: ignore[attr-defined]
    return "codes"


def _days(request: HttpRequest, one: Delivery) -> str | HttpResponse:
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _delivery(request, one, days=form)
    days = form.cleaned_data
    operations.say_days(request.actor, one, from_on=days["from_on"], until_on=days["until_on"])  # type: ignore[attr-defined]
    return "dagen"


def _accept(request: HttpRequest, one: Delivery) -> str:
    sent = request.POST
    operations.accept(
        request.actor,  # type: ignore[attr-defined]
        one,
        as_read=sent.get("as_read", ""),
        although_many_leave=sent.get("toch") == "ja",
    )
    return "aangenomen"


def _dismiss(request: HttpRequest, one: Delivery) -> str:
    operations.dismiss(request.actor, one)  # type: ignore[attr-defined]
    return "niet-aangenomen"


def _withdraw(request: HttpRequest, one: Delivery) -> str:
    operations.withdraw(request.actor, one)  # type: ignore[attr-defined]
    return "ingetrokken"


DEEDS: dict[str, Callable[[HttpRequest, Delivery], str | HttpResponse]] = {
    "kolommen": _columns,
    "andere-kolommen": _other_columns,
    "codes": _codes,
    "dagen": _days,
    "aannemen": _accept,
    "niet-aannemen": _dismiss,
    "intrekken": _withdraw,
}


@require_safe
@for_an_actor
def refused_rows(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """The rows that were not taken, to mend them where they came from."""
    one = _reviewed(request, delivery)
    note_read(request.actor, one, ())  # type: ignore[attr-defined]
    rows = ((row.line, row.column, of_a_refusal(row.reason)) for row in reading.refusals(one.pk, most=None))
    return _as_file((_("line"), _("column"), _("reason")), rows)


def _reviewed(request: HttpRequest, delivery: UUID) -> Delivery:
    """A delivery of which there is something to take along."""
    one = _mine(request, delivery)
    if one.state != State.TO_REVIEW:
        raise Http404
    return one


def _as_file(head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table as a file for a spreadsheet, in the form people here open with a click."""
    text = StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow(head)
    written.writerows([harmless(str(cell)) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment"
    return answer
