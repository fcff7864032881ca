"""These tests are of a demo, unless they say otherwise."""

from __future__ import annotations

import pytest

from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
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


@pytest.fixture
def school_of_snapshot(snapshot, school, settings):
    """A school whose children may have marks: the snapshot is the one that counts."""
    settings.INBEELD_DATA = snapshot
    return school


@pytest.fixture
def child_of_snapshot(snapshot, school_of_snapshot):
    """A child of our own making, under a key the snapshot knows."""
    return snapshots.known_child(snapshot, school_of_snapshot)
