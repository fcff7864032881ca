"""What binds a line to the line before it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inbeeld.journal.chain import FIELDS, NOTHING_BEFORE, digest_of, digests_of
from inbeeld.journal.models import Line

FIRST = (
    1, datetime(2026, 9, 1, 8, 30, 0, 123456, tzinfo=UTC), 0, UUID("3f0c1c5e-4a52-4f0e-8f55-0f2a7d1f9b11"),
    "membership:12", "", "S00012", "mentor", "involved", "guidance", "education act: duty of care",
    "mentor/involved", "read", "IDE ATT", UUID("a0000000-0000-4000-8000-000000000001"), "", "allowed",
    "child", False, "",
)  # fmt: skip

values = st.lists(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.text(max_size=8),
        st.uuids(),
        st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=6,
)


def test_the_format_is_the_one_partners_hold_digests_of() -> None:
    """A change here makes every digest that anybody kept worthless: it needs a new format beside it."""
    assert digest_of(NOTHING_BEFORE, FIRST).hex() == (
        "044a9315b8772c31e6a25e2bee4ff8e5dc777b0bd4c9640b37da4a93e5ffe69e"
    )


def test_every_field_of_a_line_but_its_digest_is_chained() -> None:
    assert (*FIELDS, "digest") == tuple(field.attname for field in Line._meta.concrete_fields)


@given(values, values)
def test_lines_that_say_something_else_have_another_digest(one: list, other: list) -> None:
    def kinds(said: list) -> list:
        return [(type(value), value) for value in said]

    # A kind belongs to a field: only the same kinds in the same places, or nothing, ever meet.
    if [type(v) for v in one if v is not None] == [type(v) for v in other if v is not None]:
        assert (digest_of(NOTHING_BEFORE, one) == digest_of(NOTHING_BEFORE, other)) is (
            kinds(one) == kinds(other)
        )


@given(values, st.binary(min_size=32, max_size=32))
def test_the_same_line_after_another_has_another_digest(said: list, previous: bytes) -> None:
    assert (digest_of(previous, said) == digest_of(NOTHING_BEFORE, said)) is (previous == NOTHING_BEFORE)


KINDS = (
    st.integers(-(2**63), 2**63 - 1), st.text(max_size=8), st.booleans(), st.none() | st.uuids(),
    st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip


@given(st.lists(st.tuples(*KINDS), min_size=1, max_size=6), st.integers(1, 4))
def test_lines_chained_together_are_chained_as_one_by_one(lines: list, times: int) -> None:
    lines = lines * times  # so that some say the same
    digest, expected = NOTHING_BEFORE, []
    for line in lines:
        digest = digest_of(digest, line)
        expected.append(digest)
    assert list(digests_of(NOTHING_BEFORE, list(zip(*lines, strict=True)))) == expected


def test_yes_and_one_and_no_and_nothing_stay_apart_in_lines_chained_together() -> None:
    columns = [(True, True), (1, 1), (False, False), (0, 0), ("", ""), (None, None)]
    first = digest_of(NOTHING_BEFORE, [True, 1, False, 0, "", None])
    expected = [first, digest_of(first, [True, 1, False, 0, "", None])]
    assert list(digests_of(NOTHING_BEFORE, columns)) == expected


def test_text_cannot_move_from_one_field_to_the_next() -> None:
    assert digest_of(NOTHING_BEFORE, ["ab", ""]) != digest_of(NOTHING_BEFORE, ["a", "b"])
    assert digest_of(NOTHING_BEFORE, [None, ""]) != digest_of(NOTHING_BEFORE, ["", None])
