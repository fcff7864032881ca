"""The fourth wall: the functions its rules ask, in PostgreSQL's language, made from the access table.

Each runs with the rights of the owner of the tables, finds names in one schema only, and answers about one
actor: the one named in the setting of the transaction. Who is not named, or not in force today, is nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from inbeeld.journal.naming import SETTING
from inbeeld.kernel.access import ROWS, FieldClass, Involvement, Row
from inbeeld.organisations.models import KINDS_OF_ROLE, SECTORS_OF_SWV, Role

OPERATION = "inbeeld.operation"
#: Days are days in the Netherlands, whatever a session says its time zone is.
ZONE = "Europe/Amsterdam"
#: In a small function stands in for the schema, as its body is read where it is called.
HERE = "@"

#: The involvements `i` of the actor `a`, of the kind `how`, that are in force; the twin of scope.in_force.
IN_FORCE = """i.membership_id = a.membership AND i.kind = how
                AND i.accepted_at <= inbeeld_now() AND i.from_at <= inbeeld_now()
                AND i.until_at > inbeeld_now() AND i.ended_at IS NULL"""

#: How a cell of the table is asked for: may these rows be read by anybody of the row (`r`, `w`, and `c` with
#: consent) · only one's own (`o`) · may something be written at all (`w`, `o`).
READ, OWN, WRITE = "read", "own", "write"


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


def functions(rows: Iterable[Row] = ROWS) -> tuple[Function, ...]:
    """All functions, in an order in which each finds those it calls."""
    rows = tuple(rows)
    return (
        _NOW, _TODAY, _SETTING, _OPERATION, _NUMBERED, _KIN_NAMED, _ROLE_OF_KIN, _actor(), *_OF_THE_ACTOR,
        _cells(rows), _reached(), _CONSENTED, _CHILDREN, _REFERENCES, *_LED_TO, _log_of(rows),
    )  # fmt: skip


def literal(text: str) -> str:
    """A text as PostgreSQL writes it; only ours come here, and a quote in them is doubled."""
    return "'" + text.replace("'", "''") + "'"


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
SELECT CASE WHEN {HERE}inbeeld_setting() ~ '^kinship:[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$'
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


def _cells(rows: tuple[Row, ...]) -> Function:
    """The table itself: of a role and a class, each way to be involved, with its stages and its letters."""
    values = ",\n    ".join(
        f"({literal(row.role)}, {literal(one.value)}, {literal(row.involvement.value)}, "
        f"ARRAY[{', '.join(map(str, sorted(row.stages)))}]::smallint[], {literal(cell)})"
        for row in rows
        for one, cell in row.cells.items()
        if cell != "." and row.stages
    )
    return Function(
        "inbeeld_cells(of_role text, of_class text)",
        "TABLE (involvement text, stages smallint[], cell text)",
        f"""
BEGIN
    RETURN QUERY SELECT t.involvement, t.stages, t.cell FROM (VALUES
    {values}
    ) AS t (role, class, involvement, stages, cell)
    WHERE t.role = of_role AND t.class = of_class;
END
""",
        asked=False,
    )


def _reached() -> Function:
    """The children an actor belongs with in one way, at these stages; the twin of scope.reached_by.

    With their references: to look those up afterwards takes as long as all of this.
    """
    sectors = " OR ".join(
        f"(a.sector = {literal(of.value)} AND s.sector IN ({', '.join(literal(one.value) for one in served)}))"
        for of, served in SECTORS_OF_SWV.items()
    )
    own, self = Involvement.OWN_ORG.value, Involvement.SELF.value
    held = ", ".join(
        literal(one.value) for one in (Involvement.INVOLVED, Involvement.TABLE, Involvement.EMERGENCY)
    )

    # A case says the stage of a child, without one the judgement does: in two parts, for the indexes.
    def enrolled(of: str) -> str:
        return f"""
        RETURN QUERY SELECT l.id, l.reference FROM unnest(at_stages) one (stage)
        CROSS JOIN organisations_organisation s
        JOIN learners_standing st ON st.school_id = s.id AND st.stage = one.stage
        JOIN learners_learner l ON l.id = st.learner_id
        WHERE {of} AND l.case_stage IS NULL;
        RETURN QUERY SELECT l.id, l.reference FROM learners_learner l
        JOIN learners_standing st ON st.learner_id = l.id
        JOIN organisations_organisation s ON s.id = st.school_id
        WHERE {of} AND l.case_stage = ANY (at_stages);"""

    def children(of: str, among: str = "learners_learner l") -> str:
        return f"""
        RETURN QUERY SELECT l.id, l.reference FROM {among} JOIN learners_standing st ON st.learner_id = l.id
        WHERE {of} AND l.case_stage IS NULL AND st.stage = ANY (at_stages);
        RETURN QUERY SELECT l.id, l.reference FROM {among} WHERE {of} AND l.case_stage = ANY (at_stages);"""

    here = "st.enrolled AND (s.id = a.organisation OR s.part_of_id = a.organisation)"
    served = f"s.region = a.region AND ({sectors})"
    lives = "l.region = a.region AND l.municipality = a.municipality"
    in_force = f"""(SELECT DISTINCT i.child_id FROM access_involvement i WHERE {IN_FORCE}) mine
        CROSS JOIN learners_learner l"""
    return Function(
        "inbeeld_reached(how text, at_stages smallint[])",
        "TABLE (child bigint, reference uuid)",
        f"""
DECLARE
    a record;
BEGIN
    SELECT * INTO a FROM inbeeld_actor();
    IF NOT FOUND THEN
        RETURN;
    ELSIF how = '{own}' AND a.kind = 'school' THEN{enrolled(here)}
    ELSIF how = '{own}' AND a.kind = 'swv' THEN{enrolled(served)}
    ELSIF how = '{own}' AND a.kind = 'municipality' AND a.municipality <> '' THEN{children(lives)}
    ELSIF how IN ({held}) AND a.membership IS NOT NULL THEN{children("l.id = mine.child_id", in_force)}
    ELSIF how = '{self}' AND a.child IS NOT NULL THEN{children("l.id = a.child")}
    END IF;
END
""",
        asked=False,
        plan="as written",
    )


#: The children of whom a class was consented to, for who belongs with them in one way: to the organisation for
#: what the actor does there, to kin for anything. The twin of scope.consents_under.
_CONSENTED = Function(
    "inbeeld_consented(of_class text, how text)",
    "SETOF bigint",
    f"""
DECLARE
    a record;
    today date := inbeeld_today();
BEGIN
    SELECT * INTO a FROM inbeeld_actor();
    RETURN QUERY SELECT c.child_id FROM access_consent c
    WHERE c.field_class = of_class AND c.withdrawn_at IS NULL
        AND c.holds_from <= today AND c.holds_until > today AND c.until_on >= today
        AND (
            c.receiver_id = a.organisation AND (c.child_id, c.purpose) IN (
                SELECT i.child_id, i.purpose FROM access_involvement i
                WHERE {IN_FORCE}
            )
            OR how = {literal(Involvement.SELF.value)} AND c.receiving_kin_id = a.kinship
        );
END
""",
    asked=False,
)


def _readable(name: str, kind: str, column: str) -> Function:
    """The children of a class an actor may read, or write, in any way; by their key or their reference."""
    return Function(
        f"inbeeld_{name}(of_class text, way text)",
        f"SETOF {kind}",
        f"""
DECLARE
    one record;
BEGIN
    FOR one IN SELECT c.* FROM inbeeld_actor() a, inbeeld_cells(a.role, of_class) c LOOP
        IF way = '{READ}' AND one.cell ~ '[rw]' OR way = '{WRITE}' AND one.cell ~ '[wo]'
            OR way = '{OWN}' AND one.cell ~ 'o'
        THEN
            RETURN QUERY SELECT r.{column} FROM inbeeld_reached(one.involvement, one.stages) r;
        ELSIF way = '{READ}' AND one.cell ~ 'c' THEN
            RETURN QUERY SELECT r.{column} FROM inbeeld_reached(one.involvement, one.stages) r
            WHERE r.child IN (SELECT inbeeld_consented(of_class, one.involvement));
        END IF;
    END LOOP;
END
""",
    )


_CHILDREN = _readable("children", "bigint", "child")
_REFERENCES = _readable("references", "uuid", "reference")

#: The same children, by what a row that is not about them at first hand leads with.
_LED_TO = tuple(
    Function(
        f"inbeeld_{name}(of_class text, way text)",
        f"SETOF {kind}",
        f"BEGIN RETURN QUERY SELECT t.{column} FROM {table} t "
        f"WHERE t.{child} IN (SELECT inbeeld_children(of_class, way)); END",
    )
    for name, kind, column, table, child in (
        ("standings", "bigint", "id", "learners_standing", "learner_id"),
        ("consents", "uuid", "id", "access_consent", "child_id"),
    )
)


def _log_of(rows: tuple[Row, ...]) -> Function:
    """The keys of the organisations of whose people this actor reads every line: their own and its parts."""
    readers = [
        row.role
        for row in rows
        if row.involvement is Involvement.OWN_ORG and set(row.cells[FieldClass.LOG]) & set("rw")
    ]
    of = ", ".join(map(literal, readers)) or "NULL"
    return Function(
        "inbeeld_organisations_with_open_log()",
        "SETOF text",
        f"""
BEGIN
    RETURN QUERY SELECT o.key::text FROM inbeeld_actor() a
    JOIN organisations_organisation o ON true
    LEFT JOIN organisations_organisation above ON above.id = o.part_of_id
    WHERE a.role IN ({of}) AND a.organisation IN (o.id, o.part_of_id, above.part_of_id);
END
""",
    )
