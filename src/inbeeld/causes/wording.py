"""Causes in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inbeeld.kernel.causes import Cause

NAMES = {
    Cause.UNSAFE: gettext_noop("bullying, or not feeling safe at school"),
    Cause.SCHOOL_CANNOT: gettext_noop("the school does not know how to go on"),
    Cause.NO_PLACE: gettext_noop("waits for a place at a school"),
    Cause.TRANSPORT: gettext_noop("cannot get to school (transport)"),
    Cause.CONFLICT: gettext_noop("conflict between school and parents"),
    Cause.FAMILY: gettext_noop("how it is at home"),
    Cause.NEWCOMER: gettext_noop("new in the Netherlands"),
    Cause.MENTAL: gettext_noop("mental health"),
    Cause.PHYSICAL: gettext_noop("physical health"),
    Cause.STIMULI: gettext_noop("autism or too many stimuli"),
    Cause.NO_CARE: gettext_noop("waits for care"),
    Cause.OTHER: gettext_noop("something else"),
}


def cause_in_words(said: str) -> str:
    """A cause as it was sealed, in the reader's language; what cannot be opened says so itself."""
    return _(NAMES[Cause(said)]) if said in set(Cause) else said
