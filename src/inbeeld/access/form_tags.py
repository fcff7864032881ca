"""Template tag {% acting_as %}: says in which role the page of a form was made (see same_role)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inbeeld.access.sessions import ACTING_AS, mark_of

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_as(context: Any) -> SafeString:
    """A field for a form that changes something about a child; nothing when nobody acts."""
    mark = mark_of(context.get("actor"))
    return (
        format_html('<input type="hidden" name="{}" value="{}">', ACTING_AS, mark) if mark else SafeString()
    )
