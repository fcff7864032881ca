"""The described region in the database, with a secret word in everything that says something of a child."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from inbeeld.access import models as access
from inbeeld.access.actor import Actor
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import FieldClass, Involvement
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.keys.models import GROUP_OF_CLASS, KeyGroup
from inbeeld.keys.operations import keys_for_many
from inbeeld.keys.sealing import OpenKey, seal_into
from inbeeld.learners.models import Address, Enrolment, Entry, Judgement, Learner, Standing, Verdict
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.organisations.models import Membership, Organisation
from tests.promises.routes import oracle
from tests.promises.routes.planted_agreements import planted_agreements
from tests.promises.routes.planted_alerts import planted_alerts
from tests.promises.routes.planted_causes import planted_causes
from tests.promises.routes.planted_contacts import planted_contacts
from tests.promises.routes.planted_deliveries import planted_deliveries
from tests.promises.routes.planted_drafts import planted_drafts
from tests.promises.routes.planted_lists import planted_lists
from tests.promises.routes.planted_reports import planted_reports
from tests.promises.routes.population import PLACES, WORK, Child, Leave, Member, Tie, Who, World, described
from tests.promises.routes.snapshot import EXEMPT_FROM, ON, Snapshot
from tests.promises.routes.words import WHO_ENTERED, WHO_WAS_INVOLVED, Canary, Words, days_from

IDE, ADR, AGR, ATT, FAM, LOG, NUM = (
    FieldClass(one) for one in ("IDE", "ADR", "AGR", "ATT", "FAM", "LOG", "NUM")
)
WRITTEN = tuple(FieldClass(one) for one in Entry.Kind.values)
#: Children in whose file everybody wrote.
FULL_FILES = ("I2", "I3", "I4")
#: Who wrote in the other files: each place twice, so that somebody's own and a colleague's are there.
SOME_WRITERS = ("mentor", "care_coordinator", "swv_adviser", "attendance_officer", "school_doctor",
                "school_nurse", "youth_worker", "youth_protection", "case_director", "youth_protection-2",
                "care_coordinator-2", "attendance_officer-2")  # fmt: skip
SWV = "thuiszitter-swv@2019-08-01"


@dataclass
class Planted:
    """The population in the database: the description, the words, and what is where."""

    world: World
    words: Words
    users: dict[str, User] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    kinships: dict[str, access.Kinship] = field(default_factory=dict)
    learners: dict[str, Learner] = field(default_factory=dict)
    keys: dict[tuple[str, str], dict[uuid.UUID, OpenKey]] = field(default_factory=dict)
    deliveries: dict[uuid.UUID, str] = field(default_factory=dict)  # of which school
    rosters: set[uuid.UUID] = field(default_factory=set)  # which of these are rosters
    system_keys: dict[uuid.UUID, str] = field(default_factory=dict)  # of which school
    lists: dict[uuid.UUID, dict[str, str]] = field(default_factory=dict)  # who keeps which, by comparison
    handed: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)  # of which comparison
    #: (child, member, class) of each entry
    entries: dict[uuid.UUID, tuple[str, str, FieldClass]] = field(default_factory=dict)
    #: what each signal says, and of whom
    alerts: dict[uuid.UUID, Canary] = field(default_factory=dict)
    #: (child, school, state) of each report to DUO
    reports: dict[uuid.UUID, tuple[str, str, str]] = field(default_factory=dict)
    #: (child, membership that recorded it, class) of each contact
    contacts: dict[uuid.UUID, tuple[str, str, FieldClass]] = field(default_factory=dict)
    #: (child, organisation that judged, class) of each cause
    causes: dict[uuid.UUID, tuple[str, str, FieldClass]] = field(default_factory=dict)
    #: (child, membership that wrote it, how often something was said of it) of each agreement
    agreements: dict[uuid.UUID, tuple[str, str, int]] = field(default_factory=dict)
    with_open_agreement: set[str] = field(default_factory=set)

    def who(self, key: str) -> Who:
        return self.world.actors[key]

    def actor(self, who: Who) -> Actor:
        """Somebody as the program knows them: for what only the program can make."""
        if isinstance(who, Member):
            return Actor(name="", membership=self.memberships[who.key])
        return Actor(name="", kinship=self.kinships[who.key])

    def journal_key(self, who: Who) -> str:
        """How the journal names somebody."""
        if isinstance(who, Member):
            return f"membership:{self.memberships[who.key].pk}"
        return f"kinship:{self.kinships[who.key].pk}"


def plant(snapshot: Snapshot) -> Planted:
    """Everything in the database, in the transaction of the test."""
    planted = Planted(described(timezone.now(), timezone.localdate()), Words())
    with transaction.atomic():
        _places()
        _people(planted)
        _children(planted, snapshot)
        _kin(planted)
        _ties(planted)
        _leaves(planted)
        _files(planted)
        planted_drafts(planted, FULL_FILES, members=(*WORK, *SOME_WRITERS), changing=SOME_WRITERS, key=_key)
        planted_alerts(planted, on=ON)
        planted_reports(planted, key=_key)
        planted_contacts(planted, key=_key)
        planted_agreements(planted, key=_key)
        planted_causes(planted, key=_key)
        _addresses(planted)
        _lookers(planted)
        planted_deliveries(planted)
        planted_lists(planted)
        definitions = [one.key for one in CATALOGUE]
        Judgement.objects.create(
            on=ON, tables=snapshot.name, judged="judged", receipt="0" * 64, definitions=definitions
        )
    return planted


def _places() -> None:
    made: dict[str, Organisation] = {}
    for one in PLACES.values():
        made[one.key] = Organisation.objects.create(
            key=one.key, region=one.region, kind=one.kind, name=f"Het Anker {one.key}", sector=one.sector,
            municipality=one.municipality, part_of=made.get(one.part_of),
        )  # fmt: skip


def _user(planted: Planted, username: str, first: str, last: str) -> User:
    if username not in planted.users:
        planted.users[username] = get_user_model().objects.create(
            username=username, first_name=first, last_name=last, email=f"{username}@voorbeeld.example"
        )
    return planted.users[username]


def _people(planted: Planted) -> None:
    yesterday = planted.world.today - timedelta(days=1)
    for one in planted.world.members.values():
        if one.person in ("parent",):
            continue  # known by the name they have as kin
        _appoint(planted, one, _user(planted, one.username, "Marit", f"van {one.username}"), yesterday)


def _appoint(planted: Planted, one: Member, user: User, yesterday: date) -> Membership:
    planted.memberships[one.key] = Membership.objects.create(
        person=user, organisation=Organisation.objects.get(key=one.place), role=one.role,
        from_on=date(2020, 8, 1), until_on=yesterday if one.ended else None,
    )  # fmt: skip
    return planted.memberships[one.key]


def _children(planted: Planted, snapshot: Snapshot) -> None:
    words = planted.words
    days = days_from(date(1999, 1, 4))
    for child in planted.world.children.values():
        say = _of(child.key)
        key = snapshot.keys[child.key]
        words.planted[key] = say(IDE, "key", never_shown=True)
        name = Delivered(
            key=key,
            region=child.region,
            call_name=words.word(say(IDE, "call name")).capitalize(),
            first_names=words.word(say(IDE, "first names", never_shown=True)).capitalize(),
            last_name=words.word(say(IDE, "last name")).capitalize(),
            born_on=words.day(child.born_on, say(IDE, "birth date")),
            municipality=child.municipality,
            number=words.number(say(NUM, "number")),
        )
        enter_learners([name])
        learner = Learner.for_operations.get(key=key)
        learner.case_stage = child.case
        learner.save(update_fields=["case_stage"])
        planted.learners[child.key], child.reference = learner, learner.reference
        words.reference(learner.reference, say(IDE, "reference", never_shown=True))
        enrolled_on = words.day(next(days), say(IDE, "enrolled on"))
        school = Organisation.objects.get(key=child.school)
        Enrolment.for_operations.create(learner=learner, school=school, from_on=enrolled_on)
        words.school_day(snapshot.missed[child.key], say(ATT, "a day missed"))
        if child.stage is not None:
            _standing(planted, child, learner, school, days)
        if exempt_from := EXEMPT_FROM.get(child.key):
            words.article(words.day(exempt_from, say(ATT, "exempt from")), child.key)
        if alert := snapshot.alerts.get(child.key):
            words.signal(alert, say(FieldClass.MED, "a signal of sickness", organisation=child.school,
                                    is_reason=True))  # fmt: skip


def _of(child: str) -> Callable[..., Canary]:
    def say(field_class: FieldClass, what: str, **more: Any) -> Canary:
        return Canary(child, field_class, what, **more)

    return say


def _standing(
    planted: Planted, child: Child, learner: Learner, school: Organisation, days: Iterator[date]
) -> None:
    words, say = planted.words, _of(child.key)
    since = words.day(next(days), say(ATT, "away since"))
    # Shown at some stages only, and never needed.
    limits = [words.day(next(days), say(ATT, "passes a limit", never_shown=True)) for _ in range(2)]
    standing = Standing.for_operations.create(
        learner=learner, judged_on=ON, stage=child.stage or 0, phase=3, school=school,
        enrolled=child.enrolled, exempt=False, of_compulsory_age=True, in_sight=True, since=since,
        without_since=since, open_since=since, counts_from=since,
        calendar_days=words.count(say(ATT, "days away")), school_days=41, permission="without",
        passes_four_weeks_on=limits[0], passes_three_months_on=limits[1], on_register=True,
        on_register_before=child.stage == 1, layer=1 + (child.stage or 0) % 3, layer_before=1,
    )  # fmt: skip
    for definition in (SWV, "thuiszitter-lrv@2019-12-01", "thuiszitter-rotterdam@2021-06-14"):
        Verdict.for_operations.create(standing=standing, definition=definition, outcome="yes")


def _kin(planted: Planted) -> None:
    today = planted.world.today
    for one in planted.world.kin.values():
        # Who is no kin today, or too young to act, is named nowhere.
        unnamed = not oracle.is_somebody(planted.world, one)
        name = Canary(
            one.child, FAM, f"name of {one.key}", own_of=frozenset({one.username}), never_shown=unnamed
        )
        # Of a parent who works here as well, colleagues know the name.
        last = "Dubbel" if one.person == "parent" else planted.words.word(name).capitalize()
        user = _user(planted, one.username, "Ruth", last)
        planted.kinships[one.key] = access.Kinship.for_operations.create(
            person=user, child=planted.learners[one.child], relation=one.relation.value,
            from_on=date(2024, 8, 1), until_on=today - timedelta(days=1) if one.ended else None,
        )  # fmt: skip
        if one.person == "parent":
            _appoint(planted, planted.world.members["parent-mentor"], user, today)


def _ties(planted: Planted) -> None:
    for one in planted.world.ties:
        member = planted.memberships[one.member]
        emergency = one.kind is Involvement.EMERGENCY
        made = access.Involvement.for_operations.create(
            child=planted.learners[one.child], membership=member, kind=one.kind.value,
            purpose=one.purpose, granted_at=one.from_at,
            granted_by=member if emergency else planted.memberships["colleague-ggd"],
            accepted_at=one.from_at if one.accepted else None, from_at=one.from_at, until_at=one.until_at,
            ended_at=planted.world.now - timedelta(hours=1) if one.ended else None,
            ended_because="done" if one.ended else "", directs=one.directs,
            review_due_on=planted.world.today + timedelta(days=3) if emergency else None,
        )  # fmt: skip
        one.id = made.pk
    for child in planted.world.children.values():
        _who_was_there(planted, child)


def _who_was_there(planted: Planted, child: Child) -> None:
    """Somebody whose name stands nowhere but in the past involvements of one child."""
    name = planted.words.word(Canary(child.key, AGR, WHO_WAS_INVOLVED))
    user = _user(planted, name, "Joke", name.capitalize())
    day = timedelta(days=1)
    left = Membership.objects.create(
        person=user, organisation=Organisation.objects.get(key="help"), role="youth_worker",
        from_on=date(2020, 8, 1), until_on=planted.world.today - 9 * day,
    )  # fmt: skip
    now = planted.world.now
    access.Involvement.for_operations.create(
        child=planted.learners[child.key], membership=left, purpose="help", granted_at=now - 60 * day,
        granted_by=planted.memberships["colleague-ggd"], accepted_at=now - 60 * day,
        from_at=now - 60 * day, until_at=now - 9 * day, ended_at=now - 20 * day, ended_because="left",
    )  # fmt: skip


def _leaves(planted: Planted) -> None:
    member, today = planted.memberships["colleague-ggd"], planted.world.today
    for one in planted.world.leaves:
        made = access.Consent.for_operations.create(
            child=planted.learners[one.child], field_class=one.field_class,
            receiver=Organisation.objects.get(key=one.place) if one.place else None,
            receiving_kin=planted.kinships[one.kin] if one.kin else None, purpose=one.purpose,
            text_version="2026-04", asked_by=member, asked_at=planted.world.now,
            until_on=today + timedelta(days=300), holds_from=one.from_on, holds_until=one.until_on,
            withdrawn_at=planted.world.now if one.withdrawn else None,
        )  # fmt: skip
        one.id = made.pk


def _files(planted: Planted) -> None:
    made = []
    for child in planted.world.children:
        full = [
            one for one in planted.world.members if one in WORK or one in SOME_WRITERS or "colleague" in one
        ]
        writers = full if child in FULL_FILES else SOME_WRITERS
        for number, member in enumerate(writers):
            # In a full file everybody wrote of every class; elsewhere each of two, by turns.
            wanted = WRITTEN if child in FULL_FILES else [WRITTEN[number % 6], WRITTEN[(number + 2) % 6]]
            made += [_entry(planted, child, member, one) for one in wanted]
    Entry.for_operations.bulk_create(made)


def _entry(planted: Planted, child: str, member: str, field_class: FieldClass) -> Entry:
    membership = planted.memberships[member]
    place = planted.world.members[member].place
    canary = Canary(child, field_class, "entry", organisation=place, member=member)
    written_at = planted.world.now - timedelta(days=2)
    entry = Entry(
        learner=planted.learners[child], field_class=field_class.value, organisation=membership.organisation,
        written_by=membership, written_at=written_at,
    )  # fmt: skip
    text = f"Over {planted.words.word(canary)} is iets <b>afgesproken</b>."
    seal_into(entry, "text", text, key=_key(planted, child, GROUP_OF_CLASS[field_class.value], place))
    planted.entries[entry.pk] = (child, member, field_class)
    return entry


def _key(planted: Planted, child: str, group: str, place: str) -> OpenKey:
    """The data key of a child; those of all children are made together."""
    if (group, place) not in planted.keys:
        every = [one.reference for one in planted.learners.values()]
        planted.keys[group, place] = keys_for_many(every, group=group, keyholder=place)
    return planted.keys[group, place][planted.learners[child].reference]


def _addresses(planted: Planted) -> None:
    for child in planted.world.children:
        for place, shielded in (("gem-n", False), ("bescherming", True), ("school-a", True)):
            canary = Canary(child, ADR, "address", organisation=place, shielded=shielded)
            row = Address(
                learner=planted.learners[child], entered_by=Organisation.objects.get(key=place),
                entered_on=date(2025, 8, 1), shielded=shielded,
            )  # fmt: skip
            text = f"{planted.words.word(canary).capitalize()}straat 1"
            seal_into(row, "text", text, key=_key(planted, child, KeyGroup.IDENTITY, place))
            row.save(force_insert=True)
            _who_entered(planted, child, row, shielded=shielded)


def _who_entered(planted: Planted, child: str, row: Address, *, shielded: bool) -> None:
    """A line that says an address was entered, by somebody whose name stands nowhere else."""
    place, reference = row.entered_by, planted.learners[child].reference
    canary = Canary(child, ADR, WHO_ENTERED, organisation=place.key, shielded=shielded, never_shown=True)
    who = f"membership:{_left(planted, planted.words.word(canary), place, 'table_member').pk}"
    deed = Deed(trace=uuid.uuid4(), actor=who, organisation=place.key, action="enter_address", origin="test",
                field_class="ADR", object=f"address:{row.pk}", child=reference)  # fmt: skip
    journal.append([deed])


def _left(planted: Planted, name: str, place: Organisation, role: str) -> Membership:
    """Somebody known by this name who worked there until last month."""
    return Membership.objects.create(
        person=_user(planted, name, "Gerda", name.capitalize()), organisation=place, role=role,
        from_on=date(2020, 8, 1), until_on=planted.world.today - timedelta(days=30),
    )  # fmt: skip


def _lookers(planted: Planted) -> None:
    """Of each child a line by somebody whose name stands nowhere else."""
    deeds = []
    for child in planted.world.children:
        name = planted.words.word(Canary(child, LOG, "who looked"))
        looker = _left(planted, name, Organisation.objects.get(key="school-e"), "mentor")
        deeds.append(
            Deed(
                trace=uuid.uuid4(), actor=f"membership:{looker.pk}", organisation="school-e", role="mentor",
                involvement="involved", row="mentor/involved", ground="education act: duty of care",
                purpose="guidance", action="read", field_class="IDE ATT", origin="child",
                child=planted.learners[child].reference,
            )
        )  # fmt: skip
    journal.append(deeds)


def as_it_is_now(planted: Planted) -> None:
    """Describe anew what a request may have changed: ties, consents and stages, as the database has them."""
    world = planted.world
    world.now, world.today = timezone.now(), timezone.localdate()
    members = {one.pk: key for key, one in planted.memberships.items()}
    children = {one.pk: key for key, one in planted.learners.items()}
    kin = {one.pk: key for key, one in planted.kinships.items()}
    world.ties = [
        Tie(children[one.child_id], members[one.membership_id], Involvement(one.kind), one.from_at,
            one.until_at, accepted=one.accepted_at is not None, ended=one.ended_at is not None,
            directs=one.directs, purpose=one.purpose, id=one.pk)
        for one in access.Involvement.for_operations.order_by("granted_at", "pk")
        if one.membership_id in members
    ]  # fmt: skip
    places = dict(Organisation.objects.values_list("pk", "key"))
    world.leaves = [
        Leave(children[one.child_id], one.field_class, places.get(one.receiver_id, ""),
              kin.get(one.receiving_kin_id, ""), one.holds_from or date.max,
              min(one.holds_until or date.min, one.until_on + timedelta(days=1)),
              withdrawn=one.withdrawn_at is not None, purpose=one.purpose, id=one.pk)
        for one in access.Consent.for_operations.all()
    ]  # fmt: skip
    for pk, stage in Learner.for_operations.values_list("pk", "case_stage"):
        world.children[children[pk]].case = stage
