"""The fourth wall: the rules on each table about a child, made from the access table and from the models.

What a model says of itself to the second wall (ScopedManager) is all that is needed to make its rule of
reading, so a new table is behind this wall from the day it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from inbeeld.access.row_security_actor import literal
from inbeeld.access.row_security_besides import (
    CHANGES,
    ME,
    MY_ORGANISATION,
    Changes,
    both,
    either,
)
from inbeeld.access.row_security_commands import LETTERS, commands_for
from inbeeld.access.row_security_functions import OWN, READ, WRITE
from inbeeld.access.scope import ScopedManager, models_about_a_child
from inbeeld.kernel.access import ROWS, Author, FieldClass, class_of_a_reason

NOTHING = "false"
#: What leads from a row to its child, when that takes a second step: the function for the table between.
LED_TO_BY = {
    "learners.Learner": "inbeeld_children",
    "learners.Standing": "inbeeld_standings",
    "access.Consent": "inbeeld_consents",
}


@dataclass(frozen=True)
class Guarded:
    """One table about children: which column leads to the child, and what a row says of itself.

    As in ScopedManager, but in columns of the database.
    """

    label: str
    table: str
    column: str
    led_by: str
    field_class: FieldClass | None = None
    class_column: str = ""
    organisation_column: str = ""
    member_column: str = ""
    shielded_column: str = ""
    read_back: bool = False
    only_its_writer: bool = False

    @property
    def changes(self) -> Changes:
        return CHANGES.get(self.label, Changes())


@dataclass(frozen=True)
class Rule:
    """One policy: for which statements, for which role of the database, on which rows."""

    name: str
    table: str
    statement: str
    role: str
    condition: str

    @property
    def created(self) -> str:
        using = "" if self.statement == "INSERT" else f" USING ({self.condition})"
        check = "" if self.statement in ("SELECT", "DELETE") else f" WITH CHECK ({self.condition})"
        return f"CREATE POLICY {self.name} ON {self.table} FOR {self.statement} TO {self.role}{using}{check}"


def guarded() -> tuple[Guarded, ...]:
    """Every table about a child, in order of its name."""
    scoped = [_from_its_manager(model, manager) for model, manager in models_about_a_child()]
    by_reference = [
        Guarded("keys.DataKey", "keys_datakey", "child", "inbeeld_references", FieldClass.IDE),
        Guarded("journal.Line", "journal_line", "child", "inbeeld_references", FieldClass.LOG),
    ]
    return tuple(sorted([*scoped, *by_reference], key=lambda one: one.table))


def _from_its_manager(model: type[models.Model], manager: ScopedManager[models.Model]) -> Guarded:
    column, led_by = _way(model, manager.to_child)

    def named(field: str) -> str:
        return str(model._meta.get_field(field).column) if field else ""

    return Guarded(
        label=model._meta.label,
        table=model._meta.db_table,
        column=column,
        led_by=led_by,
        field_class=manager.field_class,
        class_column=named(manager.class_column),
        organisation_column=named(manager.organisation_column),
        member_column=named(manager.member_column),
        shielded_column=named(manager.shielded_column),
        read_back=manager.read_back,
        only_its_writer=manager.only_its_writer,
    )


def _way(model: type[models.Model], to_child: str) -> tuple[str, str]:
    """The column that leads to the child, and the function that says which values of it may be read."""
    if not to_child:
        return str(model._meta.pk.column), LED_TO_BY["learners.Learner"]
    first, *rest = to_child.split("__")
    field = model._meta.get_field(first)
    through = field.related_model._meta.label
    if through not in LED_TO_BY or len(rest) > 1 or bool(rest) is (through == "learners.Learner"):
        raise LookupError(
            f"{model._meta.label} leads to a child by {to_child}: row_security_policies.LED_TO_BY has no such way."
        )
    return str(field.column), LED_TO_BY[through]


# --- reading and writing, from the table ----------------------------------------------------------


def may_read(one: Guarded) -> str:
    """The condition on a row of this table to be read by the actor; the twin of ScopedManager.visible_to."""
    if one.only_its_writer:
        return may_write(one)
    if one.field_class is not None:
        opened = _opened(one, one.field_class)
    else:
        opened = _by_class(one, {each: _opened(one, each) for each in FieldClass})
    if one.read_back:
        opened = either(opened, _read_back(one))
    return either(opened, one.changes.reads) if one.changes.reads else opened


def may_write(one: Guarded) -> str:
    """The condition on a row to be written: of one's own organisation, as the table says."""
    if not one.changes.by_the_table:
        return NOTHING
    written = (
        _by_class(one, {each: _writable(one, each) for each in FieldClass})
        if one.field_class is None
        else _writable(one, one.field_class)
    )
    if written == NOTHING:
        return NOTHING
    mine = [f"{one.member_column} = {ME}"] if one.only_its_writer else []
    return both(f"{one.organisation_column} = {MY_ORGANISATION}", *mine, written)


def _by_class(one: Guarded, conditions: dict[FieldClass, str]) -> str:
    """Each class its own condition, so that only the sets of classes that occur are worked out."""
    cases = " ".join(
        f"WHEN {literal(each.value)} THEN {condition}"
        for each, condition in conditions.items()
        if condition != NOTHING
    )
    return f"CASE {one.class_column} {cases} ELSE false END" if cases else NOTHING


def _among(one: Guarded, field_class: FieldClass, way: str) -> str:
    return f"{one.column} IN (SELECT {one.led_by}({literal(field_class.value)}, {literal(way)}))"


def _opened(one: Guarded, field_class: FieldClass) -> str:
    letters = {letter for row in ROWS if row.stages for letter in row.cells[field_class]}
    ways = []
    if letters & set("rwc"):
        ways.append(_among(one, field_class, READ))
    if "o" in letters and (own := _own(one, field_class)):
        ways.append(both(own, _among(one, field_class, OWN)))
    if not ways:
        return NOTHING
    opened = either(*ways) if len(ways) > 1 else ways[0]
    if field_class is FieldClass.ADR and one.shielded_column:
        by_us = _own(one, field_class)
        bare = f"NOT {one.shielded_column}"
        opened = both(f"({opened})", f"({either(bare, by_us) if by_us else bare})")
    return opened


def _own(one: Guarded, field_class: FieldClass) -> str:
    """One's own row: of one's organisation, and a note only of oneself. Empty: no row is."""
    if not one.organisation_column or (field_class is FieldClass.NOT and not one.member_column):
        return ""
    ours = f"{one.organisation_column} = {MY_ORGANISATION}"
    return both(ours, f"{one.member_column} = {ME}") if field_class is FieldClass.NOT else ours


def _read_back(one: Guarded) -> str:
    """The reason of an absence, as one's own organisation delivered it."""
    reason, mark = class_of_a_reason(Author.OTHERS), class_of_a_reason(Author.MY_ORGANISATION)
    opened = either(_among(one, mark, READ), _among(one, mark, OWN))
    return both(f"{one.class_column} = {literal(reason.value)}", _own(one, reason) or NOTHING, f"({opened})")


def _writable(one: Guarded, field_class: FieldClass) -> str:
    if not any(set(row.cells[field_class]) & set("wo") for row in ROWS if row.stages):
        return NOTHING
    written = _among(one, field_class, WRITE)
    if field_class is FieldClass.NOT:
        return both(_own(one, field_class) or NOTHING, written)
    return written


# --- the rules ------------------------------------------------------------------------------------


def rules(*, app: str, batch: str, owner: str) -> Iterator[Rule]:
    """Every rule. `app`, `batch`, `owner`: the roles of the database, quoted. Without `app`: none."""
    for one in guarded():
        yield Rule("inbeeld_read", one.table, "SELECT", app, may_read(one))
        changes, written = one.changes, may_write(one)
        inserted = changes.insert or (_by_its_writer(one, written))
        if inserted != NOTHING:
            yield Rule("inbeeld_insert", one.table, "INSERT", app, inserted)
        if (updated := changes.update or written) != NOTHING:
            yield Rule("inbeeld_update", one.table, "UPDATE", app, updated)
        if changes.deletes:
            yield Rule("inbeeld_delete", one.table, "DELETE", app, written)
        yield from _of_commands(one, batch=batch, owner=owner)


def _by_its_writer(one: Guarded, written: str) -> str:
    """What is new is written by the actor, not by a colleague."""
    if written == NOTHING or not one.member_column:
        return written
    return both(f"{one.member_column} = {ME}", written)


def _of_commands(one: Guarded, *, batch: str, owner: str) -> Iterator[Rule]:
    named = "(SELECT inbeeld_command())"
    if batch:
        for letter, statement in zip(LETTERS, ("SELECT", "INSERT", "UPDATE", "DELETE"), strict=True):
            known = commands_for(one.label, letters=letter)
            if one.label == "journal.Line" and statement == "INSERT":
                yield Rule("inbeeld_command_insert", one.table, statement, batch, one.changes.insert)
            elif known:
                condition = f"{named} IN ({', '.join(map(literal, known))})"
                yield Rule(f"inbeeld_command_{statement.lower()}", one.table, statement, batch, condition)
    # Inside the functions of this wall the owner reads what decides; outside them only as a command.
    yield Rule("inbeeld_within", one.table, "SELECT", owner, "(SELECT current_user <> session_user)")
    yield Rule("inbeeld_owner", one.table, "ALL", owner, f"{named} IS NOT NULL")


def rights(one: Guarded, *, app: str, batch: str) -> Iterator[str]:
    """What the two roles may do with a table at all; the rules say with which rows."""
    allowed = ["SELECT"]
    written = may_write(one)
    if one.changes.insert or written != NOTHING:
        allowed.append("INSERT")
    if one.changes.update or written != NOTHING:
        allowed.append("UPDATE")
    if one.changes.deletes:
        allowed.append("DELETE")
    yield f"GRANT {', '.join(allowed)} ON {one.table} TO {app}"
    if batch:
        for_commands = "SELECT, INSERT" if one.label == "journal.Line" else "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {for_commands} ON {one.table} TO {batch}"
