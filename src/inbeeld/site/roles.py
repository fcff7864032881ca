"""What each role does here, in one sentence: the cards of the start page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from inbeeld.organisations.models import Membership, Role

SEES = {
    Role.SWV_COORDINATOR: gettext_noop(
        "Sees the children at the schools of the SWV, from four weeks at home."
    ),
    Role.SWV_ADVISER: gettext_noop("Sees the children at the schools of the SWV, from four weeks at home."),
    Role.LEERPLICHT_DESK: gettext_noop(
        "Sees the children who live in the municipality, from the first signal."
    ),
    Role.ATTENDANCE_OFFICER: gettext_noop(
        "Sees the children who live in the municipality, from the first signal."
    ),
    Role.CARE_COORDINATOR: gettext_noop("Sees the children enrolled at this school, from the first signal."),
    Role.MENTOR: gettext_noop("Sees the children enrolled at this school, from the first signal."),
    Role.ATTENDANCE_COORDINATOR: gettext_noop(
        "Sees the children enrolled at this school, from the first signal."
    ),
    Role.SCHOOL_DOCTOR: gettext_noop(
        "Sees the children of the schools served, with the signals of sickness."
    ),
    Role.ANALYST: gettext_noop("Sees no child: only the definitions, and later the figures."),
    Role.PRIVACY_OFFICER: gettext_noop("Sees no child: later who looked at what, and why that was allowed."),
}
ORDER = tuple(SEES)
GROUPS = (
    (_("Samenwerkingsverband"), (Role.SWV_COORDINATOR, Role.SWV_ADVISER)),
    (_("School"), (Role.CARE_COORDINATOR, Role.MENTOR, Role.ATTENDANCE_COORDINATOR)),
    (
        _("Municipality and youth health care"),
        (Role.LEERPLICHT_DESK, Role.ATTENDANCE_OFFICER, Role.SCHOOL_DOCTOR),
    ),
    (_("Without children"), (Role.ANALYST, Role.PRIVACY_OFFICER)),
)


@dataclass(frozen=True)
class Card:
    """One log-in on the start page of a trial."""

    membership: Membership

    @property
    def name(self) -> str:
        return str(self.membership.person.get_full_name())

    @property
    def role(self) -> str:
        return str(self.membership.get_role_display())

    @property
    def sees(self) -> str:
        return SEES.get(Role(self.membership.role), "")


def cards() -> list[tuple[str, list[Card]]]:
    """The log-ins in groups, in a fixed order."""
    found = [Card(one) for one in Membership.objects.select_related("person", "organisation").order_by("pk")]
    grouped = [
        (str(title), [card for card in found if card.membership.role in roles]) for title, roles in GROUPS
    ]
    return [(title, members) for title, members in grouped if members]
