"""The file on the page of a child: what is read and written by whom, and what happens when two write."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from inbeeld.access.acting import acting
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.models import Entry
from inbeeld.learners.operations_file import change_entry, enter_address, write_entry
from inbeeld.learners.readers import readers_of
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.visiting import born, kin, permit_for, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def child(child_of_snapshot):
    return child_of_snapshot


@pytest.fixture
def coordinator(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor, directs=True)
    return actor


@pytest.fixture
def doctor(child):
    actor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, actor, purpose="health")
    return actor


def write(actor, child, field_class, text):
    with acting(actor, origin="test"):
        return write_entry(
            permit_for(actor, child), child=child, field_class=FieldClass(field_class), text=text
        )


def page(actor, child, address=""):
    return visitor(actor).get(f"/kind/{child.reference}/{address}")


def post(actor, child, address, **data):
    return visiting.post(actor, f"/kind/{child.reference}/{address}", **data)


def test_each_class_shows_what_this_role_may_read_and_nothing_else(child, coordinator, doctor):
    write(coordinator, child, "SUP", "Rustige plek in de bibliotheek.")
    write(doctor, child, "MED", "Belastbaar voor halve dagen.")
    write(doctor, child, "NOT", "Nog even bellen.")
    at_school, at_the_doctor = words(page(coordinator, child)), words(page(doctor, child))
    assert "Rustige plek" in at_school
    assert "Rustige plek" in at_the_doctor
    assert "Belastbaar" in at_the_doctor
    assert "Belastbaar" not in at_school
    assert "Nog even bellen" in at_the_doctor
    assert "Nog even bellen" not in at_school
    assert coordinator.place in at_the_doctor


def test_what_is_closed_for_want_of_consent_is_said(child, coordinator, doctor):
    worker = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, worker, purpose="help")
    write(coordinator, child, "FAM", "Moeder is overdag te bereiken.")
    told = words(page(worker, child))
    assert "Moeder" not in told
    assert "You may read that only with consent" in told
    make.consent(child, "FAM", worker, purpose="coaching")
    assert words(page(worker, child)) == told
    make.consent(child, "FAM", worker, purpose="help")
    assert "Moeder" in words(page(worker, child))


def test_writing_leads_back_to_the_file_and_is_read_there(child, coordinator):
    answer = post(coordinator, child, "dossier/besproken/", text="De mentor belt elke maandag.")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?gedaan=geschreven#dossier")
    assert "De mentor belt elke maandag." in words(page(coordinator, child))
    assert Line.for_operations.filter(action="write", child=child.reference, field_class="AGR").exists()


def test_what_was_written_stays_when_it_is_refused(child, coordinator):
    long = "x" * 20_001
    answer = post(coordinator, child, "dossier/besproken/", text=long)
    assert answer.status_code == 200
    assert long in answer.content.decode()
    assert "too long" in words(answer)
    answer = post(coordinator, child, "dossier/besproken/", text="  ")
    assert "Write something first." in words(answer)
    assert not Entry.for_operations.exists()


@pytest.mark.parametrize("slug", ["medisch", "politie-en-jeugdbescherming", "onzin"])
def test_a_class_this_role_does_not_write_has_no_page(child, coordinator, slug):
    assert page(coordinator, child, f"dossier/{slug}/").status_code == 404
    assert post(coordinator, child, f"dossier/{slug}/", text="Iets.").status_code == 404
    assert not Entry.for_operations.exists()


def test_parents_read_and_write_nothing(child, coordinator):
    one = write(coordinator, child, "SUP", "Rustige plek in de bibliotheek.")
    mother = kin(child)
    answer = page(mother, child)
    assert "Rustige plek" in words(answer)
    assert "dossier/" not in answer.content.decode()
    assert page(mother, child, f"stuk/{one.pk}/").status_code == 404
    assert post(mother, child, "dossier/ondersteuning/", text="Iets.").status_code == 404


def test_an_entry_of_the_own_organisation_can_be_changed_and_of_another_not(child, coordinator, doctor):
    mine = write(coordinator, child, "SUP", "Rustige plek in de bibliotheek.")
    theirs = write(doctor, child, "AGR", "De jeugdarts belt.")
    answer = post(coordinator, child, f"stuk/{mine.pk}/", text="Rustige plek bij de mentor.", version="1")
    assert answer.status_code == 302
    assert "Rustige plek bij de mentor." in words(page(coordinator, child))
    before = Line.for_operations.count()
    assert page(coordinator, child, f"stuk/{theirs.pk}/").status_code == 404
    assert [line.action for line in Line.for_operations.filter(sequence__gt=before)] == ["request"]


def test_when_two_change_the_same_entry_both_texts_are_shown_and_neither_is_lost(child, coordinator):
    one = write(coordinator, child, "SUP", "Eerste tekst.")
    with acting(coordinator, origin="test"):
        change_entry(permit_for(coordinator, child), entry=one, text="Tekst van een collega.", version=1)
    answer = post(coordinator, child, f"stuk/{one.pk}/", text="Mijn eigen tekst.", version="1")
    assert answer.status_code == 409
    assert "Tekst van een collega." in words(answer)
    assert "Mijn eigen tekst." in words(answer)
    version = answer.context["form"]["version"].value()
    assert version == 2
    again = post(coordinator, child, f"stuk/{one.pk}/", text="Samen gebracht.", version=str(version))
    assert again.status_code == 302
    assert "Samen gebracht." in words(page(coordinator, child))


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_a_version_that_is_none_changes_nothing(child, coordinator, version):
    one = write(coordinator, child, "SUP", "Eerste tekst.")
    answer = post(coordinator, child, f"stuk/{one.pk}/", text="Tweede tekst.", version=version)
    assert answer.status_code == 200
    assert Entry.for_operations.get().version == 1


def test_changing_shows_and_logs_one_entry_and_not_the_rest_of_the_file(child, coordinator):
    one = write(coordinator, child, "SUP", "Eerste tekst.")
    other = write(coordinator, child, "SUP", "Iets heel anders.")
    before = Line.for_operations.count()
    answer = page(coordinator, child, f"stuk/{one.pk}/")
    assert "Iets heel anders." not in words(answer)
    objects = set(Line.for_operations.filter(sequence__gt=before).values_list("object", flat=True))
    assert f"entry:{one.pk}" in objects
    assert f"entry:{other.pk}" not in objects


def test_an_entry_of_another_child_is_not_there(child, coordinator, school):
    other = make.learner(school, born_on=born(14))
    make.involve(other, coordinator)
    theirs = write(coordinator, other, "SUP", "Van een ander kind.")
    assert page(coordinator, child, f"stuk/{theirs.pk}/").status_code == 404


def test_a_shielded_address_is_marked_and_shown_only_to_who_entered_it(child):
    here = make.organisation(Kind.MUNICIPALITY)
    officer = make.actor(Role.ATTENDANCE_OFFICER, here)
    adviser = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    for one in (officer, adviser):
        make.involve(child, one)
    enter_address(
        child, text="Lindelaan 12", organisation=here, on=make.ON, by="command:addresses", shielded=True
    )
    told = words(page(officer, child))
    assert "Lindelaan 12" in told
    assert "Shielded: only your organisation reads this" in told
    assert "Lindelaan" not in words(page(adviser, child))


# --- who will be able to read it -------------------------------------------------------------------


@pytest.fixture
def writer(school):
    return make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))


def test_a_note_is_for_its_writer_alone(writer):
    assert readers_of(FieldClass.NOT, actor=writer, born_on=born(14)).only_me


def test_who_will_read_follows_from_the_table(writer):
    with translation.override("en"):
        medical = readers_of(FieldClass.MED, actor=writer, born_on=born(14))
    assert medical.roles == ()
    assert medical.with_consent == ("school doctor (jeugdarts)",)
    assert medical.in_an_emergency == ("school doctor (jeugdarts)",)
    assert medical.kin == ("the learner",)
    assert medical.kin_with_consent == ("the parents or guardians",)


@pytest.mark.parametrize(("age", "kin_of"), [(9, ("the parents or guardians",)), (17, ("the learner",))])
def test_of_the_family_who_reads_depends_on_the_age_today(writer, age, kin_of):
    with translation.override("en"):
        assert readers_of(FieldClass.MED, actor=writer, born_on=born(age)).kin == kin_of


def test_at_the_moment_of_writing_it_is_said_who_will_read_it(child, doctor):
    told = words(page(doctor, child, "dossier/medisch/"))
    assert "Who will be able to read this:" in told
    assert doctor.place in told
    assert "Only you can read this." in words(page(doctor, child, "dossier/notities/"))


# --- emergency and kin -----------------------------------------------------------------------------


def test_during_an_emergency_a_banner_stands_on_every_page_of_the_child(child, school):
    officer = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))
    one = make.involve(child, officer, kind="emergency", purpose="danger", days=1)
    until = timezone.localtime(one.until_at).strftime("%H:%M")
    for address in ("", "toegang/", "inzage/"):
        assert f"Emergency access until {until}." in words(page(officer, child, address))


def test_without_an_emergency_there_is_no_banner(child, doctor):
    assert "Emergency access until" not in words(page(doctor, child))


def test_kin_go_to_the_page_of_their_child_and_have_no_list(child):
    mother = kin(child)
    answer = visitor(mother).get("/in-beeld/")
    assert answer.headers["Location"] == f"/kind/{child.reference}/"
    shown = page(mother, child)
    assert shown.status_code == 200
    assert "Back to the list" not in words(shown)


def test_kin_of_a_child_that_nobody_worries_about_read_that_there_is_nothing(school):
    fine = make.learner(school, stage=0, days=None, born_on=born(14))
    answer = visitor(kin(fine)).get("/in-beeld/")
    assert answer.status_code == 200
    assert "nothing in inbeeld now that you could read here" in words(answer)


def test_who_may_read_an_address_or_a_number_reads_that_there_is_none_yet(child, coordinator, doctor):
    told = words(page(coordinator, child))
    assert "Address and telephone: Not in inbeeld yet." in told
    assert "Personal number: Not in inbeeld yet." in told
    assert "Personal number" not in words(page(doctor, child))
    assert "Address and number" not in words(page(kin(child), child))


def test_a_consent_that_waits_is_said_on_the_page_of_the_child(child, coordinator):
    worker = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, worker, purpose="help")
    mother = kin(child)
    assert "waits for your answer" not in words(page(mother, child))
    post(
        coordinator,
        child,
        "toestemming/",
        what=f"organisation-{worker.organisation.pk}-FAM",
        purpose="help",
        until_on=timezone.localdate().isoformat(),
    )
    assert "1 question for consent waits for your answer." in words(page(mother, child))
