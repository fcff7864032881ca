"""Four statements of one table, held equal on random populations: every actor and every row about a child.

*may*: kernel.access, asked row by row by plain Python that reads no database · *permit*: the first wall ·
*visible_to*: the second wall, scope.py and its neighbours · *rules*: the fourth wall, plain SELECTs as the
role of the database that answers requests, with nothing but the actor's name said. Without PostgreSQL: the
first three.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import islice, product
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q

from inbeeld.access import permit, scope
from inbeeld.access import row_security_catalog as catalog
from inbeeld.kernel.access import FieldClass, rows_of
from tests.database_roles import Walled, walled_database
from tests.promises.four_statements import MAY, OF_THE_SITE, RULES, Asking, differences
from tests.promises.populations import Population, populate
from tests.shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUICK = 25
#: A population holds a hundred actors and children, so a case of other tests is a quarter of one.
LONG = int(os.environ.get("INBEELD_LONG_CASES") or 2000) // 4
#: Looking for one change takes as long as some fifteen other cases do.
MORE_CHANGES = int(os.environ.get("INBEELD_LONG_CASES") or 2000) // 15
#: So many populations at most to notice that one statement was changed.
TRIES = 60
#: The wall asks inbeeld_now(), which here is the moment of the population.
_CLOCK = (
    "CREATE OR REPLACE FUNCTION inbeeld_now() RETURNS timestamptz LANGUAGE sql STABLE AS"
    " $body$SELECT pg_catalog.current_setting('inbeeld.test_now')::timestamptz$body$"
)


@pytest.fixture(scope="module")
def walled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walled | None]:
    """The test database with the wall up, and a clock that can be set; None without PostgreSQL."""
    with django_db_blocker.unblock():
        if connection.vendor != "postgresql":
            yield None
            return
        with walled_database() as found:
            catalog.run(connection, _CLOCK)
            yield found


def found_in(
    seed: int, walled: Walled | None, *, at_most: int = 20, between: Collection[str] = (*OF_THE_SITE, RULES)
) -> list[str]:
    """The differences in one population, which is gone afterwards."""
    with transaction.atomic():
        made = populate(seed)
        if walled is not None:
            catalog.rows(connection, "SELECT set_config('inbeeld.test_now', %s, true)", [made.at.isoformat()])
        found = [str(one) for one in islice(differences(made, walled, between=between), at_most)]
        transaction.set_rollback(True)
    return found


#: With the rules of the database all of them; without, some, when a run beside this one has them all.
SEEDS = range(QUICK) if connection.vendor == "postgresql" else share(range(QUICK))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_walls_agree_about_every_row_and_every_actor(seed: int, walled: Walled | None) -> None:
    assert found_in(seed, walled) == []


@pytest.mark.long
def test_the_walls_agree_on_many_more_populations(walled: Walled | None) -> None:
    # Where the database has no rules there is less to compare.
    seeds = range(QUICK, QUICK + (LONG if walled else LONG // 5))
    print(f"seeds {seeds.start} to {seeds.stop - 1}")
    assert [one for seed in seeds for one in found_in(seed, walled, at_most=3)] == []


def test_the_populations_hold_every_kind_of_answer() -> None:
    """Each table has rows that somebody reads and rows that somebody may not."""
    read: set[str] = set()
    held = 0
    for seed in range(3):
        with transaction.atomic():
            made = populate(seed)
            asking = [Asking(made, membership=one) for one in made.memberships]
            asking += [Asking(made, kinship=one) for one in made.kinships]
            read |= {table for one in asking for table, _key in one.asked()}
            held += sum(one.holds for one in asking)
            transaction.set_rollback(True)
    assert read == {model._meta.db_table for model in made.rows}
    assert 0 < held < 3 * len(asking)


def test_consent_is_for_the_same_and_for_another_purpose_in_the_populations() -> None:
    """A cell with the letter c is open, is closed by the purpose alone, and is open by one of several."""
    found: Counter[str] = Counter()
    for seed in range(QUICK):
        with transaction.atomic():
            found.update(_cells_with_consent(populate(seed)))
            transaction.set_rollback(True)
    print(dict(found))
    assert found["open"] > QUICK
    assert found["another purpose"] > QUICK // 5 and found["one of several"] > QUICK // 5


def _cells_with_consent(made: Population) -> Iterator[str]:
    for member in made.memberships:
        asking = Asking(made, membership=member)
        for row, child, one in product(rows_of(asking.role), made.learners, FieldClass):
            held = {tie.purpose for tie in asking.held(child, row.involvement)}
            given = asking.purposes_consented(child, one)
            if not (asking.holds and "c" in row.cells[one] and held and given):
                continue
            same = held.intersection(given)
            yield "open" if same else "another purpose"
            if same and same != held:
                yield "one of several"


# --- these tests can fail ------------------------------------------------------------------------

#: Function or table of the wall, and one thing in it that is changed.
CHANGED_RULES = [
    ("inbeeld_reached", "i.until_at > inbeeld_now()", "i.until_at >= inbeeld_now()"),
    ("inbeeld_reached", "i.from_at <= inbeeld_now()", "true"),
    ("inbeeld_reached", "AND i.ended_at IS NULL", ""),
    ("inbeeld_reached", "AND i.kind = how", ""),
    ("inbeeld_reached", "OR s.part_of_id = a.organisation", ""),
    ("inbeeld_reached", "st.enrolled AND", ""),
    ("inbeeld_reached", "s.region = a.region AND", ""),
    ("inbeeld_reached", "AND a.municipality <> ''", ""),
    ("inbeeld_reached", "AND l.case_stage IS NULL", ""),
    ("inbeeld_consented", "c.holds_until > today", "c.holds_until >= today"),
    ("inbeeld_consented", "AND c.withdrawn_at IS NULL", ""),
    ("inbeeld_consented", "SELECT i.child_id, i.purpose", "SELECT i.child_id, c.purpose"),
    ("inbeeld_consented", "AND i.kind = how", ""),
    ("inbeeld_consented", "AND i.ended_at IS NULL", ""),
    ("inbeeld_children", "one.cell ~ 'o'", "one.cell ~ '[oc]'"),
    ("inbeeld_references", "one.cell ~ '[rw]'", "one.cell ~ 'w'"),
    ("inbeeld_actor", "AND (m.until_on IS NULL OR m.until_on >= today)", ""),
    ("inbeeld_actor", "AND m.from_on <= today", ""),
    ("inbeeld_actor", "AND p.is_active", ""),
    ("inbeeld_role_of_kin", "interval '16 years' <= today", "interval '16 years' < today"),
    ("inbeeld_today", "Europe/Amsterdam", "UTC"),
    (
        "inbeeld_cells",
        "('attendance_officer', 'FAM', 'emergency'",
        "('attendance_officer', 'JUS', 'emergency'",
    ),
    ("learners_address", "(NOT shielded)", "true"),
    ("learners_entry", "(written_by_id = ( SELECT inbeeld_membership() AS inbeeld_membership))", "true"),
    ("learners_draft", "(written_by_id = ( SELECT inbeeld_membership() AS inbeeld_membership)) AND", ""),
    ("learners_draft", "'write'::text", "'read'::text"),
    ("learners_verdict", "'MED'::text) AND (delivered_by_id", "'MED'::text) OR (delivered_by_id"),
    ("journal_line", "((actor)::text = ( SELECT inbeeld_name() AS inbeeld_name))", "true"),
    ("inbeeld_organisations_with_open_log", "a.role IN", "true OR a.role IN"),
    ("inbeeld_organisations_with_open_log", "IN (o.id, o.part_of_id, above.part_of_id)", "IN (o.id)"),
    ("access_signature", "inbeeld_consents('FAM'::text", "inbeeld_consents('IDE'::text"),
]


#: Noticed within a few populations; the others are for the long run.
_NOTICED_SOON = {
    ("inbeeld_reached", "AND i.ended_at IS NULL"),
    ("inbeeld_reached", "AND l.case_stage IS NULL"),
    ("inbeeld_consented", "SELECT i.child_id, i.purpose"),
    ("inbeeld_actor", "AND p.is_active"),
    ("learners_address", "(NOT shielded)"),
}


_SOON = [one for one in CHANGED_RULES if one[:2] in _NOTICED_SOON]
_LATER = [one for one in CHANGED_RULES if one not in _SOON]


def _for_the_long_run(number: int) -> list[pytest.MarkDecorator]:
    reason = "one more change in a rule: ./inbeeld test --long makes them all"
    return [pytest.mark.long, pytest.mark.skipif(number >= MORE_CHANGES, reason=reason)]


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        *_SOON,
        *(pytest.param(*one, marks=_for_the_long_run(number)) for number, one in enumerate(_LATER)),
    ],
)
def test_one_change_in_a_rule_of_the_database_is_noticed(
    what: str, old: str, new: str, walled: Walled | None
) -> None:
    if walled is None:
        pytest.skip("row-level security is PostgreSQL's: ./inbeeld test runs it there")
    _change(what, old, new)
    assert _noticed(walled, between=(MAY, RULES))


def _change(what: str, old: str, new: str) -> None:
    """Change a function or the rule of reading of a table, until the end of the test's transaction."""
    if what.startswith("inbeeld_"):
        ((made,),) = catalog.rows(
            connection, "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [what]
        )
        statement = made.replace(old, new)
    else:
        ((made,),) = catalog.rows(
            connection,
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
            " WHERE polrelid = %s::regclass AND polname = 'inbeeld_read'",
            [what],
        )
        statement = f"ALTER POLICY inbeeld_read ON {what} USING ({made.replace(old, new)})"
    assert old in made, f"{what} does not hold this text, so nothing was changed"
    catalog.run(connection, statement)


def _noticed(walled: Walled | None, *, between: Collection[str]) -> bool:
    return any(found_in(seed, walled, at_most=1, between=between) for seed in range(TRIES))


def _without_the_case(stages: frozenset[int], *, way: scope.Way) -> Q:
    return Q(**{f"{scope.via(way.standing, 'stage')}__in": sorted(stages)})


def _also_who_left(organisation: Any, learner: Any) -> bool:
    school = getattr(getattr(learner, "standing", None), "school", None)
    return school is not None and organisation.pk == school.pk


def _notes_of_colleagues(manager: Any, actor: Any, field_class: Any) -> Q | None:
    if actor.membership is None or not manager.organisation_column:
        return None
    return Q(**{manager.organisation_column: actor.membership.organisation_id})


def _all_consents(actor: Any, involvement: Any) -> Any:
    return scope.consents_in_force(actor)


def _any_consent(found: permit.Permit, involvement: Any, field_class: Any) -> permit.Given | None:
    return next(iter(found.consents.get(field_class, ())), None)


def _one_purpose_each(actor: Any, learners: Any, held: Callable[..., Any] = permit._held) -> Any:
    return {key: purposes[-1:] for key, purposes in held(actor, learners).items()}


#: Both walls are of the site, so it does not matter which database is under them.
CHANGED_WALLS: list[tuple[Any, str, Callable[..., Any]]] = [
    (scope, "at_stages", _without_the_case),
    (scope.ScopedManager, "_own", _notes_of_colleagues),
    (scope.ScopedManager, "_read_back", lambda manager, actor, row: None),
    (scope, "consents_under", _all_consents),
    (permit.Permit, "consent_for", _any_consent),
    (permit, "_held", _one_purpose_each),
    (permit, "is_on_the_list", _also_who_left),
    (permit, "stage_of", lambda learner: getattr(getattr(learner, "standing", None), "stage", 0)),
]


@pytest.mark.parametrize(("where", "name", "changed"), share(CHANGED_WALLS))
def test_one_change_in_a_wall_of_the_site_is_noticed(
    where: Any, name: str, changed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, changed)
    assert _noticed(None, between=OF_THE_SITE)


def test_a_purpose_that_both_walls_of_the_site_forget_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "consents_under", _all_consents)
    monkeypatch.setattr(permit.Permit, "consent_for", _any_consent)
    assert _noticed(None, between=OF_THE_SITE)


def test_a_change_that_two_walls_share_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    held = scope.in_force

    def whoever_ended(*, at: Any = None) -> Any:
        rows = held(at=at)
        return rows.model.for_operations.filter(accepted_at__lte=at, from_at__lte=at, until_at__gt=at)

    monkeypatch.setattr(scope, "in_force", whoever_ended)
    assert _noticed(None, between=OF_THE_SITE)
