"""Late, silent, suddenly nothing: on the day itself, the day before and the day after."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.deliveries.models import Delivery, State
from inbeeld.deliveries.watch import FINE, LATE, NOTHING, OPEN_WORK, SILENT, schools_of, watched, weekdays
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Organisation, Role

ON = date(2026, 4, 17)
_orders = count(1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_weekdays_are_those_of_the_calendar(first, more):
    last = first + timedelta(days=more)
    days = [first + timedelta(days=number) for number in range(more + 1)]
    assert weekdays(first, last) == sum(day.weekday() < 5 for day in days)


def delivered(school, *, until_on, days=5, marks=50, state=State.STANDS):
    return Delivery.objects.create(
        school=school, way="file", state=state, sha256="", size=1, received_at="2026-04-01T00:00:00Z",
        from_on=until_on - timedelta(days=days - 1), until_on=until_on, counts={"stand": marks},
        order=next(_orders) if state == State.STANDS else None,
    )  # fmt: skip


def stands(school, *, begun_on=None):
    return watched([school], on=ON, begun_on=begun_on)[0].stands


@pytest.mark.django_db
@pytest.mark.database
class TestASchool:
    def test_that_never_delivered_is_silent(self):
        school = make.organisation()
        assert stands(school) == SILENT
        assert stands(school, begun_on=ON) == FINE

    @pytest.mark.parametrize(
        ("days_ago", "expected"), [(0, FINE), (7, FINE), (8, LATE), (28, LATE), (29, SILENT)]
    )
    def test_by_how_long_ago_the_last_day_is(self, days_ago, expected):
        school = make.organisation()
        delivered(school, until_on=ON - timedelta(days=days_ago))
        assert stands(school) == expected

    def test_whose_delivery_waits_for_a_decision(self):
        school = make.organisation()
        delivered(school, until_on=ON)
        delivered(school, until_on=ON, state=State.TO_REVIEW)
        assert stands(school) == OPEN_WORK

    @pytest.mark.parametrize(("marks", "expected"), [(5, FINE), (4, NOTHING), (0, NOTHING)])
    def test_that_suddenly_reports_less_than_a_tenth(self, marks, expected):
        school = make.organisation()
        monday = date(2026, 4, 6)
        delivered(school, until_on=monday + timedelta(days=4), marks=50)
        delivered(school, until_on=monday + timedelta(days=11), marks=marks)
        assert stands(school) == expected

    def test_of_which_little_is_known_is_not_suddenly_silent(self):
        school = make.organisation()
        delivered(school, until_on=ON - timedelta(days=7), marks=9)
        delivered(school, until_on=ON, marks=0)
        assert stands(school) == FINE


@pytest.mark.django_db
def test_whose_schools_somebody_watches():
    vo, po, far = (
        make.organisation(),
        make.organisation(sector="po"),
        make.organisation(municipality="Elders"),
    )
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    desk = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY, sector=""))
    assert set(schools_of(swv)) == {vo, far}
    assert set(schools_of(desk)) == {vo, po}
    assert not schools_of(make.actor(Role.MENTOR, vo)).exists()
    assert not schools_of(make.actor(Role.ANALYST, swv.organisation)).exists()
    assert Organisation.objects.count() == 5
