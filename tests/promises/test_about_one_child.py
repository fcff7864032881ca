"""A page about one child reads of it what a list reads of it: by the second wall and by the fourth."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.row_security import ask_only_about, asking_only_about
from inbeeld.access.row_security_actor import ABOUT
from inbeeld.access.row_security_policies import guarded
from inbeeld.access.scope import Reach, ScopedManager, any_of, models_about_a_child, reach_of, via
from inbeeld.journal.naming import said
from inbeeld.kernel.access import Involvement
from inbeeld.learners.models import Learner
from tests.database_roles import NOT_HERE, Walled
from tests.promises.four_statements import Asking, ruled
from tests.promises.populations import Population, populate
from tests.promises.test_walls_agree import walled

__all__ = ["walled"]
pytestmark = [pytest.mark.django_db, pytest.mark.database]

SEEDS, ACTORS, CHILDREN = 3, 25, 4
#: Tables in which somebody reads rows besides the table of access: also of a child that no page is about.
_BESIDES = {one.table for one in guarded() if one.changes.reads}


@pytest.fixture
def the_wall(walled: Walled | None) -> Walled:
    """The wall of the database, for what is about it alone."""
    if walled is None:
        pytest.skip(NOT_HERE)
    return walled


@contextmanager
def gone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(seed: int) -> Iterator[tuple[Population, Asking, Learner]]:
    """Actors of one population, each with some children of theirs and one of others."""
    made, chance = populate(seed), random.Random(seed)
    holding = [
        one
        for one in (
            *(Asking(made, membership=member) for member in made.memberships),
            *(Asking(made, kinship=kin) for kin in made.kinships),
        )
        if one.holds
    ]
    for asking in chance.sample(holding, min(ACTORS, len(holding))):
        theirs = list(Learner.objects.visible_to(asking.actor).order_by("pk"))
        some = chance.sample(theirs, min(CHILDREN, len(theirs)))
        others = [one for one in made.learners if one not in theirs]
        for child in (*some, *others[:1]):
            yield made, asking, child


def of_a_list(
    model: type[models.Model], manager: ScopedManager[Any], asking: Asking, child: Learner
) -> set[Any]:
    rows = manager.visible_to(asking.actor).filter(**{via(manager.to_child, "pk"): child.pk})
    return set(rows.values_list("pk", flat=True))


@gone_afterwards()
def compared(seed: int) -> tuple[list[str], int]:
    """Where a page and a list differ, and how many rows were read."""
    different, read = [], 0
    for _made, asking, child in asked(seed):
        known = Learner.objects.visible_to(asking.actor).filter(pk=child.pk).exists()
        reach = reach_of(asking.actor, child.reference)
        for model, manager in models_about_a_child():
            found = set(manager.about(reach).values_list("pk", flat=True))
            wanted = of_a_list(model, manager, asking, child) if known else set()
            read += len(found)
            if found != wanted:
                different.append(f"{asking.role} {model._meta.label} of child {child.pk}")
    return different, read


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_page_about_a_child_reads_what_a_list_reads_of_it(seed: int) -> None:
    different, read = compared(seed)
    assert different == []
    assert read > 100


def test_a_row_of_the_table_that_is_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_first(self: ScopedManager[Any], reach: Reach) -> Any:
        return about(self, Reach(reach.actor, reach.child, reach.rows[1:]))

    about = ScopedManager.about
    monkeypatch.setattr(ScopedManager, "about", without_the_first)
    assert compared(0)[0]


def test_a_condition_that_asks_nothing_is_not_forgotten_beside_one_that_asks() -> None:
    assert not any_of([models.Q(), models.Q(pk=1)])
    assert any_of([models.Q(pk=1), models.Q(pk=2)]) == models.Q(pk=1) | models.Q(pk=2)


def _child_of(row: models.Model, to_child: str) -> int:
    found: Any = row
    for step in to_child.split("__") if to_child else ():
        found = getattr(found, step)
    return int(found.pk)


def _children_of(made: Population) -> dict[tuple[str, str], int]:
    """Of each row about a child which child that is."""
    to_child = {model: manager.to_child for model, manager in models_about_a_child()}
    return {
        (model._meta.db_table, str(row.pk)): _child_of(row, to_child[model])
        for model, rows in made.rows.items()
        if model in to_child
        for row in rows
    }


@gone_afterwards()
def differences_of_the_database(seed: int, walled: Walled) -> tuple[list[str], int]:
    """Where the database answers otherwise when it is asked about one child only, and how much it showed."""
    different, read = [], 0
    children: dict[tuple[str, str], int] = {}
    for made, asking, child in asked(seed):
        catalog.rows(connection, "SELECT set_config('inbeeld.test_now', %s, true)", [made.at.isoformat()])
        children = children or _children_of(made)
        everything = set(ruled(walled, asking.actor.key))
        about = set(ruled(walled, asking.actor.key, child=str(child.reference)))
        read += len(about)
        here = {row for row in everything if children.get(row) == child.pk}
        if not here <= about <= everything:
            different.append(f"{asking.role}: of child {child.pk} a page and a list differ")
        of_others = {row for row in about - here if children.get(row, child.pk) != child.pk}
        if of_others := {row for row in of_others if row[0] not in _BESIDES}:
            different.append(f"{asking.role}: beside child {child.pk} also {sorted(of_others)[:3]}")
    return different, read


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_database_shows_a_page_about_a_child_that_child_and_no_other(seed: int, the_wall: Walled) -> None:
    different, read = differences_of_the_database(seed, the_wall)
    assert different == []
    assert read > 100


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("l.reference = ANY (about) AND", ""),
        ("OR s.part_of_id = a.organisation) WHEN", "OR true) WHEN"),
        ("i.child_id = l.id AND", ""),
        ("coalesce(l.case_stage, st.stage)", "st.stage"),
        (f"WHEN how = '{Involvement.SELF.value}' THEN l.id = a.child", ""),
    ],
)
def test_one_change_in_what_is_asked_about_one_child_is_noticed(old: str, new: str, the_wall: Walled) -> None:
    ((made,),) = catalog.rows(
        connection, "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'inbeeld_reached'"
    )
    made = " ".join(made.split())
    assert old in made
    catalog.run(connection, made.replace(old, new))
    assert any(differences_of_the_database(seed, the_wall)[0] for seed in range(2 * SEEDS))


def test_of_some_children_those_are_shown_and_no_others(the_wall: Walled) -> None:
    for made, asking, _child in asked(1):
        catalog.rows(connection, "SELECT set_config('inbeeld.test_now', %s, true)", [made.at.isoformat()])
        some = made.learners[::2]
        shown = {key for table, key in ruled(the_wall, asking.actor.key) if table == "learners_learner"}
        about = ruled(the_wall, asking.actor.key, child=",".join(str(one.reference) for one in some))
        found = {key for table, key in about if table == "learners_learner"}
        assert found == shown & {str(one.pk) for one in some}


@pytest.mark.usefixtures("walled")
def test_for_a_while_some_children_are_asked_about_and_of_a_page_about_one_only_that_one() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()

    def about() -> str:
        return said(ABOUT, using="default") if connection.vendor == "postgresql" else ""

    with transaction.atomic(), asking_only_about([first, second]):
        inside = about()
    assert about() == ""
    with transaction.atomic():
        ask_only_about(first)
        with asking_only_about([second]):
            narrow = about()
    if connection.vendor == "postgresql":
        assert inside == f"{first},{second}"
        assert narrow == str(first)


def test_what_is_no_reference_of_a_child_shows_none(the_wall: Walled) -> None:
    made, asking, _child = next(one for one in asked(0) if one[1].membership is not None)
    catalog.rows(connection, "SELECT set_config('inbeeld.test_now', %s, true)", [made.at.isoformat()])
    one = str(made.learners[0].reference)
    wrong = ("x", "00000000-0000-0000-0000-000000000000", "' OR true --", str(made.learners[0].pk))
    for text in (*wrong, one + one, f"{one},", f",{one}", f"{one},x"):
        seen = {table for table, _key in ruled(the_wall, asking.actor.key, child=text)}
        assert "learners_learner" not in seen
