"""What people fill in about a delivery. Forms check the form; whether it may is decided by the operations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbeeld.deliveries.words import MEANINGS, SOURCES
from inbeeld.kernel.calendar import school_year_end
from inbeeld.learners.forms import REQUIRED, DayField, PlainForm

LONGEST_PASTED = 2_000_000


class DeliverForm(PlainForm):
    """A file, or rows pasted from a spreadsheet; where they are from, and when the file was made."""

    file = forms.FileField(
        required=False,
        label=_("The file"),
        help_text=_("CSV, XLSX or XML, at most 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xml"}),
        error_messages={"empty": _("This file is empty.")},
    )
    pasted = forms.CharField(
        required=False,
        max_length=LONGEST_PASTED,
        label=_("Or paste rows from a spreadsheet"),
        help_text=_("With the names of the columns in the first row."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _("This is too much to paste. Deliver it as a file.")},
    )
    source = forms.ChoiceField(
        required=False,
        label=_("From which system"),
        choices=[
            ("", _("Find out by yourself")),
            *SOURCES.items(),
        ],
        error_messages={"invalid_choice": _("Choose one of the answers given.")},
    )
    made_on = DayField(
        required=False,
        label=_("Made on"),
        help_text=_("The day on which the file was made. Absence without an end is taken up to that day."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_file, has_rows = cleaned.get("file") is not None, bool((cleaned.get("pasted") or "").strip())
        if has_file and has_rows:
            self.add_error("file", _("Choose one: a file, or pasted rows."))
        elif not has_file and not has_rows and not self.errors:
            self.add_error("file", _("Choose a file, or paste rows below."))
        return cleaned


class KeyForm(PlainForm):
    """A new key for a system: what it is for, and the last day it holds."""

    name = forms.CharField(
        max_length=60,
        label=_("Which system is it for"),
        help_text=_("As you will know it again, like “Magister, export of the night”."),
        error_messages={"required": REQUIRED},
    )
    until_on = DayField(label=_("Until and including"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until_on"].initial = school_year_end(today)


class DaysForm(PlainForm):
    """For which days a delivery speaks."""

    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until and including"))


class MeaningForm(PlainForm):
    """What a code means, from a day on; without a day always."""

    from_on = DayField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By name, as it is a word that Python keeps for itself.
        self.fields["is"] = forms.ChoiceField(choices=list(MEANINGS.items()))
