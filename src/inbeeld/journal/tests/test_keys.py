"""What the journal takes: keys. What could be a name, a number or a sentence is refused, and not repeated."""

from __future__ import annotations

import uuid
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.journal.deed import (
    Deed,
    NotAKey,
    classes_in_order,
    is_key_of_organisation,
    refuse_what_is_no_key,
)
from inbeeld.journal.tests.written import a_deed
from inbeeld.kernel.access import ROLES, ROWS

TEXTS = (
    "actor", "on_behalf_of", "organisation", "role", "involvement", "purpose", "ground", "row", "action",
    "field_class", "object", "outcome", "origin", "consent",
)  # fmt: skip
PERSONAL = (
    "Fenna Brinkhof", "fenna brinkhof", "Fenna", "Brinkhof-de Vries", "zoë", "José", "O'Neill",
    "van der Molen",
    "123456782", "12345678", "123.456.782", "123-45-6782", "2012-03-14", "14_03_2012", "0612345678",
    "membership:123456782", "entry:12345678", "a123456782", "1234 AB", "jan@example.nl", "+31612345678",
    "/kind/a0000000-0000-4000-8000-000000000001/", "slept badly, quarrel at home", "Ａ", "mentor\n",
    " mentor",
    "<script>", "x" * 200, "=1+1", "\u200bmentor", "\0", "mentor\x1f",
)  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("text", PERSONAL)
def test_what_could_be_about_a_person_is_refused_in_every_field_and_not_repeated(
    name: str, text: str
) -> None:
    with pytest.raises(NotAKey) as refused:
        refuse_what_is_no_key([a_deed(), a_deed(**{name: text})])
    assert name in str(refused.value)
    assert text.strip() not in str(refused.value)


@pytest.mark.parametrize("text", [*PERSONAL, ""])
def test_what_could_be_about_a_person_is_no_key_of_an_organisation(text: str) -> None:
    assert not is_key_of_organisation(text)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", [None, 12, b"mentor", ["mentor"], uuid.uuid4()])
def test_what_is_no_text_is_refused(name: str, value: object) -> None:
    with pytest.raises(NotAKey):
        refuse_what_is_no_key([a_deed(**{name: value})])


@pytest.mark.parametrize(
    ("name", "value"),
    [("child", "a0000000-0000-4000-8000-000000000001"), ("child", 12), ("trace", "x"), ("trace", None),
     ("emergency", 1), ("emergency", "no"), ("emergency", None)],
)  # fmt: skip
def test_references_are_uuids_and_emergency_is_yes_or_no(name: str, value: object) -> None:
    with pytest.raises(NotAKey, match=name):
        refuse_what_is_no_key([a_deed(**{name: value})])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "membership:12"),
        ("actor", f"kinship:{uuid.uuid4()}"),
        ("actor", "command:judge"),
        ("on_behalf_of", "kinship:3"),
        ("organisation", "S00012"),
        ("organisation", "99AB00"),
        ("organisation", "swv_vo"),
        ("organisation", "gm0014"),
        ("purpose", "own_page"),
        ("action", "grant_involvement"),
        ("object", f"entry:{uuid.uuid4()}"),
        ("object", "entry:12"),
        ("origin", "in_beeld"),
        ("origin", "in-beeld"),
        ("origin", "command:judge"),
        ("consent", str(uuid.uuid4())),
        ("consent", "consent:12"),
        ("field_class", "IDE ATT"),
        ("field_class", ""),
        ("outcome", "refused"),
        ("child", None),
        ("role", ""),
        ("ground", ""),
    ],
)
def test_keys_are_taken(name: str, value: object) -> None:
    refuse_what_is_no_key([a_deed(**{name: value})])


def test_every_row_of_the_access_table_is_taken() -> None:
    for row in ROWS:
        deed = a_deed(role=row.role, involvement=row.involvement.value, row=row.key, ground=row.ground)
        refuse_what_is_no_key([deed])
    for role in ROLES:
        refuse_what_is_no_key([a_deed(role=role)])


def test_a_choice_that_is_a_text_is_taken_as_its_text() -> None:
    class Kind(StrEnum):
        READ = "read"

    refuse_what_is_no_key([a_deed(action=Kind.READ)])


@given(st.sampled_from(TEXTS), st.text(max_size=30))
def test_whatever_is_taken_is_a_key_in_ascii_with_few_digits(name: str, text: str) -> None:
    try:
        refuse_what_is_no_key([a_deed(**{name: text})])
    except NotAKey as refused:
        assert len(text) < 4 or text not in str(refused)
        return
    assert text.isascii()
    assert text.isprintable()
    assert sum(character.isdigit() for character in text) <= 7


def test_classes_of_fields_are_written_in_the_order_of_the_table() -> None:
    assert classes_in_order("ATT IDE ATT") == "IDE ATT"
    assert classes_in_order("") == ""


def test_a_deed_that_says_little_is_taken() -> None:
    refuse_what_is_no_key(
        [Deed(trace=uuid.uuid4(), actor="command:judge", action="judge", origin="command:judge")]
    )


@pytest.mark.parametrize("between", ["\x1f", "\t", "\n", "\u00a0"])
def test_classes_stand_apart_by_spaces_and_by_nothing_else(between: str) -> None:
    assert classes_in_order("ATT  IDE ") == "IDE ATT"
    for text in (between, f"IDE{between}ATT", f"IDE{between}"):
        with pytest.raises(NotAKey):
            refuse_what_is_no_key([a_deed(field_class=text)])
