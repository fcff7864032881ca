"""A delivery as the role of the database that runs commands: it reaches what it needs, and nothing it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.models import Consent, Kinship, Signature
from inbeeld.access.row_security import commanding
from inbeeld.access.row_security_commands import COMMANDS, LETTERS
from inbeeld.access.row_security_policies import guarded
from inbeeld.journal.models import Line
from inbeeld.keys.models import DataKey
from inbeeld.learners.models import Address, Enrolment, Learner
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.learners.operations_file import DeliveredAddress, enter_addresses
from inbeeld.learners.operations_roll import (
    name_learners,
    replace_enrolments,
    say_again,
    tokens_of,
    with_another_name,
)
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Organisation, Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DELIVER = "command:deliver"
STATEMENTS = dict(zip(LETTERS, ("select", "insert", "update", "delete"), strict=True))
TABLES = {one.label: one.table for one in guarded()}


@pytest.fixture
def school() -> Organisation:
    """A school with a child that was delivered before, with a consent that rests on its birth date."""
    found = make.organisation()
    child = make.learner(found, born_on=date(2012, 5, 1))
    parent = at_work.kin(child, "guardian")
    consent = make.consent(child, "FAM", make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP)))
    Signature.for_operations.create(consent=consent, by=parent.kinship, on=date(2026, 4, 1))
    return found


def deliver(school: Organisation, key: str) -> None:
    """What a delivery does: who the children are, where they go to school, and where they live."""
    for day, names in ((1, "Brinkhof"), (2, "Brinkhof-Smit")):  # the second time they are known
        enter_learners([
            Delivered(key=key, region="noorderveen", last_name=names, born_on=date(2019, 5, 1)),
            Delivered(key=f"{key}-new", region="noorderveen", last_name=names, number="999990019"),
        ])  # fmt: skip
        replace_enrolments([
            {"learner": f"{key}-new", "school": school.key, "from_on": date(2026, 8, 1), "until_on": None}
        ])  # fmt: skip
        enter_addresses(
            [DeliveredAddress(key, names, shielded=True), DeliveredAddress(f"{key}-new", names)],
            organisation=school, on=date(2026, 11, day), by=DELIVER,
        )  # fmt: skip


def outcome(walled: Walled, school: Organisation) -> Any:
    """What is in the database after a delivery as the role that runs commands; the error when it failed."""
    key = Learner.for_operations.get().key
    try:
        with transaction.atomic(), as_role(walled.batch), commanding("deliver"):
            deliver(school, key)
    except (DatabaseError, RuntimeError) as why:
        return type(why)
    consent = Consent.for_operations.get()
    return (
        Learner.for_operations.count(), Address.for_operations.filter(shielded=True).count(),
        set(Address.for_operations.values_list("entered_on", flat=True)), Enrolment.for_operations.count(),
        DataKey.objects.count(), Line.for_operations.filter(actor=DELIVER).count(),
        consent.holds_from, consent.holds_until, Learner.for_operations.get(key=key).born_on,
        Kinship.for_operations.count(),
    )  # fmt: skip


def test_a_delivery_enters_everything_and_works_consents_out_anew(
    walled: Walled, school: Organisation
) -> None:
    learners, shielded, addresses, enrolments, _keys, lines, holds_from, _until, born_on, _kin = outcome(
        walled, school
    )
    assert (learners, shielded, addresses, enrolments, lines) == (2, 1, {date(2026, 11, 2)}, 1, 4)
    assert born_on == date(2019, 5, 1)
    assert holds_from == date(2026, 4, 1)


def test_a_delivery_needs_everything_it_is_given(walled: Walled, school: Organisation) -> None:
    """Each letter taken away is missed: so none is there for nothing."""
    whole, not_missed = outcome_and_back(walled, school), []
    for label, letters in COMMANDS["deliver"].items():
        for letter in letters:
            if outcome_and_back(walled, school, without=(label, letter)) == whole:
                not_missed.append((label, letter))
    assert not_missed == []


def outcome_and_back(walled: Walled, school: Organisation, *, without: tuple[str, str] | None = None) -> Any:
    """The outcome, in a database that is afterwards as it was."""
    with transaction.atomic():
        if without is not None:
            label, letter = without
            catalog.run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
            catalog.run(connection, f"DROP POLICY inbeeld_command_{STATEMENTS[letter]} ON {TABLES[label]}")
        found = outcome(walled, school)
        transaction.set_rollback(True)
    return found


def test_a_roster_is_entered_inside_a_publication_and_only_in_its_own_name(
    walled: Walled, school: Organisation
) -> None:
    """The publication reads learners; who a roster names is entered in the name of a delivery, for so long."""
    key = Learner.for_operations.get().key
    called = {key: {"last_name": "Smit"}, f"{key}-new": {"last_name": "Terpstra"}}
    stays = [{"learner": f"{key}-new", "school": school.key, "from_on": date(2026, 8, 1), "until_on": None}]

    def enter() -> None:
        tokens = name_learners(called, region="noorderveen", municipality="Noorderveen")
        before = tokens_of([key])
        said = {one: [token] for one, token in tokens.items()}
        say_again(called, names=said, born={key: date(2012, 6, 1), f"{key}-new": date(2013, 5, 14)})
        assert with_another_name({key: {"last_name": "Brinkhof"}}) == {key}
        say_again(called, names={key: [before[key]], f"{key}-new": []}, born={key: date(2012, 5, 1)})
        replace_enrolments(stays, of=[school.pk])

    with transaction.atomic(), as_role(walled.batch), commanding("publish"):
        with pytest.raises(DatabaseError), transaction.atomic():
            enter()
        with commanding("deliver"):
            enter()
        named = catalog.rows(connection, "SELECT current_setting('inbeeld.actor')")
    assert named == [("command:publish",)]
    assert Learner.for_operations.get(key=f"{key}-new").born_on is None
    assert Enrolment.for_operations.get().learner.key == f"{key}-new"


def test_without_its_name_or_under_another_nothing_is_delivered(walled: Walled, school: Organisation) -> None:
    key = Learner.for_operations.get().key
    for command in ("", *sorted(set(COMMANDS) - {"deliver", "retention", "demo"})):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            as_role(walled.batch, actor=f"command:{command}"),
        ):
            deliver(school, key)
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=DELIVER):
        deliver(school, key)
    assert Learner.for_operations.count() == 1
