"""What the fourth wall lets a request change, and what commands and the owner: as those roles, with raw SQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from inbeeld.access.row_security_policies import guarded
from inbeeld.kernel.access import ROWS, FieldClass, rows_of
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.involvement import EMERGENCY
from inbeeld.learners.models import Entry
from tests.promises.four_statements import Asking
from tests.promises.populations import letters
from tests.promises.wall.region import Region, add_line, named

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CALLING = {row.role: row.stages for row in ROWS if row.involvement is How.EMERGENCY}
SEES_A_CHILD = (
    "care_coordinator",
    "attendance_officer",
    "school_doctor",
    "swv_adviser",
    "youth_worker",
    "mentor",
)


@pytest.fixture
def somebody(region: Region) -> Asking:
    """A member who may write an agreement about a child."""
    return next(one for one in region.asking() if one.membership is not None and writable(region, one))


def writable(region: Region, asking: Asking) -> list[Any]:
    """The children of whom somebody may write agreements."""
    return [
        child
        for child in region.made.learners
        if asking.holds
        and any(
            "w" in row.cells[FieldClass.AGR]
            and asking._belongs(child, row.involvement)
            and asking._stage(child) in row.stages
            for row in rows_of(asking.role)
        )
    ]


def may_write(asking: Asking, field_class: str) -> bool:
    return bool(set(letters(asking.role, field_class)) & set("wo"))


@contextmanager
def refused(
    app: psycopg.Connection[Any],
    asking: Asking,
    *,
    operation: str = "",
    error: type[Exception] = errors.InsufficientPrivilege,
) -> Iterator[psycopg.Cursor[Any]]:
    """A transaction of somebody that must end in an error."""
    with pytest.raises(error), named(app, asking.actor.key, operation=operation) as cursor:
        yield cursor


def hidden_from(region: Region, asking: Asking) -> Any:
    """A child somebody does not see."""
    seen = region.reads(asking, "learners_learner")
    return next(one for one in region.made.learners if str(one.pk) not in seen)


# --- entries ---------------------------------------------------------------------------------------

INSERT_ENTRY = (
    "INSERT INTO learners_entry (id, learner_id, field_class, text, organisation_id, written_by_id, written_at, version)"
    " VALUES (%(id)s, %(learner)s, %(field_class)s, 'x', %(organisation)s, %(member)s, now(), 1)"
)


def entry_of(asking: Asking, child: Any, **values: Any) -> dict[str, Any]:
    assert asking.membership is not None
    return {
        "id": uuid.uuid4(), "learner": child.pk, "field_class": "AGR",
        "organisation": asking.membership.organisation_id, "member": asking.membership.pk, **values,
    }  # fmt: skip


def test_an_entry_is_written_as_the_table_says(region, app, somebody):
    with named(app, somebody.actor.key) as cursor:
        cursor.execute(INSERT_ENTRY, entry_of(somebody, writable(region, somebody)[0]))
        assert cursor.rowcount == 1


@pytest.mark.parametrize("what", ["organisation", "member", "class", "child", "note of a colleague"])
def test_an_entry_in_the_name_of_others_or_out_of_bounds_is_refused(what, region, app, somebody):
    mine = somebody.membership
    child = writable(region, somebody)[0]
    other = next(one for one in region.made.memberships if one.organisation_id != mine.organisation_id)
    values = {
        "organisation": {"organisation": other.organisation_id},
        "member": {"member": other.pk},
        "class": {"field_class": next(one for one in Entry.Kind.values if not may_write(somebody, one))},
        "child": {"learner": hidden_from(region, somebody).pk},
        "note of a colleague": {"field_class": "NOT", "member": other.pk},
    }[what]
    with (
        named(app, somebody.actor.key) as cursor,
        pytest.raises(errors.InsufficientPrivilege, match="row-level"),
    ):
        cursor.execute(INSERT_ENTRY, entry_of(somebody, child, **values))


def test_nobody_changes_an_entry_of_another_organisation(region, app):
    own_changed = 0
    for asking in region.asking():
        with named(app, asking.actor.key) as cursor:
            cursor.execute("UPDATE learners_entry SET text = 'x', version = version + 1 RETURNING id")
            changed = {row[0] for row in cursor.fetchall()}
        mine = asking.membership and asking.membership.organisation_id
        for one in region.made.of(Entry):
            if one.pk in changed:
                assert one.organisation_id == mine
                assert one.field_class != "NOT" or one.written_by_id == asking.membership.pk
        own_changed += len(changed)
    assert own_changed


@pytest.mark.parametrize("column", ["learner_id", "field_class", "organisation_id", "written_by_id", "id"])
def test_an_entry_stays_about_its_child_and_of_its_writer(column, region, app, somebody):
    child = writable(region, somebody)[0]
    values = entry_of(somebody, child)
    other = {
        "learner_id": hidden_from(region, somebody).pk, "field_class": "SUP", "id": uuid.uuid4(),
        "organisation_id": values["organisation"] + 1, "written_by_id": values["member"] + 1,
    }[column]  # fmt: skip
    with named(app, somebody.actor.key) as cursor:
        cursor.execute(INSERT_ENTRY, values)
        with pytest.raises(errors.IntegrityConstraintViolation, match="stays as it was written"):
            cursor.execute(f"UPDATE learners_entry SET {column} = %s WHERE id = %s", [other, values["id"]])


@pytest.mark.parametrize("table", [one.table for one in guarded() if one.label != "learners.Draft"])
def test_a_request_deletes_nothing_about_a_child(table, app):
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "table", ["learners_standing", "learners_verdict", "learners_enrolment", "alerts_alert"]
)
def test_what_is_delivered_and_judged_is_not_written_by_requests(table, app):
    for statement in (f"INSERT INTO {table} DEFAULT VALUES", f"UPDATE {table} SET id = id"):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)


def test_a_request_forgets_and_rewraps_no_key(app):
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("UPDATE keys_datakey SET wrapped = '', shredded_at = now()")


# --- the journal -------------------------------------------------------------------------------------


def test_a_line_is_written_in_ones_own_name_only(region, app, somebody):
    other = next(one for one in region.made.memberships if one.pk != somebody.membership.pk)
    with named(app, somebody.actor.key) as cursor:
        add_line(cursor, somebody.actor.key)
    for name in (f"membership:{other.pk}", "command:retention", "nobody:1"):
        with named(app, somebody.actor.key) as cursor, pytest.raises(errors.InsufficientPrivilege):
            add_line(cursor, name)


def test_without_a_name_no_line_is_written_in_that_of_somebody(region, app, somebody):
    with named(app, "") as cursor:
        add_line(cursor, "site:log_in")
    for name in (somebody.actor.key, "command:retention"):
        with named(app, "") as cursor, pytest.raises(errors.InsufficientPrivilege):
            add_line(cursor, name)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_line SET actor = 'x'", "DELETE FROM journal_line", "TRUNCATE journal_line",
     "DELETE FROM journal_head", "UPDATE journal_dayhead SET sequence = 0", "DELETE FROM journal_dayhead"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["app", "batch"])
def test_the_journal_is_only_added_to(statement, role, request):
    with pytest.raises(errors.InsufficientPrivilege):
        request.getfixturevalue(role).execute(statement)


# --- who belongs with a child --------------------------------------------------------------------------

INSERT_INVOLVEMENT = (
    "INSERT INTO access_involvement (id, child_id, membership_id, kind, purpose, granted_by_id, granted_at,"
    " accepted_at, from_at, until_at, ended_because, directs, review, review_due_on)"
    " VALUES (gen_random_uuid(), %(child)s, %(to)s, %(kind)s, 'guidance', %(by)s, %(at)s, %(accepted)s,"
    " %(at)s, %(at)s + %(long)s, '', %(directs)s, '', %(due)s)"
)


def involvement(region: Region, asking: Asking, **values: Any) -> dict[str, Any]:
    """An involvement that `grant` may ask of a colleague."""
    mine = asking.membership
    other = next(one for one in region.made.memberships if one.person_id != mine.person_id)
    child = next(
        one for one in region.made.learners if str(one.pk) in region.reads(asking, "learners_learner")
    )
    return {
        "child": child.pk, "to": other.pk, "kind": "involved", "by": mine.pk, "accepted": None,
        "at": region.made.at, "long": timedelta(days=90), "directs": False, "due": None, **values,
    }  # fmt: skip


def test_who_knows_a_child_may_ask_a_colleague_in_an_operation_only(region, app):
    asking = region.member(*SEES_A_CHILD)
    values = involvement(region, asking)
    with named(app, asking.actor.key, operation="grant") as cursor:
        cursor.execute(INSERT_INVOLVEMENT, values)
    for operation in ("", "sign", "unknown"):
        with (
            named(app, asking.actor.key, operation=operation) as cursor,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            cursor.execute(INSERT_INVOLVEMENT, values)


@pytest.mark.parametrize(
    "operation", ["grant", "seat", "hand_over_work", "call_emergency", "accept", "withdraw"]
)
def test_nobody_involves_themselves_whatever_they_say(operation, region, app):
    asking = region.member(*SEES_A_CHILD)
    mine = asking.membership.pk
    stranger = next(one.pk for one in region.made.memberships if one.pk != mine)
    hidden = hidden_from(region, asking).pk
    for by in (None, mine, stranger):
        for kind in ("involved", "table"):
            for accepted in (None, region.made.at):
                values = involvement(
                    region, asking, child=hidden, to=mine, by=by, kind=kind, accepted=accepted
                )
                with refused(app, asking, operation=operation) as cursor:
                    cursor.execute(INSERT_INVOLVEMENT, values)


@pytest.mark.parametrize(
    "wrong", [{"accepted": "now"}, {"by": "other"}, {"child": "hidden"}, {"kind": "emergency"}]
)
def test_a_request_to_a_colleague_is_open_known_and_in_ones_own_name(wrong, region, app):
    asking = region.member(*SEES_A_CHILD)
    other = next(one.pk for one in region.made.memberships if one.pk != asking.membership.pk)
    meant = {"now": region.made.at, "other": other, "hidden": hidden_from(region, asking).pk}
    values = involvement(region, asking, **{name: meant.get(value, value) for name, value in wrong.items()})
    with (
        named(app, asking.actor.key, operation="grant") as cursor,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        cursor.execute(INSERT_INVOLVEMENT, values)


def test_an_emergency_is_for_who_may_call_one_in_the_own_region_and_short(region, app):
    calling = [one for one in region.asking() if one.role in CALLING and one.holds]
    assert calling
    for asking in calling:
        here = asking.membership.organisation.region
        for child in region.made.learners:
            within = child.region == here and asking._stage(child) in CALLING[asking.role]
            values = involvement(
                region, asking, child=child.pk, to=asking.membership.pk, kind="emergency", long=EMERGENCY,
                accepted=region.made.at, due=region.made.today,
            ) if region.reads(asking, "learners_learner") else None  # fmt: skip
            if values is None:
                continue
            with named(app, asking.actor.key, operation="call_emergency") as cursor:
                if within:
                    cursor.execute(INSERT_INVOLVEMENT, values)
                else:
                    with pytest.raises(errors.InsufficientPrivilege):
                        cursor.execute(INSERT_INVOLVEMENT, values)
            longer = {**values, "long": EMERGENCY + timedelta(seconds=1)}
            with refused(app, asking, operation="call_emergency") as cursor:
                cursor.execute(INSERT_INVOLVEMENT, longer)


@pytest.mark.parametrize(
    "change", ["until_at = until_at + interval '1 day'", "directs = true", "child_id = child_id + 1",
               "membership_id = membership_id + 1", "granted_by_id = NULL", "kind = 'table'"],
)  # fmt: skip
def test_nobody_makes_more_of_their_own_involvement(change, region, app):
    asking = next(
        one for one in region.asking() if one.holds and one.membership is not None
        and any(held.membership_id == one.membership.pk and held.granted_by_id for held in region.made.involvements)
    )  # fmt: skip
    error = errors.IntegrityConstraintViolation
    with refused(app, asking, operation="accept", error=error) as cursor:
        cursor.execute(
            f"UPDATE access_involvement SET {change} WHERE membership_id = %s AND granted_by_id IS NOT NULL"
            " AND NOT directs AND kind <> 'table'",
            [asking.membership.pk],
        )


def test_nobody_makes_themselves_kin(region, app):
    insert = (
        "INSERT INTO access_kinship (id, person_id, child_id, relation, from_on)"
        " VALUES (gen_random_uuid(), %s, %s, 'guardian', '2020-01-01')"
    )
    for asking in region.asking():
        person = (asking.membership or asking.kinship).person_id
        for child in region.made.learners:
            with refused(app, asking, operation="register_kin") as cursor:
                cursor.execute(insert, [person, child.pk])


def test_nobody_signs_for_somebody_else(region, app):
    insert = 'INSERT INTO access_signature (consent_id, by_id, "on") VALUES (%s, %s, now())'
    kin = [one for one in region.asking() if one.kinship is not None and any(one.asked())]
    assert kin
    for asking in kin:
        other = next(one for one in region.made.kinships if one.pk != asking.kinship.pk)
        for consent in region.made.consents:
            with refused(app, asking, operation="sign") as cursor:
                cursor.execute(insert, [consent.pk, other.pk])


def test_the_stage_of_a_case_is_all_a_request_changes_of_a_child(region, app):
    asking = region.member(*SEES_A_CHILD)
    seen = region.reads(asking, "learners_learner")
    with named(app, asking.actor.key, operation="set_case_stage") as cursor:
        cursor.execute("UPDATE learners_learner SET case_stage = 3 RETURNING id::text")
        assert {key for (key,) in cursor.fetchall()} == seen
        for column in (
            "names = 'x'",
            "born_on = NULL",
            "number = 'x'",
            "municipality = ''",
            "key = key || 'x'",
        ):
            with pytest.raises(errors.IntegrityConstraintViolation), cursor.connection.transaction():
                cursor.execute(f"UPDATE learners_learner SET {column}")
    with named(app, asking.actor.key) as cursor:
        cursor.execute("UPDATE learners_learner SET case_stage = 3")
        assert cursor.rowcount == 0
