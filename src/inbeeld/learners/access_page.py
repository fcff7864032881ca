"""Who has access to this child, and why: everybody now, who was asked, and who stopped.

Which of it this actor reads: docs/decisions/0015-what-the-pages-of-access-tell-whom.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import (
    KIN,
    Reach,
    ground_word,
    last_day,
    person_word,
    reach_of,
    role_word,
)
from inbeeld.access.models import Involvement, Kinship
from inbeeld.access.operations_ground import holds_direction
from inbeeld.access.permit import Permit, is_on_the_list
from inbeeld.kernel.access import ROWS, Action, Decision, FieldClass, Row, row_of
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.consent import Relation, role_of
from inbeeld.learners.consent_page import SeenConsent, consented_classes, consents_of, member_in_words
from inbeeld.learners.models import Learner
from inbeeld.learners.to_review import waits_for_a_review
from inbeeld.organisations.models import SECTORS_OF_SWV, Kind, Membership, Organisation, Sector

#: Roles with a list of their own organisation.
LISTING = tuple(row for row in ROWS if row.involvement is How.OWN_ORG)


@dataclass(frozen=True)
class SeenAccess:
    """One person with access: who, how and on which ground, what the table gives, and until when.

    `reach` is None when the role gives nothing at the stage the child is in.
    """

    id: UUID | None
    name: str
    role: str
    role_key: str
    organisation: str
    how: How
    ground: str
    reach: Reach | None
    purpose: str = ""
    since: datetime | None = None
    until: datetime | None = None
    last_day: date | None = None
    granted_by: str = ""
    directs: bool = False
    is_me: bool = False


@dataclass(frozen=True)
class SeenGrant:
    """Something granted that is not in force: it waits, or it is over."""

    id: UUID
    name: str
    role: str
    organisation: str
    how: How
    purpose: str
    granted_at: datetime
    granted_by: str
    last_day: date
    ended_at: datetime | None
    ended_because: str
    is_me: bool


@dataclass(frozen=True)
class SeenKin:
    """The learner or a guardian, by name for who may know the family, and what the table gives them."""

    name: str
    relation: str
    ground: str
    reach: Reach | None


@dataclass(frozen=True)
class SeenList:
    """An organisation on whose list the child stands, with who works with that list."""

    organisation: str
    people: tuple[SeenAccess, ...]


@dataclass(frozen=True)
class SeenDirection:
    """Who holds direction. `role` is empty for who may know the name and the organisation alone."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class AccessPage:
    """Everything one actor may know of who has access to one child.

    `whole`: who is involved, was or may become so, and what was consented to. Else of these only what the
    actor is in themselves, and for kin what they can sign or receive.
    """

    whole: bool
    director: SeenDirection | None
    named: tuple[SeenAccess, ...]
    lists: tuple[SeenList, ...]
    kin: tuple[SeenKin, ...]
    knows_the_family: bool
    waiting: tuple[SeenGrant, ...]
    ended: tuple[SeenGrant, ...]
    consents: tuple[SeenConsent, ...]
    consents_over: tuple[SeenConsent, ...]


def knows_who_is_involved(permit: Permit, action: Action = Action.READ) -> Decision | None:
    """The yes to knowing who is involved, what for, and what was consented to; None: no.

    Who helps a child, and which medical facts are shared, says much of how it is with the child. It is known
    to who may read the agreements; not by a seat at a table, where no more is said than facts and agreements.
    """
    decision = permit.may(FieldClass.AGR, action)
    seated = decision.row is not None and decision.row.involvement is How.TABLE
    return decision if decision and not seated else None


def access_page(actor: Actor, permit: Permit, learner: Learner) -> AccessPage:
    """Who has access to a child this actor sees (loaded with standing and school); noted for the log."""
    actor.ledger.note(permit, permit.may(FieldClass.IDE), FieldClass.IDE)
    decision = knows_who_is_involved(permit)
    whole = decision is not None
    if decision is not None:
        actor.ledger.note(permit, decision, FieldClass.AGR)
    every = list(
        Involvement.objects.visible_to(actor)
        .filter(child=learner)
        .select_related(
            "membership__person", "membership__organisation", "granted_by__person", "granted_by__organisation"
        )
    )
    rows = [one for one in every if _is_shown(one, actor, whole=whole)]
    # What was consented to for others is no part of what one asked them.
    ours = None if actor.organisation is None else actor.organisation.pk
    consented = {
        to: classes for to, classes in consented_classes(actor, learner).items() if whole or to[0] == ours
    }
    consents = consents_of(actor, permit, learner, every=whole)
    return AccessPage(
        whole=whole,
        director=_director(actor, permit.stage, every, whole=whole),
        named=tuple(_named(actor, permit.stage, rows, consented)),
        lists=tuple(_lists(actor, permit.stage, learner)),
        kin=tuple(_kin(actor, permit, learner)),
        knows_the_family=bool(permit.may(FieldClass.FAM)),
        waiting=tuple(_grant(actor, one) for one in rows if _is_waiting(one, actor.at)),
        ended=tuple(_grant(actor, one) for one in rows if _is_over(one, actor)),
        consents=tuple(one for one in consents if not one.is_over),
        consents_over=tuple(one for one in consents if one.is_over),
    )


def _is_shown(one: Involvement, actor: Actor, *, whole: bool) -> bool:
    """Everything for who may know it, else what is one's own, or one asked oneself and can take back."""
    if actor.kinship is not None:
        return whole and not waits_for_a_review(one)
    mine = actor.membership
    return whole or (mine is not None and mine.pk in (one.membership_id, one.granted_by_id))


def shown_grant(actor: Actor, permit: Permit, one: Involvement) -> SeenGrant | None:
    """One involvement (people and places loaded) as this actor may read it; or None.

    For the question before it is withdrawn: that page is in the log with the name of the child.
    """
    whole = knows_who_is_involved(permit) is not None
    return _grant(actor, one) if _is_shown(one, actor, whole=whole) else None


def shown_consent(actor: Actor, permit: Permit, learner: Learner, consent: UUID) -> SeenConsent | None:
    """One consent as this actor may read it, without who signed; or None. As `shown_grant`."""
    every = knows_who_is_involved(permit) is not None
    found = consents_of(actor, permit, learner, every=every, by_name=False)
    return next((one for one in found if one.id == consent), None)


def _director(actor: Actor, stage: int, every: Iterable[Involvement], *, whole: bool) -> SeenDirection | None:
    """Who holds direction: for everybody at work, as that is whom to call; kin read it with the rest."""
    if actor.kinship is not None and not whole:
        return None
    for one in every:
        if holds_direction(one, stage=stage, at=actor.at):
            member = one.membership
            role = str(member.get_role_display()) if whole else ""
            return SeenDirection(member.person.get_full_name(), role, member.organisation.name)
    return None


def is_in_force(one: Involvement, actor: Actor) -> bool:
    """Does an involvement hold now, and the membership it is of too?"""
    return one.is_in_force(actor.at) and one.membership.is_in_force(actor.today)


def _is_waiting(one: Involvement, at: datetime) -> bool:
    return one.ended_at is None and one.until_at > at and (one.accepted_at is None or one.from_at > at)


def _is_over(one: Involvement, actor: Actor) -> bool:
    return not is_in_force(one, actor) and not _is_waiting(one, actor.at)


def _named(
    actor: Actor,
    stage: int,
    rows: Iterable[Involvement],
    consented: dict[tuple[int, str], frozenset[FieldClass]],
) -> Iterator[SeenAccess]:
    """The involvements in force: who holds direction first, then who came first.

    What consent opens counts for each by what they are involved for.
    """
    found = [(one, holds_direction(one, stage=stage, at=actor.at)) for one in rows if is_in_force(one, actor)]
    found.sort(key=lambda one: (not one[1], one[0].kind != "emergency", one[0].from_at))
    for one, directs in found:
        member, how = one.membership, How(one.kind)
        row = row_of(member.role, how)
        opens = row is not None and stage in row.stages
        yield SeenAccess(
            id=one.pk,
            name=member.person.get_full_name(),
            role=str(member.get_role_display()),
            role_key=member.role,
            organisation=member.organisation.name,
            how=how,
            ground=ground_word(row.ground) if row is not None else "",
            reach=reach_of(row, consented=consented.get((member.organisation_id, one.purpose), frozenset()))
            if row is not None and opens
            else None,
            purpose=str(one.get_purpose_display()),
            since=one.from_at,
            until=one.until_at,
            last_day=last_day(one.until_at),
            granted_by=member_in_words(one.granted_by),
            directs=directs,
            is_me=actor.membership is not None and member.pk == actor.membership.pk,
        )


def _grant(actor: Actor, one: Involvement) -> SeenGrant:
    member = one.membership
    return SeenGrant(
        id=one.pk,
        name=member.person.get_full_name(),
        role=str(member.get_role_display()),
        organisation=member.organisation.name,
        how=How(one.kind),
        purpose=str(one.get_purpose_display()),
        granted_at=one.granted_at,
        granted_by=member_in_words(one.granted_by),
        last_day=last_day(one.until_at),
        ended_at=one.ended_at,
        ended_because=str(one.get_ended_because_display()) if one.ended_because else "",
        is_me=actor.membership is not None and member.pk == actor.membership.pk,
    )


def _lists(actor: Actor, stage: int, learner: Learner) -> Iterator[SeenList]:
    """Everybody whose role works with the list of an organisation on which this child stands."""
    rows = {row.role: row for row in LISTING if stage in row.stages}
    people: dict[int, list[SeenAccess]] = {}
    names: dict[int, str] = {}
    for member in _members_with_a_list(learner, roles=list(rows)):
        if not member.is_in_force(actor.today) or not is_on_the_list(member.organisation, learner):
            continue
        names[member.organisation_id] = member.organisation.name
        people.setdefault(member.organisation_id, []).append(_by_list(actor, member, rows[member.role]))
    for organisation in sorted(names, key=lambda one: names[one]):
        yield SeenList(names[organisation], tuple(people[organisation]))


def _by_list(actor: Actor, member: Membership, row: Row) -> SeenAccess:
    return SeenAccess(
        id=None,
        name=member.person.get_full_name(),
        role=str(member.get_role_display()),
        role_key=member.role,
        organisation=member.organisation.name,
        how=How.OWN_ORG,
        ground=ground_word(row.ground),
        reach=reach_of(row),
        is_me=actor.membership is not None and member.pk == actor.membership.pk,
    )


def _members_with_a_list(learner: Learner, *, roles: list[str]) -> QuerySet[Membership]:
    """Who could have this child on a list: narrowed here, decided by `is_on_the_list`."""
    standing = getattr(learner, "standing", None)
    school: Organisation | None = standing.school if standing is not None else None
    where = Q(kind=Kind.MUNICIPALITY, region=learner.region, municipality=learner.municipality)
    if school is not None:
        where |= Q(pk__in=[one for one in (school.pk, school.part_of_id) if one is not None])
        of = [swv for swv, served in SECTORS_OF_SWV.items() if school.sector in served]
        where |= Q(kind=Kind.SWV, region=school.region, sector__in=[Sector(one).value for one in of])
    places = Organisation.objects.filter(where).values("pk")
    return (
        Membership.objects.filter(organisation__in=places, role__in=roles)
        .select_related("person", "organisation")
        .order_by("role", "person__last_name", "pk")
    )


def _kin(actor: Actor, permit: Permit, learner: Learner) -> Iterator[SeenKin]:
    """The learner and who has custody: by name for who may know the family, else in general."""
    decision = permit.may(FieldClass.FAM)
    if decision:
        actor.ledger.note(permit, decision, FieldClass.FAM)
        today = Q(until_on__isnull=True) | Q(until_on__gte=actor.today)
        found = Kinship.objects.visible_to(actor).filter(today, child=learner, from_on__lte=actor.today)
        for one in found.select_related("person").order_by("relation", "from_on", "pk"):
            role = role_of(Relation(one.relation), born_on=learner.born_on, on=actor.today)
            if role is not None:
                yield _seen_kin(one.person.get_full_name(), role, permit.stage)
        return
    for role in kin_roles(learner.born_on, actor.today):
        yield _seen_kin("", role, permit.stage)


def kin_roles(born_on: date | None, today: date) -> list[str]:
    """The rows of the table for the learner and the guardians of a child of this age."""
    found = (role_of(relation, born_on=born_on, on=today) for relation in Relation)
    return [one for one in found if one is not None]


def _seen_kin(name: str, role: str, stage: int) -> SeenKin:
    row = row_of(role, How.SELF)
    assert row is not None and role in KIN
    return SeenKin(
        name=name,
        relation=person_word(role) if name else role_word(role),
        ground=ground_word(row.ground),
        reach=reach_of(row) if stage in row.stages else None,
    )
