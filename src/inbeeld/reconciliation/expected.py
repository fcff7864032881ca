"""On which lists a child belongs: one of fourteen is not missing from the list of primary education."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from inbeeld.kernel.definitions.compulsory_age import of_compulsory_age
from inbeeld.kernel.facts import FactRow, facts_of_child
from inbeeld.kernel.truth import Outcome
from inbeeld.organisations.models import SECTORS_OF_SWV, Kind, Organisation, Sector
from inbeeld.reconciliation.models import Party

#: In the calendar year in which a child becomes so old it goes to secondary education: it may be in either.
YEARS_OF_SECONDARY = 12


def belongs_on(
    party: Party, row: Mapping[str, str], *, schools: Mapping[str, Organisation], on: date
) -> bool:
    """Could a child with this row belong on the list of a party?

    `schools`: of the region (schools_of). By its school; without one that is known, by the year
    of birth; not known is yes. Only an SWV has part of the children.
    """
    keeper = party.organisation
    if keeper.kind != Kind.SWV or keeper.sector not in SECTORS_OF_SWV:
        return True
    if school := schools.get(row.get("school", "").upper()):
        return school.sector in SECTORS_OF_SWV[Sector(keeper.sector)]
    if not (born := row.get("born_on")):
        return True
    years = on.year - date.fromisoformat(born).year
    return years == YEARS_OF_SECONDARY or (years > YEARS_OF_SECONDARY) == (keeper.sector == Sector.VO)


def schools_of(region: str) -> dict[str, Organisation]:
    """Each school of a region by its key and its BRIN, in capitals: lists name schools by either."""
    found = {}
    for one in Organisation.objects.filter(region=region, kind=Kind.SCHOOL):
        found[one.key.upper()] = one
        if one.brin:
            found[one.brin.upper()] = one
    return found


def is_of_compulsory_age(born_on: str, *, on: date) -> bool | None:
    """Of compulsory school age on a day (definition compulsory-age); None: not known."""
    if not born_on:
        return None
    row = FactRow.of_birth(date.fromisoformat(born_on))
    outcome = of_compulsory_age.verdict(facts_of_child(row, on=on)).outcome
    return {Outcome.YES: True, Outcome.NO: False}.get(outcome)
