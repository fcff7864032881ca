"""Writing in the file of a child, and changing what one's own organisation wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from inbeeld.access.actor import for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.scripts import with_scripts
from inbeeld.access.sessions import same_role
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.at_child import DONE, NOT_ACCEPTED, AtChild, at_child, head_of, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.draft import SeenDraft, draft_of
from inbeeld.learners.file import SeenClass, SeenEntry, entry_word, seen_entry
from inbeeld.learners.forms import ChangeForm, EntryForm
from inbeeld.learners.models import Entry
from inbeeld.learners.operations_draft import KEPT_FOR, keep_draft, throw_away_draft
from inbeeld.learners.operations_file import Conflict, change_entry, write_entry
from inbeeld.learners.readers import readers_of

#: What the buttons of a draft are called in a form.
DRAFT = "draft"
#: The classes people write, as an address names them.
SLUGS = {
    FieldClass.AGR: "besproken",
    FieldClass.SUP: "ondersteuning",
    FieldClass.FAM: "gezin",
    FieldClass.MED: "medisch",
    FieldClass.JUS: "politie-en-jeugdbescherming",
    FieldClass.NOT: "notities",
}
CLASSES = {slug: one for one, slug in SLUGS.items()}


@dataclass(frozen=True)
class Section:
    """One class of the file on the page of a child."""

    seen: SeenClass
    what: str
    slug: str


def sections_of(page: ChildPage) -> tuple[Section, ...]:
    """The file on the page of a child, class by class."""
    return tuple(
        Section(seen=one, what=entry_word(one.field_class), slug=SLUGS[one.field_class])
        for one in page.entries
    )


def _to_the_file(at: AtChild, done: str) -> HttpResponse:
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}#dossier")


@dataclass(frozen=True)
class Form:
    """Where in the file something is written: a new entry of a class, or a change to `row`."""

    at: AtChild
    field_class: FieldClass
    row: Entry | None = None

    @property
    def address(self) -> str:
        if self.row is not None:
            return reverse("file_change", args=[self.at.reference, self.row.pk])
        return reverse("file_write", args=[self.at.reference, SLUGS[self.field_class]])

    @property
    def keeps_drafts_at(self) -> str:
        if self.row is not None:
            return reverse("draft_of_change", args=[self.at.reference, self.row.pk])
        return reverse("draft_of_entry", args=[self.at.reference, SLUGS[self.field_class]])

    def sent(self, request: HttpRequest) -> EntryForm | ChangeForm:
        """The form as it was sent."""
        return EntryForm(request.POST) if self.row is None else ChangeForm(request.POST)

    @sensitive_variables("text")
    def keep(self, text: str, version: int = 0) -> datetime:
        """Keep a draft; returns when that was. Raises Refused."""
        kept = keep_draft(
            self.at.permit,
            child=self.at.learner,
            field_class=self.field_class,
            text=text,
            entry=self.row,
            version=version,
        )
        return kept.saved_at

    def throw_away(self) -> None:
        """Throw the draft away, if there is one. Raises Refused."""
        throw_away_draft(self.at.permit, child=self.at.learner, field_class=self.field_class, entry=self.row)

    def draft(self) -> SeenDraft | None:
        return draft_of(
            self.at.permit, self.at.learner, self.field_class, None if self.row is None else self.row.pk
        )

    def context(self) -> dict[str, Any]:
        """What the page of this form says besides the form itself."""
        return {
            "what": entry_word(self.field_class),
            "slug": SLUGS[self.field_class],
            "readers": readers_of(self.field_class, actor=self.at.actor, born_on=self.at.learner.born_on),
            "address": self.address,
            "keeps_drafts_at": self.keeps_drafts_at,
            "days": KEPT_FOR.days,
        }


def form_of_entry(request: HttpRequest, reference: UUID, slug: str) -> Form:
    """Where an entry of this class is written; Http404 for who may not."""
    at, wanted = at_child(request, reference), CLASSES.get(slug)
    if wanted is None or not at.permit.may(wanted, Action.WRITE, author=Author.ME):
        raise Http404
    return Form(at, wanted)


def form_of_change(request: HttpRequest, reference: UUID, entry: UUID) -> Form:
    """Where this entry is changed; Http404 for who may not."""
    at = at_child(request, reference)
    row = _entry(at, entry)
    return Form(at, FieldClass(row.field_class), row)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
@with_scripts
def write(request: HttpRequest, reference: UUID, slug: str) -> HttpResponse:
    """Add an entry of one class. When it is refused, what was written stays in the form."""
    here = form_of_entry(request, reference, slug)
    refusal = None
    if request.method == "POST":
        form = here.sent(request)
        try:
            if answer := _about_the_draft(request, here, form):
                return answer
            if form.is_valid():
                text = form.cleaned_data["text"]
                write_entry(here.at.permit, child=here.at.learner, field_class=here.field_class, text=text)
                return _to_the_file(here.at, "geschreven")
        except Refused as why:
            refusal = why
        return page_at(
            request, here.at, "learners/file_write.html", {**here.context(), "form": form}, refusal=refusal
        )
    draft = here.draft()
    context = {
        **here.context(),
        "form": EntryForm(initial={"text": draft.text if draft else ""}),
        "draft": draft,
        "done": request.GET.get(DONE, ""),
    }
    return page_at(request, here.at, "learners/file_write.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
@with_scripts
def change(request: HttpRequest, reference: UUID, entry: UUID) -> HttpResponse:
    """Change an entry of the own organisation; when somebody did so meanwhile, both texts are shown."""
    here = form_of_change(request, reference, entry)
    assert here.row is not None
    if request.method != "POST":
        return _to_change(request, here)
    form, refusal = here.sent(request), None
    try:
        if answer := _about_the_draft(request, here, form):
            return answer
        if form.is_valid():
            sent = form.cleaned_data
            change_entry(here.at.permit, entry=here.row, text=sent["text"], version=sent["version"])
            return _to_the_file(here.at, "gewijzigd")
    except Refused as why:
        refusal = why
    except Conflict as clash:
        here.keep(clash.mine, sent["version"])
        both = _both(here, theirs=clash.theirs, mine=clash.mine, version=clash.version)
        return render(request, "learners/file_conflict.html", both, status=NOT_ACCEPTED)
    context = {**here.context(), "form": form, "entry": _opened(here)}
    return page_at(request, here.at, "learners/file_change.html", context, refusal=refusal)


def _to_change(request: HttpRequest, here: Form) -> HttpResponse:
    """The form of a change: with the draft, and with both texts when the entry changed since it was begun."""
    draft, seen = here.draft(), _opened(here)
    if draft is not None and draft.version != seen.version:
        both = _both(here, theirs=seen.text, mine=draft.text, version=seen.version)
        return render(request, "learners/file_conflict.html", both)
    context = {
        **here.context(),
        "entry": seen,
        "form": ChangeForm(initial={"text": (draft or seen).text, "version": seen.version}),
        "draft": draft,
        "done": request.GET.get(DONE, ""),
    }
    return page_at(request, here.at, "learners/file_change.html", context)


def _both(here: Form, *, theirs: str, mine: str, version: int) -> dict[str, Any]:
    form = ChangeForm(initial={"text": mine, "version": version})
    return {**here.context(), "head": head_of(here.at), "theirs": theirs, "form": form}


def _about_the_draft(request: HttpRequest, here: Form, form: EntryForm | ChangeForm) -> HttpResponse | None:
    """What the buttons of the draft ask for: keep it, throw it away, or that and back to the child."""
    match request.POST.get(DRAFT):
        case "keep" if form.is_valid():
            here.keep(form.cleaned_data["text"], form.cleaned_data.get("version", 0))
            return redirect(f"{here.address}?{DONE}=concept")
        case "away":
            here.throw_away()
            return redirect(f"{here.address}?{DONE}=concept-weg")
        case "theirs":
            here.throw_away()
            return _to_the_file(here.at, "concept-weg")
    return None


def _entry(at: AtChild, wanted: UUID) -> Entry:
    """One entry this actor may change, closed; any other is not there."""
    row = (
        Entry.objects.visible_to(at.actor)
        .filter(learner=at.learner, pk=wanted)
        .select_related("organisation", "written_by__organisation")
        .first()
    )
    if row is None or not _may_change(at, row):
        raise Http404
    return row


def _opened(here: Form) -> SeenEntry:
    """The entry of a form, opened and noted for the log."""
    at, row = here.at, here.row
    assert row is not None
    wanted_key = (at.reference, GROUP_OF_CLASS[row.field_class], row.organisation.key)
    found = seen_entry(at.permit, at.learner, row, open_keys([wanted_key]))
    if found is None:
        raise Http404
    return found


def _may_change(at: AtChild, row: Entry) -> bool:
    author = at.permit.author_of(organisation=row.organisation_id, membership=row.written_by_id)
    allowed = at.permit.may(FieldClass(row.field_class), Action.WRITE, author=author)
    return author is not Author.OTHERS and bool(allowed)
