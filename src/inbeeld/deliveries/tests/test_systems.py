"""A system hands in with a key: the key does that and nothing else, and what it hands in waits for a yes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.text import capfirst

from inbeeld.access.refusal import Refused
from inbeeld.deliveries import operations, operations_system
from inbeeld.deliveries.models import Delivery, State, SystemKey
from inbeeld.deliveries.operations_work import read_next
from inbeeld.deliveries.tests.handing_in import decide, now, quiet, received
from inbeeld.deliveries.tests.test_working_in import a_week_away
from inbeeld.deliveries.words import SOURCES
from inbeeld.engine.intake import PROFILES
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.organisations.models import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
KEYS, DOOR = "/aanleveringen/sleutels/", "/aanleveringen/systeem/"


@pytest.fixture
def secret(henk):
    """The secret of a key henk made on the page."""
    sent = {"name": "Magister, elke nacht", "until_on": str(timezone.localdate() + timedelta(days=30))}
    page = visiting.post(henk, KEYS, **sent)
    assert page.status_code == 200
    (found,) = re.findall(r"inbeeld_[A-Za-z0-9_-]{43}", page.content.decode())
    return found


def deliver(secret, content=b"", *, to=DOOR, kind="Bearer", **headers):
    more = {"authorization": f"{kind} {secret}"} if secret else {}
    return Client().post(to, content, content_type="text/csv", headers=more, **headers)


def test_a_system_hands_in_and_hears_what_became_of_it(school, henk, secret):
    answer = deliver(secret, a_week_away(school.learners[0]))
    assert answer.status_code == 201 and answer.json()["state"] == State.RECEIVED
    one = Delivery.objects.get()
    assert (one.way, one.school, one.received_by) == ("system", school.organisation, None)
    read_next(quiet)
    where = {"authorization": f"Bearer {secret}"}
    told = Client().get(answer.json()["address"], headers=where).json()
    assert told["state"] == State.TO_REVIEW and told["counts"]["stand"] == 40
    assert school.learners[0] not in str(told)
    line = Line.for_operations.get(action="receive_delivery")
    key = SystemKey.objects.get()
    assert (line.actor, line.object) == (f"system_key:{key.pk}", f"delivery:{one.pk}")
    assert line.origin == "system_door"
    assert key.used_at is not None
    # Whether it counts, a person says.
    decide(operations.accept, henk, now(one), as_read=now(one).as_read)
    assert now(one).state == State.ACCEPTED


def test_the_same_file_twice_is_one_delivery(school, secret):
    content = a_week_away(school.learners[0])
    first, second = deliver(secret, content), deliver(secret, content)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["delivery"] == second.json()["delivery"]


def test_the_secret_is_kept_nowhere(secret, henk):
    key = SystemKey.objects.get()
    assert key.digest == operations_system.digest_of(secret) and secret not in str(vars(key))
    assert secret not in visiting.visitor(henk).get(KEYS).content.decode()
    assert all(secret not in str(vars(line)) for line in Line.for_operations.all())


@pytest.mark.parametrize("wrong", ["", "inbeeld_", "inbeeld_" + "x" * 43, "x", "inbeeld_é"])
def test_without_a_key_that_holds_nothing_is_taken_in(school, secret, wrong):
    answer = deliver(wrong.encode().decode("latin-1"), a_week_away(school.learners[0]))
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert deliver(secret, b"x", kind="Basic").status_code == 401
    assert not Delivery.objects.exists()


def test_a_key_that_ended_or_is_over_opens_nothing(school, henk, secret):
    key = SystemKey.objects.get()
    content = a_week_away(school.learners[0])
    SystemKey.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    assert deliver(secret, content).status_code == 401
    SystemKey.objects.update(until_on=timezone.localdate())
    assert deliver(secret, content).status_code == 201
    assert visiting.post(henk, f"{KEYS}{key.pk}/beeindigen/").status_code == 302
    assert deliver(secret, content).status_code == 401
    key.refresh_from_db()
    assert key.ended_by == henk.membership
    ended = key.ended_at
    assert visiting.post(henk, f"{KEYS}{key.pk}/beeindigen/").status_code == 302
    key.refresh_from_db()
    assert key.ended_at == ended


def test_a_key_opens_no_other_page_and_no_other_school(school, henk, secret):
    where = {"authorization": f"Bearer {secret}"}
    for page in ("/in-beeld/", "/aanleveringen/", KEYS, "/mijn-werk/"):
        assert Client().get(page, headers=where).status_code == 302
    other = make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation())
    assert visiting.post(other, f"{KEYS}{SystemKey.objects.get().pk}/beeindigen/").status_code == 404
    answer = deliver(secret, a_week_away(school.learners[0]))
    Delivery.objects.update(school=other.organisation)
    assert Client().get(answer.json()["address"], headers=where).status_code == 404


def test_who_is_logged_in_is_no_system(school, henk, secret):
    client = visiting.visitor(henk)
    answer = client.post(DOOR, b"x", content_type="text/csv", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401 and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("content", "headers", "query", "status"),
    [
        (b"   ", {}, "", 422),
        (b"a", {"CONTENT_LENGTH": ""}, "", 411),
        (b"a", {"CONTENT_LENGTH": str(60 * 1024 * 1024)}, "", 413),
        (b"a", {}, "?bron=onzin", 400),
        (b"a", {}, "?gemaakt=31-12-2025", 400),
        (b"a", {}, "?gemaakt=2999-01-01", 400),
        (b"a", {"CONTENT_TYPE": "multipart/form-data; boundary=x"}, "", 415),
    ],
)
def test_what_cannot_be_taken_in_is_said_in_a_sentence(school, secret, content, headers, query, status):
    answer = deliver(secret, content, to=DOOR + query, **headers)
    assert answer.status_code == status
    assert len(answer.json()["error"]) > 20
    assert not Delivery.objects.exists()


def test_a_hostile_file_is_told_to_the_system(school, secret):
    answer = deliver(secret, b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")
    read_next(quiet)
    told = Client().get(answer.json()["address"], headers={"authorization": f"Bearer {secret}"}).json()
    assert told["state"] == State.UNUSABLE and "XML" in told["error"]


def test_only_who_keeps_the_attendance_makes_keys_and_not_for_ever(school, henk):
    mentor = make.actor(Role.MENTOR, school.organisation)
    today = timezone.localdate()
    assert visiting.visitor(mentor).get(KEYS).status_code == 404
    for actor, days in ((mentor, 0), (henk, -1), (henk, 401)):
        with pytest.raises(Refused):
            operations_system.make(actor, name="x", until_on=today + timedelta(days=days))
    for number in range(operations_system.MOST_AT_A_SCHOOL):
        operations_system.make(henk, name=f"nr {number}", until_on=today)
    with pytest.raises(Refused):
        operations_system.make(henk, name="nog een", until_on=today)


def test_a_form_filled_in_wrong_makes_no_key(school, henk):
    page = visiting.post(henk, KEYS, name="", until_on="gisteren")
    assert page.status_code == 400 and not SystemKey.objects.exists()


def test_a_key_ended_while_the_file_was_on_its_way_takes_nothing_in(school, henk, secret):
    key = SystemKey.objects.get()
    SystemKey.objects.update(ended_at=timezone.now())
    with pytest.raises(operations_system.Ended):
        operations_system.receive_from_system(key, b"a;b", source="", made_on=None, origin="system_door")
    assert not Delivery.objects.exists()


def test_a_system_in_a_loop_is_stopped(school, secret, monkeypatch):
    monkeypatch.setattr(operations_system, "MOST_WAITING", 3)
    answers = [deliver(secret, a_week_away(school.learners[number])).status_code for number in range(4)]
    assert answers == [201, 201, 201, 429]
    Delivery.objects.filter(state=State.RECEIVED).update(state=State.DISMISSED)
    assert deliver(secret, a_week_away(school.learners[4])).status_code == 201


def test_a_key_is_made_only_after_proving_again(school, henk):
    sent = {"name": "x", "until_on": str(timezone.localdate())}
    assert "inbeeld_" not in visiting.post(henk, KEYS, proved=False, **sent).content.decode()
    assert not SystemKey.objects.exists()


def test_the_school_of_a_site_ends_its_keys(school, henk, secret):
    above = make.organisation()
    school.organisation.part_of = above
    school.organisation.save()
    actor = make.actor(Role.ATTENDANCE_COORDINATOR, above)
    assert "Magister, elke nacht" in visiting.visitor(actor).get(KEYS).content.decode()
    assert visiting.post(actor, f"{KEYS}{SystemKey.objects.get().pk}/beeindigen/").status_code == 302
    assert deliver(secret, b"a;b").status_code == 401


def test_what_stands_in_a_cell_is_not_told_to_a_system(school, secret):
    rows = "leerling;datum;lesuur;status\n1;Fenna Brinkhof;1;absent\n"
    answer = deliver(secret, rows.encode())
    read_next(quiet)
    told = Client().get(answer.json()["address"], headers={"authorization": f"Bearer {secret}"}).json()
    assert told["state"] == State.UNUSABLE and "error" in told
    assert "Fenna" not in str(told)


def test_a_delivery_says_who_or_which_key_handed_it_in(school, henk, secret):
    by_key = deliver(secret, a_week_away(school.learners[0])).json()["delivery"]
    by_hand = received(henk, a_week_away(school.learners[1])).pk
    said = {by_key: "with the key “Magister, elke nacht”", by_hand: "by Marit Hoog"}
    listed = visiting.words(visiting.visitor(henk).get("/aanleveringen/"))
    for one, how in said.items():
        assert how in listed
        assert f"Handed in {how}." in visiting.words(visiting.visitor(henk).get(f"/aanleveringen/{one}/"))
    # Who handed in the same file again did not hand in this one.
    again = deliver(secret, a_week_away(school.learners[1]))
    assert again.status_code == 200 and Delivery.objects.get(pk=by_hand).key is None


def test_the_page_of_the_keys_names_every_system_the_door_knows(school, henk, secret):
    page = visiting.visitor(henk).get(KEYS).content.decode()
    named = re.findall(r"<li><code>(\w+)</code> ([^<]+)</li>", page)
    with translation.override("en"):
        wanted = {key: capfirst(str(SOURCES[key])) for key in PROFILES}
    assert dict(named) == wanted
    for number, (key, _) in enumerate(named):
        answer = deliver(secret, a_week_away(school.learners[number]), to=f"{DOOR}?bron={key}")
        assert answer.status_code == 201, key
