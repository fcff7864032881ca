"""A sealed field keeps only sealed values, and finds nothing by them."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from inbeeld.keys.sealing import (
    NotForHere,
    NotSealed,
    OpenKey,
    Sealed,
    SealedField,
    seal_into,
    unseal_from,
)

KEY = OpenKey(UUID(int=1), bytes(range(100, 132)))
TEXT = "Vlinderhof in het geheim"


@pytest.fixture
def note(db):
    """A model with sealed fields that is part of nothing, and its table for the length of a test."""
    with isolate_apps("inbeeld.keys"):

        class Note(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid4)
            reference = models.UUIDField(default=uuid4)
            text = SealedField()
            more = SealedField(row="reference", null=True)

            class Meta:
                app_label = "keys"
                db_table = "a_note_of_a_test"

    columns = ", ".join(
        f"{field.column} {field.db_type(connection)} {'' if field.null else 'NOT NULL'}"
        for field in Note._meta.fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE a_note_of_a_test ({columns})")
    yield Note
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE a_note_of_a_test")


def a_note(note, text: str = TEXT, more: str | None = None):
    made = note()
    seal_into(made, "text", text, key=KEY)
    seal_into(made, "more", more, key=KEY)
    return made


def test_a_sealed_field_keeps_a_text_and_nobody_reads_it_in_the_database(note):
    made = a_note(note, more="more")
    made.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, more FROM a_note_of_a_test")
        assert not any(
            TEXT.encode() in bytes(value) or b"more" in bytes(value) for value in cursor.fetchone()
        )
    found = note.objects.get()
    assert (unseal_from(found, "text", key=KEY), unseal_from(found, "more", key=KEY)) == (TEXT, "more")
    assert all(isinstance(value, Sealed) for value in note.objects.values_list("text", "more").get())


def test_nothing_stays_nothing(note):
    a_note(note).save()
    assert unseal_from(note.objects.get(), "more", key=KEY) is None


def test_many_rows_are_written_and_changed_at_once(note):
    note.objects.bulk_create([a_note(note, str(number)) for number in range(5)])
    rows = list(note.objects.all())
    for row in rows:
        seal_into(row, "text", "changed", key=KEY)
    note.objects.bulk_update(rows, ["text", "more"])
    assert {unseal_from(row, "text", key=KEY) for row in note.objects.all()} == {"changed"}


def test_a_value_copied_to_another_row_or_column_does_not_open(note):
    one, other = a_note(note, more="more"), a_note(note)
    one.save()
    other.save()
    note.objects.filter(pk=other.pk).update(text=one.text)
    with pytest.raises(NotForHere):
        unseal_from(note.objects.get(pk=other.pk), "text", key=KEY)
    one.text = one.more
    with pytest.raises(NotForHere):
        unseal_from(one, "text", key=KEY)
    one.reference = uuid4()
    with pytest.raises(NotForHere):
        unseal_from(one, "more", key=KEY)


@pytest.mark.parametrize("bare", [TEXT, TEXT.encode(), "", b"", 7])
def test_a_text_that_is_not_sealed_is_refused_and_not_repeated(note, bare):
    made = a_note(note)
    made.text = bare
    for write in (
        made.save,
        lambda: note.objects.bulk_create([made]),
        lambda: note.objects.update(text=bare),
    ):
        with pytest.raises(NotSealed, match="keeps only what was sealed") as caught, transaction.atomic():
            write()
        assert TEXT not in str(caught.value)
    with pytest.raises(ValidationError) as refused:
        made.full_clean()
    assert TEXT not in str(refused.value)
    assert note.objects.count() == 0


@pytest.mark.parametrize(
    "question", [{"text": TEXT}, {"text__contains": "V"}, {"text__in": [TEXT]}, {"more__gt": 1}]
)
def test_nothing_is_found_by_a_sealed_text(note, question):
    with pytest.raises(FieldError, match="nothing can be found by it") as caught:
        note.objects.filter(**question).exists()
    assert TEXT not in str(caught.value)


def test_whether_something_is_there_can_be_asked(note):
    a_note(note).save()
    assert note.objects.filter(more__isnull=True, text__isnull=False).count() == 1


def test_a_row_is_checked_and_a_sealed_field_that_must_be_filled_is(note):
    made = a_note(note)
    made.full_clean()
    made.text = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_a_fixture_holds_the_sealed_value(note):
    made = a_note(note)
    written = serializers.serialize("json", [made])
    assert TEXT not in written
    made.text = note._meta.get_field("text").to_python(json.loads(written)[0]["fields"]["text"])
    assert unseal_from(made, "text", key=KEY) == TEXT


def test_a_migration_writes_the_field_as_it_is():
    assert SealedField(row="reference", null=True).deconstruct()[1:] == (
        "inbeeld.keys.sealing.SealedField",
        [],
        {"null": True, "row": "reference"},
    )
    assert SealedField(editable=True).deconstruct()[3] == {"editable": True}
    assert SealedField().deconstruct()[3] == {}


def test_another_field_is_not_sealed_by_mistake(note):
    with pytest.raises(NotSealed, match="no sealed field"):
        seal_into(note(), "reference", TEXT, key=KEY)
