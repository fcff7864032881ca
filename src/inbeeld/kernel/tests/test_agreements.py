"""Where an agreement stands, against a plain reading of what was said of it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.agreements import ANSWERS, SETTLES, Course, Said, Step, course_of

TODAY = date(2026, 11, 29)
DAYS = st.integers(-60, 60).map(lambda number: TODAY + timedelta(number))
STEPS = st.lists(
    st.builds(Step, st.sampled_from(sorted(SETTLES | ANSWERS)), by_doer=st.booleans())
    | st.builds(Step, st.just(Said.MOVED), DAYS, st.booleans()),
    max_size=6,
)
TAKEN_UP = st.sampled_from([True, None])


@given(due_on=DAYS, steps=STEPS, accepted=TAKEN_UP)
def test_the_last_word_counts_and_so_does_the_last_day(
    due_on: date, steps: list[Step], accepted: bool | None
) -> None:
    course = course_of(due_on, steps, accepted=accepted)
    days = [due_on, *(step.to_on for step in steps if step.said is Said.MOVED)]
    assert course.due_on == days[-1]
    assert course.times_moved == len(days) - 1
    outcomes = [step.said for step in steps if step.said not in ANSWERS]
    assert course.is_open == (not outcomes or outcomes[-1] is Said.MOVED)
    assert course.outcome == (None if course.is_open else outcomes[-1])


@given(due_on=DAYS, steps=STEPS, accepted=TAKEN_UP)
def test_who_is_to_do_it_said_yes_or_no_to_it_as_it_stands(
    due_on: date, steps: list[Step], accepted: bool | None
) -> None:
    """Read from the end: the last answer, or the last move if that came later."""
    expected = accepted
    for step in reversed(steps):
        if step.said in ANSWERS:
            expected = step.said is Said.ACCEPTED
            break
        if step.said is Said.MOVED:
            expected = True if step.by_doer else None
            break
    assert course_of(due_on, steps, accepted=accepted).accepted is expected


@given(due_on=DAYS, steps=STEPS)
def test_late_is_open_and_past_its_day(due_on: date, steps: list[Step]) -> None:
    course = course_of(due_on, steps)
    past = {TODAY - timedelta(number) for number in range(1, 61)}
    assert course.is_late(TODAY) == (course.is_open and course.due_on in past)


def test_moved_after_it_was_settled_it_is_open_again() -> None:
    steps = [Step(Said.NOT_DONE), Step(Said.MOVED, TODAY)]
    assert course_of(TODAY - timedelta(9), steps) == Course(TODAY, times_moved=1)
