"""The presence of a school, worked out of the standings of its learners; a small school is not told of."""

from __future__ import annotations

import pytest

from inbeeld.learners import operations
from inbeeld.learners.models import Presence
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Organisation

pytestmark = pytest.mark.django_db


def test_the_presence_of_a_school_is_of_the_learners_its_pyramid_counts():
    school, *sites = [make.organisation() for _ in range(3)]
    Organisation.objects.filter(pk__in=[one.pk for one in sites]).update(part_of=school)
    for place, number, absent in ((school, 20, 0), (sites[0], 20, 10), (sites[1], 10, 40)):
        for _ in range(number):
            make.learner(place, absent=absent, scheduled=100, absent_4w=absent, scheduled_4w=100)
    operations._replace_presence()
    found = {one.school_id: (one.learners, one.this_year) for one in Presence.objects.all()}
    assert found == {school.pk: (50, 880), sites[0].pk: (20, 900), sites[1].pk: (10, 600)}
    # A board has schools, and no pupils of its own.
    board = make.organisation(Kind.BOARD)
    Organisation.objects.filter(pk=school.pk).update(part_of=board)
    operations._replace_presence()
    assert not Presence.objects.filter(school=board).exists()


def test_a_site_too_small_to_tell_of_is_not_told_by_the_whole_of_its_school():
    school, site = make.organisation(), make.organisation()
    Organisation.objects.filter(pk=site.pk).update(part_of=school)
    for place, number in ((school, 30), (site, 3)):
        for _ in range(number):
            make.learner(place, absent=10, scheduled=100, absent_4w=1, scheduled_4w=10)
    operations._replace_presence()
    told = {one.school_id: (one.learners, one.this_year, one.four_weeks) for one in Presence.objects.all()}
    assert told == {school.pk: (None, None, None), site.pk: (None, None, None)}
