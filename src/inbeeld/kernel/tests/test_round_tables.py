"""Round tables: who may come, when they meet again, which way is up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.round_tables import (
    DAYS_IN_A_YEAR,
    Body,
    Chair,
    Condition,
    Entry,
    Power,
    RoundTable,
    ladder,
)
from inbeeld.kernel.truth import Outcome, known

MDO = RoundTable("mdo", "MDO", (Body.SCHOOL, Body.SWV), asks=(Body.SCHOOL,), decides=(Body.SCHOOL,))
CONDITIONS = st.lists(st.sampled_from(list(Condition)), max_size=4, unique=True)
SAID = st.dictionaries(st.sampled_from(list(Condition)), st.sampled_from([True, False, None]))


def plainly(entry: Entry, said: Mapping[Condition, bool | None]) -> bool | None:
    """The plain twin: what each way of filling in what nobody knows would say."""
    found = set()
    unknown = [one for one in (*entry.every, *entry.one_of) if said.get(one) is None]
    for number in range(2 ** len(unknown)):
        world = {one: bool(number >> at & 1) for at, one in enumerate(unknown)}
        holds = {one: world.get(one, said.get(one)) for one in (*entry.every, *entry.one_of)}
        some = any(holds[one] for one in entry.one_of) if entry.one_of else True
        found.add(all(holds[one] for one in entry.every) and some)
    return found.pop() if len(found) == 1 else None


@given(CONDITIONS, st.data(), SAID)
def test_an_entry_says_what_every_way_of_filling_in_the_unknown_would_say(every, data, said) -> None:
    one_of = [one for one in data.draw(CONDITIONS) if one not in every]
    entry = Entry(tuple(every), tuple(one_of))
    expected = {True: Outcome.YES, False: Outcome.NO, None: Outcome.UNKNOWN}[plainly(entry, said)]
    assert entry.holds({one: known(value) for one, value in said.items()}).outcome is expected


def test_a_condition_is_asked_once() -> None:
    with pytest.raises(ValueError, match="once"):
        Entry((Condition.NO_EDUCATION,), (Condition.NO_EDUCATION,))


@given(st.integers(1, 52), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_so_many_times_a_year_is_never_more_often(times: int, begin: date) -> None:
    table, on, met = replace(MDO, times_a_year=times), begin, 0
    while (on - begin).days < DAYS_IN_A_YEAR:
        met += 1
        again = table.meets_again_on(on)
        assert again is not None and again > on
        on = again
    assert met <= times and (on - begin).days < DAYS_IN_A_YEAR + 366 // times + times


def test_six_weekly_is_six_weeks_and_what_meets_as_asked_has_no_day() -> None:
    on = date(2026, 10, 24)  # the clock goes back the night after
    assert replace(MDO, every_days=42).meets_again_on(on) == on + timedelta(weeks=6)
    assert MDO.meets_again_on(on) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"members": (Body.SCHOOL,)}, "two members or more"),
        ({"members": (Body.SCHOOL, Body.SCHOOL)}, "each once"),
        ({"every_days": 21, "times_a_year": 4}, "not both"),
        ({"every_days": 0}, "1 to 365"), ({"times_a_year": 53}, "1 to 52"), ({"aims": ()}, "one aim"),
        ({"asks": (Body.WORK,)}, "members of the table"), ({"decides": ()}, "members of the table"),
        ({"power_over": (Power.GUARDIANS,)}, "independent chair"), ({"follow_up_days": -1}, "0 to 730"),
        ({"after": "mdo"}, "than itself"),
    ],
)  # fmt: skip
def test_what_no_table_can_be_is_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(MDO, **wrong)  # type: ignore[arg-type]


def test_no_table_has_power_over_care() -> None:
    assert {*Power} == {Power.GUARDIANS, Power.SCHOOL_BOARDS}
    assert replace(MDO, power_over=(Power.GUARDIANS,), chair=Chair.INDEPENDENT)


def test_a_ladder_goes_up_and_ends() -> None:
    table, force = replace(MDO, key="table", after="mdo"), replace(MDO, key="force", after="table")
    beside = replace(MDO, key="beside", after="mdo")
    ways = ladder((force, MDO, beside, table))
    assert [[rung.key for rung in way] for way in ways] == [["mdo", "table", "force"], ["mdo", "beside"]]
    with pytest.raises(ValueError, match="there is no mdo"):
        ladder((table,))
    with pytest.raises(ValueError, match="comes back to"):
        ladder((replace(MDO, after="table"), table))
