"""The fourth wall as somebody meets it who got hold of the connection that answers requests.

Every test has a connection of its own, as the role of the database that production uses; what it tries stands
in its name. Who can say another actor's name to the database is that actor: against that there are the other walls.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from inbeeld.access.row_security_policies import guarded
from tests.promises.four_statements import EVERYTHING
from tests.promises.wall.region import named

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TABLES = [one.table for one in guarded()]


def rows_of(cursor: psycopg.Cursor[Any]) -> set[tuple[str, str]]:
    return set(cursor.execute(EVERYTHING).fetchall())


# --- who is asked for ----------------------------------------------------------------------------


def test_everybody_gets_on_a_connection_of_their_own_what_the_table_says(region, app):
    for asking in region.asking():
        with named(app, asking.actor.key) as cursor:
            assert rows_of(cursor) == set(asking.asked()), asking.actor.key


def test_without_a_name_there_is_nothing(app):
    assert rows_of(app.cursor()) == set()


@pytest.mark.parametrize(
    "setting",
    [
        "", " ", "membership:", "membership:0", "membership:-1", "membership:999999999", "membership:1e1",
        "membership:99999999999999999999999", "membership:01", "Membership:1", "membership:1 ", " membership:1",
        "membership:1\nmembership:2", "kinship:", "kinship:1", "command:retention", "command:*", "owner", "*",
        "membership:1 OR 1=1", "membership:1'; DROP TABLE learners_learner; --", "membership:1;SELECT", "é" * 5000,
        "membership:" + "1" * 1_000_000, "person:1 OR true", "person:999999999", "%", "membership:%",
    ],
)  # fmt: skip
def test_a_name_that_is_nobodys_gives_nothing(setting, app):
    with named(app, setting) as cursor:
        assert rows_of(cursor) == set()


def test_the_number_of_somebody_written_in_another_way_is_nobody(region, app):
    number = region.member().membership.pk
    for odd in (
        f"membership:0{number}",
        f"membership: {number}",
        f"MEMBERSHIP:{number}",
        f"membership:{number}.0",
    ):
        with named(app, odd) as cursor:
            assert rows_of(cursor) == set()


def test_kin_written_in_capitals_is_nobody(region, app):
    kin = next(one for one in region.asking() if one.kinship is not None and any(one.asked()))
    with named(app, kin.actor.key.upper()) as cursor:
        assert rows_of(cursor) == set()
    with named(app, f"kinship:{kin.kinship.pk.hex}") as cursor:
        assert rows_of(cursor) == set()


def test_who_is_no_longer_in_force_gets_nothing(region, app):
    gone = [one for one in region.asking() if not one.holds]
    assert gone
    for one in gone:
        with named(app, one.actor.key) as cursor:
            assert rows_of(cursor) == set()


def test_the_name_ends_with_its_transaction(region, app):
    with named(app, region.member().actor.key) as cursor:
        assert rows_of(cursor)
    assert rows_of(app.cursor()) == set()


# --- another role ----------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["SET ROLE {owner}", "SET ROLE {batch}", "SET ROLE postgres",
                                       "SET SESSION AUTHORIZATION {owner}", "SET SESSION AUTHORIZATION {batch}"])  # fmt: skip
def test_becoming_another_role_is_refused(statement, region, app):
    walled = region.walled
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedObject, errors.InvalidParameterValue)):
        app.execute(statement.format(owner=walled.owner, batch=walled.batch))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE learners_entry DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE learners_entry NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE learners_entry OWNER TO CURRENT_USER",
        "CREATE POLICY mine ON learners_entry USING (true)",
        "DROP POLICY inbeeld_read ON learners_entry",
        "ALTER POLICY inbeeld_read ON learners_entry USING (true)",
        "DROP TABLE learners_entry",
        "TRUNCATE learners_entry",
        "TRUNCATE journal_line",
        "ALTER TABLE journal_line DISABLE TRIGGER ALL",
        "ALTER TABLE learners_entry DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION inbeeld_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "DROP FUNCTION inbeeld_children",
        "ALTER FUNCTION inbeeld_actor() SECURITY INVOKER",
        "CREATE TABLE mine AS SELECT 1",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE VIEW mine AS SELECT * FROM learners_learner",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "CREATE RULE mine AS ON SELECT TO learners_judgement DO INSTEAD SELECT 1",
        "CREATE EXTENSION dblink",
        "SET session_replication_role = 'replica'",
        "INSERT INTO learners_judgement DEFAULT VALUES",
        "DELETE FROM django_migrations",
        "COMMENT ON TABLE learners_learner IS ''",
    ],
)
def test_nothing_that_would_take_the_wall_down_is_allowed(statement, app):
    with pytest.raises((errors.InsufficientPrivilege, errors.WrongObjectType, errors.UndefinedFile)):
        app.execute(statement)


def test_giving_away_rights_gives_nothing_away(app):
    app.execute("GRANT ALL ON learners_entry TO PUBLIC")  # a warning, no error
    found = app.execute("SELECT relacl::text FROM pg_class WHERE relname = 'learners_entry'").fetchone()
    assert found is not None and not any(one.startswith("=") for one in found[0].strip("{}").split(","))


def test_switching_row_security_off_is_an_error_and_not_a_way_round(app):
    app.execute("SET row_security = off")
    for table in TABLES:
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            app.execute(f"SELECT * FROM {table}")


# --- another way to the rows -----------------------------------------------------------------------


def test_copying_out_gives_what_reading_gives_and_copying_in_is_refused(region, app):
    asking = region.member(reads="learners_entry")
    with named(app, asking.actor.key) as cursor:
        with cursor.copy("COPY learners_entry (id) TO STDOUT") as copied:
            found = {bytes(row).decode().strip() for row in copied}
        assert found == region.reads(asking, "learners_entry") != set()
    with pytest.raises(errors.FeatureNotSupported, match="row-level security"):
        app.execute("COPY learners_entry FROM STDIN")
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("COPY learners_entry TO '/tmp/out'")


def test_no_view_stands_beside_the_tables(app):
    """A view reads with the rights of who made it."""
    found = app.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')"
    ).fetchall()
    assert found == []


def test_a_view_of_the_owner_gives_no_more(region, app):
    walled = region.walled
    with walled.connect(walled.owner, autocommit=True) as owner:
        owner.execute("CREATE VIEW everything AS SELECT * FROM learners_learner")
        owner.execute(f"GRANT SELECT ON everything TO {walled.app}")
    try:
        with named(app, region.member().actor.key) as cursor:
            assert cursor.execute("SELECT count(*) FROM everything").fetchone() == (0,)
    finally:
        with walled.connect(walled.owner, autocommit=True) as owner:
            owner.execute("DROP VIEW everything")


def test_a_table_of_ones_own_in_front_of_ours_fools_no_function(region, app):
    asking = region.member()
    with named(app, asking.actor.key) as cursor:
        cursor.execute("CREATE TEMP TABLE organisations_membership AS SELECT * FROM organisations_membership")
        cursor.execute("CREATE TEMP TABLE access_involvement (LIKE access_involvement)")
        cursor.execute("UPDATE organisations_membership SET role = 'leerplicht_desk'")
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        cursor.execute("SELECT id::text FROM public.learners_learner")
        assert {key for (key,) in cursor.fetchall()} == region.reads(asking, "learners_learner")


def test_the_functions_say_nothing_of_children_that_are_not_read(region, app):
    for asking in region.asking():
        read = {
            "children": region.reads(asking, "learners_learner"),
            "standings": region.reads(asking, "learners_standing"),
            "consents": region.reads(asking, "access_consent"),
        }
        # The log alone is read without the child: there the function knows which children it is about.
        if asking.role == "privacy_officer":
            continue
        with named(app, asking.actor.key) as cursor:
            for name, known in read.items():
                for field_class in (
                    "NUM",
                    "IDE",
                    "ADR",
                    "ATT",
                    "AGR",
                    "SUP",
                    "FAM",
                    "MED",
                    "JUS",
                    "NOT",
                    "LOG",
                ):
                    for way in ("read", "own", "write", "", "x' OR true"):
                        cursor.execute(f"SELECT inbeeld_{name}(%s, %s)::text", [field_class, way])
                        assert {key for (key,) in cursor.fetchall()} <= known


@pytest.mark.parametrize(
    "call",
    [
        "inbeeld_cells('mentor', 'IDE')",
        "inbeeld_reached('own_org', '{1,2,3}')",
        "inbeeld_consented('MED', 'involved')",
    ],
)
def test_what_is_not_for_the_rules_themselves_cannot_be_called(call, app):
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(f"SELECT {call}")


#: Each raises an error, or says something, about every row it is asked of. None is LEAKPROOF, so PostgreSQL
#: asks them of no row that the rules hide; only what is LEAKPROOF (comparing numbers, say) may go first.
LEAKS = [
    "1 / (CASE WHEN id::text = %(hidden)s THEN 0 ELSE 1 END) = 1",
    "CASE WHEN id::text = %(hidden)s THEN CAST(field_class AS int) ELSE 1 END = 1",
    "CASE WHEN id::text = %(hidden)s THEN pg_sleep(60) IS NULL ELSE true END",
    "pg_temp.tell(id::text)",
]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_condition_that_would_tell_is_not_asked_of_hidden_rows(leak, region, app):
    asking = region.member(reads="learners_entry")
    seen = region.reads(asking, "learners_entry")
    hidden = next(
        key for table, key in sorted(region.everything()) if table == "learners_entry" and key not in seen
    )
    told: list[str] = []
    app.add_notice_handler(lambda notice: told.append(notice.message_primary))
    with named(app, asking.actor.key) as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        cursor.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
            " $$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$"
        )
        cursor.execute(f"SELECT id::text FROM learners_entry WHERE {leak}", {"hidden": hidden})
        assert {key for (key,) in cursor.fetchall()} == seen
    assert set(told) <= seen
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(
            "CREATE FUNCTION pg_temp.sure(text) RETURNS boolean LEAKPROOF LANGUAGE sql AS 'SELECT true'"
        )


def test_what_the_planner_knows_of_the_values_is_not_shown(app):
    found = app.execute("SELECT count(*) FROM pg_stats WHERE tablename = ANY(%s)", [TABLES]).fetchone()
    assert found == (0,)
