"""The fourth wall as it is made, put up, inspected and taken down."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access import row_security_functions as functions
from inbeeld.access import row_security_policies as policies
from inbeeld.access import row_security_walls as walls
from inbeeld.access.models import Kinship
from inbeeld.access.row_security import commanding, name_the_actor, naming_the_person, operating
from inbeeld.access.row_security_policies import guarded, may_read
from inbeeld.access.scope_own import own_kinships
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.models import Entry, Learner
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def complaints(walled: Walled) -> str:
    return " ".join(walls.complaints(connection, walled.roles))


def learners_seen() -> int:
    return int(catalog.rows(connection, "SELECT count(*) FROM learners_learner")[0][0])


def settle() -> None:
    """Let the database check what it waits with until the end: a table with that cannot be changed."""
    catalog.run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    catalog.run(connection, "SET CONSTRAINTS ALL DEFERRED")


# --- what it is made of ----------------------------------------------------------------------------


def test_a_table_that_leads_to_its_child_in_an_unknown_way_is_not_forgotten(monkeypatch):
    monkeypatch.setattr(Entry._default_manager, "to_child", "written_by__person")
    with pytest.raises(LookupError, match="leads to a child by written_by__person"):
        guarded()


def test_a_class_that_no_role_reads_is_read_by_nobody(monkeypatch):
    address = next(one for one in guarded() if one.label == "learners.Address")
    assert may_read(address) != "false"
    monkeypatch.setattr(policies, "ROWS", [row for row in policies.ROWS if row.cells[FieldClass.ADR] == "."])
    assert may_read(address) == "false"


# --- one at a time ---------------------------------------------------------------------------------


def test_the_name_of_an_operation_ends_with_it_also_after_an_error(walled):
    def going_on() -> str:
        return catalog.rows(connection, "SELECT coalesce(inbeeld_operation(), '')")[0][0]

    with operating("sign"):
        with operating("re_evaluate"):
            assert going_on() == "re_evaluate"
        assert going_on() == "sign"
        with pytest.raises(ZeroDivisionError), operating("withdraw"):
            raise ZeroDivisionError
        assert going_on() == "sign"
    assert going_on() == ""


@pytest.mark.parametrize("fails", [False, True])
def test_the_name_of_a_command_ends_with_it_also_after_an_error(fails, walled):
    def said() -> str:
        return catalog.rows(connection, "SELECT coalesce(inbeeld_setting(), '')")[0][0]

    error = psycopg.Error if fails else ZeroDivisionError
    with pytest.raises(error), transaction.atomic(), commanding("keys"), connection.cursor() as cursor:
        assert said() == "command:keys"
        if fails:
            cursor.cursor.execute("SELECT 1 / 0")
        raise ZeroDivisionError
    assert said() == ""


def test_a_command_keeps_its_name_over_several_transactions(walled):
    with walled.connect(walled.batch, autocommit=True) as batch:
        batch.execute("SELECT set_config('inbeeld.actor', 'command:keys', false)")
        for _time in range(2):
            with batch.transaction():
                batch.execute("SELECT 1")
            assert batch.execute("SELECT inbeeld_command()").fetchone() == ("keys",)


def test_a_request_is_asked_as_the_actor_that_is_named(walled):
    school = make.organisation()
    child, other = make.learner(school), make.learner(make.organisation())
    mentor = make.actor(Role.MENTOR, school)
    make.involve(child, mentor)
    with as_role(walled.app):
        assert learners_seen() == 0
        name_the_actor(mentor)
        assert list(Learner.for_operations.all()) == [child] == list(Learner.objects.visible_to(mentor))
    assert learners_seen() == 2 and other


def test_who_chooses_a_role_sees_of_whom_they_are_kin(walled):
    child, other = make.learner(make.organisation()), make.learner(make.organisation())
    person = get_user_model().objects.create(username="hanneke")
    Kinship.for_operations.create(person=person, child=child, relation="guardian", from_on=date(2020, 1, 1))
    with as_role(walled.app):
        assert [one.child for one in own_kinships(person.pk)] == [child]
        assert list(Kinship.for_operations.all()) == []
        with naming_the_person(person.pk):
            assert learners_seen() == 1
        assert learners_seen() == 0
    assert other


# --- put up, changed, taken down ---------------------------------------------------------------------


def test_the_wall_as_it_was_put_up_gives_no_complaint(walled):
    assert complaints(walled) == ""


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE learners_entry NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE learners_entry DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY more ON learners_entry USING (true)",
        "DROP POLICY inbeeld_read ON learners_address",
        "ALTER POLICY inbeeld_read ON learners_entry USING (true)",
        "ALTER POLICY inbeeld_read ON learners_entry TO PUBLIC",
        "GRANT DELETE ON learners_entry TO PUBLIC",
        "GRANT TRUNCATE ON journal_line TO {app}",
        "ALTER FUNCTION inbeeld_children(text, text) SECURITY INVOKER",
        "ALTER FUNCTION inbeeld_children(text, text) RESET search_path",
        "CREATE OR REPLACE FUNCTION inbeeld_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()'",
        "DROP TRIGGER inbeeld_keep ON learners_entry",
        "ALTER TABLE learners_entry OWNER TO CURRENT_USER",
    ],
)
def test_what_is_changed_by_hand_is_noticed(change, walled):
    catalog.run(connection, change.format(app=walled.app))
    assert "changed by hand" in complaints(walled)


def test_another_access_table_is_noticed_and_put_up_by_the_next_migration(walled, monkeypatch, settings):
    settings.INBEELD_DATABASE_APP_ROLE, settings.INBEELD_DATABASE_BATCH_ROLE = walled.app, walled.batch
    school = make.organisation()
    child, coach = make.learner(school), make.actor(Role.MENTOR, school)
    make.involve(child, coach)
    settle()
    without_mentors = [row for row in functions.ROWS if row.role != "mentor"]
    monkeypatch.setattr(functions.functions, "__defaults__", (without_mentors,))
    assert "not that of this version" in complaints(walled)
    call_command("migrate", verbosity=0)
    assert complaints(walled) == ""
    with as_role(walled.app, actor=coach.key):
        assert learners_seen() == 0


def test_other_roles_in_the_settings_are_noticed(walled):
    assert "these settings" in " ".join(walls.complaints(connection, walls.Roles(app=walled.app)))


def test_a_role_that_is_not_there_is_named_with_what_makes_it(walled):
    with pytest.raises(walls.RolesMissing, match='no role nobody.*CREATE ROLE "nobody" LOGIN'):
        walls.put_up(connection, walls.Roles(app="nobody"))


def test_while_tables_are_changed_requests_see_nothing_and_the_owner_everything(walled):
    school = make.organisation()
    child, mentor = make.learner(school), make.actor(Role.MENTOR, school)
    make.involve(child, mentor)
    settle()
    walls.before_migrating(using="default", plan=[])
    with as_role(walled.app, actor=mentor.key):
        assert learners_seen() == 1
    walls.before_migrating(using="default", plan=["something"])
    with as_role(walled.app, actor=mentor.key):
        assert learners_seen() == 0
    with as_role(walled.owner):
        assert learners_seen() == 1
    walls.put_up(connection, walled.roles)
    with as_role(walled.app, actor=mentor.key):
        assert learners_seen() == 1
    assert complaints(walled) == ""


def test_a_database_before_its_first_migration_gives_no_complaint(walled):
    with transaction.atomic():
        catalog.run(connection, "ALTER TABLE learners_verdict RENAME TO elsewhere")
        assert complaints(walled) == ""
        walls.put_up(connection, walled.roles)
        transaction.set_rollback(True)


def test_without_roles_there_are_no_rules_and_nobody_but_the_owner_gets_at_the_tables(walled):
    make.learner(make.organisation())
    settle()
    walls.put_up(connection, walls.Roles())
    assert walls.complaints(connection, walls.Roles()) == []
    with as_role(walled.owner):
        assert learners_seen() == 1
    with as_role(walled.app):
        assert learners_seen() == 0  # it kept its right to read, and there is no rule to read by


def test_who_may_use_the_table_of_tries_also_when_it_came_later(walled, settings):
    (table,) = walls.cache_tables()
    catalog.run(connection, f"REVOKE ALL ON {table} FROM {walled.app}")
    assert complaints(walled).startswith(f"The role that answers requests has no right to {table}.")


def test_the_tables_that_are_no_models_of_ours_stay_closed(walled):
    catalog.run(connection, "CREATE TABLE somebodys_copy AS SELECT 1 AS one")
    walls.put_up(connection, walled.roles)
    with pytest.raises(ProgrammingError, match="permission denied"), as_role(walled.app):
        catalog.rows(connection, "SELECT * FROM somebodys_copy")


# --- before production answers -------------------------------------------------------------------------


@pytest.fixture
def production(walled, settings):
    settings.INBEELD_DATABASE_APP_ROLE, settings.INBEELD_DATABASE_BATCH_ROLE = walled.app, walled.batch
    return walled


def refusal() -> str:
    return " ".join(walls.reasons_not_to_answer(connection))


def test_the_role_for_requests_behind_the_wall_may_answer(production):
    with as_role(production.app):
        assert refusal() == ""


def test_without_a_role_for_requests_production_does_not_answer(walled):
    assert "INBEELD_DATABASE_APP_ROLE is not set" in refusal()


@pytest.mark.parametrize("role", ["owner", "batch"])
def test_another_role_does_not_answer_requests(role, production):
    with as_role(getattr(production, role)):
        assert "does not connect to the database as the role" in refusal()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER ROLE {app} BYPASSRLS", "pass by row-level security"),
        ("ALTER ROLE {app} SUPERUSER", "pass by row-level security"),
        ("ALTER ROLE {app} CREATEROLE", "or make roles"),
        ("GRANT {owner} TO {app}", "is a member"),
        ("GRANT {batch} TO {app}", "is a member"),
        ("GRANT CREATE ON SCHEMA public TO {app}", "may make tables beside ours"),
        ("ALTER TABLE learners_judgement OWNER TO {app}", "owns tables"),
        ("ALTER POLICY inbeeld_read ON learners_entry USING (true)", "changed by hand"),
    ],
)
def test_a_role_that_could_pass_by_the_wall_does_not_answer(change, said, production):
    names = {name: getattr(production, name) for name in ("app", "batch", "owner")}
    catalog.run(connection, change.format(**names))
    with as_role(production.app):
        assert said in refusal()


def test_the_check_for_the_administrator_warns_in_production_only(production, settings):
    catalog.run(connection, "ALTER POLICY inbeeld_read ON learners_entry USING (true)")
    settings.MODE = "production"
    assert [one.id for one in walls.the_wall_stands(databases=["default"])] == ["inbeeld.W201"]
    assert walls.the_wall_stands(databases=None) == []
    settings.MODE = "trial"
    assert walls.the_wall_stands(databases=["default"]) == []
