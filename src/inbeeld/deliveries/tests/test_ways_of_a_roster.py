"""A roster comes in as every delivery does: from a folder, from a system; and its worker may be killed."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from inbeeld.deliveries import operations, operations_system, operations_work, places
from inbeeld.deliveries.inbox import take_from_inbox
from inbeeld.deliveries.models import Delivery, Fills, State
from inbeeld.deliveries.tests.handing_in import accept, decide, hand_in, now, quiet
from inbeeld.deliveries.tests.rosters import known_rows, name_of, roster_file
from inbeeld.deliveries.tests.test_inbox import drop, folder
from inbeeld.deliveries.tests.test_rosters import JELLE, new_key
from inbeeld.deliveries.tests.test_worker import killed_and_gone_on
from inbeeld.learners.tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ON = make.ON
__all__ = ["folder"]


@pytest.fixture
def content(school):
    return roster_file({**known_rows(school.learners), "77": JELLE}, on=ON)


def test_from_the_watched_folder_it_waits_for_a_yes(school, henk, content, folder):  # noqa: F811
    file = drop(folder, "leerlingen.xml", content)
    assert take_from_inbox() and not file.exists()
    operations_work.read_next(quiet)
    one = Delivery.objects.get()
    assert (one.way, one.state, one.fills) == ("folder", State.TO_REVIEW, Fills.ROSTER)
    accept(henk, one)
    assert name_of(new_key(school)) == "Jelle Terpstra"


def test_a_system_hands_it_in_and_hears_how_many_and_never_who(school, henk, content):
    until = timezone.localdate() + timedelta(days=30)
    _key, secret = operations_system.make(henk, name="ParnasSys", until_on=until)
    shown = {"authorization": f"Bearer {secret}"}
    door = "/aanleveringen/systeem/?bron=edexml"
    answer = Client().post(door, content, content_type="application/xml", headers=shown)
    assert answer.status_code == 201
    operations_work.read_next(quiet)
    told = Client().get(answer.json()["address"], headers=shown).json()
    assert told["state"] == State.TO_REVIEW
    assert told["counts"] == {
        "read": len(school.learners) + 1, "refused": 0, "enrolled": len(school.learners) + 1, "new": 1,
        "left": 0, "back": 0, "changed": 0,
    }  # fmt: skip
    assert "Terpstra" not in str(told) and "77" not in str(told["counts"])


def test_named_as_another_system_it_is_refused_in_a_sentence(school, henk, content):
    one = hand_in(henk, content, source="magister")
    assert one.state == State.UNUSABLE and "this is XML" in one.wrong["expected"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the process of its own has a database file")
def test_kill_minus_nine_of_the_process_and_on(school, data, henk, content, settings):
    one = hand_in(henk, content)
    decide(operations.accept, henk, one, as_read=one.as_read)
    file = killed_and_gone_on(data, one, settings)
    with sqlite3.connect(file) as other:
        asked = "SELECT COUNT(*) FROM learners_learner WHERE key = ?"
        assert other.execute(asked, [new_key(school)]).fetchone() == (1,)
    assert places.kept_names(one.pk) and not (places.folder_of(one.pk) / places.PEOPLE).exists()
    assert now(one).state == State.ACCEPTED  # in the database of this process, which is another
