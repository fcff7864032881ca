"""The watched folder: taken in once, also after a kill; nothing else is followed, and nothing is lost."""

from __future__ import annotations

import os
import time

import pytest

from inbeeld.deliveries import inbox, operations_work
from inbeeld.deliveries.inbox import take_from_inbox
from inbeeld.deliveries.models import Delivery, State
from inbeeld.deliveries.tests.handing_in import quiet
from inbeeld.deliveries.tests.test_working_in import a_week_away
from inbeeld.journal.models import Line
from inbeeld.learners.tests.visiting import visitor, words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def folder(school, tmp_path, settings):
    settings.INBEELD_INBOX = tmp_path / "inbox"
    ours = settings.INBEELD_INBOX / school.organisation.key
    ours.mkdir(parents=True)
    return ours


def drop(folder, name, content, *, seconds_ago=60):
    file = folder / name
    file.write_bytes(content)
    then = time.time() - seconds_ago
    os.utime(file, (then, then))
    return file


def test_what_rests_is_taken_in_once_and_waits_for_a_yes(school, folder):
    file = drop(folder, "export.csv", a_week_away(school.learners[0]))
    assert take_from_inbox() and not file.exists()
    one = Delivery.objects.get()
    assert (one.way, one.state, one.received_by) == ("folder", State.RECEIVED, None)
    operations_work.read_next(quiet)
    assert Delivery.objects.exclude(way="first").get().state == State.TO_REVIEW
    assert not take_from_inbox()
    line = Line.for_operations.get(action="receive_delivery")
    assert (line.actor, line.object) == ("command:publish", f"delivery:{one.pk}")


def test_killed_before_it_was_removed_it_is_the_same_delivery(school, folder):
    content = a_week_away(school.learners[0])
    for _ in range(2):  # the second time is what a worker finds that was killed after the first
        file = drop(folder, "export.csv", content)
        assert take_from_inbox() and not file.exists()
    assert Delivery.objects.count() == 1 and Line.for_operations.count() == 1


def test_a_file_that_still_grows_is_left_alone(school, folder):
    drop(folder, "export.csv", a_week_away(school.learners[0]), seconds_ago=0)
    assert not take_from_inbox() and not Delivery.objects.exists()


def test_nothing_is_followed_out_of_the_folder(school, folder, tmp_path):
    secret = drop(tmp_path, "secret.csv", b"not yours")
    (folder / "link.csv").symlink_to(secret)
    (folder / "folder").mkdir()
    drop(folder, ".half", b"half")
    drop(folder.parent, "no-folder.csv", b"x")
    (folder.parent / "unknown-school").mkdir()
    drop(folder.parent / "unknown-school", "export.csv", b"x")
    assert not take_from_inbox() and not Delivery.objects.exists()
    assert secret.exists()


def test_what_cannot_be_taken_is_put_aside_with_the_reason(school, folder):
    drop(folder, "empty.csv", b"  ")
    assert take_from_inbox() and not Delivery.objects.exists()
    aside = folder / inbox.ASIDE
    assert (aside / "empty.csv").exists() and (aside / "empty.csv.txt").read_text().strip()
    assert not take_from_inbox()


def test_without_a_watched_folder_there_is_nothing_to_do(db, settings, tmp_path):
    settings.INBEELD_INBOX = None
    assert not take_from_inbox()
    settings.INBEELD_INBOX = tmp_path / "not-there"
    assert not take_from_inbox()


def test_a_delivery_says_through_which_folder_it_came(school, folder, henk):
    drop(folder, "export.csv", a_week_away(school.learners[0]))
    assert take_from_inbox()
    said = f"through the watched folder “{school.organisation.key}”"
    one = Delivery.objects.get()
    assert said in words(visitor(henk).get("/aanleveringen/"))
    assert f"Handed in {said}." in words(visitor(henk).get(f"/aanleveringen/{one.pk}/"))
