"""The fourth wall: what is reached besides the table, and by what: one's own, operations, and commands.

An operation of a request says its name to the database for its own length (`row_security.operating`), and
only then reaches what stands here. A command says its name too; that counts for the roles of the database
that run commands and own the tables, never for the one that answers requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from inbeeld.access.row_security_functions import HERE, Function, literal
from inbeeld.kernel.access import ROWS, Involvement, Row
from inbeeld.kernel.involvement import EMERGENCY
from inbeeld.organisations.models import Role

#: Operations that reach children their actor does not, or not yet, or no longer see, and which those are.
#: Of one's own involvement.
OWN = ("accept", "refuse", "stop")
#: Of involvement one granted.
GRANTED = ("withdraw", "extend")
#: Of the involvement of who leaves: oneself, or for an application administrator a colleague.
WORK = ("hand_over_work", "end_work")
#: Of the region, for a role that may call an emergency.
IN_AN_EMERGENCY = ("find_for_emergency", "call_emergency")
#: Of whom a privacy officer reads the log, or reviews an emergency.
BY_AN_OFFICER = ("read_the_log", "emergencies_for", "review_emergency", "give_back_emergency")
#: Operations that read the family and the signatures of a child the actor knows of, to see who decides.
WHO_DECIDES = (
    "ask", "sign", "record_signature", "withdraw_consent", "re_evaluate", "register_kin", "end_kin", "kin_of",
    "relations_of",
)  # fmt: skip
#: Operations that change something about a child the actor knows of.
ON_A_KNOWN_CHILD = ("grant", "hand_over_direction", "seat", "set_case_stage")
OPERATIONS = (
    *OWN, *GRANTED, *WORK, *IN_AN_EMERGENCY, "why_the_button_is_lost", *BY_AN_OFFICER, *WHO_DECIDES,
    *ON_A_KNOWN_CHILD,
)  # fmt: skip

EVERYTHING = "*"
#: What each command reads (r) and changes (w) about children; the database holds it to that. Every command
#: adds to the journal, in its own name.
COMMANDS: Mapping[str, Mapping[str, str]] = {
    "deliver": {
        "learners.Learner": "w", "learners.Enrolment": "w", "learners.Address": "w", "keys.DataKey": "w",
        "access.Consent": "w", "learners.Standing": "r", "access.Signature": "r", "access.Kinship": "r",
    },
    "publish": {
        "learners.Standing": "w", "learners.Verdict": "w", "learners.Learner": "r", "learners.Enrolment": "r",
    },
    "evaluate": {
        "access.Consent": "w", "access.Signature": "r", "access.Kinship": "r", "learners.Learner": "r",
    },
    "reopen": {"learners.Learner": "w", "access.Involvement": "w"},
    "keys": {"keys.DataKey": "w"},
    "retention": {EVERYTHING: "w", "journal.Line": "r"},
    "journal": {"journal.Line": "r"},
    "appoint": {},
    "people": {},
    "demo": {EVERYTHING: "w", "journal.Line": "r"},
}  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """What a request may change in one table, as conditions on the row; empty: nothing.

    `by_the_table`: entries of the own organisation, as the table of access says. `reads`: which rows are
    read besides what the table gives. `fixed`: columns that stay as they were written, so that no row moves
    to another child, organisation or person.
    """

    by_the_table: bool = False
    insert: str = ""
    update: str = ""
    reads: str = ""
    fixed: tuple[str, ...] = ()


def commands_for(label: str, *, letters: str) -> tuple[str, ...]:
    """The commands that may read (r) or change (w) a table, in order."""
    return tuple(
        sorted(
            name
            for name, tables in COMMANDS.items()
            if set(tables.get(label, tables.get(EVERYTHING, ""))) & set(letters)
        )
    )


def during(*operations: str) -> str:
    """The condition that one of these operations goes on."""
    return f"(SELECT inbeeld_operation()) IN ({', '.join(map(literal, operations))})"


def either(*conditions: str) -> str:
    """One of these conditions."""
    return " OR ".join(f"({one})" for one in conditions)


def both(*conditions: str) -> str:
    """All of these conditions."""
    return " AND ".join(f"({one})" if " OR " in one else one for one in conditions)


ME = "(SELECT inbeeld_membership())"
MY_KINSHIP = "(SELECT inbeeld_kinship())"
MY_ORGANISATION = "(SELECT inbeeld_organisation())"
MY_PERSON = "(SELECT inbeeld_person())"
KNOWN = "IN (SELECT inbeeld_children('IDE', 'read'))"
FAMILY_WRITTEN = "IN (SELECT inbeeld_children('FAM', 'write'))"
BESIDES = "IN (SELECT inbeeld_children_besides())"
#: In whatever role they have.
_ANOTHER_PERSON = (
    "NOT EXISTS (SELECT FROM organisations_membership m"
    f" WHERE m.id = membership_id AND m.person_id = {MY_PERSON})"
)
_MY_ROLES = f"(SELECT m.id FROM organisations_membership m WHERE m.person_id = {MY_PERSON})"
_COLLEAGUES = f"(SELECT m.id FROM organisations_membership m WHERE m.organisation_id = {MY_ORGANISATION})"
_WAITS_FOR_ME = both(
    f"membership_id = {ME}",
    "kind = 'involved'",
    "accepted_at IS NULL",
    "ended_at IS NULL",
    "until_at > inbeeld_now()",
)
_AT_MOST_AN_EMERGENCY = both(
    f"until_at <= from_at + interval '{EMERGENCY.total_seconds():.0f} seconds'",
    # The clock of the site and that of the database may differ a little.
    "from_at <= inbeeld_now() + interval '1 minute'",
)
#: In one's own name; a request without an actor (somebody logs in) never in that of a member, kin or command.
_IN_ONES_OWN_NAME = (
    "CASE WHEN (SELECT inbeeld_setting()) IS NULL THEN actor !~ '^(membership|kinship|command):'"
    " ELSE actor = (SELECT inbeeld_setting()) END"
)

CHANGES: Mapping[str, Changes] = {
    "access.Involvement": Changes(
        reads=either(
            _WAITS_FOR_ME,
            f"child_id {BESIDES}",
            both(
                during(*IN_AN_EMERGENCY, "why_the_button_is_lost"),
                "kind = 'emergency'",
                f"membership_id IN {_MY_ROLES}",
            ),
        ),
        insert=either(
            both(
                during("grant"), "kind = 'involved'", "accepted_at IS NULL", f"granted_by_id = {ME}",
                _ANOTHER_PERSON, f"child_id {KNOWN}",
            ),
            both(
                during("seat"), "kind = 'table'", f"granted_by_id = {ME}", _ANOTHER_PERSON, f"child_id {KNOWN}"
            ),
            both(
                during("hand_over_work"), "kind = 'involved'", "accepted_at IS NULL", _ANOTHER_PERSON,
                f"membership_id IN {_COLLEAGUES}", f"child_id {BESIDES}",
            ),
            both(
                during("call_emergency"), "kind = 'emergency'", f"membership_id = {ME}", f"child_id {BESIDES}",
                _AT_MOST_AN_EMERGENCY,
            ),
        ),
        update=either(
            both(during(*OWN), f"membership_id = {ME}"),
            both(during(*GRANTED, *ON_A_KNOWN_CHILD), either(f"child_id {KNOWN}", f"granted_by_id = {ME}")),
            both(during(*WORK), f"membership_id IN {_COLLEAGUES}", f"child_id {BESIDES}"),
            both(
                during("review_emergency", "give_back_emergency"), "kind = 'emergency'", f"child_id {BESIDES}"
            ),
        ),
        fixed=("id", "child_id", "membership_id", "kind", "purpose", "granted_by_id", "granted_at", "from_at"),
    ),
    "access.Kinship": Changes(
        reads=either(
            both(during(*WHO_DECIDES), f"child_id {KNOWN}"), "id IN (SELECT inbeeld_kinships_of_person())"
        ),
        # Nobody says of themselves that they are kin.
        insert=both(during("register_kin"), f"child_id {FAMILY_WRITTEN}", f"person_id <> {MY_PERSON}"),
        update=both(during("end_kin"), f"child_id {FAMILY_WRITTEN}", f"person_id <> {MY_PERSON}"),
        fixed=("id", "person_id", "child_id", "relation", "from_on"),
    ),
    "access.Consent": Changes(
        insert=both(during("ask"), f"asked_by_id = {ME}", f"child_id {KNOWN}"),
        update=both(during(*WHO_DECIDES), f"child_id {KNOWN}"),
        fixed=(
            "id", "child_id", "field_class", "receiver_id", "receiving_kin_id", "purpose", "text_version",
            "asked_by_id", "asked_at", "until_on",
        ),
    ),
    "access.Signature": Changes(
        reads=either(
            f"by_id = {MY_KINSHIP}",
            both(during(*WHO_DECIDES), "consent_id IN (SELECT inbeeld_consents('IDE', 'read'))"),
        ),
        insert=both(
            either(
                both(during("sign"), f"by_id = {MY_KINSHIP}", "recorded_by_id IS NULL"),
                both(during("record_signature"), f"recorded_by_id = {ME}"),
            ),
            "consent_id IN (SELECT inbeeld_consents('IDE', 'read'))",
        ),
    ),
    "keys.DataKey": Changes(
        # A name can only be compared by opening it.
        reads=both(
            during("find_for_emergency"),
            "\"group\" = 'identity'",
            "child IN (SELECT inbeeld_references_besides())",
        ),
        # Made with the first that is written under it; only commands rewrap and forget keys.
        insert="shredded_at IS NULL AND child IN (SELECT inbeeld_references('IDE', 'read'))",
    ),
    "learners.Learner": Changes(
        reads=f"id {BESIDES}",
        update=both(during("set_case_stage"), f"id {KNOWN}"),
        fixed=(
            "id", "reference", "key", "region", "names", "number", "number_lookup", "born_on", "municipality"
        ),
    ),
    "learners.Standing": Changes(reads=f"learner_id {BESIDES}"),
    "learners.Enrolment": Changes(),
    "learners.Verdict": Changes(),
    "learners.Entry": Changes(
        by_the_table=True,
        fixed=("id", "learner_id", "field_class", "organisation_id", "written_by_id", "written_at"),
    ),
    "learners.Address": Changes(by_the_table=True, fixed=("id", "learner_id", "entered_by_id")),
    "journal.Line": Changes(
        reads=either(
            "actor = (SELECT inbeeld_name())",
            both(
                "child IS NULL",
                "organisation = (SELECT inbeeld_organisation_with_open_log())",
                "outcome <> 'allowed'",
            ),
            both(
                during("find_for_emergency"),
                f"actor IN (SELECT 'membership:' || r.id FROM {_MY_ROLES} AS r (id))",
            ),
        ),
        insert=_IN_ONES_OWN_NAME,
    ),
}  # fmt: skip


# --- the functions these conditions ask ------------------------------------------------------------


def functions(*, app: str, rows: Iterable[Row] = ROWS) -> tuple[Function, ...]:
    """What the conditions above ask, besides the functions of the table. `app`: the role for requests."""
    return (_command(app), _kinships_of_person(), _children_besides(tuple(rows)), _REFERENCES_BESIDES)


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
