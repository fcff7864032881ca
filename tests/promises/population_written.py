"""What the people of a random population wrote besides the file: parkings, contacts, agreements, reports."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from inbeeld.agreements.models import Agreement, Step
from inbeeld.alerts.models import Alert, Parking
from inbeeld.causes.models import Judged
from inbeeld.contacts.models import Contact
from inbeeld.duo.models import Answer, Report
from tests.promises.population_ties import SEAL, uuid_by

if TYPE_CHECKING:
    from tests.promises.populations import Population


def parking(made: Population, chance: random.Random, alert: Alert) -> Parking:
    """By who is involved with the child, or by just anybody."""
    held = [one.membership for one in made.involvements if one.child_id == alert.learner_id]
    writer = chance.choice(held) if held and chance.random() < 0.7 else chance.choice(made.memberships)
    return Parking(
        id=uuid_by(chance), alert=alert, learner=alert.learner, field_class=chance.choice(("ATT", "AGR")),
        because="plan", until_on=made.today, answer="yes", reached_on=made.today,
        organisation=writer.organisation, parked_by=writer, parked_at=made.at,
    )  # fmt: skip


def contact(made: Population, chance: random.Random) -> Contact:
    """By whoever, with whomever."""
    writer = chance.choice(made.memberships)
    return Contact(
        id=uuid_by(chance), learner=chance.choice(made.learners), field_class=chance.choice(("ATT", "AGR")),
        on=made.today, party="parents", means="visit", reached=True, organisation=writer.organisation,
        written_by=writer, written_at=made.at,
    )  # fmt: skip


def cause(made: Population, chance: random.Random) -> Judged:
    """By who is involved with the child, or by just anybody."""
    child = chance.choice(made.learners)
    held = [one.membership for one in made.involvements if one.child_id == child.pk]
    writer = chance.choice(held) if held and chance.random() < 0.7 else chance.choice(made.memberships)
    return Judged(
        id=uuid_by(chance), learner=child, field_class=chance.choice(("SUP", "FAM", "MED")),
        on=made.today, cause=SEAL, organisation=writer.organisation, written_by=writer, written_at=made.at,
    )  # fmt: skip


def agreements(made: Population, chance: random.Random) -> None:
    """Made by whoever, about whomever; and something said of some of them, by whoever."""
    agreed = []
    for _number in range(20):
        writer, doer = chance.choice(made.memberships), chance.choice((None, *made.memberships))
        agreed.append(
            Agreement(
                id=uuid_by(chance), learner=chance.choice(made.learners), doer_member=doer,
                doer="member" if doer else "parents", due_on=made.today, what=SEAL,
                organisation=writer.organisation, written_by=writer, written_at=made.at,
            )
        )  # fmt: skip
    made.rows[Agreement] = Agreement.for_operations.bulk_create(agreed)
    steps = []
    for one in agreed:
        writer = chance.choice(made.memberships)
        steps.append(
            Step(
                id=uuid_by(chance), agreement=one, learner=one.learner, said="done", written_by=writer,
                organisation=writer.organisation, written_at=made.at,
            )
        )  # fmt: skip
    made.rows[Step] = Step.for_operations.bulk_create(steps)


def reports(made: Population, chance: random.Random) -> None:
    """Reports to DUO and answers to them, of whichever organisation."""
    made_here = []
    for _number in range(20):
        writer = chance.choice(made.memberships)
        made_here.append(
            Report(
                id=uuid_by(chance), learner=chance.choice(made.learners), kind="other", begins_on=made.today,
                days=1, minutes=60, all_lessons=False, reason=SEAL, measures=SEAL, wants_action=True,
                organisation=writer.organisation, written_by=writer, written_at=made.at,
                state=chance.choice(("prepared", "reported", "withdrawn")),
            )
        )  # fmt: skip
    made.rows[Report] = Report.for_operations.bulk_create(made_here)
    answers = []
    for one in made_here:
        writer = chance.choice(made.memberships)
        answers.append(
            Answer(
                id=uuid_by(chance), report=one, learner=one.learner, status="closed", said_on=made.today,
                organisation=writer.organisation, written_by=writer, written_at=made.at,
            )
        )  # fmt: skip
    made.rows[Answer] = Answer.for_operations.bulk_create(answers)
