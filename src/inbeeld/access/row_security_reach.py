"""The fourth wall: the functions that what is reached besides the table asks (row_security_besides.py)."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from inbeeld.access.row_security_actor import HERE, Function, literal
from inbeeld.access.row_security_besides import BY_AN_OFFICER, GRANTED, IN_AN_EMERGENCY, OWN, WORK
from inbeeld.kernel.access import ROWS, Involvement, Row
from inbeeld.organisations.models import Role


def functions(*, app: str, rows: Iterable[Row] = ROWS) -> tuple[Function, ...]:
    """What the conditions above ask, besides the functions of the table. `app`: the role for requests."""
    return (
        _command(app), _IS_ONESELF, _ENDS_WORK_OF, _kinships_of_person(), _children_besides(tuple(rows)),
        _REFERENCES_BESIDES,
    )  # fmt: skip


def _command(app: str) -> Function:
    return Function(
        "inbeeld_command()",
        "text",
        # Inside a function of the owner one is the owner; who logged in stays who logged in.
        f"""
SELECT CASE WHEN session_user <> {literal(app)} AND {HERE}inbeeld_setting() ~ '^command:[a-z][a-z0-9_]*$'
    THEN pg_catalog.split_part({HERE}inbeeld_setting(), ':', 2) END
""",
        small=True,
    )


_IS_ONESELF = Function(
    "inbeeld_is_oneself(membership bigint)",
    "boolean",
    # In whatever role one has.
    "BEGIN RETURN EXISTS (SELECT FROM organisations_membership m "
    "WHERE m.id = membership AND m.person_id = inbeeld_person()); END",
)
_ENDS_WORK_OF = Function(
    "inbeeld_ends_work_of(leaving bigint)",
    "boolean",
    f"""
BEGIN
    RETURN EXISTS (
        SELECT FROM inbeeld_actor() a JOIN organisations_membership m ON m.id = leaving
        WHERE m.id = a.membership
            OR a.role = {literal(Role.APPLICATION_ADMINISTRATOR.value)} AND m.organisation_id = a.organisation
    );
END
""",
)


def _kinships_of_person() -> Function:
    """Of whom somebody is kin who logged in and has yet to choose in which capacity (`person:<number>`)."""
    return Function(
        "inbeeld_kinships_of_person()",
        "SETOF uuid",
        f"""
DECLARE
    today date := inbeeld_today();
    wanted bigint := inbeeld_numbered('person');
BEGIN
    IF wanted IS NOT NULL THEN
        RETURN QUERY SELECT k.id FROM access_kinship k
        JOIN {get_user_model()._meta.db_table} p ON p.id = k.person_id AND p.is_active
        JOIN learners_learner l ON l.id = k.child_id
        WHERE k.person_id = wanted AND k.from_on <= today AND (k.until_on IS NULL OR k.until_on >= today)
            AND inbeeld_role_of_kin(k.relation, l.born_on, today) IS NOT NULL;
    END IF;
END
""",
    )


def _children_besides(rows: tuple[Row, ...]) -> Function:
    def goes_on(operations: tuple[str, ...]) -> str:
        return f"operation IN ({', '.join(map(literal, operations))})"

    calling = [row for row in rows if row.involvement is Involvement.EMERGENCY]
    by_role = " OR ".join(
        f"(a.role = {literal(row.role)} AND coalesce(l.case_stage, st.stage) IN "
        f"({', '.join(map(str, sorted(row.stages)))}))"
        for row in calling
    )
    return Function(
        "inbeeld_children_besides()",
        "SETOF bigint",
        f"""
DECLARE
    operation text := inbeeld_operation();
    a record;
BEGIN
    IF inbeeld_numbered('person') IS NOT NULL THEN
        RETURN QUERY SELECT k.child_id FROM access_kinship k
        WHERE k.id IN (SELECT inbeeld_kinships_of_person());
    END IF;
    IF operation IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO a FROM inbeeld_actor();
    IF a.membership IS NULL THEN
        RETURN;
    ELSIF {goes_on(OWN)} THEN
        RETURN QUERY SELECT i.child_id FROM access_involvement i WHERE i.membership_id = a.membership;
    ELSIF {goes_on(GRANTED)} THEN
        RETURN QUERY SELECT i.child_id FROM access_involvement i WHERE i.granted_by_id = a.membership;
    ELSIF {goes_on(WORK)} THEN
        RETURN QUERY SELECT i.child_id FROM access_involvement i
        JOIN organisations_membership m ON m.id = i.membership_id
        WHERE m.id = a.membership OR (
            a.role = {literal(Role.APPLICATION_ADMINISTRATOR.value)} AND m.organisation_id = a.organisation
        );
    ELSIF {goes_on(IN_AN_EMERGENCY)} THEN
        RETURN QUERY SELECT l.id FROM learners_learner l LEFT JOIN learners_standing st ON st.learner_id = l.id
        WHERE l.region = a.region AND ({by_role or "false"});
    ELSIF {goes_on(BY_AN_OFFICER)} THEN
        RETURN QUERY SELECT c.child FROM inbeeld_children('LOG', 'read') AS c (child);
        IF a.role = {literal(Role.PRIVACY_OFFICER.value)} THEN
            RETURN QUERY SELECT i.child_id FROM access_involvement i
            JOIN organisations_membership m ON m.id = i.membership_id
            LEFT JOIN learners_standing st ON st.learner_id = i.child_id
            WHERE i.kind = {literal(Involvement.EMERGENCY.value)}
                AND EXISTS (
                    -- An organisation, what it is part of, and what that is part of.
                    SELECT FROM organisations_organisation one
                    LEFT JOIN organisations_organisation two ON two.id = one.part_of_id
                    WHERE one.id IN (m.organisation_id, st.school_id)
                        AND a.organisation IN (one.id, one.part_of_id, two.part_of_id)
                );
        END IF;
    END IF;
END
""",
        plan="custom",
    )


_REFERENCES_BESIDES = Function(
    "inbeeld_references_besides()",
    "SETOF uuid",
    "BEGIN RETURN QUERY SELECT l.reference FROM learners_learner l "
    "WHERE l.id IN (SELECT inbeeld_children_besides()); END",
)
