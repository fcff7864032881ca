"""Rosters: read and laid beside what stands, and who they name entered when they come to count.

The engine knows learners by key. What they are called is read apart, in the same confined process; it waits
sealed until somebody decides, and then stands with the learner. Of each roster that counts the names it said
are kept, each sealed with the key of its child, so that what is withdrawn leaves the name that stood before.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.row_security import commanding
from inbeeld.deliveries import places
from inbeeld.deliveries.models import COUNTS, Delivery, Fills, State, Way
from inbeeld.deliveries.reading_roster import keep_first
from inbeeld.deliveries.standing import began, is_there, judged, roster
from inbeeld.engine.intake import Imported, names_in
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.roster_rounds import Roster
from inbeeld.engine.rosters import begins_with, compare_roster, keep_roster, known_as, roll_of
from inbeeld.learners.models import Judgement, Learner
from inbeeld.learners.operations import NOBODY, Arriving
from inbeeld.learners.operations_roll import (
    known_among,
    name_learners,
    replace_enrolments,
    say_again,
    tokens_of,
    with_another_name,
)
from inbeeld.learners.snapshot import tables_of
from inbeeld.organisations.models import Organisation

#: When more than a tenth of who was enrolled is on a roster no more, it may be half an export.
MANY_PART = 10
FIRST_YEAR = 2000
BRIN = 4


@sensitive_variables()
def read_roster(one: Delivery, file: Path, imported: Imported) -> dict[str, Any]:
    """What becomes of a delivery that is a roster: the fields to set. Raises BadInput."""
    judgement, school = judged(), one.school
    tables = tables_of(judgement)
    on = _day_of(one, imported)
    _refuse_another_schools(school, imported)
    if begins_with(tables, school.key) and on < began(judgement):
        day = began(judgement)
        raise BadInput("", f"a roster of {day} or later: up to then this school is known here", found=str(on))
    kept = keep_roster(imported.out, places.roster_of(one.pk), school=school.key, tables=tables)
    called = _called(one, file, imported.profile, tables)
    places.keep_people(one.pk, called)
    places.keep_private(one.pk)
    before = list(Delivery.objects.counting(school, Fills.ROSTER))
    with commanding("deliver"):
        renamed = with_another_name(called)
    found = compare_roster(
        tables, [roster(other) for other in before], Roster(places.roster_of(one.pk), school.key, on),
        places.differences_of(one.pk), begun_on=began(judgement), renamed=renamed,
    )  # fmt: skip
    counts = {name: getattr(imported, name) for name in ("read", "refused", "remarks", "unnamed")} | {
        "learners": kept.learners, "unclear": kept.unclear, "new": found.new, "left": found.left,
        "silent": found.silent, "back": found.back, "changed": found.changed, "stood": found.stood,
        "enrolled": found.enrolled, "without_name": sum(not names for names in called.values()),
        "asks_twice": found.silent * MANY_PART > found.stood or bool(found.silent and imported.unnamed),
    }  # fmt: skip
    return {
        "state": State.TO_REVIEW, "source": imported.profile, "fills": Fills.ROSTER, "counts": counts,
        "wrong": {}, "from_on": on, "until_on": on, "compared_with": [str(other.pk) for other in before],
    }  # fmt: skip


def _day_of(one: Delivery, imported: Imported) -> date:
    """The peildatum of a roster. Raises BadInput for one that says none, or one that cannot be."""
    on = imported.speaks_on or one.made_on
    if on is None:
        raise BadInput("", "a roster that says of which day it is: a peildatum, or an aanmaakdatum")
    if on > timezone.localdate():
        raise BadInput("", "a roster of a day that has been: hand it in on its peildatum", found=str(on))
    if on.year < FIRST_YEAR:
        raise BadInput("", f"a year from {FIRST_YEAR} on", column="peildatum", found=str(on))
    return on


def _refuse_another_schools(school: Organisation, imported: Imported) -> None:
    said = imported.school_in_file.strip().upper()[:BRIN]
    if said and school.brin and said != school.brin.strip().upper()[:BRIN]:
        raise BadInput(
            "", f"the roster of this school, {school.brin}; this is of another", column="brincode", found=said
        )


def _called(one: Delivery, file: Path, profile: str, tables: Path) -> dict[str, dict[str, str]]:
    """What the learners of the file are called, by the key the region knows them by. Raises BadInput."""
    found = names_in(file, profile=profile, school=one.school.key)
    known = known_as(found, school=one.school.key, tables=tables)
    longest = Learner._meta.get_field("key").max_length
    if any(len(key) > longest for key in known.values()):
        raise BadInput("", f"keys of learners of at most {longest - len(one.school.key) - 1} characters")
    called = {known[key]: names for key, names in found.items()}
    keep_first(one.pk, known, named=[key for key, names in called.items() if names])
    return called


def counting_in_region() -> list[Delivery]:
    """The rosters of all schools that count or will, those of a school in the order of acceptance."""
    rows = Delivery.objects.filter(fills=Fills.ROSTER, state__in=COUNTS, order__isnull=False)
    return list(rows.select_related("school").order_by("school__key", "order"))


def arriving(decided: Sequence[Delivery], judgement: Judgement) -> Arriving:
    """Who comes, or is called or enrolled otherwise, by the rosters that were decided about."""
    rosters = [one for one in decided if one.is_roster]
    if not rosters:
        return NOBODY
    schools = {one.school_id: one.school for one in rosters}
    roll = roll_of(
        tables_of(judgement),
        [roster(one) for one in counting_in_region() if is_there(one)],
        begun_on=began(judgement),
        schools=[school.key for school in schools.values()],
    )

    def enter() -> None:
        with commanding("deliver"):
            for school in schools.values():
                here = [stay for stay in roll.stays if stay["school"] == school.key]
                _call(
                    school, [one for one in rosters if one.school_id == school.pk], born=roll.born,
                    enrolled={stay["learner"] for stay in here},
                )  # fmt: skip
                replace_enrolments(here, of=[school.pk])

    return Arriving(roll.born, enter)


@sensitive_variables()
def _call(
    school: Organisation,
    decided: Collection[Delivery],
    *,
    born: Mapping[str, date | None],
    enrolled: Collection[str],
) -> None:
    """Let the learners of a school be called as the rosters that count now say, the latest day first."""
    coming = {one.pk: one for one in decided if one.state == State.ACCEPTED}
    going = [one for one in decided if one.state == State.WITHDRAWING]
    # One that was accepted just now comes with the next publication.
    counting = [
        one
        for one in Delivery.objects.counting(school, Fills.ROSTER).order_by("until_on", "order")
        if one.state == State.STANDS or one.pk in coming
    ]
    # What a publication that was cut off kept of one that is coming, was never said.
    said = {one.pk: places.kept_names(one.pk) for one in (*counting, *going) if one.pk not in coming}
    people = {pk: _people(one, born) for pk, one in coming.items()}
    listed = {key for some in people.values() for key in some}
    first = _as_they_began(school, listed, said)
    for pk, called in people.items():
        said[pk] = name_learners(called, region=school.region, municipality=school.municipality)
        places.keep_names(pk, said[pk])
    named = {key for one in decided for key in said[one.pk]}
    names = {
        key: [tokens[key] for tokens in (first, *(said[one.pk] for one in counting)) if key in tokens]
        for key in named
    }
    say_again({*named, *listed, *enrolled}, names=names, born=born)


def _people(one: Delivery, born: Mapping[str, date | None]) -> dict[str, dict[str, str]]:
    """What a roster that is accepted calls its learners; who is new and has no name goes by their number."""
    called = {key: names for key, names in places.kept_people(one.pk).items() if key in born}
    new = called.keys() - known_among(called)
    return {
        key: names or ({"last_name": key.rpartition(":")[2]} if key in new else {})
        for key, names in called.items()
    }


def _as_they_began(
    school: Organisation, keys: Collection[str], said: Mapping[uuid.UUID, Mapping[str, bytes]]
) -> dict[str, bytes]:
    """The names learners had before a roster of their school named them, kept with what began there."""
    made, _is_new = Delivery.objects.get_or_create(
        school=school, way=Way.FIRST, fills=Fills.ROSTER,
        defaults={"state": State.STANDS, "sha256": "", "size": 0, "received_at": timezone.now()},
    )  # fmt: skip
    first = places.kept_names(made.pk)
    named = {key for tokens in said.values() for key in tokens}
    if new := tokens_of(key for key in keys if key not in first and key not in named):
        first |= new
        places.keep_names(made.pk, first)
    return first
