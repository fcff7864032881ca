"""Words of lists and pairs in templates."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import gettext as _

from inbeeld.learners.wording import short
from inbeeld.reconciliation.wording import DECISIONS, FIELDS, SINCE, VERDICTS, WHY_NOT_SURE

register = template.Library()
DAYS = ("born_on", "since_on")


@register.filter
def why_not_sure(reason: str) -> str:
    """Why the engine did not link two records by itself; empty: it did, or somebody looks by themselves."""
    return _(WHY_NOT_SURE[reason]) if reason in WHY_NOT_SURE else ""


@register.filter
def field_word(name: str) -> str:
    """What a field of a record is called."""
    return _(FIELDS[name])


@register.filter
def verdict_word(verdict: str) -> str:
    """Whether a field is the same on both sides."""
    return _(VERDICTS[verdict])


@register.filter
def decision_word(decision: str) -> str:
    """What somebody said of a pair."""
    return _(DECISIONS[decision])


@register.filter
def since_word(since: str) -> str:
    """What changed of a child since the last round."""
    return _(SINCE[since]) if since in SINCE else ""


@register.filter
def cell(value: str, name: str) -> str:
    """A value as people write it."""
    return short(date.fromisoformat(value)) if value and name in DAYS else value
