"""Adding to the journal: numbered, chained, in the caller's transaction, never earlier than before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from inbeeld.journal import operations
from inbeeld.journal.chain import FIELDS, NOTHING_BEFORE, digest_of
from inbeeld.journal.deed import NotAKey
from inbeeld.journal.models import DayHead, Head, Line
from inbeeld.journal.scope import UnscopedQuery
from inbeeld.journal.tests.opened import unguarded
from inbeeld.journal.tests.written import CHILD, NOON, a_deed, append, clock, lines

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = timedelta(days=1)


def test_lines_are_numbered_from_1_without_a_gap() -> None:
    assert append() == 1
    assert append(*[a_deed() for _ in range(50)]) == 51
    assert append() == 52
    assert [line["sequence"] for line in lines()] == list(range(1, 53))


def test_each_line_follows_from_the_one_before_and_the_head_is_the_last() -> None:
    append(*[a_deed(child=None), a_deed(), a_deed(emergency=True)])
    append(a_deed(outcome="refused", row="", ground="", field_class=""))
    digest = NOTHING_BEFORE
    for line in lines():
        digest = digest_of(digest, [line[name] for name in FIELDS])
        assert line["digest"] == digest
    head = Head.objects.get()
    assert (head.sequence, bytes(head.digest), head.at) == (4, digest, lines()[-1]["at"])


def test_a_line_says_what_the_deed_said() -> None:
    append(a_deed(), at=NOON)
    (line,) = lines()
    assert line["field_class"] == "IDE ATT"
    assert (line["at"], line["behind"], line["child"], line["emergency"]) == (NOON, 0, CHILD, False)
    deed = a_deed()
    for name in set(FIELDS) - {"sequence", "at", "behind", "field_class"}:
        assert line[name] == getattr(deed, name)


def test_lines_with_much_and_with_nothing_in_common_are_written_alike() -> None:
    append(a_deed(), a_deed(child=None, role="", emergency=True, consent="consent:3"), a_deed())
    assert [line["consent"] for line in lines()] == ["", "consent:3", ""]
    assert [line["child"] for line in lines()] == [CHILD, None, CHILD]
    assert [line["emergency"] for line in lines()] == [False, True, False]


def test_nothing_to_tell_writes_nothing() -> None:
    with transaction.atomic():
        assert operations.append([]) == 0
    assert not Head.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(operations.NotInATransaction):
        operations.append([a_deed()])
    assert lines() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_line_and_no_gap() -> None:
    append()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        operations.append([a_deed(), a_deed()])
        raise ZeroDivisionError
    assert append() == 2
    assert [line["sequence"] for line in lines()] == [1, 2]


def test_a_refused_line_undoes_what_it_tells_of_even_when_the_caller_goes_on() -> None:
    append()
    with transaction.atomic():
        DayHead.objects.create(on=date(2020, 1, 1), sequence=1, digest=b"")  # stands for any deed
        with pytest.raises(NotAKey):
            operations.append([a_deed(action="Fenna Brinkhof")])
    assert not DayHead.objects.exists()
    assert len(lines()) == 1


def test_a_database_that_refuses_the_line_undoes_it_too() -> None:
    append()
    Head.objects.update(sequence=0)  # as if line 1 were still to come
    with transaction.atomic():
        DayHead.objects.create(on=date(2020, 1, 1), sequence=1, digest=b"")
        with pytest.raises(IntegrityError):
            operations.append([a_deed()])
    assert not DayHead.objects.exists()


def test_lines_without_a_head_are_not_added_to() -> None:
    append()
    Head.objects.all().delete()
    with pytest.raises(operations.HeadIsGone), transaction.atomic():
        operations.append([a_deed()])


def test_a_clock_that_jumps_back_gives_no_earlier_line_and_is_noted() -> None:
    append(at=NOON)
    append(at=NOON - timedelta(hours=1))
    append(at=NOON + timedelta(seconds=1))
    assert [(line["at"] - NOON, line["behind"]) for line in lines()] == [
        (timedelta(), 0),
        (timedelta(), 3_600_000_000),
        (timedelta(seconds=1), 0),
    ]


def test_the_first_line_of_a_later_day_leaves_the_head_of_the_day_before() -> None:
    append(at=NOON)
    append(at=NOON)
    assert not DayHead.objects.exists()
    append(at=NOON + 3 * DAY)
    (kept,) = DayHead.objects.all()
    assert (kept.on, kept.sequence, bytes(kept.digest)) == (date(2026, 9, 1), 2, lines()[1]["digest"])
    assert Head.objects.get().closed_on == date(2026, 9, 1)


def test_a_day_turns_at_midnight_in_the_netherlands() -> None:
    last = NOON.replace(hour=21, minute=59)  # a minute to midnight, in summer time
    append(at=last)
    append(at=last + timedelta(minutes=2))
    assert [day.on for day in DayHead.objects.all()] == [date(2026, 9, 1)]


def test_a_day_that_is_over_is_closed_before_a_later_line_comes() -> None:
    append(at=NOON)
    with clock(NOON + DAY):
        made = operations.close_day(date(2026, 9, 1))
        assert operations.close_day(date(2026, 9, 1)) == made
    assert (made.sequence, bytes(made.digest)) == (1, lines()[0]["digest"])
    append(at=NOON + DAY)
    assert DayHead.objects.count() == 1


def test_a_day_that_is_not_over_has_no_head() -> None:
    append(at=NOON)
    for day in (date(2026, 9, 1), date(2026, 9, 2)):
        with clock(NOON), pytest.raises(operations.DayIsNotOver):
            operations.close_day(day)


def test_a_day_without_lines_has_the_head_of_the_day_before() -> None:
    append(at=NOON)
    append(at=NOON + 5 * DAY)
    with clock(NOON + 5 * DAY):
        quiet, before = operations.close_day(date(2026, 9, 3)), operations.close_day(date(2026, 8, 1))
    assert (quiet.on, quiet.sequence, bytes(quiet.digest)) == (date(2026, 9, 3), 1, lines()[0]["digest"])
    assert (before.sequence, before.digest) == (0, NOTHING_BEFORE)


def test_no_line_falls_on_a_day_that_is_closed_also_when_the_clock_jumps_back() -> None:
    append(at=NOON)
    with clock(NOON + DAY):
        operations.close_day(date(2026, 9, 1))
    append(at=NOON + timedelta(hours=1))
    line = lines()[-1]
    assert line["at"] == NOON.replace(hour=22)  # the first moment of 2 September
    assert line["behind"] == 11 * 3_600_000_000


def test_an_empty_journal_can_be_closed_too() -> None:
    with clock(NOON):
        made = operations.close_day(date(2026, 8, 31))
    assert (made.sequence, bytes(made.digest)) == (0, NOTHING_BEFORE)
    assert append(at=NOON) == 1


def test_lines_are_not_read_without_saying_whose() -> None:
    for asked in (Line.objects.all, Line._default_manager.count, lambda: Line.objects.filter(child=CHILD)):
        with pytest.raises(UnscopedQuery):
            asked()
    assert Line.objects.to_verify().count() == 0


def test_who_looked_at_a_child_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT actor FROM journal_line WHERE child = 'x' ORDER BY sequence DESC"
            )
            assert "journal_of_a_child" in str(cursor.fetchall())
        else:
            # In a table this small the planner would sort; what counts is that the index gives the order.
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(
                "EXPLAIN SELECT actor FROM journal_line WHERE child = %s ORDER BY sequence DESC", [CHILD]
            )
            told = str(cursor.fetchall())
            assert "journal_of_a_child" in told and "Sort" not in told


def test_guards_are_up_again_after_stepping_aside() -> None:
    append()
    with unguarded():
        pass
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.for_operations.all().delete()
