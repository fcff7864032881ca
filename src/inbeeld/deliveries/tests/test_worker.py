"""The worker: killed at any moment it goes on where it was, and there is one at a time."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.db import connection

from inbeeld.deliveries import operations, operations_publish, operations_work, places
from inbeeld.deliveries.models import Delivery, State
from inbeeld.deliveries.tests.handing_in import accept, decide, hand_in, now, quiet, received, standing_marks
from inbeeld.deliveries.tests.test_working_in import a_week_away
from inbeeld.learners.models import Judgement, Learner, Standing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Killed(BaseException):
    """What kill -9 does to a worker, as far as a test can: nothing after it runs."""


@pytest.mark.parametrize("moment", ["_build", "_now_it_counts"])
def test_killed_while_working_in_nothing_changed_and_it_goes_on(school, henk, monkeypatch, moment):
    stood, standings = standing_marks(school), Standing.for_operations.count()
    one = hand_in(henk, a_week_away(school.learners[0]))
    decide(operations.accept, henk, one, as_read=one.as_read)
    whole = getattr(operations_publish, moment)

    def cut_off(*arguments, **more):
        whole(*arguments, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(operations_publish, moment, cut_off)
        with pytest.raises(Killed):
            operations_publish.publish_decided(quiet)
    assert now(one).state == State.ACCEPTED
    assert standing_marks(school) == stood and Standing.for_operations.count() == standings
    assert operations_publish.publish_decided(quiet) and now(one).state == State.STANDS
    assert standing_marks(school) != stood
    assert not operations_publish.publish_decided(quiet)


def test_killed_while_reading_it_is_read_again(school, henk, monkeypatch):
    one = received(henk, a_week_away(school.learners[0]))

    def cut_off(*arguments, **more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(operations_work, "compare_delivery", cut_off)
        with pytest.raises(Killed):
            operations_work.read_next(quiet)
    assert now(one).state == State.RECEIVED
    (places.deliveries() / ".open-left").mkdir()
    operations_work.tidy()
    assert not list(places.deliveries().glob(".open-*"))
    assert operations_work.read_next(quiet) and now(one).state == State.TO_REVIEW


def test_old_tables_are_swept_and_the_current_ones_stay(school, henk):
    for number in range(3):
        accept(henk, hand_in(henk, a_week_away(school.learners[number])))
    kept = {one.split("/")[1] for one in Judgement.objects.values_list("tables", flat=True) if "/" in one}
    left = {folder.name for folder in places.snapshots().iterdir()}
    assert len(left) == 2 and left <= kept


def test_what_nobody_decides_about_is_forgotten(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    Delivery.objects.update(read_at="2026-01-01T00:00:00Z")
    assert operations_work.forget_old(before=operations_work.KEPT_FOR) == 1
    operations_work.forget_decided()
    assert now(one).state == State.DISMISSED and not (places.deliveries() / str(one.pk)).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the process of its own has a database file")
@pytest.mark.usefixtures("school")
def test_kill_minus_nine_of_the_process_and_on(data, henk, settings):
    """A process of its own on a copy of this data, killed while it builds; a second one ends the work."""
    one = hand_in(henk, a_week_away(_learner()))
    decide(operations.accept, henk, one, as_read=one.as_read)
    killed_and_gone_on(data, one, settings)


def killed_and_gone_on(data, one, settings):
    """The file of a database in which a delivery counts that was accepted, though its worker was killed."""
    file = data / "inbeeld.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    environment = {
        **os.environ, "INBEELD_DATA": str(data), "INBEELD_DEMO": "1", "INBEELD_MODE": "trial",
        "INBEELD_KEYRING": str(settings.INBEELD_KEYRING),
    }  # fmt: skip
    words = [sys.executable, "-m", "inbeeld", "work", "--once"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while not list(places.snapshots().glob("*/region")) and time.monotonic() < deadline:
            time.sleep(0.005)
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
    assert _state(file, one) == State.ACCEPTED
    second = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)
    assert second.returncode == 0, second.stderr
    assert _state(file, one) == State.STANDS
    return file


def _learner() -> str:
    return str(Learner.for_operations.order_by("key").values_list("key", flat=True)[0])


def _state(file, one) -> str:
    with sqlite3.connect(file) as other:
        return str(
            other.execute("SELECT state FROM deliveries_delivery WHERE id = ?", [one.pk.hex]).fetchone()[0]
        )
