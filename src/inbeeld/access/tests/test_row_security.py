"""The fourth wall as the room itself knows it: what it is made of, and how it is named. What it holds back
is asked in tests/promises/wall, where there are children."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.operations_ground import Did
from inbeeld.access.row_security import commanding, operating
from inbeeld.access.row_security_besides import CHANGES, OPERATIONS, SEARCH
from inbeeld.access.row_security_commands import COMMANDS, EVERYTHING, LETTERS
from inbeeld.access.row_security_policies import guarded
from inbeeld.access.scope import ScopedManager

LABELS = {one.label for one in guarded()}


def columns_of(label: str) -> set[str]:
    return {str(field.column) for field in apps.get_model(label)._meta.concrete_fields}


def test_every_table_about_a_child_is_behind_the_wall():
    about = {
        model._meta.label
        for model in apps.get_models()
        if getattr(model, "field_classes", None) or getattr(model, "classed_by", None)
    }
    assert about == LABELS


def test_what_is_said_of_tables_is_said_of_tables_that_are_there():
    assert set(CHANGES) == LABELS
    assert {label for tables in COMMANDS.values() for label in tables} - {EVERYTHING} <= LABELS
    assert {letter for tables in COMMANDS.values() for each in tables.values() for letter in each} <= set(
        LETTERS
    )
    for label, changes in CHANGES.items():
        assert set(changes.fixed) <= columns_of(label), label
        for operation, columns in changes.columns.items():
            assert operation in OPERATIONS, label
            assert set(columns) <= columns_of(label), label
        assert set(changes.only_by) <= columns_of(label), label
        assert {command for known in changes.only_by.values() for command in known} <= set(COMMANDS), label


def test_a_table_that_requests_change_says_which_columns():
    """Without that a row could move to another child, organisation or person."""
    for label, changes in CHANGES.items():
        changed = bool(changes.update) or changes.by_the_table
        assert changed == bool(changes.columns or changes.fixed), label


def test_a_search_is_called_here_as_in_the_journal():
    assert Did.FIND_IN_EMERGENCY.value == SEARCH


@pytest.mark.parametrize("naming", [operating, commanding])
def test_an_operation_or_command_the_wall_does_not_know_is_an_error_at_once(naming):
    with pytest.raises(LookupError, match="knows no"):
        naming("erase_everything")


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_can_be_named_on_every_database(name):
    @operating(name)
    def happens() -> str:
        return catalog.rows(connection, "SELECT 1")[0][0]

    assert happens() == 1


@pytest.mark.django_db(transaction=True)
def test_an_operation_is_a_transaction_of_its_own_or_part_of_the_one_around_it():
    with operating("sign"):
        assert connection.in_atomic_block
    assert not connection.in_atomic_block
    with transaction.atomic(), operating("sign"):
        assert connection.in_atomic_block


def test_a_scoped_manager_stays_what_makes_the_rule():
    """Guarded repeats what ScopedManager says: a new word there must get a meaning here too."""
    manager = ScopedManager(to_child="learner")
    said = {name for name in vars(manager) if not name.startswith("_")}
    assert said - {"creation_counter", "model", "name"} == {
        "to_child", "to_standing", "field_class", "class_column", "organisation_column", "member_column",
        "shielded_column", "read_back", "only_its_writer",
    }  # fmt: skip
