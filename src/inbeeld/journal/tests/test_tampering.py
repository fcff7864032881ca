"""Any journal, tampered with in any way, is found out; any journal left alone is not."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.journal import guards, operations
from inbeeld.journal.chain import FIELDS
from inbeeld.journal.heads import day_of
from inbeeld.journal.models import DayHead, Head
from inbeeld.journal.tests.opened import unguarded
from inbeeld.journal.tests.written import NOON, a_deed, append, chain_anew, clock, lines, replace_lines
from inbeeld.journal.verify import Report, verify
from tests.shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]
#: A journal and a look at it take some twenty milliseconds.
SOME = settings(max_examples=max(30, int(os.environ.get("INBEELD_LONG_CASES", "0")) // 4))
Rows = list[dict[str, Any]]

deeds = st.builds(
    a_deed,
    trace=st.uuids(),
    actor=st.integers(1, 40).map("membership:{}".format),
    child=st.none() | st.integers(1, 3).map(lambda n: uuid.UUID(int=n)),
    action=st.sampled_from(["read", "listed", "write", "export"]),
    field_class=st.sampled_from(["", "IDE", "IDE ATT", "MED"]),
    outcome=st.sampled_from(["allowed", "refused"]),
    emergency=st.booleans(),
)
#: Pages: how many seconds after the one before (or before it: a clock set back), and the deeds of each.
pages = st.lists(
    st.tuples(st.integers(-9_000, 90_000), st.lists(deeds, min_size=1, max_size=4)), min_size=1, max_size=6
)


@contextmanager
def a_journal(written: list) -> Iterator[list[DayHead]]:
    """A journal of these pages, its days closed, the guards down; gives the heads a partner keeps of it."""
    with transaction.atomic():
        now = NOON
        for seconds, page in written:
            now += timedelta(seconds=seconds)
            append(*page, at=now)
        last = Head.objects.get().at
        with clock(last + timedelta(days=1)):
            operations.close_day(day_of(last))
        yield list(DayHead.objects.order_by("on"))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def without_guards(db: None) -> Iterator[None]:
    with unguarded():
        yield


def is_found(report: Report) -> bool:
    """Was anything wrong, besides the guards that are down?"""
    return any(finding.kind != "unguarded" for finding in report.findings)


def another(value: Any) -> Any:
    """Something else of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case datetime():
            return value + timedelta(microseconds=1)
        case uuid.UUID():
            return uuid.UUID(int=value.int ^ 1)
        case None:
            return uuid.UUID(int=0)
    raise AssertionError(value)


def change(rows: Rows, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    name = data.draw(st.sampled_from([*FIELDS, "digest"]))
    row[name] = another(row[name])
    if name == "sequence":  # there is one line of each number: the other one makes place
        row["sequence"] = len(rows) + data.draw(st.integers(1, 9))


def change_what_is_said(rows: Rows, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    name = data.draw(st.sampled_from([name for name in FIELDS if name not in ("sequence", "at")]))
    row[name] = another(row[name])


def delete(rows: Rows, data: st.DataObject) -> None:
    rows.remove(data.draw(st.sampled_from(rows)))


def exchange(rows: Rows, data: st.DataObject) -> None:
    """Two different lines change places, with their digests or without."""
    one, other = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(rows))
    stays = data.draw(st.sampled_from([("sequence",), ("sequence", "digest")]))
    said = [name for name in FIELDS if name != "sequence"]
    if [one[name] for name in said] == [other[name] for name in said]:
        one["actor"] = "membership:99"  # the same twice: nothing would have changed places
    for name in set(one) - set(stays):
        one[name], other[name] = other[name], one[name]


def insert(rows: Rows, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows)))
    rows.insert(place, {**data.draw(st.sampled_from(rows)), "actor": "membership:99"})


def cut_tail(rows: Rows, data: st.DataObject) -> None:
    del rows[data.draw(st.integers(0, len(rows) - 1)) :]


def in_a_row(rows: Rows) -> Rows:
    for sequence, row in enumerate(rows, start=1):
        row["sequence"] = sequence
    return rows


AS_IT_IS = (change, delete, exchange, cut_tail)
NUMBERED_ANEW = (insert, delete, exchange)
CHAINED_ANEW = (change_what_is_said, insert, delete, cut_tail)


@SOME
@given(written=pages)
def test_a_journal_left_alone_is_sound(written: list) -> None:
    with a_journal(written) as partners:
        report = verify(heads=partners)
        assert not is_found(report), report.sentences
        assert report.agreed == len(partners)
        assert report.sound_to == sum(len(page) for _, page in written)


@pytest.mark.parametrize("tamper", share(AS_IT_IS))
@SOME
@given(written=pages, data=st.data())
def test_whoever_changes_lines_is_found_out(tamper: Callable, written: list, data: st.DataObject) -> None:
    with a_journal(written):
        rows = lines()
        tamper(rows, data)
        replace_lines(rows)
        assert is_found(verify())


@pytest.mark.parametrize("tamper", share(NUMBERED_ANEW))
@SOME
@given(written=pages, data=st.data())
def test_whoever_numbers_lines_anew_is_found_out(
    tamper: Callable, written: list, data: st.DataObject
) -> None:
    with a_journal(written):
        rows = lines()
        tamper(rows, data)
        replace_lines(in_a_row(rows))
        assert is_found(verify())


@pytest.mark.parametrize("tamper", share(CHAINED_ANEW))
@SOME
@given(written=pages, data=st.data())
def test_whoever_chains_all_lines_anew_is_found_out_by_a_partner_only(
    tamper: Callable, written: list, data: st.DataObject
) -> None:
    with a_journal(written) as partners:
        rows = lines()
        tamper(rows, data)
        rows.sort(key=lambda row: row["at"])
        chain_anew(rows)
        assert not is_found(verify())
        report = verify(heads=partners)
        assert is_found(report)
        assert {finding.kind for finding in report.findings} & {"rewritten", "cut_off", "inserted"}
        assert any("2026-" in sentence for sentence in report.sentences)  # of which day the head is


@SOME
@given(written=pages, data=st.data())
def test_a_tail_cut_off_with_the_head_put_back_is_found_out(written: list, data: st.DataObject) -> None:
    with a_journal(written):
        rows = lines()
        cut_tail(rows, data)
        replace_lines(rows)
        if rows:
            Head.objects.update(sequence=len(rows), digest=rows[-1]["digest"], at=rows[-1]["at"])
        else:
            Head.objects.all().delete()
        assert is_found(verify())


@SOME
@given(written=pages, data=st.data())
def test_a_head_or_a_day_head_that_was_replaced_is_found_out(written: list, data: st.DataObject) -> None:
    with a_journal(written):
        table = data.draw(st.sampled_from([Head, DayHead]))
        row = data.draw(st.sampled_from(list(table.objects.values())))
        chosen = table.objects.filter(sequence=row["sequence"])
        name = data.draw(st.sampled_from(["digest", "sequence", "gone"]))
        if name == "gone":
            chosen.delete()
        else:
            chosen.update(**{name: another(bytes(row[name]) if name == "digest" else row[name])})
        assert is_found(verify())


@SOME
@given(written=pages, data=st.data())
def test_what_is_said_of_a_tampered_journal_holds_none_of_its_content(
    written: list, data: st.DataObject
) -> None:
    with a_journal(written) as partners:
        rows = lines()
        change(rows, data)
        replace_lines(rows)
        told = " ".join(verify(heads=partners).sentences)
        for row in rows:
            for name in ("trace", "actor", "organisation", "ground", "row"):
                assert str(row[name]) not in told


def test_the_guards_are_down_in_these_tests_alone() -> None:
    from django.db import connection

    assert guards.missing(connection)
