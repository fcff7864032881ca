"""The invented people of a trial, and what they have to do with its children, by the operations themselves.

So the demo has no access that could not have been given in earnest: somebody asks, somebody else accepts.
Parents and young people: families.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice, zip_longest

from django.db.models import F
from django.utils import timezone, translation

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.operations_involvement import accept, grant, seat
from inbeeld.access.permit import Permit, permits_for
from inbeeld.access.scope import in_force
from inbeeld.alerts.models import Alert
from inbeeld.alerts.operations_parking import park
from inbeeld.contacts.operations import Spoken, class_for, record_contact
from inbeeld.duo import operations as duo
from inbeeld.duo.operations import Heard, Said
from inbeeld.duo.wording import reasons_in_words
from inbeeld.kernel.access import Action, Author, FieldClass, row_of
from inbeeld.kernel.access import Involvement as Link
from inbeeld.kernel.aftercare import Aftercare
from inbeeld.kernel.attention import Parked
from inbeeld.kernel.contact import Means, Party
from inbeeld.kernel.duo import MunicipalStatus, ReportKind, filled
from inbeeld.learners import operations_file as file
from inbeeld.learners.models import Learner
from inbeeld.learners.snapshot import attendance_of, current_judgement
from inbeeld.organisations import operations as organisations
from inbeeld.organisations.models import Kind, Membership, Organisation, Role
from inbeeld.site.families import let_families_in
from inbeeld.site.judged_and_agreed import AGREED, JUDGED, let_them_agree, let_them_judge

COMMAND = "command:demo"
APPOINTED_ON = date(2025, 8, 1)
Purpose = Involvement.Purpose
#: How many children each of those who ask brings to the table.
FROM_THE_SWV, FROM_LEERPLICHT, FROM_A_SCHOOL, ON_THE_TABLE, FOLLOWED = 14, 12, 8, 3, 4
EVERYBODY = 1000

#: call name, last name, role, kind of organisation, sector
STAFF = (
    (("Marit", "Hoogeveen"), Role.SWV_COORDINATOR, Kind.SWV, "vo"),
    (("Joost", "Wolthuis"), Role.SWV_COORDINATOR, Kind.SWV, "po"),
    (("Samira", "Benhaddou"), Role.SWV_ADVISER, Kind.SWV, "vo"),
    (("Jelle", "Poelstra"), Role.ATTENDANCE_COACH, Kind.SWV, "vo"),
    (("Ingrid", "Scholtens"), Role.CARE_COORDINATOR, Kind.SCHOOL, "vo"),
    (("Bas", "Terpstra"), Role.CARE_COORDINATOR, Kind.SCHOOL, "po"),
    (("Dewi", "Sastrowidjojo"), Role.MENTOR, Kind.SCHOOL, "vo"),
    (("Henk", "Oldenziel"), Role.ATTENDANCE_COORDINATOR, Kind.SCHOOL, "vo"),
    (("Anneke", "van der Molen"), Role.LEERPLICHT_DESK, Kind.MUNICIPALITY, ""),
    (("Rachid", "Ouazzani"), Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY, ""),
    (("Lieke", "Brandsma"), Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH, ""),
    (("Femke", "Wiersinga"), Role.SCHOOL_NURSE, Kind.YOUTH_HEALTH, ""),
    (("Otis", "Kwakernaat"), Role.YOUTH_WORKER, Kind.YOUTH_HELP, ""),
    (("Margriet", "Duinkerk"), Role.YOUTH_PROTECTION, Kind.YOUTH_HELP, ""),
    (("Nadia", "Verhulst"), Role.CASE_DIRECTOR, Kind.TASKFORCE, ""),
    (("Gerrit", "Althuisius"), Role.TABLE_CHAIR, Kind.TASKFORCE, ""),
    (("Carla", "Meeuwisse"), Role.TABLE_MEMBER, Kind.BOARD, ""),
    (("Tobias", "Kramer"), Role.ANALYST, Kind.SWV, "vo"),
    (("Yvonne", "Rietdijk"), Role.PRIVACY_OFFICER, Kind.SWV, "vo"),
    (("Pim", "Haverkate"), Role.PRIVACY_OFFICER, Kind.MUNICIPALITY, ""),
    (("Wietske", "Boelens"), Role.PRIVACY_OFFICER, Kind.YOUTH_HEALTH, ""),
    (("Arjen", "Kooistra"), Role.PRIVACY_OFFICER, Kind.YOUTH_HELP, ""),
    (("Tjitske", "Rypkema"), Role.PRIVACY_OFFICER, Kind.BOARD, ""),
)
#: Every other board has one too, so that no school is without; one officer often serves several boards.
OFFICERS_OF_BOARDS = (("Durk", "Hettema"), ("Fardau", "Sjaardema"), ("Meindert", "Oosterhof"))

#: What somebody in a role writes about a child; nothing in it is about a real one.
WRITES: dict[Role, tuple[tuple[FieldClass, str], ...]] = {
    Role.SWV_ADVISER: (
        (FieldClass.SUP, "Advies: twee uur per dag in een rustig lokaal, met een vaste begeleider."),
        (FieldClass.AGR, "De school nodigt de ouders voor de 15e uit; het SWV schuift aan."),
        (FieldClass.NOT, "Navragen of de plek bij de tussenvoorziening nog vrij is."),
    ),
    Role.ATTENDANCE_OFFICER: (
        (
            FieldClass.AGR,
            "Leerplicht belt de ouders iedere maandag; na twee keer geen gehoor een huisbezoek.",
        ),
    ),
    Role.SCHOOL_DOCTOR: (
        (FieldClass.MED, "Belastbaar voor halve dagen; over zes weken opnieuw bekijken."),
        (FieldClass.AGR, "De jeugdarts bespreekt de belasting met de school, met de ouders erbij."),
    ),
    Role.CARE_COORDINATOR: (
        (FieldClass.SUP, "Rustige plek in de bibliotheek is geregeld; de mentor haalt op bij de deur."),
        (FieldClass.FAM, "Moeder is overdag te bereiken, vader na zes uur."),
    ),
    Role.YOUTH_WORKER: ((FieldClass.FAM, "Gezin heeft steun van oma; geldzorgen spelen mee."),),
    Role.YOUTH_PROTECTION: ((FieldClass.JUS, "Ondertoezichtstelling tot het einde van het schooljaar."),),
    Role.MENTOR: ((FieldClass.SUP, "Komt de eerste twee lesuren niet; na de pauze gaat het beter."),),
}
#: Why somebody in a role parks what asks for a plan, and of how many children.
PARKS = {Role.CARE_COORDINATOR: Parked.PLAN, Role.SWV_ADVISER: Parked.PARTIAL_TIMETABLE}
PARKED = 2
#: With whom somebody in a role spoke, so many days ago: of some of the children they are involved with.
SPOKE: dict[Role, tuple[tuple[int, Party, Means, bool, str], ...]] = {
    Role.MENTOR: (
        (2, Party.PARENTS, Means.TELEPHONE, True, ""),
        (6, Party.LEARNER, Means.WRITTEN, False, ""),
        (
            9,
            Party.BOTH,
            Means.CONVERSATION,
            True,
            "",
        ),
    ),
    Role.CARE_COORDINATOR: (
        (16, Party.PARENTS, Means.CONVERSATION, True, "Ouders denken mee over een rooster."),
    ),
    Role.ATTENDANCE_OFFICER: (
        (5, Party.PARENTS, Means.VISIT, False, "Niemand thuis; briefje achtergelaten."),
        (34, Party.PARENTS, Means.TELEPHONE, True, "Vader weet van de meldingen en wil hulp."),
    ),
    Role.SWV_ADVISER: ((12, Party.BOTH, Means.VIDEO, True, "Kijken samen of twee uur per dag lukt."),),
}
SPOKEN_WITH = 5
#: What a school reports to DUO, child after child; the last is only being prepared.
REPORTS = (
    "Gesprek met de leerling en de ouders. Brief gestuurd.",
    "Drie keer gebeld, huisbezoek door de mentor.",
    "Gesprek met de leerling; de ouders komen volgende week.",
)
THREE_WEEKS = timedelta(weeks=3)
PURPOSES = {
    Role.SWV_ADVISER: Purpose.ADVICE,
    Role.ATTENDANCE_COACH: Purpose.COACHING,
    Role.CARE_COORDINATOR: Purpose.GUIDANCE,
    Role.MENTOR: Purpose.GUIDANCE,
    Role.ATTENDANCE_OFFICER: Purpose.SUPERVISION,
    Role.SCHOOL_DOCTOR: Purpose.HEALTH,
    Role.SCHOOL_NURSE: Purpose.HEALTH,
    Role.YOUTH_WORKER: Purpose.HELP,
    Role.YOUTH_PROTECTION: Purpose.PROTECTION,
    Role.CASE_DIRECTOR: Purpose.DIRECTION,
}


@dataclass
class Cast:
    """Who works in the trial, and which children already have somebody who holds direction."""

    members: dict[tuple[Role, str], Membership]
    directed: set[int] = field(default_factory=set)

    def member(self, role: Role, sector: str = "") -> Membership | None:
        found = [one for (what, where), one in self.members.items() if what is role and sector in ("", where)]
        return found[0] if found else None

    def actor(self, role: Role, sector: str = "") -> Actor | None:
        member = self.member(role, sector)
        return None if member is None else Actor(name=member.person.get_full_name(), membership=member)


def appoint_everybody() -> Cast:
    """Appoint the staff of the trial at the first organisation of each kind."""
    members = {}
    for name, role, kind, sector in STAFF:
        at = (
            Organisation.objects.filter(kind=kind, **({"sector": sector} if sector else {}))
            .order_by("key")
            .first()
        )
        if at is not None:
            member = organisations.appoint(name, role=role, at=at, from_on=APPOINTED_ON)
            members[role, f"{sector or kind}"] = member
    _appoint_officers_of_boards()
    return Cast(members)


def _appoint_officers_of_boards() -> None:
    boards = Organisation.objects.filter(kind=Kind.BOARD).order_by("key")[1:]
    for name, board in zip(cycle(OFFICERS_OF_BOARDS), boards, strict=False):
        organisations.appoint(name, role=Role.PRIVACY_OFFICER, at=board, from_on=APPOINTED_ON)


def play(cast: Cast) -> None:
    """Involve the staff with children, write in files, and let parents and young people in; once."""
    if in_force().exists():
        return
    _begin(cast, Role.SWV_COORDINATOR, Role.SWV_ADVISER, FROM_THE_SWV, sector="vo")
    _begin(cast, Role.LEERPLICHT_DESK, Role.ATTENDANCE_OFFICER, FROM_LEERPLICHT)
    _begin(cast, Role.ATTENDANCE_COORDINATOR, Role.CARE_COORDINATOR, FROM_A_SCHOOL, sector="vo")
    _go_on(cast, Role.SWV_ADVISER, {
        Role.SCHOOL_DOCTOR: 6, Role.ATTENDANCE_COACH: 6, Role.YOUTH_WORKER: 5, Role.SCHOOL_NURSE: 4,
        Role.YOUTH_PROTECTION: 2,
    })  # fmt: skip
    _go_on(cast, Role.ATTENDANCE_OFFICER, {
        Role.SCHOOL_DOCTOR: 5, Role.YOUTH_PROTECTION: 4, Role.YOUTH_WORKER: 3,
    })  # fmt: skip
    _go_on(cast, Role.CARE_COORDINATOR, {Role.MENTOR: FROM_A_SCHOOL, Role.SCHOOL_NURSE: 3})
    _bring_to_the_table(cast)
    for role, texts in WRITES.items():
        _write(cast, role, texts)
    for role, contacts in SPOKE.items():
        _speak(cast, role, contacts)
    for let_them, roles in ((let_them_judge, JUDGED), (let_them_agree, AGREED)):
        for actor in filter(None, map(cast.actor, roles)):
            let_them(actor, list(_children(actor, EVERYBODY)), origin=COMMAND)
    for role, because in PARKS.items():
        _park(cast, role, because)
    with translation.override("nl"):
        _report(cast)
    _follow(cast)
    doctor = cast.actor(Role.SCHOOL_DOCTOR)
    if doctor is not None:
        let_families_in(_children(doctor, EVERYBODY))


def _begin(cast: Cast, beginner: Role, receiver: Role, number: int, *, sector: str = "") -> None:
    """Who has children on a list asks somebody to take direction of some of them."""
    actor, member = cast.actor(beginner, sector), cast.member(receiver, sector)
    if actor is None or member is None:
        return
    for child, permit in _children(actor, number, without=cast.directed, of_use_to=receiver):
        _involve(permit, child, member, directs=True)
        cast.directed.add(child.pk)


def _go_on(cast: Cast, director: Role, receivers: dict[Role, int]) -> None:
    """Who holds direction asks others."""
    actor = cast.actor(director)
    if actor is None:
        return
    for role, number in receivers.items():
        member = cast.member(role)
        if member is not None:
            for child, permit in _children(actor, number, directed_by=actor, of_use_to=role):
                _involve(permit, child, member)


def _involve(permit: Permit, child: Learner, member: Membership, *, directs: bool = False) -> None:
    with acting(permit.actor, origin=COMMAND):
        asked = grant(permit, child=child, to=member, purpose=PURPOSES[Role(member.role)], directs=directs)
    receiver = Actor(name=member.person.get_full_name(), membership=member)
    with acting(receiver, origin=COMMAND):
        accept(asked, by=receiver)


def _children(
    actor: Actor,
    number: int,
    *,
    without: Iterable[int] = (),
    directed_by: Actor | None = None,
    of_use_to: Role | None = None,
) -> Iterator[tuple[Learner, Permit]]:
    """Children this actor sees, of each stage in turn the longest away, each with the permit of now.

    `of_use_to`: only those at a stage where somebody in this role has a task when involved.
    """
    rows = Learner.objects.visible_to(actor).select_related("standing", "standing__school")
    rows = rows.filter(standing__in_sight=True).exclude(pk__in=list(without))
    if directed_by is not None:
        rows = rows.filter(involvements__membership=directed_by.membership, involvements__directs=True)
    if of_use_to is not None:
        row = row_of(of_use_to, Link.INVOLVED)
        rows = rows.filter(case_stage__isnull=True, standing__stage__in=row.stages if row else ())
    longest = rows.order_by(F("standing__counts_from").asc(nulls_last=True), "pk")
    stages = sorted(set(rows.order_by().values_list("standing__stage", flat=True)))
    by_stage = [longest.filter(standing__stage=stage)[:number] for stage in stages]
    in_turn = (one for each in zip_longest(*by_stage) for one in each if one is not None)
    found = list(islice(in_turn, number))
    permits = permits_for(actor, found)
    yield from ((one, permits[one.reference]) for one in found)


def _bring_to_the_table(cast: Cast) -> None:
    """Some of the longest go to the taskforce: a chair, members, and a case director without the file."""
    actor, director = cast.actor(Role.SWV_ADVISER), cast.member(Role.CASE_DIRECTOR)
    members = [one for role in (Role.TABLE_CHAIR, Role.TABLE_MEMBER) if (one := cast.member(role))]
    if actor is None or director is None:
        return
    for child, permit in list(_children(actor, ON_THE_TABLE, directed_by=actor)):
        with acting(actor, origin=COMMAND):
            child = file.set_case_stage(child, Learner.CaseStage.TASKFORCE, permit)
            permit = permits_for(actor, [child])[child.reference]
            seat(permit, child=child, members=members, meeting_on=timezone.localdate())
        _involve(permit, child, director)


def _follow(cast: Cast) -> None:
    """Of some children who came back the care coordinator says that they are followed: then the SWV sees how
    it goes, which it does not as long as the year they missed makes them a signal of the school alone."""
    beginner, member = cast.actor(Role.ATTENDANCE_COORDINATOR), cast.member(Role.CARE_COORDINATOR, "vo")
    follower = cast.actor(Role.CARE_COORDINATOR, "vo")
    if beginner is None or member is None or follower is None:
        return
    back = Learner.objects.visible_to(beginner).select_related("standing", "standing__school")
    back = back.filter(standing__aftercare=Aftercare.RETURNED.value).exclude(pk__in=cast.directed)
    for child in list(back.order_by("-standing__home_until", "pk")[:FOLLOWED]):
        _involve(permits_for(beginner, [child])[child.reference], child, member, directs=True)
        with acting(follower, origin=COMMAND):
            permit = permits_for(follower, [child])[child.reference]
            file.set_case_stage(child, Learner.CaseStage.AFTERCARE, permit)


def _write(cast: Cast, role: Role, texts: tuple[tuple[FieldClass, str], ...]) -> None:
    actor = cast.actor(role)
    if actor is None:
        return
    for child, permit in _children(actor, 4):
        with acting(actor, origin=COMMAND):
            for field_class, text in texts:
                if permit.may(field_class, Action.WRITE, author=Author.ME):
                    file.write_entry(permit, child=child, field_class=field_class, text=text)


def _speak(cast: Cast, role: Role, contacts: Iterable[tuple[int, Party, Means, bool, str]]) -> None:
    """Of some children who help them spoke with learner or parents, or tried to."""
    actor, judgement = cast.actor(role), current_judgement()
    if actor is None or judgement is None:
        return
    for child, permit in _children(actor, SPOKEN_WITH):
        with acting(actor, origin=COMMAND):
            if class_for(permit) is None:
                continue
            for days, party, means, reached, text in contacts:
                on = judgement.on - timedelta(days=days)
                record_contact(permit, Spoken(on, party, means, reached, text), child=child)


def _park(cast: Cast, role: Role, because: Parked) -> None:
    """Of some children, what asks for a plan is off the list for a while: it is being carried out."""
    actor = cast.actor(role)
    if actor is None:
        return
    for child, permit in _children(actor, PARKED, directed_by=actor):
        for alert in Alert.objects.visible_to(actor).filter(learner=child, rule__startswith="phase-"):
            with acting(actor, origin=COMMAND):
                park(permit, alert, child=child, because=because, until_on=timezone.localdate() + THREE_WEEKS)


def _report(cast: Cast) -> None:
    """The school reports what the facts ask for, of some children; of one the municipality answered."""
    actor = cast.actor(Role.ATTENDANCE_COORDINATOR)
    judgement = current_judgement()
    if actor is None or judgement is None:
        return
    wanted = Alert.objects.visible_to(actor).filter(rule__startswith="report-duty", answer="yes")
    rows = wanted.select_related("learner__standing__school").order_by("-reached_on", "learner__reference")
    for alert, measures in zip(rows, REPORTS, strict=False):
        child = alert.learner
        marks = filled(
            attendance_of(child.key, judgement=judgement),
            first=alert.began_on,
            last=alert.reached_on,
            school=child.standing.school.key,
        )
        said = Said(
            kind=ReportKind.SIXTEEN_HOURS, begins_on=alert.began_on, ends_on=alert.reached_on,
            days=marks.days, minutes=marks.minutes, all_lessons=marks.all_lessons,
            reason=reasons_in_words(marks.reasons) or "Niet bekend", measures=measures, wants_action=True,
            phone="0598-000000",
        )  # fmt: skip
        with acting(actor, origin=COMMAND):
            permit = permits_for(actor, [child])[child.reference]
            made = duo.prepare(permit, said, child=child)
            if measures != REPORTS[-1]:
                on = min(alert.reached_on + timedelta(days=1), timezone.localdate())
                duo.record(permit, made, child=child, on=on, version=made.version)
            if measures == REPORTS[0]:
                heard = Heard(MunicipalStatus.IN_TREATMENT, timezone.localdate())
                duo.answer(permit, made, heard, child=child)
