"""Drafts behind the fourth wall, with raw SQL: nobody reads or touches what another is writing.

As the role of the database that answers requests: like test_attacks.py and test_writes.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import errors

from inbeeld.learners.models import Draft, Entry
from tests.promises.four_statements import Asking
from tests.promises.wall.region import Region, named
from tests.promises.wall.test_writes import entry_of, hidden_from, may_write, refused, writable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

INSERT_DRAFT = (
    "INSERT INTO learners_draft (id, learner_id, field_class, version, text, organisation_id, written_by_id, saved_at)"
    " VALUES (%(id)s, %(learner)s, %(field_class)s, 0, 'x', %(organisation)s, %(member)s, now())"
)


@pytest.fixture
def somebody(region: Region) -> Asking:
    """A member who may write an agreement about a child."""
    return next(one for one in region.asking() if one.membership is not None and writable(region, one))


def test_nobody_reads_that_another_is_writing_however_they_ask(region, app):
    """Colleagues of one organisation, who read each other's entries of the same class: not the drafts."""
    drafts = region.made.of(Draft)
    found = 0
    for asking in region.asking():
        mine = {
            str(one.pk) for one in drafts if asking.membership and one.written_by_id == asking.membership.pk
        }
        with named(app, asking.actor.key) as cursor:
            for condition in ("true", "organisation_id = inbeeld_organisation()", "written_by_id <> inbeeld_membership()",
                              "learner_id IN (SELECT inbeeld_children(field_class, 'read'))"):  # fmt: skip
                cursor.execute(f"SELECT id::text FROM learners_draft WHERE {condition}")
                seen = {key for (key,) in cursor.fetchall()}
                assert seen <= mine, asking.actor.key
                found += len(seen)
            cursor.execute("SELECT count(*) FROM learners_entry e JOIN learners_draft d ON d.entry_id = e.id")
            assert cursor.fetchone()[0] <= len(mine)
    assert found


@pytest.mark.parametrize(
    "operation", ["hand_over_work", "end_work", "read_the_log", "find_for_emergency", "grant"]
)
def test_no_operation_opens_a_draft_of_another(operation, region, app):
    for asking in region.asking():
        with named(app, asking.actor.key, operation=operation) as cursor:
            cursor.execute("SELECT id::text FROM learners_draft")
            assert {key for (key,) in cursor.fetchall()} <= region.reads(asking, "learners_draft")


def without_draft(region: Region, asking: Asking) -> dict[str, Any]:
    """A draft of somebody's own, of a child and class of which they have none yet."""
    mine = {(one.learner_id, one.field_class) for one in region.made.of(Draft)
            if one.written_by_id == asking.membership.pk}  # fmt: skip
    child = next(one for one in writable(region, asking) if (one.pk, "AGR") not in mine)
    return entry_of(asking, child)


def test_a_draft_is_kept_changed_and_thrown_away_by_its_writer(region, app, somebody):
    values = without_draft(region, somebody)
    with named(app, somebody.actor.key) as cursor:
        cursor.execute(INSERT_DRAFT, values)
        for statement in ("UPDATE learners_draft SET text = 'y'", "DELETE FROM learners_draft"):
            cursor.execute(f"{statement} WHERE id = %(id)s", values)
            assert cursor.rowcount == 1


def test_nobody_changes_or_throws_away_a_draft_of_another(region, app):
    touched: set[Any] = set()
    for asking in region.asking():
        read = region.reads(asking, "learners_draft")
        may = {one.pk for one in region.made.of(Draft) if str(one.pk) in read}
        mine = asking.membership and asking.membership.pk
        assert all(one.written_by_id == mine for one in region.made.of(Draft) if one.pk in may)
        for statement in ("UPDATE learners_draft SET text = 'x'", "DELETE FROM learners_draft"):
            with named(app, asking.actor.key) as cursor:
                cursor.execute(f"{statement} RETURNING id")
                assert {key for (key,) in cursor.fetchall()} == may
        touched |= may
    assert touched


@pytest.mark.parametrize("what", ["organisation", "member", "class", "child"])
def test_a_draft_in_the_name_of_others_or_out_of_bounds_is_refused(what, region, app, somebody):
    mine = somebody.membership
    other = next(one for one in region.made.memberships if one.organisation_id != mine.organisation_id)
    values = {
        "organisation": {"organisation": other.organisation_id},
        "member": {"member": other.pk},
        "class": {"field_class": next(one for one in Entry.Kind.values if not may_write(somebody, one))},
        "child": {"learner": hidden_from(region, somebody).pk},
    }[what]
    with refused(app, somebody) as cursor:
        cursor.execute(INSERT_DRAFT, {**without_draft(region, somebody), **values})


@pytest.mark.parametrize(
    "column", ["learner_id", "field_class", "entry_id", "organisation_id", "written_by_id"]
)
def test_a_draft_stays_where_it_was_begun(column, region, app, somebody):
    values = without_draft(region, somebody)
    other = {
        "learner_id": hidden_from(region, somebody).pk, "field_class": "SUP",
        "entry_id": region.made.of(Entry)[0].pk, "organisation_id": values["organisation"] + 1,
        "written_by_id": values["member"] + 1,
    }[column]  # fmt: skip
    with named(app, somebody.actor.key) as cursor:
        cursor.execute(INSERT_DRAFT, values)
        with pytest.raises(errors.IntegrityConstraintViolation, match="stays as it was written"):
            cursor.execute(f"UPDATE learners_draft SET {column} = %s WHERE id = %s", [other, values["id"]])
