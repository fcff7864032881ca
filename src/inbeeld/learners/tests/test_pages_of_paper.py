"""A consent that was signed on paper: who records it, how, and what who signed reads of that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.access.models import Signature
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.visiting import born, kin, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def coordinator(child, school):
    """Involved, and not who asked."""
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor, directs=True)
    return actor


@pytest.fixture
def worker(child):
    actor = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, actor, purpose="help")
    return actor


@pytest.fixture
def asked(child, worker):
    """By the worker, for the organisation of the worker; not signed yet."""
    return make.consent(child, "FAM", worker, holds_from=None, holds_until=None)


def page(actor, child):
    return visitor(actor).get(f"/kind/{child.reference}/toegang/")


def record(actor, child, asked, by, name="", *, proved=True, on=None):
    address = f"/kind/{child.reference}/toestemming/{asked.pk}/vastleggen/"
    day = timezone.localdate().isoformat() if on is None else on
    return visiting.post(actor, address, proved=proved, by=by, name=name, on=day)


def test_signers_are_recorded_one_by_one_and_the_recorder_is_told_no_name(child, coordinator, asked):
    for name in (("Geheim", "Gezinslid"), ("Stil", "Gezinslid")):
        kin(child, name=name)
    kin(child, "learner")
    for number, (by, name) in enumerate([
        ("guardian", "geheim gezinslid"), ("guardian", "Stil Gezinslid"), ("learner", ""),
    ]):  # fmt: skip
        assert Signature.for_operations.count() == number
        asked.refresh_from_db()
        assert asked.holds_from is None
        assert record(coordinator, child, asked, by, name).status_code == 302
    asked.refresh_from_db()
    assert asked.holds_from == timezone.localdate()
    assert "Gezinslid" not in words(page(coordinator, child))


@pytest.mark.parametrize("name", ["", "Gezinslid", "Geheim", "Hanneke Zwart", "%"])
def test_a_parent_is_not_found_by_a_part_of_the_name_or_another(child, coordinator, asked, name):
    kin(child, name=("Geheim", "Gezinslid"))
    refused = record(coordinator, child, asked, "guardian", name)
    assert refused.status_code == 409
    assert "not known in inbeeld" in words(refused)
    assert not Signature.for_operations.exists()


def test_recording_asks_for_a_proof(child, coordinator, asked):
    kin(child, "learner")
    assert record(coordinator, child, asked, "learner", proved=False).status_code == 200
    assert not Signature.for_operations.exists()


def test_who_asked_is_offered_no_form_and_refused_when_they_send_one(child, worker, asked):
    kin(child, "learner")
    answer = page(worker, child)
    assert "/vastleggen/" not in answer.content.decode()
    assert "Somebody else who is involved records that" in words(answer)
    assert record(worker, child, asked, "learner").status_code == 409
    assert not Signature.for_operations.exists()
    assert Line.for_operations.filter(action="record_signature", outcome="refused").count() == 1


def test_who_signed_reads_who_recorded_it_and_when(child, coordinator, asked):
    mother = kin(child, name=("Geheim", "Gezinslid"))
    coordinator.membership.person.last_name = "Scholtens"
    coordinator.membership.person.save()
    record(coordinator, child, asked, "guardian", "Geheim Gezinslid")
    made = Signature.for_operations.get()
    told = words(page(mother, child))
    assert "Signed byyou" in told
    assert "on paper, recorded by Marit Scholtens (care coordinator" in told
    assert timezone.localtime(made.recorded_at).strftime("%H:%M") in told


def test_a_young_person_of_sixteen_reads_it_among_all_that_was_signed(school, worker, coordinator):
    grown = make.learner(school, stage=2, born_on=born(17))
    make.involve(grown, coordinator)
    one = make.consent(grown, "FAM", worker, holds_from=None, holds_until=None)
    learner = kin(grown, "learner", name=("Sem", "Zwart"))
    assert record(coordinator, grown, one, "learner").status_code == 302
    told = words(page(learner, grown))
    assert "Signed bySem Zwart" in told
    assert "on paper, recorded by" in told


def test_a_signature_online_was_recorded_by_nobody(child, asked):
    learner = kin(child, "learner")
    visiting.post(learner, f"/kind/{child.reference}/toestemming/{asked.pk}/tekenen/")
    assert Signature.for_operations.get().recorded_at is None
    assert "on paper" not in words(page(learner, child))


@pytest.mark.parametrize(
    ("by", "on"), [("", "2026-01-01"), ("guardian", "gisteren"), ("oma", "2026-01-01"), ("learner", "")]
)
def test_a_paper_recorded_wrongly_is_a_sentence(child, coordinator, asked, by, on):
    kin(child, name=("Geheim", "Gezinslid"))
    answer = record(coordinator, child, asked, by, "Geheim Gezinslid", on=on)
    assert answer.status_code == 409
    assert answer.context["refusal"] in words(answer)


def test_a_paper_recorded_wrongly_comes_back_open_with_the_sentence_at_its_field(child, coordinator, asked):
    kin(child, name=("Geheim", "Gezinslid"))
    for by, name, on, field in (
        ("", "Stil Gezinslid", None, f'aria-describedby="fout-wie-{asked.pk}"'),
        ("guardian", "Stil Gezinslid", None, f'aria-describedby="fout-naam-{asked.pk}"'),
        ("guardian", "Geheim Gezinslid", "31-02-2026", f'aria-describedby="fout-dag-{asked.pk}"'),
    ):
        page = record(coordinator, child, asked, by, name, on=on).content.decode()
        assert f'<details open id="papier-{asked.pk}">' in page
        assert field in page
        assert f'value="{name}"' in page  # to be mended, not typed anew


def test_a_paper_of_a_day_before_it_was_asked_is_a_sentence(child, coordinator, asked):
    kin(child, "learner")
    before = (timezone.localdate() - timedelta(days=2)).isoformat()
    assert record(coordinator, child, asked, "learner", on=before).status_code == 409
