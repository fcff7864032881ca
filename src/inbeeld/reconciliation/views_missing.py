"""Who a list lacks: child by child, why, and whose it is to do something about it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.proving import prove_again
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.engine.intake.written import harmless
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.learners.paging import paged
from inbeeld.reconciliation import operations, policies
from inbeeld.reconciliation.forms import SettleForm
from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.models import Party, Reason
from inbeeld.reconciliation.operations import Did, looked_at
from inbeeld.reconciliation.operations_settle import open_again, settle
from inbeeld.reconciliation.seen import ChildSeen, MissingSeen
from inbeeld.reconciliation.views import DONE, NOT_DONE, comparison_for

ROWS_ON_A_PAGE = 25
OPEN, MINE, OTHERS, SETTLED, OUTSIDE, ALL = "open", "van-ons", "van-anderen", "klaar", "leeftijd", "alles"
CHOICES = (OPEN, MINE, OTHERS, SETTLED, OUTSIDE, ALL)
#: As many as stand on a page, and some that were ticked before it changed.
MOST_TICKED = 100
Row = tuple[ChildSeen, MissingSeen]


class Missing:
    """Whom one list lacks, of those an actor may see."""

    def __init__(self, request: HttpRequest, comparison: UUID, party: str) -> None:
        self.actor: Actor = request.actor  # type: ignore[attr-defined]
        self.comparison = comparison_for(request, comparison)
        round_ = operations.current_round(self.comparison)
        if round_ is None:
            raise Http404
        self.round, self.lying = round_, Lying(self.actor, round_)
        if party not in self.lying.parties or not self.lying.seen_lists:
            raise Http404
        self.party: Party = self.lying.parties[party]
        self.rows: list[Row] = [
            (child, one) for child in self.lying.children for one in child.missing if one.list == party
        ]

    def shown(self, which: str) -> list[Row]:
        """The rows of a choice."""
        chosen: dict[str, Callable[[MissingSeen], bool]] = {
            OPEN: lambda one: one.is_open,
            MINE: lambda one: one.settled is not None and one.settled.mine,
            OTHERS: lambda one: one.settled is not None and bool(one.settled.owner) and not one.settled.mine,
            SETTLED: lambda one: one.settled is not None and not one.settled.owner,
            OUTSIDE: lambda one: one.outside,
            ALL: lambda one: True,
        }
        return [row for row in self.rows if chosen[which](row[1])]

    @property
    def choices(self) -> list[tuple[str, int]]:
        """Each choice with its number; ages only where they count."""
        found = [(one, len(self.shown(one))) for one in CHOICES]
        return [(one, number) for one, number in found if one != OUTSIDE or self.comparison.is_of_the_roll]


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def missing(request: HttpRequest, comparison: UUID, party: str) -> HttpResponse:
    """The children a list lacks; for those that are ticked, why, in one go."""
    found = Missing(request, comparison, party)
    form = _form(found, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, found, form)
    ticked = request.POST.getlist("child")[:MOST_TICKED]
    children = [one for key in dict.fromkeys(ticked) if (one := found.lying.child(key)) is not None]
    if not children:
        return _page(request, found, form, refusal=Refused(_("Tick at least one child.")))
    again = request.POST.get("deed") == "opnieuw"
    if not again and not form.is_valid():
        return _page(request, found, form, ticked=children)
    try:
        if again:
            open_again(found.actor, found.round, children, missing_on=found.party)
        else:
            said = {"missing_on": found.party, "reason": form.reason, "owner": form.owner}
            settle(found.actor, found.round, children, **said)
    except Refused as why:
        return _page(request, found, form, refusal=why, ticked=children)
    there = redirect("missing", comparison=found.comparison.pk, party=party)
    there["Location"] += "?" + urlencode({"toon": _which(request), DONE: "opnieuw" if again else "gezegd"})
    return there


def _which(request: HttpRequest) -> str:
    which = request.POST.get("toon") or request.GET.get("toon", OPEN)
    return which if which in CHOICES else OPEN


def _form(found: Missing, sent: Any) -> SettleForm:
    reasons = Reason.objects.filter(comparison=found.comparison, ended_at__isnull=True)
    owners = {one.organisation_id: one.organisation for one in policies.parties_of(found.comparison)}
    return SettleForm(sent, reasons=reasons, owners=owners.values())


def _page(
    request: HttpRequest,
    found: Missing,
    form: SettleForm,
    *,
    refusal: Refused | None = None,
    ticked: Sequence[ChildSeen] = (),
) -> HttpResponse:
    which = _which(request)
    page = Paginator(found.shown(which), ROWS_ON_A_PAGE).get_page(request.GET.get("blad"))
    found.lying.noted(row for child, _one in page.object_list for row in child.rows)
    context = {
        "comparison": found.comparison,
        "round": found.round,
        "party": found.party,
        "parties": found.lying.parties.values(),
        "which": which,
        "choices": found.choices,
        "rows": page.object_list,
        "form": form,
        "ticked": {one.key for one in ticked},
        "unseen": found.lying.unseen(),
        "searchable": found.party.name in found.lying.seen_lists
        and policies.reviews(found.actor, found.comparison),
        "may_take_out": _may_take_out(found),
        "is_unreadable": found.lying.is_unreadable,
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
        **paged(page, lambda number: "?" + urlencode({"toon": which, "blad": number})),
    }
    wrong = refusal is not None or (form.is_bound and not form.is_valid())
    return render(request, "reconciliation/missing.html", context, status=NOT_DONE if wrong else 200)


def _may_take_out(found: Missing) -> bool:
    return bool(policies.may_read(found.actor, found.comparison, FieldClass.IDE, Action.EXPORT))


@require_POST
@for_an_actor
@same_role
def missing_file(request: HttpRequest, comparison: UUID, party: str) -> HttpResponse:
    """The same as a file, for a role that may take it out."""
    found = Missing(request, comparison, party)
    if not _may_take_out(found):
        raise Http404
    return _as_file(request, found)


@prove_again(doing=gettext_lazy("take children of these lists out as a file"))
def _as_file(request: HttpRequest, found: Missing) -> HttpResponse:
    rows = found.shown(_which(request))
    marks = [one.mark for child, _missing in rows for one in child.rows]
    looked_at(found.actor, found.round, marks, classes=[FieldClass.IDE.value], action=Did.TAKE_OUT)
    text = StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow(
        [
            _("Child"),
            _("Birth date"),
            _("School"),
            _("Stands on"),
            _("Number"),
            _("Why the list lacks it"),
            _("Who does something"),
        ]
    )
    for child, one in rows:
        own = next((row.id for row in child.rows), "")
        said = (one.settled.reason, one.settled.owner) if one.settled else ("", "")
        cells = (child.name, child.born_on or "", child.school, ", ".join(child.on), own, *said)
        written.writerow([harmless(str(cell)) for cell in cells])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{found.comparison.key}-{found.round.number}-{found.party.name}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
