"""What commands and the owner of the tables reach behind the fourth wall: as those roles, with raw SQL."""

from __future__ import annotations

import pytest
from psycopg import errors

from inbeeld.access.row_security_commands import COMMANDS, commands_for
from inbeeld.access.row_security_policies import guarded
from tests.promises.four_statements import EVERYTHING
from tests.promises.wall.region import add_line, named

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_reads_the_tables_it_works_on_and_no_others(command, region, batch):
    with named(batch, f"command:{command}") as cursor:
        seen = {table for table, _key in cursor.execute(EVERYTHING).fetchall()}
    assert seen == {one.table for one in guarded() if command in commands_for(one.label, letters="r")}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_changes_the_tables_it_works_on_and_no_others(command, region, batch):
    for one in guarded():
        if one.label == "journal.Line":
            continue
        with named(batch, f"command:{command}") as cursor:
            changed = cursor.execute(f"UPDATE {one.table} SET {one.column} = {one.column}").rowcount
            assert bool(changed) == (command in commands_for(one.label, letters="c")), one.table


@pytest.mark.parametrize(
    "name", ["", "command:", "command:unknown", "command:Keys", "membership:1", "retention"]
)
def test_the_role_of_commands_sees_nothing_without_the_name_of_one(name, batch):
    with named(batch, name) as cursor:
        assert cursor.execute(EVERYTHING).fetchall() == []


def test_a_command_is_nobody_to_the_role_that_answers_requests(app):
    for command in COMMANDS:
        with named(app, f"command:{command}") as cursor:
            assert cursor.execute(EVERYTHING).fetchall() == []


def test_a_command_writes_lines_in_its_own_name(batch):
    with named(batch, "command:keys") as cursor:
        add_line(cursor, "command:keys")
    with named(batch, "command:keys") as cursor, pytest.raises(errors.InsufficientPrivilege):
        add_line(cursor, "command:retention")


def test_also_the_owner_sees_nothing_without_the_name_of_a_command(region):
    with region.walled.connect(region.walled.owner, autocommit=True) as owner:
        assert owner.execute(EVERYTHING).fetchall() == []
        with named(owner, "command:repair") as cursor:
            assert set(cursor.execute(EVERYTHING).fetchall()) == region.everything()
        with named(owner, region.member().actor.key) as cursor:
            assert cursor.execute(EVERYTHING).fetchall() == []
