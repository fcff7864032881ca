"""Two people at the same moment (PostgreSQL: SQLite has one writer): as if one came after the other."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection

from inbeeld.access import operations_consent, operations_emergency, operations_involvement
from inbeeld.access.acting import acting
from inbeeld.access.models import Consent, Involvement
from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass
from inbeeld.learners import operations_file
from inbeeld.learners.models import Address, Entry
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, fresh, kin, member, permit
from inbeeld.organisations.models import Kind, Role


@pytest.fixture(autouse=True)
def postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


@pytest.fixture
def child():
    return make.learner(make.organisation(), born_on=date(2019, 5, 1))


def at_once(*tasks):
    """Run these together, each with a connection of its own; returns what each gave back or raised."""
    given_back: list[object] = [None] * len(tasks)
    together = threading.Barrier(len(tasks))

    def run(number, task):
        try:
            together.wait(30)
            given_back[number] = task()
        except Exception as error:
            given_back[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given_back


def grant(by, child, **values):
    return operations_involvement.grant(permit(by, child), child=fresh(child), **values)


def test_direction_is_given_once(child):
    school = child.standing.school
    coordinators = [as_actor(member(Role.CARE_COORDINATOR, school)) for _ in range(2)]
    asked = [member(Role.SWV_ADVISER, Kind.SWV), member(Role.YOUTH_WORKER, Kind.YOUTH_HELP)]
    found = at_once(*(
        partial(grant, by, child, to=to, purpose="help", directs=True)
        for by, to in zip(coordinators, asked, strict=True)
    ))  # fmt: skip
    assert {type(one) for one in found} == {Involvement, Refused}
    assert Involvement.for_operations.filter(directs=True).count() == 1


def test_the_same_person_is_asked_once(child):
    coordinator = as_actor(member(Role.CARE_COORDINATOR, child.standing.school))
    to = member(Role.YOUTH_WORKER, Kind.YOUTH_HELP)
    found = at_once(*[partial(grant, coordinator, child, to=to, purpose="help")] * 4)
    assert sum(isinstance(one, Refused) for one in found) == 3
    assert Involvement.for_operations.count() == 1


def test_what_is_withdrawn_while_it_is_accepted_is_withdrawn(child):
    coordinator = as_actor(member(Role.CARE_COORDINATOR, child.standing.school))
    worker = member(Role.YOUTH_WORKER, Kind.YOUTH_HELP)
    made = grant(coordinator, child, to=worker, purpose="help")
    at_once(
        lambda: operations_involvement.accept(made, by=as_actor(worker)),
        lambda: operations_involvement.withdraw(made, by=permit(coordinator, child)),
    )
    assert Involvement.for_operations.get().ended_because == "withdrawn"


def test_two_guardians_who_sign_at_once_have_both_signed(child):
    guardians = [kin(child, "guardian", from_on=child.born_on) for _ in range(2)]
    adviser = as_actor(member(Role.SWV_ADVISER, Kind.SWV))
    make.involve(child, adviser, purpose="advice")
    asked = operations_consent.ask(
        permit(adviser, child), child=child, field_class=FieldClass.FAM, receiver=adviser.organisation,
        purpose="advice",
    )  # fmt: skip
    at_once(*(partial(operations_consent.sign, asked, by=again(one)) for one in guardians))
    assert Consent.for_operations.get().holds_from is not None
    assert permit(adviser, child).may(FieldClass.FAM)


def test_of_two_who_change_the_same_version_one_gets_both_texts(child):
    coordinator = as_actor(member(Role.CARE_COORDINATOR, child.standing.school))
    make.involve(child, coordinator)
    entry = operations_file.write_entry(
        permit(coordinator, child), child=child, field_class=FieldClass.SUP, text="Eerst"
    )
    texts = [f"Tekst {number}" for number in range(3)]
    found = at_once(*(
        lambda text=text: operations_file.change_entry(
            permit(coordinator, child), entry=entry, text=text, version=1)
        for text in texts
    ))  # fmt: skip
    conflicts = [one for one in found if isinstance(one, operations_file.Conflict)]
    assert len(conflicts) == 2 and Entry.for_operations.get().version == 2
    (kept,) = {one.theirs for one in conflicts}
    assert {kept, *(one.mine for one in conflicts)} == set(texts)


def deliver(child, place, text, **more):
    return operations_file.enter_address(
        child, text=text, organisation=place, on=date(2026, 4, 17), by="command:deliver", **more
    )


def test_of_two_who_enter_an_address_at_once_none_takes_away_that_it_is_shielded(child):
    place = make.organisation(Kind.MUNICIPALITY)
    texts = [f"Kade {number}" for number in range(4)]
    found = at_once(*(
        partial(deliver, child, place, text, shielded=True if number == 2 else None)
        for number, text in enumerate(texts)
    ))  # fmt: skip
    assert found == [1] * 4
    kept = Address.for_operations.get()
    assert kept.shielded and kept.version == 4


def test_of_two_who_change_the_same_address_one_gets_both_texts(child):
    place = make.organisation(Kind.MUNICIPALITY)
    deliver(child, place, "Eerst")
    texts = [f"Kade {number}" for number in range(3)]
    found = at_once(*(partial(deliver, child, place, text, version=1) for text in texts))
    conflicts = [one for one in found if isinstance(one, operations_file.Conflict)]
    assert len(conflicts) == 2 and Address.for_operations.get().version == 2
    (kept,) = {one.theirs for one in conflicts}
    assert {kept, *(one.mine for one in conflicts)} == set(texts)


def test_guessing_in_many_windows_at_once_stops_after_five(child):
    doctor = member(Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH)

    def guess():
        with acting(as_actor(doctor), origin="emergency") as by:
            return operations_emergency.find_for_emergency(
                born_on=date(2019, 5, 1) + timedelta(days=1), last_name="Brinkhof", first_name="Fenna", by=by
            )

    found = at_once(*[guess] * 9)
    assert sum(isinstance(one, Refused) for one in found) == 4
    assert Line.for_operations.filter(action="find_in_emergency", object__startswith="attempt:").count() == 5
