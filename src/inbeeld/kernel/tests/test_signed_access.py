"""The signed table is the table; no edit of either goes by unseen; every widening has a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inbeeld.kernel import access
from inbeeld.kernel.access import ROWS, FieldClass, Involvement, Row
from inbeeld.kernel.signed_access import (
    FILE,
    NARROWED,
    REWORDED,
    RULES,
    WIDENED,
    SignedRow,
    Unsigned,
    amiss,
    changes,
    read,
    sealed,
)
from inbeeld.kernel.signed_answers import Answers, answers_of
from inbeeld.kernel.signing import first_text, lines_to_add

#: The first signature, kept here too: a history written anew from the start has another one.
FIRST_SEAL = "d0496a3ca351b7f3d1ece7588cb1bd1fb3f1c72653f757f0fa5dcf516effe374"
WHO = {"by": "A. Tester", "organisation": "an invented school", "because": "to try it"}
ON = date(2026, 12, 1)
TEXT = FILE.read_text("utf-8")
SOME_ROWS = ROWS[:4]
SMALL = first_text(SOME_ROWS, on=date(2026, 11, 22), **WHO)


def added(text: str, rows: Sequence[Row], on: date = ON) -> str:
    return text + "".join(f"{line}\n" for line in lines_to_add(text, on=on, rows=rows, **WHO))


def changed(row: Row, **parts: object) -> Row:
    cells = {FieldClass(name): cell for name, cell in parts.items() if name.isupper()}
    rest = {name: part for name, part in parts.items() if not name.isupper()}
    return replace(row, cells={**row.cells, **cells}, **rest)  # type: ignore[arg-type]


def entry(text: str, body: str) -> str:
    """Add a line with a seal that fits, as somebody would who writes it without the command."""
    return f"{text}{body} | {sealed(read(text).last.seal, body)}\n"


def test_the_table_and_its_rules_are_as_signed() -> None:
    assert amiss() == ()
    assert read().entries[0].seal == FIRST_SEAL


def test_every_row_is_signed_with_its_answers() -> None:
    assert {key: row.answers for key, row in read().rows.items()} == {
        row.key: answers_of(row) for row in ROWS
    }


def test_signing_needs_a_change() -> None:
    with pytest.raises(Unsigned, match="nothing changed"):
        lines_to_add(on=ON, **WHO)


HISTORY_ROWS = (
    changed(SOME_ROWS[0], AGR="w", SUP="r"),
    changed(SOME_ROWS[1], ground="Leerplichtwet 21"),
    changed(SOME_ROWS[2], stages=frozenset({1, 2})),
    changed(SOME_ROWS[3], role="somebody_new"),
)
HISTORY = added(added(SMALL, [changed(SOME_ROWS[0], FAM="c"), *SOME_ROWS[1:]]), HISTORY_ROWS)


def test_a_history_of_changes_gives_the_table_of_today() -> None:
    assert amiss(HISTORY, HISTORY_ROWS) == ()
    assert [one.kind for one in read(HISTORY).entries] == [
        "first table", WIDENED, WIDENED, NARROWED, NARROWED, REWORDED, NARROWED, NARROWED, WIDENED,
    ]  # fmt: skip
    assert [one.what.split(" ", 1)[1] for one in read(HISTORY).entries[1:5]] == [
        "FAM . -> c", "AGR r -> w", "SUP w -> r", "FAM c -> .",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"), [(TEXT, ROWS), (HISTORY, HISTORY_ROWS)], ids=["as it is", "with a history"]
)
@given(data=some.data())
def test_any_edit_of_the_signed_file_is_noticed(
    text: str, rows: Sequence[Row], data: some.DataObject
) -> None:
    at = data.draw(some.integers(0, len(text) - 1), label="at")
    cut = data.draw(some.integers(0, 200), label="cut")
    put = data.draw(some.text(max_size=8) | some.sampled_from([".", "w", "c", " ", "\n", "# ", "6", text]))
    edited = text[:at] + put + text[at + cut :]
    assert (amiss(edited, rows) == ()) == (edited == text)


@given(first=some.integers(0, HISTORY.count("\n") - 1), second=some.integers(0, HISTORY.count("\n") - 1))
def test_lines_that_change_places_are_noticed(first: int, second: int) -> None:
    lines = HISTORY.splitlines(keepends=True)
    lines[first], lines[second] = lines[second], lines[first]
    edited = "".join(lines)
    assert (amiss(edited, HISTORY_ROWS) == ()) == (edited == HISTORY)


@given(line=some.integers(0, HISTORY.count("\n") - 1))
def test_a_line_that_is_taken_away_is_noticed(line: int) -> None:
    lines = HISTORY.splitlines(keepends=True)
    del lines[line]
    assert amiss("".join(lines), HISTORY_ROWS)


ROW_CHANGES = some.tuples(
    some.integers(0, len(SOME_ROWS) - 1),
    some.dictionaries(
        some.sampled_from([one.value for one in FieldClass]),
        some.sampled_from([".", "r", "w", "o", "c", "oc"]),
        max_size=3,
    ),
    some.frozensets(some.integers(1, 6)),
    some.sampled_from(["covenant", "GDPR 15", "a -> b; c"]),
)


@settings(max_examples=30)
@given(some.lists(some.lists(ROW_CHANGES, max_size=3), max_size=3))
def test_any_change_of_the_table_is_noticed_until_it_is_signed_and_every_widening_has_its_line(
    rounds: list[list[tuple[int, dict[str, str], frozenset[int], str]]],
) -> None:
    text, rows = SMALL, list(SOME_ROWS)
    for steps in rounds:
        before = list(rows)
        for at, cells, stages, ground in steps:
            rows[at] = changed(rows[at], stages=stages, ground=ground, **cells)
        if [*map(SignedRow.of, rows)] == [*map(SignedRow.of, before)]:
            assert amiss(text, rows) == ()
            continue
        assert amiss(text, rows)
        known = len(read(text).entries)
        text = added(text, rows)
        assert amiss(text, rows) == ()
        wider = {
            row.key
            for row, old in zip(rows, before, strict=True)
            if SignedRow.of(row).gives - SignedRow.of(old).gives
        }
        lines = read(text).entries[known:]
        assert wider <= {one.what.split(" ")[0] for one in lines if one.kind == WIDENED}


@given(
    gone=some.sets(some.integers(0, len(SOME_ROWS) - 1)),
    new=some.sets(some.sampled_from(["volunteer", "neighbour"])),
)
def test_rows_that_go_or_come_are_noticed_until_they_are_signed(gone: set[int], new: set[str]) -> None:
    rows = [row for at, row in enumerate(SOME_ROWS) if at not in gone]
    rows += [replace(SOME_ROWS[0], role=role) for role in sorted(new)]
    assert bool(amiss(SMALL, rows)) == bool(gone or new)
    if gone or new:
        text = added(SMALL, rows)
        assert amiss(text, rows) == ()
        kinds = [one.kind for one in read(text).entries[1:]]
        assert kinds == [NARROWED] * len(gone) + [WIDENED] * len(new)


def test_a_change_of_the_rules_is_noticed_until_it_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "EXPORTING_ROLES", access.EXPORTING_ROLES | {"mentor"})
    assert [one.split(" ")[:2] for one in amiss(SMALL, SOME_ROWS)] == [["mentor/involved", "rules"]]
    text = added(SMALL, SOME_ROWS)
    assert amiss(text, SOME_ROWS) == ()
    assert (read(text).last.kind, read(text).last.what) == (WIDENED, "mentor/involved rules")
    monkeypatch.undo()
    assert amiss(text, SOME_ROWS)
    again = added(text, SOME_ROWS)
    assert read(again).last.kind == RULES


def test_rules_and_row_that_change_together_each_get_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "is_own", lambda one, author: True)
    rows = [changed(SOME_ROWS[0], SUP="."), *SOME_ROWS[1:]]
    text = added(SMALL, rows)
    assert [(one.kind, one.what) for one in read(text).entries[1:]] == [
        (WIDENED, "mentor/involved rules"),
        (NARROWED, "mentor/involved SUP w -> ."),
        (WIDENED, "care_coordinator/involved rules"),
    ]
    assert amiss(text, rows) == ()


def test_a_row_that_only_the_search_for_rows_knows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    by_key = {**access._BY_KEY, ("analyst", Involvement.OWN_ORG): ROWS[0]}
    monkeypatch.setattr(access, "_BY_KEY", by_key)
    assert [one.split(" ")[0] for one in amiss()] == ["analyst/own_org"]


def test_a_history_written_anew_has_another_last_seal() -> None:
    wider = [changed(SOME_ROWS[0], MED="r"), *SOME_ROWS[1:]]
    forged = first_text(wider, on=date(2026, 11, 22), **WHO)
    assert amiss(forged, wider) == ()
    assert read(forged).last.seal != read(SMALL).last.seal


AS_ANSWERED = answers_of(SOME_ROWS[0])


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("2026-11-21 | widened | mentor/involved FAM . -> r | {0} -> {0} | A, for B | C", "dated before"),
        ("2026-12-01 | narrowed | mentor/involved FAM . -> r | {0} -> {0} | A, for B | C", "says narrowed"),
        ("2026-12-01 | widened | mentor/involved FAM o -> r | {0} -> {0} | A, for B | C", "FAM is ."),
        ("2026-12-01 | widened | mentor/involved FAM . -> x | {0} -> {0} | A, for B | C", "x is no letter"),
        ("2026-12-01 | widened | mentor/involved stages 1234 -> 7 | {0} -> {0} | A, for B | C", "no stages"),
        ("2026-12-01 | widened | mentor/table FAM . -> r | {0} -> {0} | A, for B | C", "FAM is none"),
        ("2026-12-01 | widened | mentor/involved FAM . -> r | 1 {1} -> {0} | A, for B | C", "other answers"),
        ("2026-12-01 | widened | mentor/involved FAM . -> r | many | A, for B | C", "no number"),
        ("2026-12-01 | widened | mentor/involved FAM . -> r | A, for B | C", "7 parts"),
        ("2026-13-01 | widened | mentor/involved FAM . -> r | {0} -> {0} | A, for B | C", "month"),
        ("2026-12-01 | first table | 4 rows | {0} -> {0} | A, for B | C", "other answers|is none"),
    ],
)
def test_a_line_that_does_not_follow_from_those_above_is_refused(body: str, wrong: str) -> None:
    line = body.format(AS_ANSWERED, AS_ANSWERED.digest)
    with pytest.raises(Unsigned, match=wrong):
        read(entry(SMALL, line))


def test_a_file_without_signature_or_with_another_line_end_is_refused() -> None:
    for text in ("", "# nothing\n", TEXT.rstrip("\n"), TEXT.replace("\n", "\r\n"), TEXT.split("2026-")[0]):
        with pytest.raises(Unsigned):
            read(text)


@pytest.mark.parametrize(
    "words",
    [{"by": ""}, {"by": " "}, {"because": "a | b"}, {"organisation": "a\nb"}, {"because": "x" * 301}],
)
def test_who_signs_and_why_is_said_in_one_line(words: dict[str, str]) -> None:
    with pytest.raises(Unsigned, match="one line of words"):
        lines_to_add(SMALL, on=ON, rows=ROWS[1:4], **{**WHO, **words})


def test_a_ground_that_would_break_its_line_is_not_signed() -> None:
    with pytest.raises(Unsigned):
        lines_to_add(SMALL, on=ON, rows=[changed(SOME_ROWS[0], ground="a | b"), *SOME_ROWS[1:]], **WHO)


def test_a_stage_in_which_nobody_may_see_anything_cannot_be_signed() -> None:
    wider = changed(SOME_ROWS[0], stages=frozenset({1, 2, 3, 4, 7}))
    with pytest.raises(Unsigned, match="12347 are no stages"):
        lines_to_add(SMALL, on=ON, rows=[wider, *SOME_ROWS[1:]], **WHO)


def test_a_class_or_involvement_of_the_past_can_still_be_read() -> None:
    now = answers_of(SOME_ROWS[0])
    text = entry(SMALL, f"2026-12-01 | widened | mentor/involved OLD . -> r | {now} -> {now} | A, for B | C")
    text = entry(
        text,
        f"2026-12-01 | widened | mentor/uncle row none -> 12; OLD r; covenant | {answers_of(empty())} -> "
        "5 0123456789abcdef | A, for B | C",
    )
    assert [(one.key, one.what) for one in changes(read(text), SOME_ROWS)] == [
        ("mentor/involved", "OLD r -> ."),
        ("mentor/uncle", "row 12; OLD r; covenant -> none"),
    ]
    assert amiss(added(text, SOME_ROWS), SOME_ROWS) == ()


def empty() -> Row:
    return Row("nobody", Involvement.NONE, frozenset(), dict.fromkeys(FieldClass, "."), "")


def test_the_answers_of_a_row_are_counted_and_told_apart() -> None:
    assert answers_of(empty()).count == 0
    assert len({str(answers_of(row)) for row in ROWS}) == len(ROWS)
    assert Answers.read(str(answers_of(ROWS[0]))) == answers_of(ROWS[0])
    for words in ("12", "012 0123456789abcdef", "12 0123456789ABCDEF", "-1 0123456789abcdef"):
        with pytest.raises(ValueError, match="no number"):
            Answers.read(words)
