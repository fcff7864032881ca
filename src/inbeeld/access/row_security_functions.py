"""The fourth wall: the functions its rules ask, in PostgreSQL's language, made from the access table.

Each runs with the rights of the owner of the tables, finds names in one schema only, and answers about one
actor: the one named in the setting of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from inbeeld.access import row_security_actor
from inbeeld.access.row_security_actor import Function, literal
from inbeeld.kernel.access import ROWS, FieldClass, Involvement, Row
from inbeeld.organisations.models import SECTORS_OF_SWV

#: The involvements `i` of the actor `a`, of the kind `how`, that are in force; the twin of scope.in_force.
IN_FORCE = """i.membership_id = a.membership AND i.kind = how
                AND i.accepted_at <= inbeeld_now() AND i.from_at <= inbeeld_now()
                AND i.until_at > inbeeld_now() AND i.ended_at IS NULL"""

#: How a cell of the table is asked for: may these rows be read by anybody of the row (`r`, `w`, and `c` with
#: consent) · only one's own (`o`) · may something be written at all (`w`, `o`).
READ, OWN, WRITE = "read", "own", "write"


def functions(rows: Iterable[Row] = ROWS) -> tuple[Function, ...]:
    """All functions, in an order in which each finds those it calls."""
    rows = tuple(rows)
    return (
        *row_security_actor.functions(), _cells(rows), _reached(), _CONSENTED, _CHILDREN, _REFERENCES, *_LED_TO,
        _log_of(rows),
    )  # fmt: skip


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

    With their references: to look those up afterwards takes as long as all of this. Of a page about some
    children only those: all others of a school would be found again for each table, to leave them out.
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
    one = f"""
        RETURN QUERY SELECT l.id, l.reference FROM learners_learner l
        LEFT JOIN learners_standing st ON st.learner_id = l.id
        LEFT JOIN organisations_organisation s ON s.id = st.school_id
        WHERE l.reference = ANY (about) AND coalesce(l.case_stage, st.stage) = ANY (at_stages) AND CASE
            WHEN how = '{own}' AND a.kind = 'school' THEN {here}
            WHEN how = '{own}' AND a.kind = 'swv' THEN {served}
            WHEN how = '{own}' AND a.kind = 'municipality' THEN a.municipality <> '' AND {lives}
            WHEN how IN ({held}) THEN
                EXISTS (SELECT FROM access_involvement i WHERE i.child_id = l.id AND {IN_FORCE})
            WHEN how = '{self}' THEN l.id = a.child
            ELSE false
        END;"""
    return Function(
        "inbeeld_reached(how text, at_stages smallint[])",
        "TABLE (child bigint, reference uuid)",
        f"""
DECLARE
    a record;
    about uuid[] := inbeeld_about();
BEGIN
    SELECT * INTO a FROM inbeeld_actor();
    IF NOT FOUND THEN
        RETURN;
    ELSIF about IS NOT NULL THEN{one}
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
