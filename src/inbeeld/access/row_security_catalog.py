"""The fourth wall as PostgreSQL itself tells of it: what stands, where, and what a role may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from inbeeld.access.row_security_actor import literal

FIRST = "learners_learner"


@dataclass(frozen=True)
class Place:
    """Where the tables stand: owner and schema, as the database names them."""

    owner: str
    schema: str


def quoted_name(name: str) -> str:
    """A name as PostgreSQL writes it; empty stays empty."""
    return '"' + name.replace('"', '""') + '"' if name else ""


def run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rows(connection: Any, query: str, values: Iterable[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def place_of_the_tables(connection: Any) -> Place | None:
    """None when there are no tables yet."""
    found = rows(
        connection,
        "SELECT pg_get_userbyid(c.relowner), n.nspname FROM pg_class c"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass({literal(FIRST)})",
    )
    return Place(*found[0]) if found else None


def missing_tables(connection: Any, tables: Iterable[str]) -> list[str]:
    """Which of these tables are not there."""
    found = rows(
        connection,
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL",
        [list(tables)],
    )
    return [name for (name,) in found]


def missing_roles(connection: Any, names: Iterable[str]) -> list[str]:
    """Which of these roles are not there."""
    found = rows(
        connection,
        "SELECT name FROM unnest(%s::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)",
        [list(names)],
    )
    return [name for (name,) in found]


def closed_tables(connection: Any, tables: Iterable[str], *, role: str) -> list[str]:
    """Which of these tables are there, but not for this role."""
    found = rows(
        connection,
        "SELECT name FROM unnest(%s::text[]) AS name, pg_roles r WHERE r.rolname = %s"
        " AND to_regclass(name) IS NOT NULL AND NOT has_table_privilege(r.oid, to_regclass(name), 'UPDATE')",
        [list(tables), role],
    )
    return [name for (name,) in found]


@contextmanager
def as_the_owner(connection: Any) -> Iterator[Place | None]:
    """Inside a transaction: what is made is owned by who owns the tables, whoever migrates."""
    place = place_of_the_tables(connection)
    ((who,),) = rows(connection, "SELECT current_user::text")
    if place is None or place.owner == who:
        yield place
        return
    run(connection, f"SET LOCAL ROLE {quoted_name(place.owner)}")
    yield place
    run(connection, f"SET LOCAL ROLE {quoted_name(who)}")


def clear(connection: Any) -> None:
    """Drop every rule, trigger and function of ours; the owner of the tables is no longer bound."""
    for statement in [one for (one,) in rows(connection, _TO_CLEAR)]:
        run(connection, statement)


#: `\\_` since in LIKE a bare _ is any character.
_TO_CLEAR = r"""
SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy WHERE polname LIKE 'inbeeld\_%'
UNION ALL
SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE tgname LIKE 'inbeeld\_%'
UNION ALL
SELECT format('DROP FUNCTION %s', oid::regprocedure) FROM pg_proc
WHERE proname LIKE 'inbeeld\_%' AND pronamespace = (
    SELECT relnamespace FROM pg_class WHERE oid = 'learners_learner'::regclass
)
UNION ALL
SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class WHERE relforcerowsecurity
"""


def standing(connection: Any, tables: Iterable[str], elsewhere: Iterable[str]) -> list[tuple[Any, ...]]:
    """Everything that decides, as the database holds it: rules, functions, triggers, rights, owners.

    `elsewhere`: tables about no child, of which only owner, rights and triggers are looked at.
    """
    # With nothing on the path every name is written in full, whoever asks.
    ((path,),) = rows(connection, "SELECT current_setting('search_path')")
    behind, beside = (
        [oid for (oid,) in rows(connection, _OIDS, [list(names)])] for names in (tables, elsewhere)
    )
    rows(connection, "SELECT set_config('search_path', 'pg_catalog', true)")
    found = rows(connection, _STANDING, {"tables": behind, "all": [*behind, *beside]})
    rows(connection, "SELECT set_config('search_path', %s, true)", [path])
    return found


_OIDS = "SELECT to_regclass(name)::oid FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
_STANDING = r"""
SELECT 'table', c.oid::regclass::text, concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity,
    pg_get_userbyid(c.relowner), (SELECT string_agg(acl::text, ' ' ORDER BY acl::text) FROM unnest(c.relacl) AS acl))
FROM pg_class c WHERE c.oid = ANY (%(all)s)
UNION ALL
SELECT 'column', concat_ws(' ', attrelid::regclass, attname), attacl::text
FROM pg_attribute WHERE attrelid = ANY (%(all)s) AND attacl IS NOT NULL
UNION ALL
SELECT 'rule', concat_ws(' ', polrelid::regclass, polname), concat_ws(' ', polcmd, polpermissive,
    (SELECT string_agg(pg_get_userbyid(role), ' ' ORDER BY role) FROM unnest(polroles) AS role),
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
FROM pg_policy WHERE polrelid = ANY (%(tables)s)
UNION ALL
SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', p.prosrc, p.prosecdef, p.provolatile, p.proconfig,
    pg_get_userbyid(p.proowner), (SELECT string_agg(acl::text, ' ' ORDER BY acl::text) FROM unnest(p.proacl) AS acl))
FROM pg_proc p WHERE p.proname LIKE 'inbeeld\_%%'
    AND p.pronamespace = (SELECT relnamespace FROM pg_class WHERE oid = (%(tables)s)[1])
UNION ALL
SELECT 'trigger', concat_ws(' ', tgrelid::regclass, tgname), concat_ws(' ', tgenabled, pg_get_triggerdef(oid))
FROM pg_trigger WHERE tgrelid = ANY (%(all)s) AND NOT tgisinternal
ORDER BY 1, 2
"""


def about_the_role(connection: Any, *, app: str, batch: str) -> list[str]:
    """Why the role that we are connected as should not answer requests, in sentences."""
    ((is_it, has_powers, owns, is_member, makes),) = rows(
        connection, _ABOUT_THE_ROLE, {"app": app, "batch": batch, "first": FIRST}
    )
    found = (
        (not is_it, f"The site does not connect to the database as the role {app}."),
        (has_powers, "The role that answers requests may pass by row-level security, or make roles."),
        (owns, "The role that answers requests owns tables."),
        (is_member, "The role that answers requests is a member of one that owns tables or runs commands."),
        (makes, "The role that answers requests may make tables beside ours."),
    )
    return [sentence for wrong, sentence in found if wrong]


_ABOUT_THE_ROLE = """
SELECT session_user = %(app)s AND current_user = %(app)s,
    r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication,
    EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S')),
    EXISTS (
        SELECT FROM pg_roles o WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER') AND (
            o.rolsuper OR o.rolbypassrls OR o.rolname = %(batch)s
            OR o.oid = (SELECT relowner FROM pg_class WHERE oid = to_regclass(%(first)s))
        )
    ),
    has_schema_privilege(
        r.oid, (SELECT relnamespace FROM pg_class WHERE oid = to_regclass(%(first)s)), 'CREATE'
    )
FROM pg_roles r WHERE r.rolname = current_user
"""
