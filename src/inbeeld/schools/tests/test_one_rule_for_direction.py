"""Who holds direction is one rule, wherever it is told: operations, access, lists, visit sheets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import translation

from inbeeld.access.operations_ground import who_directs
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.access import row_of
from inbeeld.learners.access_page import access_page
from inbeeld.learners.directing import directions_of
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import Region, fresh, permit
from inbeeld.schools.arranged import arranged_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def region():
    return Region()


def who_directs_by(actor, child):
    """Who holds direction as each place says it: operations, the page of access, lists, visit sheets."""
    now, known = permit(actor, child), fresh(child)
    every = access_page(now.actor, now, known)
    held = who_directs(known, stage=now.stage, at=now.actor.at)
    listed = directions_of(now.actor, Q(child=child.pk)).get(child.pk)
    sheet = arranged_for(now.actor, [known], {known.reference: now})[known.reference].direction
    flagged = [one.name for one in every.named if one.directs]
    return {
        "" if held is None else held.membership.person.get_full_name(),
        *("" if one is None else one.name for one in (every.director, listed, sheet)),
        *(flagged or [""]),
    }


@pytest.mark.parametrize("stage", [1, 2, 4])
@pytest.mark.parametrize("left", [False, True], ids=["works there", "left"])
def test_every_place_says_alike_who_holds_direction(region, stage, left):
    """Who sees nothing of a child at its stage directs nothing there (decision 0026, point 5)."""
    director = region.director()
    make.involve(region.child, region.coordinator)
    region.child.standing.stage = stage
    region.child.standing.save()
    if left:
        director.membership.until_on = director.today - timedelta(days=1)
        director.membership.save()
    sees_it = stage in row_of("swv_adviser", How.INVOLVED).stages
    wanted = director.name if sees_it and not left else ""
    assert who_directs_by(region.coordinator, region.child) == {wanted}
