"""Breaking the glass: finding a child, four hours of reading, and the review after it.

The ground is the vital interest of the child (GDPR 6(1)(d) and 9(2)(c)). It is easy to do, and never goes
unseen: at once the privacy officers of both sides know, where there are any (officers.py), and who is not
reviewed in time cannot do it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.models import Involvement
from inbeeld.access.notices import tell
from inbeeld.access.officers import heard_by, officers_at
from inbeeld.access.operations_ground import Did, is_at_work, is_the_same_person, lock, said
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.access.same_name import is_first_name, is_last_name
from inbeeld.access.scope import Way, at_stages
from inbeeld.journal.models import Line
from inbeeld.kernel import access
from inbeeld.kernel.involvement import EMERGENCY, MAY_CALL_AN_EMERGENCY, SEARCHES, SEARCHES_IN, review_due
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import unseal_from
from inbeeld.organisations.models import Membership, Organisation, Role

if TYPE_CHECKING:
    from inbeeld.learners.models import Learner
else:
    Learner = Any

BECAUSE = ("danger", "missing", "unsafe")
#: What a search that opened nothing is about, in the journal: which of the attempts it was.
ATTEMPT = "attempt"
#: So many are shown to who called them.
VERDICTS = 3
_KIND = Involvement.Kind.EMERGENCY
_NOT_JUSTIFIED = Involvement.Review.NOT_JUSTIFIED


@operating("find_for_emergency")
@sensitive_variables("last_name", "first_name", "found")
def find_for_emergency(*, born_on: date, last_name: str, first_name: str, by: Actor) -> Learner | None:
    """The one child of the actor's region with this birth date, last name and first name. Raises Refused.

    Case, accents, spaces and hyphens do not matter; with or without prefix. None when there is no such child,
    and when there are two: an answer that tells them apart would say who has a file. What opened nothing is
    refused in the log, and the privacy officers of who searched are told, once an hour at most. At most five
    attempts an hour per person, in all roles together.
    """
    row = _refuse_who_may_not(by, Did.FIND_IN_EMERGENCY)
    attempt = _refuse_the_sixth_attempt(by)
    found = [
        child
        for child, names in _named_children(born_on, row, by)
        if is_last_name(last_name, prefix=names.get("prefix", ""), last_name=names.get("last_name", ""))
        and is_first_name(
            first_name, call_name=names.get("call_name", ""), first_names=names.get("first_names", "")
        )
    ]
    if len(found) == 1:
        said(by, Did.FIND_IN_EMERGENCY, child=found[0].reference, emergency=True)
        return found[0]
    _tell_of_a_search_in_vain(by)
    said(by, Did.FIND_IN_EMERGENCY, outcome=REFUSED, about=f"{ATTEMPT}:{attempt}", emergency=True)
    return None


def _tell_of_a_search_in_vain(by: Actor) -> None:
    """The privacy officers of who searched hear of it, once in each hour of the clock.

    Not an hour after the last one: who tries every fifty minutes would never be heard of again.
    """
    since = timezone.localtime(by.at).replace(minute=0, second=0, microsecond=0)
    lines = _searches_of(by).filter(outcome=REFUSED, at__gte=since)
    told = any(deed.action == Did.FIND_IN_EMERGENCY and deed.outcome == REFUSED for deed in by.ledger.deeds)
    if told or lines.exists():
        return
    places = {place.pk for place in by.organisation.and_above()}
    tell(one.person for one in officers_at(places, on=by.today))


def _searches_of(by: Actor) -> QuerySet[Line]:
    """What this person looked for in the last hour, in all their roles."""
    assert by.membership is not None
    own = Membership.objects.filter(person=by.membership.person_id).values_list("pk", flat=True)
    return Line.for_operations.filter(
        actor__in=[f"membership:{pk}" for pk in own],
        action=Did.FIND_IN_EMERGENCY.value,
        at__gt=by.at - SEARCHES_IN,
    )


def _named_children(born_on: date, row: access.Row, by: Actor) -> Iterator[tuple[Learner, dict[str, str]]]:
    """The children of this region born on this day, with their names; opened here, and nowhere kept."""
    assert by.organisation is not None
    learners = apps.get_model("learners", "Learner").for_operations
    region = by.organisation.region
    children = list(
        learners.filter(at_stages(row.stages, way=Way.by("")), born_on=born_on, region=region)
        .select_related("standing__school")
        .order_by("pk")
    )
    keyholder = f"region:{region}"
    keys = open_keys((child.reference, KeyGroup.IDENTITY.value, keyholder) for child in children)
    for child in children:
        key = keys.get((child.reference, KeyGroup.IDENTITY.value, keyholder))
        if key is not None and key.is_open:
            yield child, dict(json.loads(unseal_from(child, "names", key=key) or "{}"))


def _refuse_the_sixth_attempt(by: Actor) -> int:
    """Guessing is stopped per person, also when it is done in many windows at once; which attempt this is."""
    assert by.membership is not None
    people = get_user_model().objects.select_for_update()
    list(people.filter(pk=by.membership.person_id).values_list("pk"))  # one attempt at a time
    # A search that was not made, because of this very limit, is no attempt.
    written = _searches_of(by).filter(Q(outcome=ALLOWED) | Q(object__startswith=f"{ATTEMPT}:")).count()
    waiting = sum(
        deed.action == Did.FIND_IN_EMERGENCY
        and (deed.outcome == ALLOWED or deed.object.startswith(f"{ATTEMPT}:"))
        for deed in by.ledger.deeds
    )
    if written + waiting >= SEARCHES:
        _tell_of_a_search_in_vain(by)
        raise _refused(
            by,
            Did.FIND_IN_EMERGENCY,
            _("You searched five times in an hour. Wait an hour, or call 112 or Veilig Thuis (0800-2000)."),
        )
    return written + waiting + 1


@operating("call_emergency")
def call_emergency(child: Learner, *, by: Actor, because: str) -> Involvement:
    """Read for four hours; because: danger, missing or unsafe. The privacy officers are told. Raises Refused.

    Not refused where there is none: a life may be at stake. The view has checked the second factor. Who has
    one going on with this child gets that one.
    """
    lock(child.reference)
    row = _refuse_who_may_not(by, Did.CALL_EMERGENCY, child=child)
    assert by.membership is not None
    if because not in BECAUSE:
        raise _refused(by, Did.CALL_EMERGENCY, _("Choose what the emergency is."), child=child)
    if not _is_within_reach(child, row, by):
        raise _refused(
            by, Did.CALL_EMERGENCY, _("Your role has no task for a child at this stage."), child=child
        )
    going_on = Involvement.for_operations.filter(
        child=child, membership=by.membership, kind=_KIND, ended_at__isnull=True, until_at__gt=by.at
    ).first()
    if going_on is not None:
        return going_on
    made = Involvement.for_operations.create(
        child=child,
        membership=by.membership,
        kind=_KIND,
        purpose=because,
        granted_by=by.membership,
        granted_at=by.at,
        accepted_at=by.at,
        from_at=by.at,
        until_at=by.at + EMERGENCY,
        review_due_on=review_due(timezone.localtime(by.at)),
    )
    said(by, Did.CALL_EMERGENCY, child=child.reference, about=_named(made), emergency=True)
    tell(one.person for one in _privacy_officers(made, by=by))
    return made


def _is_within_reach(child: Learner, row: access.Row, by: Actor) -> bool:
    assert by.organisation is not None
    learners = apps.get_model("learners", "Learner").for_operations
    here = learners.filter(at_stages(row.stages, way=Way.by("")), region=by.organisation.region)
    return bool(here.filter(pk=child.pk).exists())


def _refuse_who_may_not(by: Actor, action: Did, *, child: Learner | None = None) -> access.Row:
    """The row of the table for an emergency, for who may call one now."""
    row = access.row_of(by.role, access.Involvement.EMERGENCY)
    if row is None or by.role not in MAY_CALL_AN_EMERGENCY or not is_at_work(by):
        raise _refused(by, action, _("Your role has no emergency access. Call who has."), child=child)
    assert by.membership is not None
    lost = why_the_button_is_lost(by)
    if lost:
        raise _refused(by, action, lost, child=child)
    return row


@operating("why_the_button_is_lost")
def why_the_button_is_lost(by: Actor) -> str:
    """Why this person can call no emergency now, in a sentence; empty when they can.

    One that was not justified keeps its `review_due_on` until a privacy officer gives the button back.
    """
    if by.membership is None:
        return ""
    mine = Involvement.for_operations.filter(kind=_KIND, membership__person=by.membership.person_id)
    if mine.filter(review=_NOT_JUSTIFIED, review_due_on__isnull=False).exists():
        return _("An earlier emergency of yours was found not justified. Your privacy officer can help you.")
    if mine.filter(reviewed_at__isnull=True, review_due_on__lt=by.today).exists():
        return _("An earlier emergency of yours was not reviewed in time. Ask your privacy officer to do so.")
    return ""


@operating("why_the_button_is_lost")
def verdicts_about(by: Actor) -> list[Involvement]:
    """What was found of the last emergencies of this person, the latest first; with who looked at them."""
    if by.membership is None:
        return []
    mine = Involvement.for_operations.filter(kind=_KIND, membership__person=by.membership.person_id)
    rows = mine.filter(reviewed_at__isnull=False).select_related("reviewed_by__person")
    return list(rows.order_by("-reviewed_at", "pk")[:VERDICTS])


# --- the review ----------------------------------------------------------------------------------


@operating("review_emergency")
def review_emergency(involvement: Involvement, *, by: Actor, found: str) -> Involvement:
    """A privacy officer finds an emergency justified or not_justified. Raises Refused.

    Of the organisation of who called it, or of the child's school; never who called it. When not justified
    it ends at once, and who called it can call no other until `give_back_emergency`.
    """
    one = _for_an_officer(involvement, by, Did.REVIEW_EMERGENCY)
    if found not in Involvement.Review.values:
        raise _refused_about(one, by, Did.REVIEW_EMERGENCY, _("Say whether it was justified or not."))
    if one.reviewed_at is not None:
        raise _refused_about(one, by, Did.REVIEW_EMERGENCY, _("This emergency was reviewed already."))
    one.reviewed_at, one.reviewed_by, one.review = by.at, by.membership, found
    if found == _NOT_JUSTIFIED and one.ended_at is None and one.until_at > by.at:
        one.ended_at, one.ended_because = by.at, Involvement.End.WITHDRAWN
    one.save(update_fields=["reviewed_at", "reviewed_by", "review", "ended_at", "ended_because"])
    said(by, Did.REVIEW_EMERGENCY, child=one.child.reference, about=_named(one), emergency=True)
    tell([one.membership.person])
    return one


@operating("give_back_emergency")
def give_back_emergency(involvement: Involvement, *, by: Actor) -> Involvement:
    """A privacy officer lets who called a not justified emergency call one again. Raises Refused.

    Recorded by emptying `review_due_on`: nothing is due any more. Who did so stands in the journal.
    """
    one = _for_an_officer(involvement, by, Did.GIVE_BACK_EMERGENCY)
    if one.review != _NOT_JUSTIFIED or one.review_due_on is None:
        raise _refused_about(one, by, Did.GIVE_BACK_EMERGENCY, _("There is nothing to give back."))
    one.review_due_on = None
    one.save(update_fields=["review_due_on"])
    said(by, Did.GIVE_BACK_EMERGENCY, child=one.child.reference, about=_named(one), emergency=True)
    tell([one.membership.person])
    return one


@operating("emergencies_for")
def emergencies_for(by: Actor) -> list[Involvement]:
    """The emergencies a privacy officer is to review, or reviewed, the latest first; others get none.

    With membership, person, organisation and child loaded; of the child the page may show only the reference.
    """
    if by.role != Role.PRIVACY_OFFICER or not is_at_work(by) or by.organisation is None:
        return []
    return list(_all().filter(_touches(by.organisation)).order_by("-granted_at", "pk"))


@operating("emergencies_for")
def number_to_review(by: Actor) -> int:
    """How many emergencies wait for this privacy officer; their own is for another one."""
    if by.role != Role.PRIVACY_OFFICER or not is_at_work(by) or by.organisation is None:
        return 0
    assert by.membership is not None
    rows = Involvement.for_operations.filter(_touches(by.organisation), kind=_KIND, reviewed_at__isnull=True)
    return rows.exclude(membership__person=by.membership.person_id).count()


def _for_an_officer(involvement: Involvement, by: Actor, action: Did) -> Involvement:
    """The emergency as it is now, locked, for a privacy officer who is to look at it."""
    lock(_all().get(pk=involvement.pk).child.reference)
    one = _all().get(pk=involvement.pk)
    may_look = by.role == Role.PRIVACY_OFFICER and is_at_work(by) and by.organisation is not None
    if not may_look or not _all().filter(_touches(by.organisation), pk=one.pk).exists():
        raise _refused_about(one, by, action, _("This is for the privacy officers of both organisations."))
    if is_the_same_person(by, one.membership):
        raise _refused_about(one, by, action, _("Nobody reviews their own emergency."))
    return one


def _all() -> QuerySet[Involvement]:
    return Involvement.for_operations.filter(kind=_KIND).select_related(
        "child__standing__school", "membership__person", "membership__organisation", "reviewed_by__person"
    )


def _touches(organisation: Organisation) -> Q:
    """Emergencies called at an organisation or about its pupils, or at or about those of its parts."""
    caller, school = "membership__organisation", "child__standing__school"
    return (
        Q(**{caller: organisation})
        | Q(**{f"{caller}__part_of": organisation})
        | Q(**{f"{caller}__part_of__part_of": organisation})
        | Q(**{school: organisation})
        | Q(**{f"{school}__part_of": organisation})
        | Q(**{f"{school}__part_of__part_of": organisation})
    )


def _privacy_officers(emergency: Involvement, *, by: Actor) -> tuple[Membership, ...]:
    """Those who are to look at it: of the own organisation and of the child's school, or above those."""
    one = _all().get(pk=emergency.pk)
    standing = getattr(one.child, "standing", None)
    sides = (one.membership.organisation, None if standing is None else standing.school)
    return heard_by(sides, caller=one.membership, on=by.today).officers


def _named(involvement: Involvement) -> str:
    return f"involvement:{involvement.pk}"


def _refused_about(one: Involvement, by: Actor, action: Did, sentence: str) -> Refused:
    said(by, action, outcome=REFUSED, child=one.child.reference, about=_named(one), emergency=True)
    return Refused(sentence)


def _refused(by: Actor, action: Did, sentence: str, *, child: Learner | None = None) -> Refused:
    reference = None if child is None else child.reference
    said(by, action, outcome=REFUSED, child=reference, emergency=True)
    return Refused(sentence)
