"""The words of access stand in the glossary, and a role is called there what the screen calls it."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from django.utils import translation

from inbeeld.access.table_words import role_name, stage_name, way_name
from inbeeld.kernel.access import ROLES, ROWS, FieldClass, Stage

WORDS = tomllib.loads(files("inbeeld.kernel").joinpath("glossary.toml").read_text("utf-8"))
STAGES = [stage for stage in Stage if stage is not Stage.NONE]
WAYS = list(dict.fromkeys(row.involvement for row in ROWS))


def test_every_word_of_the_access_table_is_in_the_glossary():
    wanted = [*ROLES, *(one.value.lower() for one in FieldClass), *(one.value for one in WAYS)]
    wanted += [one.name.lower() for one in STAGES]
    assert [word for word in wanted if word not in WORDS] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_called_the_same_in_glossary_and_screen(role):
    with translation.override("nl"):
        dutch = role_name(role)
    assert dutch == WORDS[role]["nl"]


def test_stages_and_ways_are_called_the_same_in_glossary_and_screen():
    with translation.override("nl"):
        for stage in STAGES:
            assert WORDS[stage.name.lower()]["nl"].removesuffix(" (stadium)") == stage_name(stage)
        for way in WAYS:
            assert WORDS[way.value]["nl"] == way_name(way)
