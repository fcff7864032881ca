"""These tests are of a demo, unless they say otherwise."""

from __future__ import annotations

import pytest

from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born
from inbeeld.organisations.models import Role


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True


@pytest.fixture
def school():
    """A school, with a judgement published; files that need another make their own."""
    make.judgement()
    return make.organisation()


@pytest.fixture
def child(school):
    """A child of fourteen who is at home."""
    return make.learner(school, born_on=born(14))


@pytest.fixture
def director(school, child):
    """A care coordinator of the school who holds direction."""
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor, directs=True)
    return actor
