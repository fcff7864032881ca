"""What every text in the file of a child goes through before it is kept: entries and drafts alike."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from inbeeld.access.operations_ground import Did, refused
from inbeeld.access.permit import Permit
from inbeeld.kernel.access import FieldClass, Stage
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import SealBroken, seal_into
from inbeeld.learners.models import Draft, Entry, Learner
from inbeeld.organisations.models import Organisation

LONGEST_TEXT = 20_000


def fit(permit: Permit, action: Did, text: str) -> str:
    """The text as it is kept; refused when there is none, or more than anybody reads."""
    written = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not written:
        raise refused(permit, action, _("Nothing was written."))
    if len(written) > LONGEST_TEXT:
        raise refused(permit, action, _("This is longer than 20,000 characters. Make it two entries."))
    if any(0xD800 <= ord(one) <= 0xDFFF for one in written):
        raise refused(permit, action, _("There is half a character in this text. Type it again."))
    return written


def seal_text(
    permit: Permit,
    action: Did,
    row: models.Model,
    written: str,
    *,
    field_class: FieldClass,
    organisation: Organisation,
    name: str = "text",
) -> None:
    """Seal a text into a field of a row with the key of the child, the class and the organisation, or refuse.

    `name`: of the field.
    """
    try:
        key = key_for(permit.child, GROUP_OF_CLASS[field_class.value], organisation.key)
        seal_into(row, name, written, key=key)
    except SealBroken:
        raise refused(permit, action, no_key()) from None


def no_key() -> str:
    """Why nothing is done with a text that cannot be opened."""
    return _(
        "The key of this text does not open, so nothing was changed. Tell the application administrator."
    )


def refuse_a_destroyed_child(permit: Permit, child: Learner, action: Did = Did.WRITE) -> None:
    """A new key would be made for what was destroyed while this page was open."""
    if Learner.for_operations.filter(pk=child.pk, case_stage=Stage.DESTROYED).exists():
        raise refused(permit, action, _("What was known about this child was destroyed."))


def forget_draft(permit: Permit, child: Learner, field_class: FieldClass, entry: Entry | None) -> int:
    """Delete what the actor was writing here, if anything; returns how many drafts that were (0 or 1)."""
    mine = Draft.for_operations.filter(
        learner=child.pk, field_class=field_class.value, entry=entry, written_by=permit.actor.membership
    )
    return mine.delete()[0]
