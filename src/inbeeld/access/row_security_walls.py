"""The fourth wall put up, taken down and inspected: by each migration, and before the site answers.

What stands in the database is compared with what the code would make of the access table, and with what was
there when it was put up: neither a changed table, nor a rule changed by hand, goes unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access import row_security_functions, row_security_keeping, row_security_reach
from inbeeld.access.row_security_actor import literal
from inbeeld.access.row_security_catalog import FIRST, quoted_name
from inbeeld.access.row_security_policies import guarded, rights, rules

MARK = "inbeeld row security"
AGAIN = "Run the migrations, as the owner of the tables."
ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
#: What requests need on tables about no child, and no more: people, memberships and figures come from
#: commands, the journal is only added to. A table that is not here they cannot use. Nowhere TRUNCATE, which no
#: rule on rows would stop.
RIGHTS = {
    # Nobody makes an account, or changes more of one than how and when they log in.
    "auth_user": "SELECT, UPDATE (password, last_login)",
    "account_emailaddress": "SELECT",
    "mfa_authenticator": ALL_RIGHTS,
    # Linked by who was invited.
    "socialaccount_socialaccount": "SELECT, INSERT, UPDATE",
    "django_session": ALL_RIGHTS,
    "organisations_organisation": "SELECT",
    # Work ends, and is looked through every quarter.
    "organisations_membership": "SELECT, UPDATE (until_on, reviewed_on)",
    # On whose word somebody set up how they log in: only a command takes that back.
    "organisations_vouched": "SELECT, INSERT",
    "learners_judgement": "SELECT",
    # What a school delivered, and what its codes and columns mean. The rows themselves are no tables.
    "deliveries_delivery": "SELECT, INSERT, UPDATE",
    "deliveries_codemeaning": ALL_RIGHTS,
    "deliveries_columnname": "SELECT, INSERT, DELETE",
    "deliveries_systemkey": "SELECT, INSERT, UPDATE (used_at, ended_at, ended_by_id)",
    # Lists side by side: their rows are no tables either. What there is to compare a command says.
    "reconciliation_comparison": "SELECT",
    "reconciliation_party": "SELECT",
    "reconciliation_round": "SELECT, INSERT, UPDATE (state)",
    "reconciliation_handed": (
        "SELECT, INSERT, UPDATE (state, received_at, received_by_id, sha256, rows, unsure, wrong)"
    ),
    "reconciliation_sharing": "SELECT, INSERT, UPDATE (ended_at, ended_by_id)",
    "reconciliation_reviewer": "SELECT, INSERT, UPDATE (ended_at)",
    "reconciliation_said": "SELECT, INSERT",
    "reconciliation_reason": "SELECT, INSERT, UPDATE (ended_at)",
    "reconciliation_settled": "SELECT, INSERT, UPDATE (ended_at)",
    "reconciliation_looked": "SELECT, INSERT",
    "learners_presence": "SELECT",
    # How often somebody wants an e-mail. That one was sent, and what came before, a command says.
    "notices_choice": "SELECT, INSERT, UPDATE (rhythm)",
    "journal_head": "SELECT, INSERT, UPDATE",
    "journal_dayhead": "SELECT, INSERT",
}
#: Tables of Django and allauth for what is not done here.
NOT_USED = {
    "account_emailconfirmation", "auth_group", "auth_group_permissions", "auth_permission",
    "auth_user_groups", "auth_user_user_permissions", "django_content_type", "django_migrations",
    "socialaccount_socialapp", "socialaccount_socialtoken",
}  # fmt: skip
#: Commands need all, but of these.
RIGHTS_OF_COMMANDS = {
    "django_migrations": "SELECT",
    "journal_head": "SELECT, INSERT, UPDATE",
    "journal_dayhead": "SELECT, INSERT",
}


@dataclass(frozen=True)
class Roles:
    """The roles of the database: `app` answers requests, `batch` runs commands.

    Without `app` there are no rules: only the owner of the tables gets at them, and is not bound. That is for
    a trial and for tests, not for production.
    """

    app: str = ""
    batch: str = ""

    @property
    def named(self) -> list[str]:
        return [one for one in (self.app, self.batch) if one]


class RolesMissing(ImproperlyConfigured):
    """A role that the settings name is not in the database; str() says which, and what makes it."""


def roles() -> Roles:
    """The roles the settings name."""
    return Roles(app=settings.INBEELD_DATABASE_APP_ROLE, batch=settings.INBEELD_DATABASE_BATCH_ROLE)


def put_up(connection: Any, wanted: Roles) -> None:
    """Make every rule anew, in one transaction; nothing when not all tables are there. Raises RolesMissing."""
    tables = [one.table for one in guarded()]
    with transaction.atomic(using=connection.alias), catalog.as_the_owner(connection) as place:
        if place is None or catalog.missing_tables(connection, tables):
            return
        _refuse_missing(connection, wanted)
        catalog.clear(connection)
        made = statements(wanted, place)
        for statement in made:
            catalog.run(connection, statement)
        mark = _mark(made, catalog.standing(connection, tables, tables_elsewhere()))
        catalog.run(connection, f"COMMENT ON TABLE {FIRST} IS {literal(mark)}")


def take_down(connection: Any) -> None:
    """Drop every rule and function, so that tables can be changed.

    Row security stays on: without rules nobody but the owner gets a row, also when a migration fails.
    """
    with transaction.atomic(using=connection.alias), catalog.as_the_owner(connection) as place:
        if place is not None:
            catalog.clear(connection)


def complaints(connection: Any, wanted: Roles) -> list[str]:
    """What is wrong with the wall as it stands, in sentences; nothing before the tables are there."""
    if connection.vendor != "postgresql":
        return []
    tables = [one.table for one in guarded()]
    with transaction.atomic(using=connection.alias):
        place = catalog.place_of_the_tables(connection)
        if place is None or catalog.missing_tables(connection, tables):
            return []
        ((mark,),) = catalog.rows(
            connection, f"SELECT coalesce(obj_description({literal(FIRST)}::regclass, 'pg_class'), '')"
        )
        expected = _mark(statements(wanted, place), catalog.standing(connection, tables, tables_elsewhere()))
        closed = catalog.closed_tables(connection, cache_tables(), role=wanted.app)
    if mark == expected:
        return [f"The role that answers requests has no right to {one}. {AGAIN}" for one in closed]
    if not mark.startswith(MARK):
        what = "The database has no row-level security yet."
    elif mark.rpartition(" ")[0] == expected.rpartition(" ")[0]:
        what = "The row-level security in the database was changed by hand; find out by whom."
    else:
        what = "The row-level security in the database is not that of this version and these settings."
    return [f"{what} {AGAIN}"]


def reasons_not_to_answer(connection: Any) -> list[str]:
    """Why production must not answer requests over this connection, in sentences; empty when it may."""
    wanted = roles()
    if not wanted.app:
        return ["INBEELD_DATABASE_APP_ROLE is not set: the role of the database that answers requests."]
    wrong = catalog.about_the_role(connection, app=wanted.app, batch=wanted.batch)
    return [*wrong, *complaints(connection, wanted)]


@register(Tags.database)
def the_wall_stands(app_configs: Any = None, databases: Any = None, **options: Any) -> list[CheckMessage]:
    """For `check --database default`. A warning and no error: it is `migrate` that puts up what is missing."""
    if settings.MODE != "production" or not databases:
        return []
    found = [one for alias in databases for one in complaints(connections[alias], roles())]
    return [Warning(sentence, id="inbeeld.W201") for sentence in found]


def before_migrating(*, using: str, plan: Iterable[Any] = (), **_: Any) -> None:
    """On the signal pre_migrate: rules hang on columns, and make way for what a migration changes."""
    if connections[using].vendor == "postgresql" and list(plan):
        take_down(connections[using])


def after_migrating(*, using: str, **_: Any) -> None:
    """On the signal post_migrate: put up what is not as it should be."""
    if complaints(connections[using], roles()):
        put_up(connections[using], roles())


def statements(wanted: Roles, place: catalog.Place) -> list[str]:
    """Everything that is put up, in order."""
    found = [f"ALTER TABLE {one.table} ENABLE ROW LEVEL SECURITY" for one in guarded()]
    if not wanted.app:
        return found
    app, batch, owner = quoted_name(wanted.app), quoted_name(wanted.batch), quoted_name(place.owner)
    found += _functions(wanted, schema=quoted_name(place.schema))
    for one in guarded():
        found.append(f"ALTER TABLE {one.table} FORCE ROW LEVEL SECURITY")
        found.append(_revoke(one.table, wanted))
        found += rights(one, app=app, batch=batch)
        found += row_security_keeping.triggers(one, app=wanted.app, batch=wanted.batch)
    found += [rule.created for rule in rules(app=app, batch=batch, owner=owner)]
    found += row_security_keeping.triggers_elsewhere(app=wanted.app)
    return [*found, *_rights_elsewhere(wanted)]


def _functions(wanted: Roles, *, schema: str) -> Iterator[str]:
    to = ", ".join(map(quoted_name, wanted.named))
    for one in (*row_security_functions.functions(), *row_security_reach.functions(app=wanted.app)):
        yield one.created(schema)
        yield f"REVOKE ALL ON FUNCTION {one.signature} FROM PUBLIC"
        if one.asked:
            yield f"GRANT EXECUTE ON FUNCTION {one.signature} TO {to}"
    yield from row_security_keeping.functions()


def _rights_elsewhere(wanted: Roles) -> Iterator[str]:
    """On the tables that are about no child; on tables of the schema that are not ours nothing."""
    for table in cache_tables():
        # Made by a command of its own, before or after this.
        given = f"GRANT {ALL_RIGHTS} ON {table} TO {', '.join(map(quoted_name, wanted.named))}"
        yield (
            f"DO $$BEGIN IF to_regclass({literal(table)}) IS NOT NULL THEN "
            f"EXECUTE {literal(given)}; END IF; END$$"
        )
    for table in tables_elsewhere():
        yield _revoke(table, wanted)
        if allowed := RIGHTS.get(table):
            yield f"GRANT {allowed} ON {table} TO {quoted_name(wanted.app)}"
        if wanted.batch:
            allowed = RIGHTS_OF_COMMANDS.get(table, ALL_RIGHTS)
            yield f"GRANT {allowed} ON {table} TO {quoted_name(wanted.batch)}"


def tables_elsewhere() -> list[str]:
    """The tables of ours, of Django and of allauth that are about no child."""
    behind = {one.table for one in guarded()}
    models = apps.get_models(include_auto_created=True)
    tables = {one._meta.db_table for one in models if one._meta.managed} | {"django_migrations"}
    return sorted(tables - behind)


def cache_tables() -> list[str]:
    """The tables of Django's cache in the database, which are no models."""
    caches = settings.CACHES.values()
    return sorted(str(one["LOCATION"]) for one in caches if one["BACKEND"].endswith(".DatabaseCache"))


def _revoke(table: str, wanted: Roles) -> str:
    return f"REVOKE ALL ON {table} FROM PUBLIC, {', '.join(map(quoted_name, wanted.named))}"


def _refuse_missing(connection: Any, wanted: Roles) -> None:
    for name in catalog.missing_roles(connection, wanted.named):
        raise RolesMissing(
            f"The database has no role {name}, which the settings name. "
            f"Make it first: CREATE ROLE {quoted_name(name)} LOGIN PASSWORD '…';"
        )


def _mark(made: list[str], found: list[tuple[Any, ...]]) -> str:
    """What is written beside the tables: the digest of what was put up, and of how it then stood."""
    return f"{MARK} {_digest(made)} {_digest(found)}"


def _digest(said: Iterable[Any]) -> str:
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()[:32]
