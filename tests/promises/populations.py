"""Small random regions on the edge of everything that decides: who belongs with which child, and since when.

Made in bulk, from a seed alone. Every moment and day lies on, just before or just after the one on which is
asked; every kind of organisation, role, involvement, consent and kinship occurs, also such as give nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import models

from inbeeld.access.models import Consent, Involvement, Kinship, Signature
from inbeeld.alerts.models import Alert, Parking
from inbeeld.causes.models import Judged
from inbeeld.contacts.models import Contact
from inbeeld.journal.models import Line
from inbeeld.kernel.access import ROWS, FieldClass, rows_of
from inbeeld.kernel.calendar import birthday
from inbeeld.keys.models import DataKey, KeyGroup
from inbeeld.learners.models import Address, Draft, Enrolment, Entry, Learner, Standing, Verdict
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Membership, Organisation, Role, Sector
from tests.promises.population_ties import (
    CLASSES,
    DAY,
    SEAL,
    add_consents,
    add_involvements,
    letters,
    uuid_by,
)
from tests.promises.population_written import agreements, cause, contact, parking, reports

HERE = ZoneInfo("Europe/Amsterdam")
REGIONS = ("noorderveen", "elders", "")
MUNICIPALITIES = ("Noorderveen", "Zuiderbroek", "")
SECTORS = (*Sector.values, "")
#: Midnight here is 22 or 23 hours in UTC; two nights have an hour more or less; birthdays of 29 February.
MOMENTS = (
    datetime(2026, 4, 17, 21, 59, 59, tzinfo=UTC), datetime(2026, 4, 17, 22, 0, tzinfo=UTC),
    datetime(2026, 1, 31, 22, 59, 59, 999999, tzinfo=UTC), datetime(2026, 1, 31, 23, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 2, 27, 23, 30, tzinfo=UTC), datetime(2026, 2, 28, 22, 59, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 0, tzinfo=UTC), datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
)  # fmt: skip
Made = TypeVar("Made", bound=models.Model)


@dataclass
class Population:
    """What one seed makes: the moment on which is asked, and every row, as it was made."""

    seed: int
    at: datetime
    organisations: list[Organisation] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    learners: list[Learner] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    kinships: list[Kinship] = field(default_factory=list)
    involvements: list[Involvement] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.astimezone(HERE).date()

    def of(self, model: type[Made]) -> list[Made]:
        """Every row of one model about a child."""
        return self.rows[model]


def populate(seed: int, *, at: datetime | None = None) -> Population:
    """Fill the database, which holds no children yet. `at`: the moment that is now; else one of MOMENTS."""
    chance = random.Random(seed)
    moment = chance.choice(MOMENTS)
    made = Population(seed, at or moment)
    _organisations(made, chance)
    _memberships(made, chance)
    _learners(made, chance)
    _kin(made, chance)
    add_involvements(made, chance)
    add_consents(made, chance)
    _file(made, chance)
    made.rows |= {
        Learner: made.learners, Standing: made.standings, Kinship: made.kinships,
        Involvement: made.involvements, Consent: made.consents,
    }  # fmt: skip
    return made


def _organisations(made: Population, chance: random.Random) -> None:
    def one(number: int, kind: Kind, **values: Any) -> Organisation:
        return Organisation(**{
            "key": f"O{made.seed}.{number}", "kind": kind, "name": f"Het Anker {number}",
            "region": _mostly_first(chance, REGIONS), "sector": "",
            "municipality": _mostly_first(chance, MUNICIPALITIES), **values,
        })  # fmt: skip

    found = [one(number, kind) for number, kind in enumerate(Kind) if kind is not Kind.SCHOOL]
    found += [one(20 + number, Kind.SWV, sector=chance.choice(SECTORS)) for number in range(2)]
    found += [one(30 + number, Kind.MUNICIPALITY) for number in range(2)]
    schools = [one(40 + number, Kind.SCHOOL, sector=chance.choice(SECTORS)) for number in range(3)]
    made.organisations = Organisation.objects.bulk_create([*found, *schools])
    sites = [
        one(
            50 + number, Kind.SCHOOL, sector=chance.choice(SECTORS), part_of=chance.choice(made.organisations)
        )
        for number in range(3)
    ]
    made.organisations += Organisation.objects.bulk_create(sites)


def _memberships(made: Population, chance: random.Random) -> None:
    people = _people(made, chance, "p", 14)
    with_a_row = [Role(role) for role in dict.fromkeys(row.role for row in ROWS) if role in Role.values]
    roles = [*chance.sample(with_a_row, 11), *(Role(one) for one in chance.choices(Role.values, k=3))]
    found = []
    for person, role in zip(people, roles, strict=True):
        fitting = [one for one in made.organisations if Kind(one.kind) in KINDS_OF_ROLE[role]]
        anywhere = chance.random() < 0.1 or not fitting
        from_on, until_on = _days(made, chance)
        found.append(
            Membership(
                person=person,
                organisation=chance.choice(made.organisations if anywhere else fitting),
                role=role,
                from_on=from_on,
                until_on=until_on,
            )
        )
    made.memberships = Membership.objects.bulk_create(found)


def _learners(made: Population, chance: random.Random) -> None:
    found = [
        Learner(
            reference=uuid_by(chance),
            key=f"L{made.seed}.{number}",
            region=_mostly_first(chance, REGIONS),
            names=SEAL,
            born_on=_born_on(made, chance),
            municipality=_mostly_first(chance, MUNICIPALITIES),
            case_stage=chance.choice((None, None, None, None, None, None, 0, 2, 3, 4, 4, 6, 7)),
        )
        for number in range(10)
    ]
    made.learners = Learner.for_operations.bulk_create(found)
    schools = [one for one in made.organisations if one.kind == Kind.SCHOOL]
    made.standings = Standing.for_operations.bulk_create(
        Standing(
            learner=one,
            judged_on=made.today,
            stage=chance.choice((0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7)),
            phase=1,
            school=chance.choice((*schools, None)),
            enrolled=chance.random() < 0.7,
            exempt=False,
            in_sight=True,
        )
        for one in made.learners
        if chance.random() < 0.9
    )


def _kin(made: Population, chance: random.Random) -> None:
    people = _people(made, chance, "k", 8)
    found = []
    for person in people:
        from_on, until_on = _days(made, chance)
        found.append(
            Kinship(
                id=uuid_by(chance),
                person=person,
                child=chance.choice(made.learners),
                relation=chance.choice(Kinship.Relation.values),
                from_on=from_on,
                until_on=until_on,
            )
        )
    made.kinships = Kinship.for_operations.bulk_create(found)


def _file(made: Population, chance: random.Random) -> None:
    """What hangs on a child: entries and addresses of various authors, verdicts, enrolments, keys, lines."""

    def child() -> Learner:
        return chance.choice(made.learners)

    def place() -> Organisation:
        return chance.choice([one.organisation for one in made.memberships])

    entries = []
    for _number in range(50):
        held = chance.choice(made.involvements)
        role = held.membership.role
        own = [one for one in Entry.Kind.values if set(letters(role, one)) & set("wo")]
        of_use = chance.random() < 0.7
        writer = held.membership if of_use else chance.choice(made.memberships)
        entries.append(
            Entry(
                id=uuid_by(chance), text=SEAL, written_at=made.at, written_by=writer,
                organisation=writer.organisation, learner=held.child if of_use else child(),
                field_class=chance.choice(own if of_use and own else Entry.Kind.values),
            )
        )  # fmt: skip
    entries += _only_with_consent(made, chance)
    entries += [
        _of_another(made, chance, one) for one in made.consents if one.field_class in Entry.Kind.values
    ]
    made.rows[Entry] = Entry.for_operations.bulk_create(entries)
    made.rows[Draft] = Draft.for_operations.bulk_create(_drafts(made, chance, entries))
    made.rows[Address] = Address.for_operations.bulk_create(
        Address(
            id=uuid_by(chance), learner=child(), text=SEAL, entered_by=place(), entered_on=made.today,
            shielded=chance.random() < 0.5,
        )
        for _number in range(12)
    )  # fmt: skip
    made.rows[Enrolment] = Enrolment.for_operations.bulk_create(
        Enrolment(learner=child(), school=place(), from_on=made.today) for _number in range(10)
    )
    made.rows[Verdict] = Verdict.for_operations.bulk_create(
        Verdict(
            standing=standing, definition=f"d{number}", outcome="yes",
            field_class=chance.choice(("ATT", "MED", "MED", *CLASSES)),
            delivered_by=chance.choice((None, standing.school, place())),
        )
        for standing in made.standings
        for number in range(3)
    )  # fmt: skip
    alerts = made.rows[Alert] = Alert.for_operations.bulk_create(
        Alert(
            id=uuid_by(chance), learner=one, rule=f"r{number}", answer="yes", outcomes="y",
            began_on=made.today, reached_on=made.today, opened_on=made.today, confirmed_on=made.today,
            field_class=chance.choice(("ATT", "MED", "MED", *CLASSES)),
            delivered_by=chance.choice((None, place(), place())),
            closed_on=chance.choice((None, made.today)),
        )
        for one in made.learners
        for number in range(2)
    )  # fmt: skip
    made.rows[Parking] = Parking.for_operations.bulk_create(
        parking(made, chance, chance.choice(alerts)) for _number in range(30)
    )
    made.rows[Contact] = Contact.for_operations.bulk_create(contact(made, chance) for _number in range(30))
    made.rows[Judged] = Judged.for_operations.bulk_create(cause(made, chance) for _number in range(40))
    agreements(made, chance)
    reports(made, chance)
    signers = chance.sample([(one, kin) for one in made.consents for kin in made.kinships], 12)
    made.rows[Signature] = Signature.for_operations.bulk_create(
        Signature(consent=consent, by=kin, on=made.today) for consent, kin in signers
    )
    made.rows[DataKey] = DataKey.objects.bulk_create(
        DataKey(
            id=uuid_by(chance), child=one.reference, group=KeyGroup.IDENTITY, keyholder="region:x",
            master="m", wrapped=b"x",
        )
        for one in made.learners
    )  # fmt: skip
    made.rows[Line] = Line.for_operations.bulk_create(
        Line(
            sequence=number + 1, at=made.at, behind=0, trace=uuid_by(chance), actor=_somebody(made, chance),
            organisation=chance.choice((place().key, "")), involvement="none", action="read",
            child=chance.choice((None, child().reference, uuid_by(chance))),
            outcome=chance.choice(("allowed", "refused", "failed")), origin="child", emergency=False,
            digest=b"x",
        )
        for number in range(30)
    )  # fmt: skip


def _only_with_consent(made: Population, chance: random.Random) -> list[Entry]:
    """What one's own organisation wrote about a child one is involved with, in a class only consent opens."""
    return [
        Entry(
            id=uuid_by(chance), text=SEAL, written_at=made.at, written_by=held.membership, learner=held.child,
            organisation=held.membership.organisation, field_class=one,
        )
        for held in made.involvements
        for one in Entry.Kind.values
        if any(row.cells[FieldClass(one)] == "c" for row in rows_of(held.membership.role))
    ]  # fmt: skip


def _drafts(made: Population, chance: random.Random, entries: list[Entry]) -> list[Draft]:
    """Of a new entry, or of a change to one; by who may write it and by who may not, or no longer may."""
    found: dict[Any, Draft] = {}
    for one in entries[:50]:
        writer = one.written_by if chance.random() < 0.8 else chance.choice(made.memberships)
        changed = one if chance.random() < 0.4 else None
        place = (changed.pk,) if changed else (one.learner_id, one.field_class)
        found[(*place, writer.pk)] = Draft(
            id=uuid_by(chance), text=SEAL, saved_at=made.at, written_by=writer, entry=changed,
            organisation=writer.organisation, learner=one.learner, field_class=one.field_class,
        )  # fmt: skip
    return list(found.values())


def _of_another(made: Population, chance: random.Random, consent: Consent) -> Entry:
    """What a consent is about, written by who need not be the one who may then read it."""
    writer = chance.choice(made.memberships)
    return Entry(
        id=uuid_by(chance), text=SEAL, written_at=made.at, written_by=writer, learner=consent.child,
        organisation=writer.organisation, field_class=consent.field_class,
    )  # fmt: skip


def _somebody(made: Population, chance: random.Random) -> str:
    kin, member = chance.choice(made.kinships), chance.choice(made.memberships)
    return chance.choice((f"membership:{member.pk}", f"kinship:{kin.pk}", "command:retention"))


def _people(made: Population, chance: random.Random, tag: str, number: int) -> list[Any]:
    return get_user_model().objects.bulk_create(
        get_user_model()(username=f"{tag}{made.seed}.{one}", password="!", is_active=chance.random() < 0.95)
        for one in range(number)
    )


def _days(made: Population, chance: random.Random) -> tuple[date, date | None]:
    """First and last day of a membership or of custody: mostly in force, else just not."""
    if chance.random() < 0.75:
        from_on = made.today - chance.choice((timedelta(0), DAY, 900 * DAY))
        return from_on, chance.choice((None, None, made.today, made.today + DAY))
    from_on = made.today + chance.choice((-900 * DAY, -DAY, DAY))
    return from_on, chance.choice((None, max(from_on, made.today - DAY)))


def _born_on(made: Population, chance: random.Random) -> date | None:
    """Around the birthdays on which something changes; some of 29 February, some not known, some not born."""
    kind = chance.random()
    if kind < 0.08:
        return None
    if kind < 0.3:
        return date(chance.choice((2008, 2012, 2016, 2020)), 2, 29)
    years = chance.choice((0, 5, 12, 12, 13, 16, 16, 17, 18, 18, 20))
    return birthday(made.today + chance.choice((-DAY, timedelta(0), DAY)), -years)


def _mostly_first(chance: random.Random, among: tuple[str, ...]) -> str:
    return among[0] if chance.random() < 0.6 else chance.choice(among)
