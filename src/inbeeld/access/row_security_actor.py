"""The fourth wall: what is said to PostgreSQL for the length of a transaction, and who asks by that.

Who is not named, or not in force today, is nobody. Also what a function of this wall is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from inbeeld.journal.naming import SETTING
from inbeeld.organisations.models import KINDS_OF_ROLE, Role

OPERATION = "inbeeld.operation"
#: Of which children alone something is asked: their references, with a comma between.
ABOUT = "inbeeld.children"
#: Days are days in the Netherlands, whatever a session says its time zone is.
ZONE = "Europe/Amsterdam"
#: In a small function stands in for the schema, as its body is read where it is called.
HERE = "@"

#: When a function is planned: anew for what is asked, or once for a connection. Planned once, nobody knows yet
#: how few rows will be asked for: as written joins tables in the order of the text, each by a look in an index.
PLANS = {
    "custom": "SET plan_cache_mode = force_custom_plan",
    "generic": "SET plan_cache_mode = force_generic_plan",
    "as written": (
        "SET plan_cache_mode = force_generic_plan SET join_collapse_limit = 1 "
        "SET enable_hashjoin = off SET enable_mergejoin = off SET enable_memoize = off"
    ),
}


@dataclass(frozen=True)
class Function:
    """One function: `head` is name and arguments, `asked` whether the rules themselves call it.

    A `small` one only works on what it is given and on settings: it has nobody's rights, and PostgreSQL puts
    its body in the place of the call. Others read tables, with the rights of who owns them. `plan`: one of
    PLANS.
    """

    head: str
    returns: str
    body: str
    asked: bool = True
    small: bool = False
    plan: str = "generic"

    @property
    def signature(self) -> str:
        """Name and kinds of arguments, for GRANT and DROP."""
        name, _, arguments = self.head.rstrip(")").partition("(")
        kinds = ", ".join(one.strip().split(" ", 1)[1] for one in arguments.split(",") if one.strip())
        return f"{name}({kinds})"

    def created(self, schema: str) -> str:
        """The statement that makes it."""
        body = self.body.replace(HERE, f"{schema}.")
        if self.small:
            return f"CREATE FUNCTION {self.head} RETURNS {self.returns} LANGUAGE sql STABLE AS $body${body}$body$"
        # plpgsql keeps its plans as long as a connection lasts. The cost is said to be little since a set is
        # worked out once in a query, while the planner counts it each time a table is looked into. pg_temp last:
        # nobody puts a table of their own in front of ours.
        cost = "COST 1 ROWS 1" if self.returns.startswith(("SETOF", "TABLE")) else "COST 1"
        return (
            f"CREATE FUNCTION {self.head} RETURNS {self.returns} LANGUAGE plpgsql STABLE SECURITY DEFINER {cost} "
            f"SET search_path = {schema}, pg_temp {PLANS[self.plan]} AS $body${body}$body$"
        )


def literal(text: str) -> str:
    """A text as PostgreSQL writes it; only ours come here, and a quote in them is doubled."""
    return "'" + text.replace("'", "''") + "'"


_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Of the statement, as in one transaction something can begin and then be read. A function of its own, so that
# a test can live on another day.
_NOW = Function("inbeeld_now()", "timestamptz", "SELECT pg_catalog.statement_timestamp()", small=True)
_TODAY = Function(
    "inbeeld_today()", "date", f"SELECT ({HERE}inbeeld_now() AT TIME ZONE '{ZONE}')::date", small=True
)
_SETTING = Function(
    "inbeeld_setting()",
    "text",
    f"SELECT nullif(pg_catalog.current_setting({literal(SETTING)}, true), '')",
    small=True,
)
_OPERATION = Function(
    "inbeeld_operation()",
    "text",
    f"SELECT nullif(pg_catalog.current_setting({literal(OPERATION)}, true), '')",
    small=True,
)
#: What is no list of references is one of no children at all; here too a cast never sees anything else.
_ABOUT = Function(
    "inbeeld_about()",
    "uuid[]",
    f"""
SELECT CASE
    WHEN said.children ~ '^{_UUID}(,{_UUID})*$' THEN pg_catalog.string_to_array(said.children, ',')::uuid[]
    WHEN said.children <> '' THEN '{{}}'::uuid[] END
FROM (SELECT pg_catalog.current_setting({literal(ABOUT)}, true)) said (children)
""",
    asked=False,
    small=True,
)
#: What is not exactly one kind and one key is nobody; a cast never sees anything else.
_NUMBERED = Function(
    "inbeeld_numbered(kind text)",
    "bigint",
    f"""
SELECT CASE WHEN {HERE}inbeeld_setting() ~ ('^' || kind || ':[1-9][0-9]{{0,17}}$')
    THEN pg_catalog.split_part({HERE}inbeeld_setting(), ':', 2)::bigint END
""",
    asked=False,
    small=True,
)
_KIN_NAMED = Function(
    "inbeeld_kin_named()",
    "uuid",
    f"""
SELECT CASE WHEN {HERE}inbeeld_setting() ~ '^kinship:{_UUID}$'
    THEN pg_catalog.split_part({HERE}inbeeld_setting(), ':', 2)::uuid END
""",
    asked=False,
    small=True,
)
_ROLE_OF_KIN = Function(
    "inbeeld_role_of_kin(relation text, born_on date, today date)",
    "text",
    # The twin of kernel.consent.role_of; a birthday of 29 February plus whole years falls on 28 February.
    """
SELECT CASE
    WHEN born_on > today THEN NULL
    WHEN relation = 'learner' AND born_on + interval '16 years' <= today THEN 'learner_16'
    WHEN relation = 'learner' AND born_on + interval '12 years' <= today THEN 'learner_12_15'
    WHEN relation <> 'guardian' OR born_on + interval '18 years' <= today THEN NULL
    WHEN born_on + interval '16 years' <= today THEN 'guardian_16'
    WHEN born_on + interval '12 years' <= today THEN 'guardian_12_15'
    WHEN born_on IS NOT NULL THEN 'guardian_under_12'
END
""",
    asked=False,
    small=True,
)


def _actor() -> Function:
    """The actor in force today. A membership: begun, not over, in a role that exists at such an organisation,
    of a person whose account is active. Kin: with custody today, in the row of the table of the child's age.
    """
    pairs = ", ".join(
        f"({literal(role.value)}, {literal(kind.value)})"
        for role in Role
        for kind in sorted(KINDS_OF_ROLE.get(role, ()))
    )
    person = get_user_model()._meta.db_table
    return Function(
        "inbeeld_actor()",
        "TABLE (name text, role text, person bigint, membership bigint, organisation bigint, kind text, "
        "organisation_key text, region text, sector text, municipality text, kinship uuid, child bigint)",
        f"""
#variable_conflict use_column
DECLARE
    today date := inbeeld_today();
    wanted bigint := inbeeld_numbered('membership');
    kin uuid := inbeeld_kin_named();
BEGIN
    IF wanted IS NOT NULL THEN
        RETURN QUERY SELECT inbeeld_setting(), m.role::text, m.person_id::bigint, m.id, o.id, o.kind::text,
            o.key::text, o.region::text, o.sector::text, o.municipality::text, NULL::uuid, NULL::bigint
        FROM organisations_membership m
        JOIN organisations_organisation o ON o.id = m.organisation_id
        JOIN {person} p ON p.id = m.person_id AND p.is_active
        WHERE m.id = wanted AND m.from_on <= today AND (m.until_on IS NULL OR m.until_on >= today)
            AND (m.role, o.kind) IN ({pairs});
    ELSIF kin IS NOT NULL THEN
        RETURN QUERY SELECT inbeeld_setting(), inbeeld_role_of_kin(k.relation, l.born_on, today),
            k.person_id::bigint, NULL::bigint, NULL::bigint, NULL, NULL, NULL, NULL, NULL, k.id, k.child_id
        FROM access_kinship k
        JOIN {person} p ON p.id = k.person_id AND p.is_active
        JOIN learners_learner l ON l.id = k.child_id
        WHERE k.id = kin AND k.from_on <= today AND (k.until_on IS NULL OR k.until_on >= today)
            AND inbeeld_role_of_kin(k.relation, l.born_on, today) IS NOT NULL;
    END IF;
END
""",
    )


def _of_the_actor(what: str, kind: str) -> Function:
    """One thing about the actor, or nothing."""
    return Function(f"inbeeld_{what}()", kind, f"BEGIN RETURN (SELECT a.{what} FROM inbeeld_actor() a); END")


_OF_THE_ACTOR = (
    _of_the_actor("name", "text"),
    _of_the_actor("person", "bigint"),
    _of_the_actor("membership", "bigint"),
    _of_the_actor("organisation", "bigint"),
    _of_the_actor("kinship", "uuid"),
)


def functions() -> tuple[Function, ...]:
    """These, in an order in which each finds those it calls."""
    return (
        _NOW, _TODAY, _SETTING, _OPERATION, _ABOUT, _NUMBERED, _KIN_NAMED, _ROLE_OF_KIN, _actor(),
        *_OF_THE_ACTOR,
    )  # fmt: skip
