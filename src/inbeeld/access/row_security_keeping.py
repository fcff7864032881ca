"""The fourth wall: what no change does, whoever may make it: move a row elsewhere, or open what is over.

Rules on rows say which rows an operation changes; these triggers, which columns, and what never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from inbeeld.access.row_security_actor import literal
from inbeeld.access.row_security_besides import NEVER_ELSEWHERE
from inbeeld.access.row_security_policies import Guarded

#: What is once written about one child, or by one organisation, stays about that child and of them.
_KEEP = """
CREATE FUNCTION inbeeld_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$body$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
            RAISE EXCEPTION 'the column % of % stays as it was written', name, TG_TABLE_NAME
                USING ERRCODE = '23000';
        END IF;
    END LOOP;
    RETURN NEW;
END
$body$
"""
#: Its arguments are operation:column, for every column each operation may change.
_ONLY = """
CREATE FUNCTION inbeeld_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$body$
DECLARE
    name text;
    operation text := coalesce(current_setting('inbeeld.operation', true), '');
BEGIN
    FOR name IN SELECT jsonb_object_keys(to_jsonb(NEW)) LOOP
        IF to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name
            AND (operation || ':' || name = ANY (TG_ARGV)) IS NOT TRUE
        THEN
            RAISE EXCEPTION 'the column % of % stays as it was written', name, TG_TABLE_NAME
                USING ERRCODE = '23000';
        END IF;
    END LOOP;
    RETURN NEW;
END
$body$
"""
#: Called for what a condition on the trigger forbids; its argument is the sentence.
_NEVER = """
CREATE FUNCTION inbeeld_never() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
$body$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23000';
END
$body$
"""


def functions() -> Iterator[str]:
    """The statements that make what the triggers call; nobody else can."""
    yield from (_KEEP, _ONLY, _NEVER)
    yield "REVOKE ALL ON FUNCTION inbeeld_keep(), inbeeld_only(), inbeeld_never() FROM PUBLIC"


def triggers(one: Guarded, *, app: str, batch: str) -> Iterator[str]:
    """The triggers of a table about a child. `app`, `batch`: the roles of the database, not quoted."""
    changes = one.changes
    if changes.fixed:
        yield _trigger("keep", one.table, app, calls="keep", told=changes.fixed)
    if changes.columns:
        allowed = [f"{name}:{column}" for name, columns in changes.columns.items() for column in columns]
        yield _trigger("only", one.table, app, calls="only", told=allowed)
    yield from _never(one.table, changes.never, app=app)
    for column, commands in changes.only_by.items() if batch else ():
        known = ", ".join(map(literal, commands))
        by_another = f"coalesce(inbeeld_command(), '') NOT IN ({known})"
        when = f"NEW.{column} IS DISTINCT FROM OLD.{column} AND {by_another}"
        told = [f"this command does not change {column}"]
        yield _trigger(f"only_by_{column}", one.table, batch, calls="never", told=told, when=when)


def triggers_elsewhere(*, app: str) -> Iterator[str]:
    """The same of tables about no child."""
    for table, never in NEVER_ELSEWHERE.items():
        yield from _never(table, never, app=app)


def _never(table: str, sentences: Mapping[str, str], *, app: str) -> Iterator[str]:
    for number, (sentence, condition) in enumerate(sentences.items(), start=1):
        yield _trigger(f"never_{number}", table, app, calls="never", told=[sentence], when=condition)


def _trigger(name: str, table: str, role: str, *, calls: str, told: Sequence[str], when: str = "true") -> str:
    return (
        f"CREATE TRIGGER inbeeld_{name} BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (current_user = {literal(role)} AND ({when}))"
        f" EXECUTE FUNCTION inbeeld_{calls}({', '.join(map(literal, told))})"
    )
