"""What is missing around a child, in words."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbeeld.kernel.contact import Gap


def gap_in_words(gap: Gap, *, silence: int) -> str:
    """As a filter of the list, true for each of its readers. `silence`: in days, whole weeks."""
    if gap is Gap.NO_CONTACT:
        return _("No contact known for {weeks} weeks").format(weeks=silence // 7)
    return capfirst(_missing(gap))


def gap_on_a_row(gap: Gap, *, silent_for: int | None, reads_all: bool) -> str:
    """Beside one child. Not `reads_all`: there may be a contact that is not for who looks."""
    if gap is not Gap.NO_CONTACT:
        return _missing(gap)
    if not reads_all:
        return _("no contact that you may read")
    if silent_for is None:
        return _("no contact recorded yet")
    said = ngettext("no contact for {number} day", "no contact for {number} days", silent_for)
    return said.format(number=silent_for)


def _missing(gap: Gap) -> str:
    return {
        Gap.NO_DIRECTION: _("nobody holds direction"),
        Gap.NO_AGREEMENT: _("no open agreement"),
        Gap.PAST_ITS_DAY: _("an agreement past its day"),
        Gap.ON_NO_ROLL: _("on no school's roll"),
        Gap.EXEMPT_AND_ALONE: _("exempt, and no contact known for a year"),
    }[gap]
