"""inbeeld does not start with a field about a child whose class nobody decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from inbeeld.kernel.access import FieldClass

CHILD = "learners.Learner"


@register()
def every_field_about_a_child_has_a_class(
    app_configs: Iterable[Any] | None = None, **options: Any
) -> list[CheckMessage]:
    """Refuse to start while a model of ours leaves open what it says about a child."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("inbeeld.")]
    return [
        Error(complaint, obj=model, id="inbeeld.E001")
        for config in ours
        for model in config.get_models()
        for complaint in complaints_about(model)
    ]


def complaints_about(model: type[models.Model]) -> list[str]:
    """What is missing from, or too much in, the classes of one model.

    A model says `about_a_child = False`; or `field_classes`, one class per field; or `classed_by`, the field
    in which each row names the class of all it says.
    """
    classes = getattr(model, "field_classes", None)
    by_row = getattr(model, "classed_by", None)
    if getattr(model, "about_a_child", None) is False:
        if classes or by_row:
            return ["It says it is not about a child, and gives classes."]
        return ["It says it is not about a child, and points at one."] if points_at_a_child(model) else []
    if by_row is not None:
        return [] if by_row in _names(model) else [f"Its rows are classed by {by_row}, which is no field."]
    if classes is None:
        return ["Say about_a_child = False, or give the class of every field in field_classes."]
    return _differences(model, classes)


def points_at_a_child(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Does a foreign key lead from this model to a child, in one step or more?"""
    if model._meta.label == CHILD:
        return True
    targets = {
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation and isinstance(field.related_model, type)
    }
    return any(points_at_a_child(one, seen | {model}) for one in targets - seen - {model})


def _differences(model: type[models.Model], classes: dict[str, FieldClass]) -> list[str]:
    names = _names(model)
    missing = [f"The field {name} has no class." for name in names if name not in classes]
    unknown = [f"There is no field {name} to give a class to." for name in classes if name not in names]
    wrong = [
        f"The class of {name} is none of the eleven."
        for name, one in classes.items()
        if not isinstance(one, FieldClass)
    ]
    return missing + unknown + wrong


def _names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]
