"""What each role does here, in one sentence: the cards of the start page of a trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from inbeeld.access.actor import KINSHIP, MEMBERSHIP
from inbeeld.access.scope import kin_of_the_trial
from inbeeld.organisations.models import Kind, Membership, Role

SEES = {
    Role.SWV_COORDINATOR: gettext_noop(
        "Sees the children at the schools of the SWV, from four weeks at home."
    ),
    Role.SWV_ADVISER: gettext_noop("Sees the children they are involved with, to advise and to support."),
    Role.ATTENDANCE_COACH: gettext_noop("Sees the children they coach, until school goes well again."),
    Role.CARE_COORDINATOR: gettext_noop("Sees the children enrolled at this school, from the first signal."),
    Role.MENTOR: gettext_noop("Sees the children they are involved with at this school."),
    Role.ATTENDANCE_COORDINATOR: gettext_noop(
        "Sees the attendance of the children enrolled at this school, up to the taskforce."
    ),
    Role.LEERPLICHT_DESK: gettext_noop(
        "Sees the children who live in the municipality, from the first signal."
    ),
    Role.ATTENDANCE_OFFICER: gettext_noop(
        "Sees the children they are involved with, and acts for leerplicht."
    ),
    Role.SCHOOL_DOCTOR: gettext_noop("Sees the children they are involved with; sickness only with consent."),
    Role.SCHOOL_NURSE: gettext_noop("Sees the children they are involved with, and keeps their own record."),
    Role.YOUTH_WORKER: gettext_noop(
        "Sees the children they are involved with; the family only with consent."
    ),
    Role.YOUTH_PROTECTION: gettext_noop("Sees the children under protection they are involved with."),
    Role.CASE_DIRECTOR: gettext_noop("Directs children on the table, without the file."),
    Role.TABLE_CHAIR: gettext_noop("Sees the children on the agenda: facts and agreements, no more."),
    Role.TABLE_MEMBER: gettext_noop("Sees the children on the agenda: facts and agreements, no more."),
    Role.ANALYST: gettext_noop("Sees no child: only the definitions, and later the figures."),
    Role.PRIVACY_OFFICER: gettext_noop("Sees no child: who looked at what, and why that was allowed."),
}
ABOUT_PUPILS = gettext_noop(
    "Sees no child: looks at emergencies about pupils of its schools, and who looked."
)
BY_OWN_PEOPLE = gettext_noop("Sees no child: looks at emergencies its own people called, and who looked.")
#: Which emergencies a privacy officer looks at depends on where they are; at an SWV nobody calls any.
SEES_OF_EMERGENCIES = {
    Kind.BOARD: ABOUT_PUPILS,
    Kind.MUNICIPALITY: BY_OWN_PEOPLE,
    Kind.YOUTH_HEALTH: BY_OWN_PEOPLE,
    Kind.YOUTH_HELP: BY_OWN_PEOPLE,
}
FAMILY = gettext_noop("Sees the page of their own child: what is known, who knows it, and who looked.")
MYSELF = gettext_noop("Sees their own page: what is known, who knows it, and who looked.")
GROUPS = (
    (_("Samenwerkingsverband"), (Role.SWV_COORDINATOR, Role.SWV_ADVISER, Role.ATTENDANCE_COACH)),
    (_("School"), (Role.CARE_COORDINATOR, Role.MENTOR, Role.ATTENDANCE_COORDINATOR)),
    (_("Municipality"), (Role.LEERPLICHT_DESK, Role.ATTENDANCE_OFFICER)),
    (_("Youth health care and youth help"), (
        Role.SCHOOL_DOCTOR, Role.SCHOOL_NURSE, Role.YOUTH_WORKER, Role.YOUTH_PROTECTION,
    )),
    (_("At the table"), (Role.CASE_DIRECTOR, Role.TABLE_CHAIR, Role.TABLE_MEMBER)),
    (_("Without children"), (Role.ANALYST, Role.PRIVACY_OFFICER)),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One log-in on the start page of a trial: `field` and `value` are what its button sends."""

    name: str
    role: str
    place: str
    sees: str
    field: str
    value: str
    person: int

    def is_sent_by(self, form: Mapping[str, str]) -> bool:
        """Was the button of this card pressed?"""
        return form.get(self.field) == self.value


def cards() -> list[tuple[str, list[Card]]]:
    """The log-ins in groups, in a fixed order; the family last."""
    found = _without_more_officers(Membership.objects.select_related("person", "organisation").order_by("pk"))
    grouped = [
        (str(title), [_of_a_member(one) for one in found if one.role in roles]) for title, roles in GROUPS
    ]
    grouped.append((str(_("Family")), [_of_kin(one) for one in kin_of_the_trial()]))
    return [(title, members) for title, members in grouped if members]


def _without_more_officers(members: Iterable[Membership]) -> list[Membership]:
    """Every board has a privacy officer: one card per kind of organisation is enough to try it."""
    found, kinds = [], set()
    for one in members:
        if one.role == Role.PRIVACY_OFFICER:
            if one.organisation.kind in kinds:
                continue
            kinds.add(one.organisation.kind)
        found.append(one)
    return found


def _sees(member: Membership) -> str:
    if member.role == Role.PRIVACY_OFFICER:
        return SEES_OF_EMERGENCIES.get(Kind(member.organisation.kind), SEES[Role.PRIVACY_OFFICER])
    return SEES.get(Role(member.role), "")


def _of_a_member(member: Membership) -> Card:
    return Card(
        name=member.person.get_full_name(),
        role=str(member.get_role_display()),
        place=member.organisation.name,
        sees=_sees(member),
        field=MEMBERSHIP,
        value=str(member.pk),
        person=member.person_id,
    )


def _of_kin(kinship: Any) -> Card:
    is_learner = kinship.relation == kinship.Relation.LEARNER
    return Card(
        name=kinship.person.get_full_name(),
        role=str(kinship.get_relation_display()),
        place="",
        sees=MYSELF if is_learner else FAMILY,
        field=KINSHIP,
        value=str(kinship.pk),
        person=kinship.person_id,
    )
