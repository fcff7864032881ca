"""What is missing around a child, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbeeld.kernel.contact import Gap


def gap_in_words(gap: Gap, *, silence: int) -> str:
    """As a filter of the list. `silence`: in days, whole weeks."""
    return {
        Gap.NO_DIRECTION: _("Nobody holds direction"),
        Gap.NO_CONTACT: _("Nobody spoke to for {weeks} weeks").format(weeks=silence // 7),
        Gap.NO_AGREEMENT: _("No agreement in the file"),
        Gap.ON_NO_ROLL: _("On no school's roll"),
        Gap.EXEMPT_AND_ALONE: _("Exempt, and nobody spoke to for a year"),
    }[gap]


def gap_on_a_row(gap: Gap, *, silent_for: int | None, reads_all: bool) -> str:
    """Beside one child. Not `reads_all`: there may be a contact that is not for who looks."""
    if gap is Gap.NO_CONTACT and not reads_all:
        return _("no contact that you may read")
    if gap is Gap.NO_CONTACT and silent_for is not None:
        return ngettext(
            "no contact for {number} day", "no contact for {number} days", silent_for
        ).format(number=silent_for)  # fmt: skip
    return {
        Gap.NO_CONTACT: _("nobody spoke to yet"),
        Gap.NO_DIRECTION: _("nobody holds direction"),
        Gap.NO_AGREEMENT: _("no agreement in the file"),
        Gap.ON_NO_ROLL: _("on no school's roll"),
        Gap.EXEMPT_AND_ALONE: _("exempt, and nobody spoke to for a year"),
    }[gap]
