"""Drafts: what somebody is writing is kept for them alone, until it is saved, thrown away, or old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from inbeeld.access.acting import acting
from inbeeld.access.models import Involvement
from inbeeld.access.scripts import POLICY_WITH_SCRIPTS
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import KeyShredded, unseal_from
from inbeeld.learners.models import Draft, Entry
from inbeeld.learners.operations_draft import KEPT_FOR, delete_old_drafts, keep_draft
from inbeeld.learners.operations_file import change_entry, shred_child, write_entry
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.at_work import is_refused, permit
from inbeeld.learners.tests.visiting import permit_for, visitor, words
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SUP = FieldClass.SUP
SECRET = "Misschien halve dagen"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def child(child_of_snapshot):
    return child_of_snapshot


@pytest.fixture
def coordinator(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor, directs=True)
    return actor


@pytest.fixture
def colleague(school, child):
    """Reads and writes everything the coordinator does."""
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor)
    return actor


def keep(actor, child, text=SECRET, field_class=SUP, **more):
    with acting(actor, origin="test"):
        return keep_draft(permit_for(actor, child), child=child, field_class=field_class, text=text, **more)


def write(actor, child, text="Eerste tekst."):
    with acting(actor, origin="test"):
        return write_entry(permit_for(actor, child), child=child, field_class=SUP, text=text)


def page(actor, child, address="dossier/ondersteuning/", language="en"):
    return visitor(actor, language).get(f"/kind/{child.reference}/{address}")


def post(actor, child, address, **data):
    return visiting.post(actor, f"/kind/{child.reference}/{address}", **data)


def lines(action):
    return list(Line.for_operations.filter(action=action).values_list("field_class", "object"))


# --- keeping, and coming back ----------------------------------------------------------------------


def test_a_draft_is_sealed_and_kept_once_and_each_time_is_in_the_journal(child, coordinator):
    first, again = keep(coordinator, child), keep(coordinator, child, "Toch hele dagen")
    assert first.pk == again.pk
    kept = Draft.for_operations.get()
    assert b"hele" not in bytes(kept.text)
    assert lines("draft") == [("SUP", f"draft:{kept.pk}")] * 2
    assert not Entry.for_operations.exists()


def test_the_form_shows_the_draft_again_and_saving_it_leaves_none(child, coordinator):
    kept = keep(coordinator, child)
    answer = page(coordinator, child)
    told = words(answer)
    moment = timezone.localtime(kept.saved_at)
    assert f"{SECRET}</textarea>" in answer.content.decode()
    assert f"{moment.day} {moment:%B %H:%M} put back." in told
    assert "for 14 days at most" in told
    assert ("SUP", f"draft:{kept.pk}") in lines("read")
    assert "your draft of" in words(page(coordinator, child, ""))
    assert post(coordinator, child, "dossier/ondersteuning/", text="Halve dagen.").status_code == 302
    assert not Draft.for_operations.exists()
    assert SECRET not in page(coordinator, child).content.decode()


def test_the_words_of_a_draft_are_dutch(child, coordinator):
    keep(coordinator, child)
    told = words(page(coordinator, child, language="nl"))
    for said in ("Concept van ", " teruggezet.", "Als concept bewaren", "Dit concept weggooien"):
        assert said in told


def test_without_a_script_a_button_keeps_it_and_another_throws_it_away(child, coordinator):
    address = "dossier/ondersteuning/"
    answer = post(coordinator, child, address, text=SECRET, draft="keep")
    assert answer.headers["Location"].endswith(f"/{address}?gedaan=concept")
    assert "Kept as a draft at " in words(page(coordinator, child, f"{address}?gedaan=concept"))
    assert (Draft.for_operations.count(), Entry.for_operations.count()) == (1, 0)
    answer = post(coordinator, child, address, text=SECRET, draft="away")
    assert answer.headers["Location"].endswith(f"/{address}?gedaan=concept-weg")
    assert not Draft.for_operations.exists()
    assert lines("throw_away_draft") == [("SUP", "")]


@pytest.mark.parametrize(("text", "said"), [(" \n", "Write something first."), ("x" * 20_001, "too long")])
def test_what_cannot_be_kept_as_a_draft_stays_in_the_form(child, coordinator, text, said):
    answer = post(coordinator, child, "dossier/ondersteuning/", text=text, draft="keep")
    assert answer.status_code == 200
    assert said in words(answer)
    assert not Draft.for_operations.exists()


def test_a_script_is_told_when_it_was_kept_and_an_emptied_form_leaves_none(child, coordinator):
    answer = post(coordinator, child, "concept/ondersteuning/", text=SECRET)
    moment = timezone.localtime(Draft.for_operations.get().saved_at)
    assert answer.json() == {"said": f"Draft kept at {moment:%H:%M}"}
    answer = post(coordinator, child, "concept/ondersteuning/", text="x" * 20_001)
    assert (answer.status_code, "too long" in answer.json()["said"]) == (409, True)
    assert post(coordinator, child, "concept/ondersteuning/", text=" ").json() == {"said": ""}
    assert not Draft.for_operations.exists()
    # Nothing was there any more, so nothing was done.
    post(coordinator, child, "concept/ondersteuning/", text="")
    assert len(lines("throw_away_draft")) == 1


def test_a_script_runs_where_somebody_writes_and_not_where_the_file_is_read(child, coordinator):
    entry = write(coordinator, child)
    for address in ("dossier/ondersteuning/", f"stuk/{entry.pk}/"):
        answer = page(coordinator, child, address)
        assert answer.headers["Content-Security-Policy"] == POLICY_WITH_SCRIPTS
        assert answer.content.decode().count("<script") == 1
    assert "script-src" not in page(coordinator, child, "").headers["Content-Security-Policy"]


# --- a change of an entry --------------------------------------------------------------------------


def test_a_draft_of_a_change_is_put_back_and_is_no_draft_of_a_new_entry(child, coordinator):
    entry = write(coordinator, child)
    answer = post(coordinator, child, f"concept/stuk/{entry.pk}/", text=SECRET, version="1")
    assert answer.status_code == 200
    assert [action for action in ("read", "draft") if (SUP.value, f"entry:{entry.pk}") in lines(action)] == []
    assert f"{SECRET}</textarea>" in page(coordinator, child, f"stuk/{entry.pk}/").content.decode()
    assert SECRET not in page(coordinator, child).content.decode()
    assert post(coordinator, child, f"stuk/{entry.pk}/", text="Nieuw.", version="1").status_code == 302
    assert not Draft.for_operations.exists()


def test_when_the_entry_changed_since_the_draft_began_both_texts_are_shown(child, coordinator, colleague):
    entry = write(coordinator, child)
    keep(coordinator, child, entry=entry, version=1)
    with acting(colleague, origin="test"):
        change_entry(permit_for(colleague, child), entry=entry, text="Van de collega.", version=1)
    # Going on with it does not make it newer than what it was begun from.
    keep(coordinator, child, f"{SECRET} en meer", entry=entry, version=2)
    answer = page(coordinator, child, f"stuk/{entry.pk}/")
    assert "Van de collega." in words(answer)
    assert f"{SECRET} en meer</textarea>" in answer.content.decode()
    assert answer.context["form"]["version"].value() == 2
    saved = post(coordinator, child, f"stuk/{entry.pk}/", text="Samen.", version="2")
    assert (saved.status_code, Draft.for_operations.count()) == (302, 0)


def test_of_two_who_change_the_same_the_text_that_was_not_saved_is_kept(child, coordinator, colleague):
    entry = write(coordinator, child)
    with acting(colleague, origin="test"):
        change_entry(permit_for(colleague, child), entry=entry, text="Van de collega.", version=1)
    assert post(coordinator, child, f"stuk/{entry.pk}/", text=SECRET, version="1").status_code == 409
    assert Draft.for_operations.get().version == 1
    answer = post(coordinator, child, f"stuk/{entry.pk}/", text=SECRET, version="2", draft="theirs")
    assert answer.headers["Location"] == f"/kind/{child.reference}/?gedaan=concept-weg#dossier"
    assert not Draft.for_operations.exists()


# --- for nobody else -------------------------------------------------------------------------------


def test_a_colleague_sees_neither_the_draft_nor_that_it_is_there(child, coordinator, colleague):
    entry = write(coordinator, child)
    pages = ("", "dossier/ondersteuning/", f"stuk/{entry.pk}/", "toegang/")
    before = [words(page(colleague, child, one)) for one in pages]
    keep(coordinator, child)
    keep(coordinator, child, entry=entry, version=1)
    assert [words(page(colleague, child, one)) for one in pages] == before
    for address in ("concept/ondersteuning/", f"concept/stuk/{entry.pk}/"):
        post(colleague, child, address, text="", version="1")
    assert Draft.for_operations.count() == 2
    post(colleague, child, "dossier/ondersteuning/", text="Iets anders.")
    assert Draft.for_operations.count() == 2


def test_who_may_not_write_it_now_reads_no_draft_of_it_either(child, coordinator):
    keep(coordinator, child)
    assert Draft.objects.visible_to(coordinator).exists()
    Involvement.for_operations.filter(membership=coordinator.membership).update(ended_at=timezone.now())
    assert not Draft.objects.visible_to(coordinator).exists()
    assert page(coordinator, child).status_code == 404
    assert post(coordinator, child, "concept/ondersteuning/", text="Nog iets").status_code == 404


def test_in_another_role_one_has_other_drafts(child, coordinator, school):
    keep(coordinator, child)
    also = make.actor(Role.MENTOR, school)
    Membership.objects.filter(pk=also.membership.pk).update(person=coordinator.membership.person)
    make.involve(child, also)
    also.membership.refresh_from_db()
    assert not Draft.objects.visible_to(also).exists()
    assert SECRET not in page(also, child).content.decode()


def test_whoever_may_not_write_keeps_no_draft(child, coordinator):
    worker = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, worker, purpose="help")
    asking = permit(worker, child)
    is_refused(
        asking.actor, "draft", "may read this, not change", keep_draft, asking, child=child,
        field_class=SUP, text=SECRET,
    )  # fmt: skip
    assert post(worker, child, "concept/ondersteuning/", text=SECRET).status_code == 404
    assert not Draft.for_operations.exists()


def test_a_draft_of_an_entry_of_another_organisation_is_refused(child, coordinator):
    doctor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, doctor, purpose="health")
    theirs = write(doctor, child)
    asking = permit(coordinator, child)
    is_refused(
        asking.actor, "draft", "not written as an entry", keep_draft, asking, child=child, field_class=SUP,
        text=SECRET, entry=theirs, version=1,
    )  # fmt: skip
    assert post(coordinator, child, f"concept/stuk/{theirs.pk}/", text=SECRET).status_code == 404


def test_a_form_of_another_role_keeps_nothing(child, coordinator):
    address = f"/kind/{child.reference}/concept/ondersteuning/"
    assert visitor(coordinator).post(address, {"text": SECRET}).status_code == 409
    assert visitor(coordinator).get(address).status_code == 405
    assert not Draft.for_operations.exists()


# --- until when ------------------------------------------------------------------------------------


def test_a_draft_goes_with_the_key_of_the_child(child, coordinator):
    kept = keep(coordinator, child)
    row = Draft.for_operations.select_related("organisation").get()
    shred_child(child, "command:retention")
    assert not Draft.for_operations.exists()
    wanted = (child.reference, "support", row.organisation.key)
    with pytest.raises(KeyShredded):
        unseal_from(row, "text", key=open_keys([wanted])[wanted])
    asking = permit(coordinator, child)
    is_refused(
        asking.actor, "draft", "no access", keep_draft, asking, child=child, field_class=SUP, text=SECRET
    )
    assert kept.pk


def test_a_draft_that_does_not_open_is_not_put_in_the_form(child, coordinator):
    keep(coordinator, child)
    other = Draft.for_operations.get()
    Draft.for_operations.update(id="00000000-0000-4000-8000-000000000000")
    assert other.pk
    told = page(coordinator, child)
    assert (told.status_code, "put back" in words(told)) == (200, False)


def delete_old():
    now = timezone.now()
    return delete_old_drafts(at=now, today=timezone.localdate(now), by="command:drafts")


def test_after_fourteen_days_nobody_comes_back_to_it(child, coordinator):
    kept = keep(coordinator, child)
    Draft.for_operations.update(saved_at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    assert delete_old() == 0
    Draft.for_operations.update(saved_at=timezone.now() - KEPT_FOR)
    assert delete_old() == 1
    line = Line.for_operations.get(action="throw_away_draft")
    assert (line.actor, line.child, line.object) == (
        "command:drafts", child.reference, f"draft:{kept.pk}",
    )  # fmt: skip


def test_who_works_here_no_more_leaves_no_draft(child, coordinator):
    keep(coordinator, child)
    Membership.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    assert delete_old() == 1
    assert not Draft.for_operations.exists()
