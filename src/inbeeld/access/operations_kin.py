"""The learner and who has custody, as people who can log in. Who has no custody is not here (BW 1:245)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access.models import Kinship
from inbeeld.access.notices import tell
from inbeeld.access.operations_consent import re_evaluate
from inbeeld.access.operations_ground import By, Did, begun, did, is_at_work, lock, refused
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.kernel.access import Action, Author, FieldClass

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from inbeeld.learners.models import Learner
else:
    User = Learner = Any

LEARNER = Kinship.Relation.LEARNER


@operating("register_kin")
def register_kin(by: By, *, child: Learner, person: User, relation: str, from_on: date) -> Kinship:
    """Someone can log in as the learner, or as a guardian with custody, from a day on. Raises Refused.

    `by`: the permit of who may write about the family, and has seen the papers; or "command:demo". Every
    guardian must sign what guardians sign, so consents are worked out anew.
    """
    _begin(by, child)
    if why := _refusal(by, person.pk) or _refusal_to_register(child, person, relation):
        raise _refused(by, Did.REGISTER_KIN, why)
    made = Kinship.for_operations.create(child=child, person=person, relation=relation, from_on=from_on)
    re_evaluate(child, on=_today(by))
    did(by, Did.REGISTER_KIN, child=child.reference, about=f"kinship:{made.pk}")
    tell([person])
    return made


@operating("end_kin")
def end_kin(kinship: Kinship, *, on: date, by: By) -> Kinship:
    """Say which day is the last on which someone is kin of a child. Raises Refused."""
    rows = Kinship.for_operations.select_related("child", "person")
    _begin(by, rows.get(pk=kinship.pk).child)
    found = rows.get(pk=kinship.pk)
    about = f"kinship:{found.pk}"
    why = _refusal(by, found.person_id)
    if not why and on < found.from_on:
        why = _("The last day is before the first day.")
    if not why and found.until_on is not None and found.until_on <= on:
        why = _("This ended already.")
    if why:
        raise _refused(by, Did.END_KIN, why, about=about)
    found.until_on = on
    found.save(update_fields=["until_on"])
    re_evaluate(found.child, on=_today(by))
    did(by, Did.END_KIN, child=found.child.reference, about=about)
    return found


def _begin(by: By, child: Learner) -> None:
    if isinstance(by, Permit):
        begun(by, child=child)
    else:
        lock(child.reference)


def _today(by: By) -> date:
    return by.actor.today if isinstance(by, Permit) else timezone.localdate()


def _refusal(by: By, person: int) -> str:
    """Why this actor may not say who is kin; a command is run by who runs the server."""
    if not isinstance(by, Permit):
        return ""
    if not is_at_work(by.actor) or not by.may(FieldClass.FAM, Action.WRITE, author=Author.ME):
        return _("Who may write about the family of this child does this.")
    if by.actor.membership is not None and by.actor.membership.person_id == person:
        return _("Nobody says of themselves that they are kin of a child. Ask a colleague.")
    return ""


def _refusal_to_register(child: Learner, person: User, relation: str) -> str:
    if relation not in Kinship.Relation.values:
        return _("Somebody is the learner, or a parent or guardian.")
    known = Kinship.for_operations.filter(child=child, until_on__isnull=True)
    if known.filter(person=person).exists():
        return _("This person is known as kin of this child already.")
    if relation == LEARNER and known.filter(relation=LEARNER).exists():
        return _("The learner can log in already, as somebody else. End that first.")
    return ""


def _refused(by: By, action: Did, sentence: str, *, about: str = "") -> Refused:
    return refused(by, action, sentence, about=about) if isinstance(by, Permit) else Refused(sentence)
