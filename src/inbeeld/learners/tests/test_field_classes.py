"""inbeeld does not start with a field about a child whose class nobody decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps

from inbeeld.access.checks import complaints_about, every_field_about_a_child_has_a_class
from inbeeld.access.models import Involvement
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.models import Entry, Learner


def test_every_model_of_ours_says_what_it_says_about_a_child():
    assert every_field_about_a_child_has_a_class() == []


def a_model(**said: Any) -> type[models.Model]:
    with isolate_apps("inbeeld.learners"):
        body = {
            "__module__": __name__,
            "learner": models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+"),
            "note": models.TextField(),
            "Meta": type("Meta", (), {"app_label": "learners"}),
            **said,
        }
        return type("Remark", (models.Model,), body)


ALL = {"id": FieldClass.IDE, "learner": FieldClass.IDE, "note": FieldClass.FAM}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "Say about_a_child"),
        ({"about_a_child": False}, "points at one"),
        ({"about_a_child": False, "field_classes": ALL}, "gives classes"),
        ({"field_classes": {**ALL, "extra": FieldClass.IDE}}, "no field extra"),
        ({"field_classes": {"id": FieldClass.IDE, "learner": FieldClass.IDE}}, "note has no class"),
        ({"field_classes": {**ALL, "note": "FAM"}}, "none of the eleven"),
        ({"classed_by": "kind"}, "which is no field"),
    ],
)
def test_a_field_that_was_forgotten_is_named(said, complaint):
    assert any(complaint in found for found in complaints_about(a_model(**said)))


def test_a_model_that_says_everything_is_left_alone():
    assert complaints_about(a_model(field_classes=ALL)) == []
    assert complaints_about(a_model(classed_by="note")) == []


def test_a_child_two_steps_away_is_found_too():
    class Meta:
        app_label = "learners"

    with isolate_apps("inbeeld.learners"):
        step = type("Step", (models.Model,), {
            "__module__": __name__, "Meta": Meta, "about_a_child": False,
            "entry": models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+"),
        })  # fmt: skip
    assert complaints_about(step) == ["It says it is not about a child, and points at one."]


def test_the_classes_of_an_involvement_cover_each_of_its_fields():
    assert set(Involvement.field_classes) == {field.name for field in Involvement._meta.concrete_fields}
