"""Words of a delivery in templates."""

from __future__ import annotations

from django import template

from inbeeld.deliveries.words import PERMISSIONS, STATUSES

register = template.Library()


@register.filter
def status_word(status: str) -> str:
    """What a mark says."""
    return str(STATUSES.get(status, status))


@register.filter
def permission_word(permission: str) -> str:
    """Whether there was permission; empty is not known."""
    return str(PERMISSIONS.get(permission, permission))
