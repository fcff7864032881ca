"""Who hears of an emergency: the privacy officers on the side of who calls it, and of the child's school.

An organisation may have none. The emergency is not refused for that, as a life may be at stake; but who calls
it reads that nobody hears of it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbeeld.organisations.models import Membership, Organisation, Role


@dataclass(frozen=True)
class Heard:
    """Who hears of one emergency. `places`: where they work. `unheard`: whose side has no officer."""

    officers: tuple[Membership, ...]
    places: tuple[str, ...]
    unheard: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What who calls it is told of this: how many, where, and where nobody is."""
        number = len({one.person_id for one in self.officers})
        said = [
            ngettext(
                "Reported to %(number)s privacy officer, at %(places)s.",
                "Reported to %(number)s privacy officers, at %(places)s.",
                number,
            )
            % {"number": number, "places": get_text_list(self.places, _("and"))}
        ]
        nowhere = [nobody_hears_at(place) for place in self.unheard]
        if number:
            return (*said, *nowhere)
        return (*nowhere, _("So nobody looks whether this was justified. Tell your manager yourself."))


def heard_by(sides: Iterable[Organisation | None], *, caller: Membership, on: date) -> Heard:
    """Who hears, at these organisations or above them, on a day. Never who called it: nobody reviews that."""
    starts = list({side.pk: side for side in sides if side is not None}.values())
    officers = [
        one
        for one in officers_at({place.pk for start in starts for place in start.and_above()}, on=on)
        if one.person_id != caller.person_id
    ]
    served = {one.organisation_id for one in officers}
    return Heard(
        officers=tuple(officers),
        places=tuple(dict.fromkeys(one.organisation.name for one in officers)),
        unheard=tuple(
            start.name for start in starts if served.isdisjoint(place.pk for place in start.and_above())
        ),
    )


def nobody_hears_at(place: str) -> str:
    """That an organisation has no privacy officer, in a sentence."""
    return _("%(place)s has no privacy officer: nobody hears of it there.") % {"place": place}


def officers_at(places: set[int], *, on: date) -> list[Membership]:
    """The privacy officers who work at these organisations (primary keys) on a day."""
    officers = Membership.objects.filter(
        role=Role.PRIVACY_OFFICER, organisation__in=places, person__is_active=True
    )
    return [one for one in officers.select_related("person", "organisation") if one.is_in_force(on)]
