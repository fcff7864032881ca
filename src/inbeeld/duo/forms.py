"""What a school fills in of a report to DUO, and what the municipality answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbeeld.duo.models import Answer, Report
from inbeeld.duo.operations import Heard, Said
from inbeeld.duo.wording import minutes_of
from inbeeld.kernel.duo import ClosedAs, ClosingNote, Filled, MunicipalStatus, NoAbsence, ReportKind
from inbeeld.learners.forms import (
    CHOOSE,
    NO,
    REQUIRED,
    YES,
    DayField,
    PlainForm,
    choice_field,
    version_field,
)

YES_NO = [(YES, _("Yes")), (NO, _("No"))]
LONGEST = 2_000
_A_NUMBER = {
    "invalid": _("Write a number."),
    "min_value": _("Write a number of zero or more."),
    "max_value": _("This is more than a school year holds."),
    "max_decimal_places": _("Write at most one digit after the comma."),
    "max_digits": _("This is more than a school year holds."),
    "max_whole_digits": _("This is more than a school year holds."),
}


def text_field(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 3) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": REQUIRED,
            "max_length": _("This is too long: at most 2,000 characters."),
        },
    )


class ReportForm(PlainForm):
    """The fields of the register that a school fills in; days and hours left open come from the marks."""

    kind = choice_field(_("What do you report?"), Report.Kind.choices)
    begins_on = DayField(label=_("First day of the absence"))
    ends_on = DayField(
        label=_("Last day of the absence"),
        required=False,
        help_text=_("Leave it open while a long absence goes on."),
    )
    days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=0,
        max_value=366,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=_A_NUMBER,
    )
    hours = forms.DecimalField(
        label=_("Hours"),
        required=False,
        min_value=0,
        max_value=Decimal(5_000),
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=_A_NUMBER,
    )
    all_lessons = choice_field(_("Were all lessons of these days missed?"), YES_NO)
    reason = text_field(
        _("Suspected reason"),
        help_text=_(
            "Your own school reads this; the learner, the parents and youth health care as far as the table"
            " of access says. Others do not."
        ),
    )
    measures = text_field(
        _("What the school did"),
        help_text=_(
            "For example: talked with the learner on …, with the parents on …. Nothing about health or"
            " family: everybody who may know of the absence reads this."
        ),
    )
    wants_action = choice_field(_("Should the municipality act?"), YES_NO)
    why_no_action = text_field(
        _("If not, why not?"),
        required=False,
        rows=2,
        help_text=_("The register asks for it. Read by who may read the suspected reason."),
    )
    phone = forms.CharField(
        label=_("Telephone number on which you can be reached"),
        required=False,
        max_length=20,
        error_messages={"max_length": _("A telephone number is digits, at most twenty.")},
    )
    version = version_field(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("begins_on", "ends_on"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("begins_on"), found.get("ends_on")
        for name, day in (("begins_on", begins), ("ends_on", ends)):
            if day is not None and day > self.today:
                self.add_error(name, _("This day is still to come."))
        if begins is not None and ends is not None and ends < begins:
            self.add_error("ends_on", _("This day lies before the first one."))
        if (
            found.get("kind") == ReportKind.SIXTEEN_HOURS.value
            and ends is None
            and "ends_on" not in self.errors
        ):
            self.add_error("ends_on", _("Of sixteen hours: the day on which they were reached."))
        if found.get("wants_action") == NO and not found.get("why_no_action", "").strip():
            self.add_error("why_no_action", _("Say why nothing is asked of the municipality."))
        return found

    def said(self, count: Callable[[], Filled]) -> Said:
        """What a valid form says. `count`: what the marks say of its days, asked when it leaves that open."""
        found = self.cleaned_data
        days, minutes = found["days"], None if found["hours"] is None else minutes_of(found["hours"])
        if days is None or minutes is None:
            counted = count()
            days = counted.days if days is None else days
            minutes = counted.minutes if minutes is None else minutes
        return Said(
            kind=ReportKind(found["kind"]),
            begins_on=found["begins_on"],
            ends_on=found["ends_on"],
            days=days,
            minutes=minutes,
            all_lessons=found["all_lessons"] == YES,
            reason=found["reason"],
            measures=found["measures"],
            wants_action=found["wants_action"] == YES,
            why_no_action=found["why_no_action"],
            phone=found["phone"].strip(),
        )


class MadeForm(PlainForm):
    """When it was reported, and under which number."""

    on = DayField(label=_("Reported in the register on"))
    number = forms.CharField(
        label=_("Number of the report"),
        required=False,
        max_length=20,
        help_text=_("As the register gave it; may stay open. Never a personal number."),
        error_messages={"max_length": _("The number of a report is letters and digits, at most twenty.")},
    )
    version = version_field()


class WithdrawForm(PlainForm):
    """That it is withdrawn, or dropped."""

    version = version_field()


class EndForm(PlainForm):
    """The last day of an absence that was reported, and when that was reported."""

    ends_on = DayField(label=_("Last day of the absence"))
    on = DayField(label=_("Reported in the register on"))


class AnswerForm(PlainForm):
    """What the municipality answered."""

    status = choice_field(_("What does the municipality say?"), Answer.Status.choices)
    said_on = DayField(label=_("On which day?"))
    closed_as = forms.ChoiceField(
        label=_("Closed: why?"),
        choices=[("", _("Not closed")), *Answer.ClosedAs.choices],
        required=False,
        error_messages=CHOOSE,
    )
    no_absence = forms.ChoiceField(
        label=_("No absence to report: which?"),
        choices=[
            ("", _("Does not apply")),
            (NoAbsence.LEGITIMATE.value, _("legitimately absent")),
            (NoAbsence.ILL.value, _("ill for long")),
        ],
        required=False,
        help_text=_("Who may not know of illness reads only that there was no absence to report."),
        error_messages=CHOOSE,
    )
    note = forms.ChoiceField(
        label=_("Note"),
        choices=[("", _("None")), *Answer.Note.choices],
        required=False,
        error_messages=CHOOSE,
    )
    contact = text_field(
        _("Whom to ask at the municipality"),
        required=False,
        rows=2,
        help_text=_("Name, function, telephone number, e-mail address."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_on"].widget.attrs["max"] = today.isoformat()

    def heard(self) -> Heard:
        """What a valid form says."""
        found = self.cleaned_data
        return Heard(
            status=MunicipalStatus(found["status"]),
            said_on=found["said_on"],
            closed_as=ClosedAs(found["closed_as"]) if found["closed_as"] else None,
            no_absence=NoAbsence(found["no_absence"]) if found["no_absence"] else None,
            note=ClosingNote(found["note"]) if found["note"] else None,
            contact=found["contact"],
        )
