"""Names of sources, codes and columns as people at a school know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from inbeeld.deliveries.models import Delivery

SOURCES = {
    "magister": _("Magister"),
    "somtoday": _("Somtoday"),
    "eduarte_absentiemeldingen": _("Eduarte, absence reports"),
    "eduarte_waarnemingen": _("Eduarte, observations"),
    "edfi": _("Ed-Fi"),
    "edexml": _("EDEXML, a roster"),
    "generic": _("a table of our own"),
}
MEANINGS = {
    "present": _("present, no absence"),
    "late": _("late"),
    "removed": _("sent out of the lesson"),
    "sick": _("absent: ill"),
    "appointment": _("absent: appointment, with permission"),
    "leave": _("absent: leave that was granted"),
    "other-with": _("absent: another reason, with permission"),
    "truant": _("absent: truant"),
    "other-without": _("absent: another reason, without permission"),
    "not-known": _("absent: not known whether there was permission"),
    "timetable": _("free by a partial timetable that was agreed, no absence"),
    "other": _("something else, no absence (books, homework)"),
}
STATUSES = {
    "absent": _("absent"),
    "late": _("late"),
    "removed": _("sent out of the lesson"),
    "other": _("something else"),
    "present": _("present"),
}
#: What the reader of a table takes for a status, in the language of who looks.
WORDS_IN_A_TABLE = {
    "absent": pgettext_lazy("in a table", "absent"),
    "late": pgettext_lazy("in a table", "late"),
    "removed": pgettext_lazy("in a table", "removed"),
    "other": pgettext_lazy("in a table", "other"),
}
PERMISSIONS = {"true": _("with permission"), "false": _("without permission"), "": _("permission not known")}
FIELDS = {
    "learner": _("the learner's number at the school"),
    "date": _("the day"),
    "slot": _("the lesson hour, or morning and afternoon"),
    "minutes": _("minutes"),
    "status": _("what it is (absent, late …)"),
    "reason": _("the reason"),
    "permission": _("whether there was permission"),
    "code": _("the code of the school"),
    "description": _("a description of the code"),
}


def sender_in_words(one: Delivery) -> str:
    """By whom, with which key or through which folder it was handed in; empty when nobody knows."""
    if one.received_by is not None:
        return gettext("by {name}").format(name=one.received_by.person.get_full_name())
    if one.key is not None:
        return gettext("with the key “{name}”").format(name=one.key.name)
    if one.way == "folder":
        return gettext("through the watched folder “{folder}”").format(folder=one.school.key)
    return ""
