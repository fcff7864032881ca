"""What stands: the judgement into whose tables deliveries are worked in, and the files of what counts."""

from __future__ import annotations

from datetime import date

from inbeeld.deliveries import places
from inbeeld.deliveries.models import Delivery, State
from inbeeld.engine.deliveries import Delivered
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.roster_rounds import Roster
from inbeeld.keys.keyring import KeyRingUnusable
from inbeeld.keys.sealing import SealBroken
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import begun_on, current_judgement

#: Why nothing can be laid beside what stood: a database put back without its files.
LOST = "the marks of an earlier delivery; they are not there any more"


def judged() -> Judgement:
    """The current judgement, into whose tables deliveries are worked in. Raises BadInput before the first."""
    judgement = current_judgement()
    if judgement is None:
        raise BadInput("", "a region with schools and learners; there is none yet")
    return judgement


def began(judgement: Judgement) -> date:
    """The day of which the tables were with which the region began."""
    return begun_on() or judgement.on


def delivered(one: Delivery) -> Delivered:
    """Its marks and days. Raises BadInput when the marks are not there any more."""
    marks = places.marks_of(one.pk)
    if one.from_on is None or one.until_on is None or not marks.is_file():
        raise BadInput("", LOST)
    return Delivered(marks, one.from_on, one.until_on)


def roster(one: Delivery) -> Roster:
    """Its roster and its peildatum. Raises BadInput when the rows are not there any more."""
    rows = places.roster_of(one.pk)
    if one.until_on is None or not rows.is_file():
        raise BadInput("", LOST)
    return Roster(rows, one.school.key, one.until_on)


def is_there(one: Delivery) -> bool:
    """Is what a delivery said still there? Of a roster that is to be worked in the names too."""
    if not one.is_roster:
        return places.marks_of(one.pk).is_file()
    if one.state != State.ACCEPTED:
        return places.roster_of(one.pk).is_file()
    try:
        places.kept_people(one.pk)
    except (FileNotFoundError, SealBroken, KeyRingUnusable):
        return False
    return places.roster_of(one.pk).is_file()
