"""Writing in the file of a child, and changing what one's own organisation wrote."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.in_words import class_word
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.at_child import DONE, NOT_ACCEPTED, AtChild, at_child, head_of, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.file import SeenClass, SeenEntry
from inbeeld.learners.file import _seen as seen_entry
from inbeeld.learners.forms import ChangeForm, EntryForm
from inbeeld.learners.models import Entry
from inbeeld.learners.operations_file import Conflict, change_entry, write_entry
from inbeeld.learners.readers import Readers, readers_of

#: The classes people write, as an address names them.
SLUGS = {
    FieldClass.AGR: "afspraken",
    FieldClass.SUP: "ondersteuning",
    FieldClass.FAM: "gezin",
    FieldClass.MED: "medisch",
    FieldClass.JUS: "politie-en-jeugdbescherming",
    FieldClass.NOT: "notities",
}
CLASSES = {slug: one for one, slug in SLUGS.items()}


@dataclass(frozen=True)
class Section:
    """One class of the file on the page of a child; `readers` for who may write it."""

    seen: SeenClass
    what: str
    slug: str
    readers: Readers | None


def sections_of(actor: Actor, page: ChildPage) -> tuple[Section, ...]:
    """The file on the page of a child, class by class."""
    return tuple(
        Section(
            seen=one,
            what=class_word(one.field_class),
            slug=SLUGS[one.field_class],
            readers=readers_of(one.field_class, actor=actor, born_on=page.seen.born_on)
            if one.may_write
            else None,
        )
        for one in page.entries
    )


def _to_the_file(at: AtChild, done: str) -> HttpResponse:
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}#dossier")


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def write(request: HttpRequest, reference: UUID, slug: str) -> HttpResponse:
    """Add an entry of one class. When it is refused, what was written stays in the form."""
    at, wanted = at_child(request, reference), CLASSES.get(slug)
    if wanted is None or not at.permit.may(wanted, Action.WRITE, author=Author.ME):
        raise Http404
    form = EntryForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            write_entry(at.permit, child=at.learner, field_class=wanted, text=form.cleaned_data["text"])
            return _to_the_file(at, "geschreven")
        except Refused as why:
            refusal = why
    context = {
        "form": form,
        "what": class_word(wanted),
        "slug": slug,
        "readers": readers_of(wanted, actor=at.actor, born_on=at.learner.born_on),
    }
    return page_at(request, at, "learners/file_write.html", context, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def change(request: HttpRequest, reference: UUID, entry: UUID) -> HttpResponse:
    """Change an entry of the own organisation; when somebody did so meanwhile, both texts are shown."""
    at = at_child(request, reference)
    seen = _entry(at, entry)
    form = ChangeForm(request.POST or None, initial={"text": seen.text, "version": seen.version})
    context = {
        "entry": seen,
        "form": form,
        "what": class_word(seen.field_class),
        "readers": readers_of(seen.field_class, actor=at.actor, born_on=at.learner.born_on),
    }
    if request.method != "POST" or not form.is_valid():
        return page_at(request, at, "learners/file_change.html", context)
    row = Entry.objects.visible_to(at.actor).get(pk=entry)
    try:
        change_entry(
            at.permit, entry=row, text=form.cleaned_data["text"], version=form.cleaned_data["version"]
        )
    except Refused as why:
        return page_at(request, at, "learners/file_change.html", context, refusal=why)
    except Conflict as clash:
        form = ChangeForm(initial={"text": clash.mine, "version": clash.version})
        both = {**context, "head": head_of(at), "theirs": clash.theirs, "form": form}
        return render(request, "learners/file_conflict.html", both, status=NOT_ACCEPTED)
    return _to_the_file(at, "gewijzigd")


def _entry(at: AtChild, wanted: UUID) -> SeenEntry:
    """One entry this actor may change, noted for the log; any other is not there, and was not read."""
    row = (
        Entry.objects.visible_to(at.actor)
        .filter(learner=at.learner, pk=wanted)
        .select_related("organisation", "written_by__organisation")
        .first()
    )
    if row is None or not _may_change(at, row):
        raise Http404
    wanted_key = (at.reference, GROUP_OF_CLASS[row.field_class], row.organisation.key)
    found = seen_entry(at.permit, at.learner, row, open_keys([wanted_key]))
    if found is None:
        raise Http404
    return found


def _may_change(at: AtChild, row: Entry) -> bool:
    author = at.permit.author_of(organisation=row.organisation_id, membership=row.written_by_id)
    allowed = at.permit.may(FieldClass(row.field_class), Action.WRITE, author=author)
    return author is not Author.OTHERS and bool(allowed)
