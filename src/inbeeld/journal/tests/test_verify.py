"""What the verifier says of a journal somebody laid hands on, case by case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from inbeeld.journal import heads, operations
from inbeeld.journal.heads import KeptHead, day_of
from inbeeld.journal.models import DayHead, Head, Line
from inbeeld.journal.stored import CHUNK
from inbeeld.journal.tests.opened import unguarded
from inbeeld.journal.tests.written import NOON, a_deed, append, chain_anew, clock, lines, replace_lines
from inbeeld.journal.verify import Report, verify

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = timedelta(days=1)


@pytest.fixture
def written(db: None) -> None:
    """Nine lines: three on each of three days; the first two days have their heads."""
    for number in range(9):
        append(
            a_deed(actor=f"membership:{number}"), at=NOON + (number // 3) * DAY + timedelta(minutes=number)
        )


@pytest.fixture
def opened(written: None) -> Iterator[None]:
    """The same, with the guards down; verify is asked before they are up again."""
    with unguarded():
        yield


def told(report: Report) -> list[str]:
    """What is wrong, besides the guards these tests took down."""
    return [finding.sentence for finding in report.findings if finding.kind != "unguarded"]


def kinds(report: Report) -> list[str]:
    return [finding.kind for finding in report.findings if finding.kind != "unguarded"]


def kept(tmp_path: Path, *days: date) -> list[KeptHead]:
    """The heads of these days as a partner has them."""
    for day in days:
        with clock(timezone.now()):
            heads.add(operations.close_day(day), region="noorderveen", to=tmp_path / "kept.txt")
    return heads.read(tmp_path / "kept.txt")


def test_an_untouched_journal_is_sound(written: None, tmp_path: Path) -> None:
    report = verify(heads=kept(tmp_path, *(day_of(NOON + n * DAY) for n in range(3))))
    assert report.sound
    assert (report.begins, report.sound_to, report.agreed) == (1, 9, 3)
    assert report.sentences == [
        "Lines 1 to 9 follow one another without gap or change.",
        "3 heads of partners agree: nothing up to line 9 was rewritten since 2026-09-03.",
    ]


def test_without_heads_of_partners_it_says_what_that_means(written: None) -> None:
    assert verify().sentences[-1] == (
        "No partner's head was compared: who may write in the database could have made the chain anew."
    )


def test_an_empty_journal_is_sound(db: None) -> None:
    assert verify().sentences[0] == "There are no lines to verify."


def test_an_altered_line_is_named(opened: None) -> None:
    Line.for_operations.filter(sequence=5).update(actor="membership:99")
    report = verify()
    assert told(report) == ["Line 5 was altered: what it says does not make its digest."]
    assert report.sound_to == 4


def test_an_altered_digest_is_named(opened: None) -> None:
    Line.for_operations.filter(sequence=9).update(digest=bytes(32))
    assert kinds(verify()) == ["altered"]


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [([1], "Line 1 is missing."), ([5], "Line 5 is missing."), ([4, 5, 6], "Lines 4 to 6 are missing.")],
)
def test_a_missing_line_is_named(opened: None, gone: list[int], sentence: str) -> None:
    Line.for_operations.filter(sequence__in=gone).delete()
    assert told(verify()) == [sentence]


@pytest.mark.parametrize(("gone", "line"), [((4,), 5), ((2, 3, 4), 3)])
def test_lines_taken_out_while_the_rest_is_numbered_anew_are_named(
    opened: None, gone: tuple[int, ...], line: int
) -> None:
    rows = [row for number, row in enumerate(lines()) if number not in gone]
    for sequence, row in enumerate(rows, start=1):
        row["sequence"] = sequence
    replace_lines(rows)
    (sentence,) = told(verify())
    many = "Line 5 was" if len(gone) == 1 else "3 lines from 3 on were"
    assert sentence == f"{many} taken out, and the lines after that were numbered anew."


@pytest.mark.parametrize("place", [1, 4, 8, 9])
@pytest.mark.parametrize("many", [1, 2])
def test_an_inserted_line_is_named(opened: None, place: int, many: int) -> None:
    rows = lines()
    rows[place - 1 : place - 1] = [{**rows[0], "actor": "membership:77"} for _ in range(many)]
    for sequence, row in enumerate(rows, start=1):
        row["sequence"] = sequence
    replace_lines(rows)
    which = f"Line {place} was" if many == 1 else f"Lines {place} to {place + 1} were"
    assert told(verify()) == [f"{which} inserted, and the lines after that were numbered anew."]


def test_a_line_put_at_the_end_is_named_also_when_it_is_chained(opened: None) -> None:
    head = Head.objects.values().get()
    append()
    Head.objects.update(**head)
    assert told(verify()) == [
        "Line 10 stands after the head of the journal: it was inserted, or the head was replaced."
    ]


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 7), (8, 9), (1, 9)])
@pytest.mark.parametrize("with_digest", [True, False])
def test_lines_that_changed_places_are_named(opened: None, one: int, other: int, with_digest: bool) -> None:
    rows = lines()
    first, second = rows[one - 1], rows[other - 1]
    stays = ("sequence",) if with_digest else ("sequence", "digest")
    rows[one - 1] = {**second, **{name: first[name] for name in stays}}
    rows[other - 1] = {**first, **{name: second[name] for name in stays}}
    replace_lines(rows)
    assert told(verify()) == [
        f"Line {one} is not in its place: the line that belongs there is now line {other}."
    ]


def test_a_line_that_was_moved_past_the_end_is_named(opened: None) -> None:
    Line.for_operations.filter(sequence=4).update(sequence=40)
    assert told(verify()) == ["Line 4 is not in its place: the line that belongs there is now line 40."]


@pytest.mark.parametrize("sequence", [0, -5])
def test_a_line_before_the_first_is_named(opened: None, sequence: int) -> None:
    replace_lines([*lines(), {**lines()[0], "sequence": sequence}])
    assert told(verify()) == [f"Line {sequence} was inserted: the first is line 1."]


def test_a_tail_that_was_cut_off_is_named(opened: None) -> None:
    Line.for_operations.filter(sequence__gt=7).delete()
    assert told(verify()) == [
        "The tail was cut off: the journal ends at line 7, and the head of the journal names line 9."
    ]


def test_a_tail_cut_off_with_the_head_put_back_shows_in_the_day_heads(opened: None) -> None:
    rows = lines()[:4]
    replace_lines(rows)
    Head.objects.update(sequence=4, digest=rows[-1]["digest"], at=rows[-1]["at"])
    assert told(verify()) == [
        "The tail was cut off and the head was replaced: the journal ends at line 4,"
        " and the journal's own head of 2026-09-02 names line 6."
    ]


def test_a_tail_cut_off_with_every_head_made_anew_shows_only_at_a_partner(
    opened: None, tmp_path: Path
) -> None:
    partner = kept(tmp_path, day_of(NOON + 2 * DAY))
    DayHead.objects.filter(on=day_of(NOON + 2 * DAY)).delete()
    Head.objects.update(closed_on=day_of(NOON + DAY))
    chain_anew(lines()[:8])
    assert told(verify()) == []
    assert told(verify(heads=partner)) == [
        "The tail was cut off and the head was replaced: the journal ends at line 8,"
        f" and the head of 2026-09-03 ({tmp_path / 'kept.txt'}, line 1) names line 9."
    ]


def test_all_lines_gone_shows_only_at_a_partner(opened: None, tmp_path: Path) -> None:
    partner = kept(tmp_path, day_of(NOON))
    replace_lines([])
    DayHead.objects.all().delete()
    Head.objects.all().delete()
    assert told(verify()) == []
    assert kinds(verify(heads=partner)) == ["cut_off"]


def test_a_chain_made_anew_shows_only_at_a_partner_and_says_between_which_lines(
    opened: None, tmp_path: Path
) -> None:
    partner = kept(tmp_path, *(day_of(NOON + n * DAY) for n in range(3)))
    rows = lines()
    rows[4]["actor"] = "membership:99"
    chain_anew(rows)
    assert told(verify()) == []
    report = verify(heads=partner)
    assert told(report) == [
        f"Line 6 is not the line of the head of 2026-09-02 ({tmp_path / 'kept.txt'}, line 2):"
        " lines 4 to 6 were changed and chained anew."
    ]
    assert (kinds(report), report.sound_to, report.agreed) == (["rewritten"], 3, 1)


def test_a_chain_made_anew_without_the_day_heads_shows_in_those(opened: None) -> None:
    days = list(DayHead.objects.all())
    rows = lines()
    rows[0]["actor"] = "membership:99"
    chain_anew(rows)
    DayHead.objects.all().delete()
    DayHead.objects.bulk_create(days)
    assert told(verify()) == [
        "Line 3 is not the line of the journal's own head of 2026-09-01:"
        " lines 1 to 3 were changed and chained anew, or that head was replaced."
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"digest": bytes(32)},
            "Line 9 is not the line of the head of the journal: lines 7 to 9 were changed",
        ),
        ({"sequence": 8}, "Line 8 is not the line of the head of the journal: lines 7 to 8 were changed"),
        ({"sequence": 12}, "The tail was cut off: the journal ends at line 9"),
        ({"at": NOON}, "The head of the journal was replaced: its days do not fit."),
        ({"closed_on": None}, "The head of the journal was replaced: its days do not fit."),
        ({"closed_on": date(2026, 9, 1)}, "The head of the journal was replaced: its days do not fit."),
        ({"closed_on": date(2026, 9, 5)}, "The head of the journal was replaced: its days do not fit."),
    ],
)
def test_a_head_that_was_replaced_is_named(opened: None, change: dict, sentence: str) -> None:
    Head.objects.update(**change)
    assert told(verify())[0].startswith(sentence)


def test_a_head_that_is_gone_is_named(opened: None) -> None:
    Head.objects.all().delete()
    assert told(verify()) == ["The head of the journal is gone."]


def test_a_day_head_that_is_gone_is_named(opened: None) -> None:
    DayHead.objects.filter(on=date(2026, 9, 1)).delete()
    assert told(verify()) == ["The journal's own head of 2026-09-01 is missing or was replaced."]


@pytest.mark.parametrize(
    "change", [{"digest": bytes(32)}, {"sequence": 2}, {"sequence": 4}, {"sequence": 99}]
)
def test_a_day_head_that_was_replaced_is_named(opened: None, change: dict) -> None:
    DayHead.objects.filter(on=date(2026, 9, 2)).update(**change)
    assert told(verify())


def test_with_a_partner_it_is_known_that_the_head_was_replaced_and_not_the_lines(
    opened: None, tmp_path: Path
) -> None:
    partner = kept(tmp_path, date(2026, 9, 2))
    DayHead.objects.filter(on=date(2026, 9, 1)).update(digest=bytes(32))
    report = verify(heads=partner)
    assert told(report) == [
        "The journal's own head of 2026-09-01 was changed:"
        " a partner's head that agrees with the lines shows it."
    ]
    assert report.sound_to == 9


def test_a_line_dated_on_a_day_that_was_closed_is_named(opened: None, tmp_path: Path) -> None:
    partner = kept(tmp_path, date(2026, 9, 3))
    DayHead.objects.filter(on=date(2026, 9, 3)).delete()
    Head.objects.update(closed_on=date(2026, 9, 2))
    append(at=NOON + 2 * DAY + timedelta(hours=1))
    assert told(verify()) == []
    assert told(verify(heads=partner)) == [
        "Line 10 is of 2026-09-03, which had its head before that line was there."
    ]


def test_a_line_of_an_earlier_moment_is_named_also_when_it_is_chained(opened: None) -> None:
    rows = lines()
    rows[7]["at"] = rows[6]["at"] - timedelta(microseconds=1)
    chain_anew(rows)
    assert told(verify()) == ["Line 8 is of an earlier moment than the line before it."]


def test_a_partner_who_has_another_head_for_the_same_line_shows_a_dispute(
    opened: None, tmp_path: Path
) -> None:
    (right,) = kept(tmp_path, date(2026, 9, 2))
    wrong = KeptHead("noorderveen", right.on, right.sequence, bytes(32), file="other.txt", line=4)
    assert told(verify(heads=[right, wrong])) == [
        "The head of 2026-09-02 (other.txt, line 4) was changed:"
        " a partner's head that agrees with the lines shows it."
    ]


def test_a_head_with_an_earlier_day_than_its_line_is_named(opened: None, tmp_path: Path) -> None:
    (right,) = kept(tmp_path, date(2026, 9, 2))
    moved = KeptHead("noorderveen", date(2026, 9, 1), right.sequence, right.digest)
    assert "The partner's head of 2026-09-01 was changed: its line is of a later day." in told(
        verify(heads=[moved])
    )


def test_reading_goes_on_from_a_head(written: None, tmp_path: Path) -> None:
    partner = kept(tmp_path, *(day_of(NOON + n * DAY) for n in range(3)))
    report = verify(heads=partner, since=partner[1])
    assert report.sound
    assert (report.begins, report.sound_to, report.agreed) == (7, 9, 2)
    assert "One head is of before line 6 and not compared." in report.sentences


def test_a_change_before_the_head_to_go_on_from_is_left_alone_and_one_after_is_found(opened: None) -> None:
    since = DayHead.objects.get(on=date(2026, 9, 2))
    Line.for_operations.filter(sequence=2).update(actor="membership:99")
    assert told(verify(since=since)) == []
    Line.for_operations.filter(sequence=8).update(actor="membership:99")
    assert told(verify(since=since)) == ["Line 8 was altered: what it says does not make its digest."]


def test_a_head_to_go_on_from_that_is_not_of_its_line_is_named(opened: None) -> None:
    since = DayHead.objects.get(on=date(2026, 9, 2))
    Line.for_operations.filter(sequence=6).update(digest=bytes(32))
    assert "Line 6, to go on from, has another digest than its head." in told(verify(since=since))
    Line.for_operations.filter(sequence=6).delete()
    assert "Line 6, to go on from, is missing." in told(verify(since=since))


def test_a_clock_that_was_set_back_is_a_remark_and_no_tampering(written: None) -> None:
    append(at=NOON)
    append(at=NOON + DAY)
    report = verify()
    assert report.sound
    assert report.sentences[-1] == (
        "A clock was set back at line 10; at line 10 it was 173280 seconds behind."
    )


def test_many_lines_are_read_in_pieces(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbeeld.journal.walk.TOLD_EVERY", 1000)
    count = 2 * CHUNK
    append(*[a_deed() for _ in range(count)])
    said: list[str] = []
    report = verify(progress=said.append)
    assert (report.sound, report.sound_to) == (True, count)
    assert said == [f"{n:,} of {count:,} lines read" for n in range(1000, count + 1, 1000)]


@pytest.mark.parametrize("column", ["at", "trace", "behind"])
def test_what_cannot_be_read_at_all_is_named(opened: None, column: str) -> None:
    nonsense = "'infinity'" if connection.vendor == "postgresql" else "'nonsense'"
    if connection.vendor == "postgresql" and column != "at":
        pytest.skip("PostgreSQL itself refuses a text for this")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journal_line SET {column} = {nonsense} WHERE sequence = 5")
    report = verify()
    assert told(report) == ["Line 5 was altered: it holds what cannot be read."]
    assert report.sound_to == 4


def test_an_altered_line_beside_others_that_say_the_same_is_still_called_altered(db: None) -> None:
    append(*[a_deed()] * 6, at=NOON)
    with unguarded():
        Line.for_operations.filter(sequence=3).update(role="analyst")
        assert told(verify()) == ["Line 3 was altered: what it says does not make its digest."]


def test_lines_that_row_level_security_hides_are_not_simply_called_gone(written: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("only a superuser of the database may make a role here")
        cursor.execute("CREATE ROLE inbeeld_reads_nothing")
        cursor.execute("GRANT SELECT ON journal_line, journal_head, journal_dayhead TO inbeeld_reads_nothing")
        cursor.execute("ALTER TABLE journal_line ENABLE ROW LEVEL SECURITY")
        cursor.execute("SET LOCAL ROLE inbeeld_reads_nothing")
        report = verify()
        cursor.execute("RESET ROLE")
    assert told(report) == ["No line can be read: all are gone, or hidden from this role of the database."]
