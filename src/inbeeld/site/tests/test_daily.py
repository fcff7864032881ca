"""The command daily: consents are brought up to the day, and yesterday is closed in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.operations_ground import permit_of
from inbeeld.journal.models import DayHead, Head, Line
from inbeeld.journal.tests.written import append
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.models import Draft
from inbeeld.learners.operations_draft import KEPT_FOR, keep_draft
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Role
from inbeeld.site import daily_command

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_consent_that_stopped_is_worked_out_anew_and_once_is_enough(capsys):
    yesterday = timezone.localdate() - timedelta(days=1)
    adviser = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    child = make.learner(make.organisation())
    made = make.consent(child, "FAM", adviser, holds_from=yesterday, holds_until=yesterday)
    assert daily_command.run([]) == 0
    assert "Consents: 1 brought up to today." in capsys.readouterr().out
    made.refresh_from_db()
    assert (made.holds_from, made.holds_until) == (None, None)  # nobody signed it
    assert daily_command.run([]) == 0
    assert "Consents: none brought up to today." in capsys.readouterr().out


def test_a_draft_nobody_came_back_to_is_deleted_and_once_is_enough(capsys):
    mentor, child = make.actor(Role.MENTOR, make.organisation()), make.learner(make.organisation())
    make.involve(child, mentor)
    with acting(mentor, origin="test"):
        asked = permit_of(mentor, child)
        keep_draft(asked, child=child, field_class=FieldClass.SUP, text="Misschien halve dagen")
    Draft.for_operations.update(saved_at=timezone.now() - KEPT_FOR)
    assert daily_command.run([]) == 0
    assert "Drafts: 1 deleted that nobody came back to." in capsys.readouterr().out
    assert not Draft.for_operations.exists()
    assert daily_command.run([]) == 0
    assert "Drafts: none deleted" in capsys.readouterr().out


def test_yesterday_is_closed_in_the_journal(capsys):
    append(at=timezone.now() - timedelta(days=1))
    assert daily_command.run([]) == 0
    assert "is closed" in capsys.readouterr().out
    assert DayHead.objects.get().sequence == 1


def test_a_day_before_the_first_line_is_not_said_to_be_closed(capsys):
    append()
    assert daily_command.run([]) == 0
    assert "is closed" not in (said := capsys.readouterr().out)
    assert "nothing was written before today" in said
    assert not DayHead.objects.exists()


def test_a_day_that_was_passed_over_is_not_said_to_be_closed(capsys):
    append(at=timezone.now() - timedelta(days=3))
    append()
    assert daily_command.run([]) == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    assert f"nothing was written on {yesterday}" in capsys.readouterr().out
    assert [one.sequence for one in DayHead.objects.all()] == [1]


def test_a_journal_that_lost_its_head_is_told(capsys):
    append()
    assert Line.for_operations.exists()
    Head.objects.all().delete()
    assert daily_command.run([]) == 1
    assert "inbeeld journal verify" in capsys.readouterr().out


def test_a_database_that_does_not_answer_gets_a_sentence(monkeypatch, capsys):
    from django.db import OperationalError

    def breaks(**about):
        raise OperationalError("name of somebody")

    monkeypatch.setattr("inbeeld.access.operations_consent.re_evaluate_due", breaks)
    assert daily_command.run([]) == 2
    said = capsys.readouterr().err
    assert said == "The database refused, or stopped answering (OperationalError).\n"


def test_an_organisation_without_a_privacy_officer_is_told_and_one_with_or_below_one_is_not(capsys):
    alone, served, site = (make.organisation() for _ in range(3))
    site.part_of = served
    site.save()
    for place in (alone, site):
        make.actor(Role.CARE_COORDINATOR, place)
    make.actor(Role.PRIVACY_OFFICER, served)
    assert daily_command.run([]) == 0
    said = capsys.readouterr().out
    assert f"No privacy officer, so notice of an emergency is lost: {alone.key}.\n" in said


def test_a_word_too_many_gets_the_usage(capsys):
    with pytest.raises(SystemExit) as end:
        daily_command.run(["now"])
    assert end.value.code == 2
