"""The official test persons of the population register, typed over with invented mistakes."""

from __future__ import annotations

from datetime import date

from inbeeld.engine.invented.trials import Trial
from inbeeld.engine.schema import LIST_COLUMNS

PERSONS = 681


def test_every_person_stands_once_on_both_lists(official_test_persons: Trial) -> None:
    assert {name: len(rows) for name, rows in official_test_persons.lists.items()} == {
        "brp": PERSONS,
        "typed": PERSONS,
    }
    assert len(official_test_persons.pairs) == PERSONS
    assert all(len(row) == len(LIST_COLUMNS) for rows in official_test_persons.lists.values() for row in rows)


def test_some_is_written_otherwise_and_most_is_not(official_test_persons: Trial) -> None:
    register, typed = (
        {row[0]: dict(zip(LIST_COLUMNS, row, strict=True)) for row in rows}
        for rows in official_test_persons.lists.values()
    )
    pairs = [(register[left], typed[right]) for left, right in official_test_persons.pairs]
    for column, least in (("last_name", 0.55), ("born_on", 0.95), ("first_names", 0.4)):
        same = sum(left[column] == right[column] for left, right in pairs)
        assert least < same / PERSONS < 1


def test_no_number_of_the_register_and_no_half_date_comes_along(official_test_persons: Trial) -> None:
    for rows in official_test_persons.lists.values():
        for row in rows:
            cells = dict(zip(LIST_COLUMNS, row, strict=True))
            assert not any(cell.startswith("9999") and len(cell) == 9 for cell in row)
            assert not cells["born_on"] or date.fromisoformat(cells["born_on"])
