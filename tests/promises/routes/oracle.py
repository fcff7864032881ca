"""Who may know what, decided a second time: from the description of the population and `may` alone.

It shares nothing with Permit, scope or the database rules but the table itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from inbeeld.kernel.access import (
    Action,
    Author,
    Circumstances,
    FieldClass,
    Involvement,
    Stage,
    may,
)
from inbeeld.kernel.consent import role_of
from inbeeld.kernel.involvement import MAY_BEGIN
from tests.promises.routes.planted_lists import REVIEWERS, SHARED
from tests.promises.routes.population import PLACES, SECTORS_SERVED, Child, Kin, Member, Tie, Who, World
from tests.promises.routes.words import (
    ARTICLE,
    DELIVERED,
    DRAFT,
    LISTED,
    PREPARED,
    WHO_ENTERED,
    WHO_WAS_INVOLVED,
    Canary,
)

GRANTED = (Involvement.INVOLVED, Involvement.TABLE, Involvement.EMERGENCY)


def role_in(world: World, who: Who) -> str:
    """The row of the table somebody acts under today; empty: they cannot act."""
    if isinstance(who, Member):
        return "" if who.ended else who.role
    if who.ended:
        return ""
    return role_of(who.relation, born_on=world.children[who.child].born_on, on=world.today) or ""


def is_somebody(world: World, who: Who) -> bool:
    """Does their log-in give them a role today?"""
    return bool(role_in(world, who))


def ways(world: World, who: Who, child: Child) -> Iterator[Involvement]:
    """How somebody belongs with a child now."""
    if isinstance(who, Kin):
        if who.child == child.key and not who.ended:
            yield Involvement.SELF
        return
    if who.ended:
        return
    if _is_on_the_list(who.place, child):
        yield Involvement.OWN_ORG
    for kind in GRANTED:
        if any(one.kind is kind and one.holds(world.now) for one in ties(world, who, child)):
            yield kind


def ties(world: World, who: Member, child: Child) -> list[Tie]:
    """What was ever granted to somebody about a child."""
    return [one for one in world.ties if one.child == child.key and one.member == who.key]


def _is_on_the_list(key: str, child: Child) -> bool:
    place = PLACES[key]
    school = PLACES[child.school] if child.stage is not None else None
    match place.kind:
        case "school":
            return school is not None and child.enrolled and key in (school.key, school.part_of)
        case "swv":
            return (
                school is not None
                and school.region == place.region
                and school.sector in SECTORS_SERVED[place.sector]
            )
        case "municipality":
            return (child.municipality, child.region) == (place.municipality, place.region)
    return False


def consented(world: World, who: Who, child: Child, field_class: FieldClass, way: Involvement) -> bool:
    """Is there a consent in force for this kin, or for this organisation and what is done in this way?"""
    given = [
        one
        for one in world.leaves
        if one.child == child.key and one.field_class == field_class.value and one.holds(world.today)
    ]
    if isinstance(who, Kin):
        return any(one.kin == who.key for one in given)
    purposes = {one.purpose for one in ties(world, who, child) if one.kind is way and one.holds(world.now)}
    return any(one.place == who.place and one.purpose in purposes for one in given)


def allowed(
    world: World,
    who: Who,
    child: Child,
    field_class: FieldClass,
    action: Action = Action.READ,
    *,
    author: Author = Author.OTHERS,
    shielded: bool = False,
    but: tuple[Involvement, ...] = (),
) -> bool:
    """Does the table say yes, in any of the ways somebody belongs with a child, `but` some?"""
    role = role_in(world, who)
    return bool(role) and any(
        may(
            role, way, child.now_at, field_class, action,
            Circumstances(consented(world, who, child, field_class, way), author, shielded),
        )
        for way in ways(world, who, child)
        if way not in but
    )  # fmt: skip


def may_know(world: World, who: Who | None, canary: Canary) -> bool:
    """May somebody (None: nobody in particular) see this secret?"""
    if who is None or not is_somebody(world, who):
        return False
    if who.username in canary.own_of:
        return True
    child = world.children[canary.child]
    author = author_for(who, canary)
    if canary.what == ARTICLE and isinstance(who, Member) and PLACES[who.place].kind == "municipality":
        return allowed(world, who, child, FieldClass.ATT)
    if canary.what == PREPARED and author is Author.OTHERS:
        return False
    if canary.is_reason:
        reads_back = author is not Author.OTHERS and allowed(world, who, child, FieldClass.ATT)
        return reads_back or allowed(world, who, child, FieldClass.MED)
    if canary.what == WHO_WAS_INVOLVED:
        # Who reads the agreements, but at the table.
        return allowed(world, who, child, canary.field_class, but=(Involvement.TABLE,))
    if canary.what == WHO_ENTERED and _watches_over(who, canary.organisation):
        return True
    if canary.what == DRAFT:
        # Not even a colleague, and its writer only as long as they may write it.
        mine = isinstance(who, Member) and who.key == canary.member
        return mine and allowed(world, who, child, canary.field_class, Action.WRITE, author=Author.ME)
    if canary.what == DELIVERED:
        return hands_in_for(who, canary.organisation)
    if canary.what == LISTED:
        return reads_the_list(who, canary)
    if canary.what == "reference":
        return sees(world, who, child) or allowed(world, who, child, FieldClass.LOG)
    return allowed(world, who, child, canary.field_class, author=author, shielded=canary.shielded)


def hands_in(who: Who) -> bool:
    """Keeps the attendance of a school, and so delivers for it."""
    return isinstance(who, Member) and who.role == "attendance_coordinator" and not who.ended


def hands_in_for(who: Who, place: str) -> bool:
    """For the own school, and for its sites."""
    return hands_in(who) and isinstance(who, Member) and who.place in (place, PLACES[place].part_of)


def reads_lists(who: Who) -> bool:
    """Sees by name who is on the list of their organisation, at home."""
    return isinstance(who, Member) and not who.ended and _reads_of_a_list(who, FieldClass.IDE)


def _reads_of_a_list(who: Member, field_class: FieldClass) -> bool:
    return bool(may(who.role, Involvement.OWN_ORG, Stage.AT_HOME, field_class, Action.READ))


def reads_the_list(who: Who, canary: Canary) -> bool:
    """Of the own list, or of one that is shared with where they work; each class as the table says.

    As what its keeper lists a child only they read; an address stands only where two records are compared.
    """
    if not isinstance(who, Member) or who.ended or not _reads_of_a_list(who, canary.field_class):
        return False
    if canary.field_class is FieldClass.ATT:
        return who.place == canary.organisation
    if canary.field_class is FieldClass.ADR and who.key not in REVIEWERS:
        return False
    return who.place in (canary.organisation, SHARED.get(canary.organisation))


def reports(who: Who) -> bool:
    """Reports to DUO for a school."""
    keeps = ("attendance_coordinator", "care_coordinator")
    return isinstance(who, Member) and who.role in keeps and PLACES[who.place].kind == "school"


def _watches_over(who: Who, place: str) -> bool:
    """Is this the privacy officer of an organisation, or of what it is part of?"""
    if not isinstance(who, Member) or who.role != "privacy_officer":
        return False
    school = PLACES[place].part_of
    return who.place in {place, school, PLACES[school].part_of if school else ""}


def author_for(who: Who, canary: Canary) -> Author:
    """Who wrote it, seen from somebody."""
    if isinstance(who, Kin) or not canary.organisation or canary.organisation != who.place:
        return Author.OTHERS
    return Author.ME if canary.member == who.key else Author.MY_ORGANISATION


def sees(world: World, who: Who, child: Child) -> bool:
    """May somebody know that this child is here at all?"""
    return allowed(world, who, child, FieldClass.IDE)


def directs(world: World, who: Who, child: Child) -> bool:
    """Does somebody hold direction, or may begin because nobody does?"""
    if not isinstance(who, Member) or not sees(world, who, child):
        return False
    held = [
        one
        for one in world.ties
        if one.child == child.key and one.directs and one.holds(world.now) and _gives_sight(world, one, child)
    ]
    if held:
        return held[0].member == who.key
    return who.role in MAY_BEGIN and Involvement.OWN_ORG in ways(world, who, child)


def _gives_sight(world: World, tie: Tie, child: Child) -> bool:
    member = world.members[tie.member]
    return not member.ended and bool(
        may(member.role, Involvement.INVOLVED, child.now_at, FieldClass.IDE, Action.READ)
    )
