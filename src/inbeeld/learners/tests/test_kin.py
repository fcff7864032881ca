"""Who has custody: registered by who may write about the family, and needed under every consent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access import operations_consent as operations
from inbeeld.access import operations_kin
from inbeeld.access.actor import Actor
from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, did, fresh, is_refused, member, permit
from inbeeld.learners.tests.family import NOON, TODAY, Family, at, of_age
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def family():
    return Family(of_age(9))


def youth_worker(child):
    """Somebody who may write about the family."""
    actor = as_actor(member(Role.YOUTH_WORKER, Kind.YOUTH_HELP))
    make.involve(
        child, actor, from_at=NOON - timedelta(days=1), accepted_at=NOON - timedelta(days=1), days=3000
    )
    return actor


def person():
    return member(Role.ANALYST, Kind.SWV).person


def test_who_gets_custody_must_sign_too(family):
    asked = family.ask()
    family.sign(asked, *family.guardians)
    by = permit(youth_worker(family.child), family.child, at=NOON)
    made = operations_kin.register_kin(
        by, child=family.child, person=person(), relation="guardian", from_on=TODAY + timedelta(days=5)
    )
    assert did(by.actor) == [("register_kin", "allowed")]
    assert family.reads(on=TODAY + timedelta(days=4))
    assert not family.reads(on=TODAY + timedelta(days=5))
    new = Actor(name="Noor Brinkhof", kinship=made)
    operations.sign(asked, by=again(new, at=at(TODAY + timedelta(days=5))))
    assert family.reads(on=TODAY + timedelta(days=5))


def test_the_signature_of_who_has_custody_no_more_is_not_needed(family):
    asked = family.ask()
    family.sign(asked, family.guardians[0])
    by = permit(youth_worker(family.child), family.child, at=NOON)
    operations_kin.end_kin(family.guardians[1].kinship, on=TODAY, by=by)
    assert not family.reads(on=TODAY)
    assert family.reads(on=TODAY + timedelta(days=1))


def test_a_consent_that_holds_again_after_custody_changed_is_found_by_the_daily_round(family):
    asked = family.ask()
    family.sign(asked, *family.guardians)
    worker = youth_worker(family.child)
    third = operations_kin.register_kin(
        permit(worker, family.child, at=NOON), child=family.child, person=person(), relation="guardian",
        from_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    operations_kin.end_kin(third, on=TODAY + timedelta(days=9), by=permit(worker, family.child, at=NOON))
    back = TODAY + timedelta(days=10)
    assert family.reads(on=TODAY + timedelta(days=4))
    assert not family.reads(on=back)
    assert operations.re_evaluate_due(on=back) == 1
    assert family.reads(on=back)


def test_a_command_registers_kin_and_stands_in_the_journal(family):
    made = operations_kin.register_kin(
        "command:demo", child=family.child, person=person(), relation="guardian", from_on=TODAY
    )
    line = Line.for_operations.get(action="register_kin")
    assert (line.actor, line.object, line.child) == (
        "command:demo", f"kinship:{made.pk}", family.child.reference,
    )  # fmt: skip


def test_kin_is_registered_by_who_may_write_about_the_family_and_never_of_oneself(family):
    asking = permit(family.adviser, family.child, at=NOON)
    is_refused(
        asking.actor, "register_kin", "Who may write about the family", operations_kin.register_kin,
        asking, child=family.child, person=person(), relation="guardian", from_on=TODAY,
    )  # fmt: skip
    worker = youth_worker(family.child)
    with pytest.raises(Refused, match="Nobody says of themselves"):
        operations_kin.register_kin(
            permit(worker, family.child, at=NOON), child=family.child, person=worker.membership.person,
            relation="guardian", from_on=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "named"),
    [("the learner, or a parent", {"relation": "aunt"}),
     ("can log in already", {"relation": "learner"})],
)  # fmt: skip
def test_kin_that_cannot_be_is_refused(family, sentence, named):
    with pytest.raises(Refused, match=sentence):
        operations_kin.register_kin(
            "command:demo", child=family.child, person=person(),
            **{"relation": "guardian", "from_on": TODAY, **named},
        )  # fmt: skip


def test_kin_is_registered_once_and_ended_once(family):
    guardian = family.guardians[0].kinship
    with pytest.raises(Refused, match="known as kin"):
        operations_kin.register_kin(
            "command:demo", child=family.child, person=guardian.person, relation="guardian", from_on=TODAY
        )
    with pytest.raises(Refused, match="before the first day"):
        operations_kin.end_kin(guardian, on=guardian.from_on - timedelta(days=1), by="command:demo")
    operations_kin.end_kin(guardian, on=TODAY, by="command:demo")
    with pytest.raises(Refused, match="ended already"):
        operations_kin.end_kin(guardian, on=TODAY, by="command:demo")


def test_another_birth_date_is_worked_out_anew(family):
    asked = family.ask()
    family.sign(asked, *family.guardians)
    Learner.for_operations.filter(pk=family.child.pk).update(born_on=of_age(13))
    assert operations.re_evaluate_many([family.child.pk, 0], on=TODAY) == 1
    assert not family.reads()
    Learner.for_operations.filter(pk=family.child.pk).update(born_on=family.child.born_on)
    operations.re_evaluate(fresh(family.child), on=TODAY)
    assert family.reads()
