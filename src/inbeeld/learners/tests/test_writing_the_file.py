"""Writing in the file: sealed for one's own organisation, nothing lost, and gone for good when destroyed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.access.acting import acting, write_up
from inbeeld.access.models import Involvement
from inbeeld.access.operations_emergency import find_for_emergency
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.operations_involvement import accept, grant
from inbeeld.access.refusal import Refused
from inbeeld.access.scope import models_about_a_child
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass, Stage
from inbeeld.keys.models import DataKey
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import KeyShredded, unseal_from
from inbeeld.learners import operations_file as operations
from inbeeld.learners.file import addresses_of, entries_of
from inbeeld.learners.models import Address, Entry, Learner
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.learners.seen import keyholder_of
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import (
    again,
    as_actor,
    did,
    fresh,
    held,
    is_refused,
    kin,
    member,
    permit,
    sees,
)  # fmt: skip
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AGR, FAM, MED, NOT, SUP = (FieldClass(one) for one in ("AGR", "FAM", "MED", "NOT", "SUP"))
SECRET = "Drie ochtenden, rustige kamer"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def school():
    return make.organisation()


@pytest.fixture
def child(school):
    return make.learner(school)


@pytest.fixture
def coordinator(child, school):
    actor = as_actor(member(Role.CARE_COORDINATOR, school))
    make.involve(child, actor)
    return again(actor)


@pytest.fixture
def doctor(child):
    actor = as_actor(member(Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH))
    make.involve(child, actor)
    return again(actor)


def write(actor, child, field_class=SUP, text=SECRET):
    return operations.write_entry(permit(actor, child), child=child, field_class=field_class, text=text)


def change(actor, child, entry, text, version):
    return operations.change_entry(permit(actor, child), entry=entry, text=text, version=version)


def texts(actor, child):
    now = again(actor)
    mine = permit(now, child)
    return {one.text for seen in entries_of(mine, fresh(child)) for one in seen.entries}


# --- entries -------------------------------------------------------------------------------------


def test_what_is_written_is_read_back_by_who_may_and_by_nobody_else(child, coordinator, doctor):
    write(coordinator, child, SUP)
    write(coordinator, child, NOT, "Zelf nabellen")
    assert texts(coordinator, child) == {SECRET, "Zelf nabellen"}
    assert texts(doctor, child) == {SECRET}
    assert texts(as_actor(member(Role.SWV_COORDINATOR, Kind.SWV)), child) == set()


def test_what_is_kept_is_sealed_with_a_key_of_the_own_organisation(child, coordinator):
    entry = write(coordinator, child, FAM)
    assert SECRET.encode() not in bytes(Entry.for_operations.get(pk=entry.pk).text)
    assert DataKey.objects.filter(
        child=child.reference, group="family", keyholder=coordinator.organisation.key
    ).exists()


def test_the_line_says_which_row_class_and_entry_and_not_what(child, coordinator):
    with acting(coordinator, origin="file") as by:
        mine = permit_of(by, fresh(child))
        entry = operations.write_entry(mine, child=child, field_class=AGR, text=SECRET)
    line = Line.for_operations.get(action="write")
    assert (line.row, line.field_class, line.object) == (
        "care_coordinator/involved", "AGR", f"entry:{entry.pk}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field_class", "sentence"),
    [
        (FieldClass.JUS, "no access to this kind"),
        (FieldClass.ATT, "may read this, not change"),
        (FieldClass.IDE, "may read this, not change"),
    ],
)
def test_what_the_table_does_not_give_is_not_written(child, doctor, field_class, sentence):
    asking = permit(doctor, child)
    is_refused(
        asking.actor, "write", sentence, operations.write_entry, asking, child=child,
        field_class=field_class, text=SECRET,
    )  # fmt: skip
    assert not Entry.for_operations.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Nothing"), (" \r\n\t", "Nothing"), ("a" * 20_001, "20,000"), ("\ud83d", "half a character")],
)
def test_a_text_that_cannot_be_kept_is_refused(child, coordinator, text, sentence):
    asking = permit(coordinator, child)
    is_refused(
        asking.actor, "write", sentence, operations.write_entry, asking, child=child, field_class=SUP,
        text=text,
    )  # fmt: skip


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).filter(str.strip))
def test_every_text_comes_back_as_it_was_written(child, coordinator, text):
    write(coordinator, child, SUP, text)
    assert text.replace("\r\n", "\n").replace("\r", "\n").strip() in texts(coordinator, child)


# --- two people at once --------------------------------------------------------------------------


def test_who_changes_an_older_version_gets_both_texts_and_nothing_is_lost(child, coordinator, school):
    entry = write(coordinator, child)
    colleague = as_actor(member(Role.CARE_COORDINATOR, school))
    make.involve(child, colleague)
    assert change(colleague, child, entry, "Van een collega", 1).version == 2
    with pytest.raises(operations.Conflict) as conflict:
        change(coordinator, child, entry, "Van mij", 1)
    assert (conflict.value.theirs, conflict.value.mine, conflict.value.version) == (
        "Van een collega", "Van mij", 2,
    )  # fmt: skip
    assert "collega" not in str(conflict.value)
    assert texts(coordinator, child) == {"Van een collega"}
    assert change(coordinator, child, entry, "Van ons", 2).version == 3
    assert texts(coordinator, child) == {"Van ons"}


def test_reading_the_other_text_in_a_conflict_is_in_the_journal(child, coordinator):
    entry = write(coordinator, child)
    change(coordinator, child, entry, "Anders", 1)
    asking = permit(coordinator, child)
    with pytest.raises(operations.Conflict):
        operations.change_entry(asking, entry=entry, text="Weer anders", version=1)
    write_up(asking.actor, origin="file")
    assert [(one.action, one.object) for one in Line.for_operations.all()] == [("read", f"entry:{entry.pk}")]


def test_another_organisation_changes_nothing_here_also_when_it_may_write(child, coordinator, doctor):
    entry = write(coordinator, child, AGR)
    asking = permit(doctor, child)
    is_refused(
        asking.actor, "change", "theirs to change", operations.change_entry, asking, entry=entry, text="x",
        version=1,
    )  # fmt: skip


def test_what_has_a_field_of_its_own_is_not_written_as_an_entry(child, coordinator):
    with pytest.raises(Refused, match="not written as an entry"):
        write(coordinator, child, FieldClass.IDE)


def test_a_note_is_changed_by_its_writer_alone(child, doctor):
    entry = write(doctor, child, NOT)
    colleague = as_actor(member(Role.SCHOOL_DOCTOR, doctor.organisation))
    make.involve(child, colleague)
    with pytest.raises(Refused, match="its writer alone"):
        change(colleague, child, entry, "x", 1)
    assert change(doctor, child, entry, "Nieuw", 1)


def test_who_is_involved_no_more_writes_nothing(child, coordinator):
    entry = write(coordinator, child)
    Involvement.for_operations.update(ended_at=coordinator.at)
    for what in (
        lambda: write(coordinator, child),
        lambda: change(coordinator, child, entry, "x", 1),
    ):
        with pytest.raises(Refused):
            what()


# --- addresses -----------------------------------------------------------------------------------


def enter(child, organisation, text="Dorpsstraat 1", **more):
    return operations.enter_address(
        child, text=text, organisation=organisation, on=date(2026, 4, 17), by="command:deliver", **more
    )


def seen_by(actor, child):
    mine = permit(actor, child)
    return [one.text for one in addresses_of(mine, fresh(child))]


def test_an_organisation_has_one_address_of_a_child_and_shielding_stays(child, school, coordinator):
    municipality = make.organisation(Kind.MUNICIPALITY)
    desk = as_actor(member(Role.LEERPLICHT_DESK, municipality))
    assert enter(child, municipality, shielded=True) == 1
    assert seen_by(coordinator, child) == [] and seen_by(desk, child) == ["Dorpsstraat 1"]
    enter(child, municipality, "Kade 2")
    assert seen_by(coordinator, child) == [] and seen_by(desk, child) == ["Kade 2"]
    enter(child, municipality, "Kade 2", shielded=False)
    assert seen_by(coordinator, child) == ["Kade 2"]
    assert Address.for_operations.count() == 1
    assert b"Kade" not in bytes(Address.for_operations.get().text)


def test_who_made_an_address_from_an_earlier_version_gets_both_texts(child, coordinator):
    municipality = make.organisation(Kind.MUNICIPALITY)
    desk = as_actor(member(Role.LEERPLICHT_DESK, municipality))
    enter(child, municipality)
    enter(child, municipality, "Kade 2", version=1, shielded=True)
    with pytest.raises(operations.Conflict) as clash:
        enter(child, municipality, "Haven 3", version=1, shielded=False)
    assert (clash.value.theirs, clash.value.mine, clash.value.version) == ("Kade 2", "Haven 3", 2)
    assert seen_by(desk, child) == ["Kade 2"] and seen_by(coordinator, child) == []
    assert Line.for_operations.filter(action="enter_address").count() == 2
    enter(child, municipality, "Haven 3", version=2)
    assert Address.for_operations.get().version == 3


def test_addresses_of_unknown_destroyed_and_foreign_children_are_left_out(child, school):
    elsewhere = make.learner(make.organisation(region="elders"), region="elders")
    gone = make.learner(school)
    operations.shred_child(gone, "command:retention")
    found = [
        operations.DeliveredAddress(key, "Kade 1")
        for key in (child.key, elsewhere.key, f"destroyed:{gone.reference}", "nobody")
    ]
    assert (
        operations.enter_addresses(found, organisation=school, on=date(2026, 4, 17), by="command:deliver")
        == 1
    )
    line = Line.for_operations.get(action="enter_address")
    assert (line.child, line.field_class, line.actor) == (child.reference, "ADR", "command:deliver")


# --- the case ------------------------------------------------------------------------------------


def test_who_decides_says_the_stage_and_closing_ends_all_involvement(child, coordinator, doctor):
    for stage in (Stage.TASKFORCE, Stage.AFTERCARE, None):
        operations.set_case_stage(child, stage, permit(coordinator, child))
        assert Learner.for_operations.get(pk=child.pk).case_stage == stage
    operations.set_case_stage(child, Stage.CLOSED, permit(coordinator, child))
    assert not sees(coordinator, child) and not sees(doctor, child)
    assert {one.ended_because for one in Involvement.for_operations.all()} == {"done"}
    with pytest.raises(Refused):
        operations.set_case_stage(child, None, permit(coordinator, child))
    operations.set_case_stage(child, None, "command:reopen")
    assert sees(coordinator, child)
    assert Line.for_operations.get(actor="command:reopen").action == "set_stage"


@pytest.mark.parametrize("stage", [0, 1, 2, 5, 7])
def test_a_case_has_no_other_stages(child, coordinator, stage):
    asking = permit(coordinator, child)
    is_refused(
        asking.actor, "set_stage", "with the taskforce", operations.set_case_stage, child, stage, asking
    )


def test_others_do_not_say_the_stage(child, doctor):
    with pytest.raises(Refused, match="Who holds direction"):
        operations.set_case_stage(child, 3, permit(doctor, child))


def test_the_case_director_brings_to_aftercare_and_closes_nothing(child):
    child.case_stage = 3
    child.save()
    director = as_actor(member(Role.CASE_DIRECTOR, Kind.TASKFORCE))
    make.involve(child, director)
    assert operations.set_case_stage(child, 4, permit(director, child)).case_stage == 4
    with pytest.raises(Refused):
        operations.set_case_stage(child, 6, permit(director, child))


def test_of_a_destroyed_child_nothing_is_left_that_anybody_can_read(child, coordinator, doctor, school):
    write(coordinator, child)
    enter(child, school)
    make.consent(child, "FAM", doctor)
    guardian = kin(child, "guardian")
    made = make.involve(child, as_actor(member(Role.MENTOR, school)))
    names = Learner.for_operations.get(pk=child.pk)
    assert operations.shred_child(child, "command:retention") == 3
    gone = Learner.for_operations.get(pk=child.pk)
    wanted = (child.reference, "identity", keyholder_of(child.region))
    with pytest.raises(KeyShredded):
        unseal_from(names, "names", key=open_keys([wanted])[wanted])
    assert (gone.case_stage, gone.born_on, gone.municipality, gone.number_lookup) == (7, None, "", "")
    assert child.key not in gone.key
    for model, _manager in models_about_a_child():
        assert model in operations.LEFT_OF_A_CHILD or not model.for_operations.exists()
    assert held(made).ended_because == "done"
    for actor in (coordinator, doctor):
        assert not sees(actor, child)
    assert guardian.kinship.pk
    assert Line.for_operations.get(action="destroy").child == child.reference


def test_after_destruction_nothing_brings_the_child_back(child, coordinator, doctor):
    asking = permit(coordinator, child)
    delivered = Delivered(key=child.key, region=child.region, last_name="Brinkhof", born_on=child.born_on)
    operations.shred_child(child, "command:retention")
    is_refused(
        asking.actor, "write", "was destroyed", operations.write_entry, asking, child=child, field_class=SUP,
        text=SECRET,
    )  # fmt: skip
    for stage in (3, None):
        with pytest.raises(Refused, match="was destroyed"):
            operations.set_case_stage(child, stage, "command:reopen")
    enter_learners([delivered])
    assert Learner.for_operations.get(key=child.key).reference != child.reference
    asked = {"born_on": date(2012, 5, 1), "last_name": "Brinkhof", "first_name": "Fenna"}
    assert find_for_emergency(**asked, by=doctor) is None
    assert did(doctor) == [("find_in_emergency", "refused")]


def test_a_page_that_was_open_changes_nothing_of_a_destroyed_child(child, coordinator, school):
    waiting = grant(
        permit(as_actor(member(Role.CARE_COORDINATOR, school)), child), child=child,
        to=member(Role.MENTOR, school), purpose="guidance",
    )  # fmt: skip
    operations.shred_child(child, "command:retention")
    later = as_actor(waiting.membership)
    with pytest.raises(Refused, match="does not wait"):
        accept(waiting, by=again(later, after=timedelta(minutes=1)))
