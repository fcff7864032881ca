"""A small region with one school that delivers, and people who work there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from inbeeld.deliveries.tests.handing_in import School
from inbeeld.engine import reading
from inbeeld.engine.invented import generate
from inbeeld.engine.judge import facts_on, judge
from inbeeld.kernel.region import Region
from inbeeld.learners import earlier
from inbeeld.learners.operations import Delivered, enter_learners, publish_judgement
from inbeeld.learners.operations_roll import replace_enrolments
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Organisation, Role

LEARNERS = 150


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True


@pytest.fixture(scope="session")
def region_folder(tmp_path_factory):
    """Generated and judged once; each test works on files of its own."""
    folder = tmp_path_factory.mktemp("region-of-deliveries")
    generate(folder / "region", learners=LEARNERS, seed=5, on=make.ON)
    judge(folder / "region", on=make.ON, out=folder / "judged")
    return folder


@pytest.fixture(scope="session")
def a_month_before(region_folder):
    """The same region on the day its first judgement is compared with: worked out once."""
    then = earlier.compared_with(make.ON)
    return list(facts_on(region_folder / "region", on=then, region=Region()))


@pytest.fixture
def data(region_folder, tmp_path, settings):
    """The data folder of a site that has judged once."""
    home = tmp_path / "data"
    shutil.copytree(region_folder, home, copy_function=os.link)
    settings.INBEELD_DATA = home
    settings.INBEELD_REGION_PROFILE = None
    return home


@pytest.fixture
def school(db, data: Path, a_month_before):
    """The school with most learners, known with its learners, after the first judgement."""
    stays = list(reading.rows(data / "region" / "enrolments.parquet"))
    keys = [one["school"] for one in stays if one["until_on"] is None]
    key = max(sorted(set(keys)), key=keys.count)
    made = Organisation.objects.create(
        key=key,
        kind=Kind.SCHOOL,
        name="Het Kompas",
        sector="vo",
        municipality="Noorderveen",
        region="noorderveen",
    )
    ours = [one for one in stays if one["school"] == key and one["until_on"] is None]
    born = {one["learner"]: one["born_on"] for one in reading.rows(data / "region" / "learners.parquet")}
    enter_learners(
        Delivered(key=one["learner"], region="noorderveen", call_name="Fenna", last_name="Brinkhof",
                  born_on=born[one["learner"]], municipality="Noorderveen")
        for one in ours
    )  # fmt: skip
    replace_enrolments(ours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(earlier, "facts_on", lambda *_, **__: iter(a_month_before))
        publish_judgement(data / "judged", tables=data / "region", within=data)
    return School(made, sorted(one["learner"] for one in ours))


@pytest.fixture
def henk(school):
    """Keeps the attendance of the school."""
    return make.actor(Role.ATTENDANCE_COORDINATOR, school.organisation)
