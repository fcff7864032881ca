"""The operations themselves behind the fourth wall, where rows alone say too little: closing, searching, deciding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.operations_emergency import find_for_emergency
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import commanding
from inbeeld.access.row_security_besides import OPERATIONS
from inbeeld.access.row_security_commands import COMMANDS
from inbeeld.journal.models import Line
from inbeeld.kernel.access import Stage
from inbeeld.kernel.involvement import SEARCHES, SEARCHES_IN
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_file import set_case_stage
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Membership, Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@contextmanager
def behind(walled: Walled, actor: Actor, operation: str = "") -> Iterator[None]:
    with as_role(walled.app, actor=actor.key, operation=operation):
        yield


def stage_of(child: Learner) -> int | None:
    return Learner.for_operations.get(pk=child.pk).case_stage


def with_a_case(stage: Stage | None = Stage.TASKFORCE) -> tuple[Learner, Actor, Actor]:
    """A child with a case, who directs it, and a colleague who is involved too."""
    school = make.organisation()
    child = make.learner(school)
    director = make.actor(Role.CARE_COORDINATOR, school)
    nurse = make.actor(Role.SCHOOL_NURSE, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, director, directs=True)
    make.involve(child, nurse)
    Learner.for_operations.filter(pk=child.pk).update(case_stage=stage)
    return at_work.fresh(child), director, nurse


# --- closing and opening a case --------------------------------------------------------------------


def test_who_closes_a_case_ends_every_involvement_and_their_own(walled: Walled) -> None:
    child, director, _nurse = with_a_case()
    with as_role(walled.app), acting(at_work.again(director), origin="child") as actor:
        set_case_stage(child, Stage.CLOSED, permit_of(actor, child))
    assert stage_of(child) == Stage.CLOSED
    assert not Involvement.for_operations.filter(child=child, ended_at__isnull=True).exists()
    assert set(Involvement.for_operations.filter(child=child).values_list("ended_because", flat=True)) == {
        "done"
    }


def test_the_stage_is_said_by_who_decides_while_the_case_is_open(walled: Walled) -> None:
    child, director, _nurse = with_a_case(None)
    for stage in (Stage.TASKFORCE, Stage.AFTERCARE, None):
        with as_role(walled.app), acting(at_work.again(director), origin="child") as actor:
            set_case_stage(child, stage, permit_of(actor, child))
        assert stage_of(child) == stage


def everybody_about(child: Learner, *others: Actor) -> list[Actor]:
    """Who had to do with a child, and the roles that oversee."""
    school = child.standing.school
    return [
        *others,
        at_work.kin(child, "learner"),
        at_work.kin(child, "guardian"),
        *(make.actor(role, school) for role in (Role.MENTOR, Role.CARE_COORDINATOR, Role.PRIVACY_OFFICER,
                                                 Role.APPLICATION_ADMINISTRATOR)),
        make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY)),
    ]  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.DESTROYED])
def test_no_request_opens_a_case_that_was_closed(stage: Stage, walled: Walled) -> None:
    child, *others = with_a_case(stage)
    for actor in everybody_about(child, *others):
        for operation in OPERATIONS:
            for to in ("NULL", "3", "6", "7"):
                with transaction.atomic():
                    try:
                        with behind(walled, actor, operation):
                            catalog.run(connection, f"UPDATE learners_learner SET case_stage = {to}")
                    except DatabaseError:
                        pass
                    assert stage_of(child) == stage, (actor.role, operation, to)
        now = at_work.again(actor)
        with (
            pytest.raises((Refused, Learner.DoesNotExist)),
            as_role(walled.app),
            acting(now, origin="child"),
        ):
            set_case_stage(child, None, permit_of(now, child))
    assert stage_of(child) == stage


@pytest.mark.parametrize("to", ["0", "1", "2", "5", "7"])
def test_a_request_says_no_stage_that_is_judged_or_destroyed(to: str, walled: Walled) -> None:
    child, director, _nurse = with_a_case()
    with (
        pytest.raises(IntegrityError, match="taskforce"),
        transaction.atomic(),
        behind(walled, director, "set_case_stage"),
    ):
        catalog.run(connection, f"UPDATE learners_learner SET case_stage = {to}")
    assert stage_of(child) == Stage.TASKFORCE


def test_kin_say_no_stage_of_their_own_child(walled: Walled) -> None:
    child, _director, _nurse = with_a_case()
    for relation in ("learner", "guardian"):
        kin = at_work.kin(child, relation)
        with behind(walled, kin, "set_case_stage"):
            assert Learner.for_operations.filter(pk=child.pk).exists()
            assert Learner.for_operations.filter(pk=child.pk).update(case_stage=6) == 0


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_closed_case_is_opened_by_the_command_for_that(command: str, walled: Walled) -> None:
    child, *_others = with_a_case(Stage.CLOSED)
    opens = {"reopen", "retention", "demo"}
    failed = ""
    try:
        with transaction.atomic(), as_role(walled.batch), commanding(command):
            set_case_stage(child, None, f"command:{command}")
    except (DatabaseError, Learner.DoesNotExist, RuntimeError) as why:
        failed = str(why) or "not there"
    assert (command in opens) == (stage_of(child) is None) == (failed == "")
    if command in opens:
        line = Line.for_operations.order_by("sequence").last()
        assert (line.action, line.actor, line.child) == ("set_stage", f"command:{command}", child.reference)


# --- searching in an emergency ---------------------------------------------------------------------


def add_lines(actor: Actor, *lines: dict[str, Any], first: int) -> None:
    """Past everything that keeps the journal in order."""
    for number, values in enumerate(lines):
        Line.for_operations.bulk_create([
            Line(**{"sequence": first + number, "at": timezone.now(), "behind": 0, "actor": actor.key,
                    "trace": actor.trace, "involvement": "none", "action": "find_in_emergency",
                    "outcome": "refused", "object": "attempt:1", "origin": "x", "emergency": False, "digest": b"x", **values})
        ])  # fmt: skip


def in_another_role(actor: Actor) -> Actor:
    assert actor.membership is not None
    other = Membership.objects.create(
        person=actor.membership.person, organisation=make.organisation(Kind.YOUTH_HELP),
        role=Role.YOUTH_WORKER, from_on="2020-08-01",
    )  # fmt: skip
    return Actor(name="", membership=other)


def test_a_search_counts_those_of_another_role_and_reads_nothing_else_of_it(walled: Walled) -> None:
    school = make.organisation()
    make.learner(school)
    actor = make.actor(Role.CARE_COORDINATOR, school)
    other = in_another_role(actor)
    long_ago = timezone.now() - SEARCHES_IN - timedelta(minutes=5)
    add_lines(
        other,
        {"action": "read"}, {"action": "write"}, {"at": long_ago}, {"object": ""},
        *[{} for _time in range(SEARCHES - 1)],
        first=9000,
    )  # fmt: skip
    add_lines(make.actor(Role.CARE_COORDINATOR, school), {}, first=9100)
    with behind(walled, actor):
        assert not Line.for_operations.exists()
    with behind(walled, actor, "find_for_emergency"):
        seen = list(Line.for_operations.order_by("sequence").values_list("actor", "action", "object"))
    # Also what was refused before anything was looked for: whether the officer was told already.
    assert seen == [(other.key, "find_in_emergency", one) for one in ("", *["attempt:1"] * (SEARCHES - 1))]
    for refused in (False, True):  # the fifth, and then a sixth
        try:
            with as_role(walled.app), acting(at_work.again(actor), origin="emergency") as now:
                find_for_emergency(
                    born_on=timezone.localdate(), last_name="Niemand", first_name="Noor", by=now
                )
            was = False
        except Refused:
            was = True
        assert was is refused
