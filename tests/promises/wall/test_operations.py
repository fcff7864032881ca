"""What each operation may change of who is involved, asked with raw SQL as the role that answers requests.

Who can say a name to the database can say that of an operation too: then this is what holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from inbeeld.access.models import Involvement
from inbeeld.access.row_security_besides import OPERATIONS
from inbeeld.kernel.involvement import EMERGENCY, LONGEST_DAYS
from tests.promises.four_statements import Asking
from tests.promises.wall.region import Region, named
from tests.promises.wall.test_writes import CALLING, INSERT_INVOLVEMENT, involvement

pytestmark = [pytest.mark.django_db, pytest.mark.database]

END = {"ended_at", "ended_because"}
#: Read from operations_*.py of the rooms access and learners: the columns each one writes.
WRITES: dict[str, set[str]] = {
    "accept": {"accepted_at"},
    "refuse": END,
    "stop": END,
    "withdraw": END,
    "extend": {"until_at"},
    "grant": {"directs"},
    "hand_over_direction": {"directs"},
    "hand_over_work": {*END, "directs"},
    "end_work": {"until_at", *END},
    "set_case_stage": END,
    "review_emergency": {"reviewed_at", "reviewed_by_id", "review", *END},
    "give_back_emergency": {"review_due_on"},
}
OTHER = {
    "id": "gen_random_uuid()", "child_id": "child_id + 1", "membership_id": "membership_id + 1",
    "kind": "CASE kind WHEN 'table' THEN 'involved' ELSE 'table' END", "purpose": "'advice'",
    "granted_by_id": "coalesce(granted_by_id, membership_id) + 1", "granted_at": "granted_at - interval '1 day'",
    "accepted_at": "now()", "from_at": "from_at - interval '1 day'",
    "until_at": "greatest(until_at, now()) + interval '1 day'", "ended_at": "now()", "ended_because": "'done'",
    "directs": "NOT directs", "review_due_on": "'2030-01-01'", "reviewed_at": "now()",
    "reviewed_by_id": "membership_id", "review": "'justified'",
}  # fmt: skip
NOT_ALLOWED = (errors.InsufficientPrivilege, errors.IntegrityConstraintViolation, errors.IntegrityError)


def members(region: Region) -> list[Asking]:
    return [one for one in region.asking() if one.membership is not None and one.holds]


def changed(
    app: psycopg.Connection[Any], actor: str, operation: str, change: str, where: str, *values: Any
) -> list[Any]:
    """The keys of the involvements that a change reached; none when it was refused."""
    try:
        with named(app, actor, operation=operation) as cursor:
            cursor.execute(f"UPDATE access_involvement SET {change} WHERE {where} RETURNING id", values)
            return [key for (key,) in cursor.fetchall()]
    except NOT_ALLOWED:
        return []


def within_reach(app: psycopg.Connection[Any], asking: Asking, operation: str) -> list[Any]:
    """The involvements that somebody could change in an operation, if only the rows decided."""
    return changed(app, asking.actor.key, operation, "id = id", "true")


def test_this_table_says_every_column(region):
    assert set(OTHER) == {field.column for field in Involvement._meta.concrete_fields}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_changes_only_what_it_writes(operation, region, app):
    reached: set[str] = set()
    for asking in region.asking():
        for key in within_reach(app, asking, operation)[:6]:
            for column, other in OTHER.items():
                where = f"id = %s AND {column} IS DISTINCT FROM {other}"
                if changed(app, asking.actor.key, operation, f"{column} = {other}", where, key):
                    reached.add(column)
    assert reached <= WRITES.get(operation, set())


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("change", "of"),
    [
        ("until_at = until_at + interval '1 second'", "true"),
        ("until_at = now() + interval '1 day'", "until_at < now()"),
        ("ended_at = NULL, ended_because = ''", "ended_at IS NOT NULL"),
        ("ended_at = now() + interval '1 year'", "ended_at IS NOT NULL"),
        ("accepted_at = now()", "ended_at IS NOT NULL"),
        ("accepted_at = accepted_at + interval '1 second'", "accepted_at IS NOT NULL"),
        ("directs = true", "NOT directs"),
    ],
)
def test_nobody_makes_their_own_involvement_longer_or_begins_it_again(operation, change, of, region, app):
    """In no role they have: also not of what another role of theirs is involved in."""
    for asking in members(region):
        own = [one.pk for one in region.made.memberships if one.person_id == asking.membership.person_id]
        mine = {one.pk for one in region.made.involvements if one.membership_id in own}
        for row in mine.intersection(within_reach(app, asking, operation)):
            assert changed(app, asking.actor.key, operation, change, f"id = %s AND {of}", row) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_kin_change_nothing_of_who_is_involved(operation, region, app):
    for asking in region.asking():
        if asking.kinship is not None:
            assert within_reach(app, asking, operation) == []


def test_who_is_known_to_nobody_reaches_nothing_in_any_operation(region, app):
    for operation in OPERATIONS:
        for nobody in ("", "membership:999999999", "person:1", "command:reopen"):
            assert changed(app, nobody, operation, "directs = directs", "true") == []


def test_nobody_is_involved_for_longer_than_a_year_at_a_time(region, app):
    reached = []
    for asking in members(region):
        within = within_reach(app, asking, "extend")
        for days in (30, LONGEST_DAYS + 3):
            later = f"until_at = greatest(until_at, inbeeld_now()) + interval '{days} days'"
            where = "kind = 'involved' AND ended_at IS NULL AND until_at > inbeeld_now() AND id = %s"
            for row in within:
                if changed(app, asking.actor.key, "extend", later, where, row):
                    reached.append(days)
    assert set(reached) == {30}


@pytest.mark.parametrize(
    "wrong",
    [
        {"directs": True},
        {"due": None},
        {"due": "far"},
        {"due": "past"},
        {"accepted": "soon", "at": "soon"},
        {"by": "other"},
        {"long": EMERGENCY + timedelta(seconds=1)},
    ],
    ids=str,
)
def test_an_emergency_gives_no_direction_and_is_always_looked_at(wrong, region, app):
    """With direction it would say who else is involved; without a day of review nobody would ask why."""
    tried = 0
    today, at = region.made.today, region.made.at
    meant = {
        "far": today + timedelta(days=30),
        "past": today - timedelta(days=1),
        "soon": at + timedelta(hours=1),
    }
    for asking in members(region):
        if asking.role not in CALLING or not region.reads(asking, "learners_learner"):
            continue
        mine = asking.membership
        meant["other"] = next(one.pk for one in region.made.memberships if one.pk != mine.pk)
        for child in region.made.learners:
            if child.region != mine.organisation.region or asking._stage(child) not in CALLING[asking.role]:
                continue
            good = involvement(
                region,
                asking,
                child=child.pk,
                to=mine.pk,
                kind="emergency",
                long=EMERGENCY,
                accepted=at,
                due=today,
            )
            with named(app, asking.actor.key, operation="call_emergency") as cursor:
                cursor.execute(INSERT_INVOLVEMENT, good)
            bad = {**good, **{name: meant.get(value, value) if isinstance(value, str) else value
                              for name, value in wrong.items()}}  # fmt: skip
            with (
                pytest.raises(errors.InsufficientPrivilege),
                named(app, asking.actor.key, operation="call_emergency") as cursor,
            ):
                cursor.execute(INSERT_INVOLVEMENT, bad)
            tried += 1
    assert tried


@pytest.mark.parametrize(
    "wrong", [{"directs": True}, {"long": timedelta(days=40)}, {"kind": "involved"}], ids=str
)
def test_a_seat_at_a_table_gives_no_direction_and_ends_after_the_meeting(wrong, region, app):
    asking = region.member(
        "care_coordinator", "attendance_officer", "school_doctor", "swv_adviser", "youth_worker"
    )
    good = involvement(region, asking, kind="table", accepted=region.made.at, long=timedelta(days=29))
    with named(app, asking.actor.key, operation="seat") as cursor:
        cursor.execute(INSERT_INVOLVEMENT, good)
    with (
        pytest.raises(errors.InsufficientPrivilege),
        named(app, asking.actor.key, operation="seat") as cursor,
    ):
        cursor.execute(INSERT_INVOLVEMENT, {**good, **wrong})


def test_somebody_is_asked_for_a_year_at_most(region, app):
    asking = region.member(
        "care_coordinator", "attendance_officer", "school_doctor", "swv_adviser", "youth_worker"
    )
    for days, allowed in ((LONGEST_DAYS, True), (LONGEST_DAYS + 3, False)):
        values = involvement(region, asking, long=timedelta(days=days))
        try:
            with named(app, asking.actor.key, operation="grant") as cursor:
                cursor.execute(INSERT_INVOLVEMENT, values)
                went = True
        except errors.InsufficientPrivilege:
            went = False
        assert went is allowed
