"""What people fill in on the pages about a child: read, checked, and said back in a sentence when wrong.

Forms check the form of what came in; whether it may is decided by the operations alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from inbeeld.access.models import Involvement
from inbeeld.kernel.consent import Relation
from inbeeld.kernel.involvement import DAYS, LONGEST_DAYS, fits
from inbeeld.organisations.models import Membership, Organisation

LONGEST_TEXT = 20_000
#: As people here write a date, and as a browser's own field sends it.
DATES = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]
NO_PURPOSE_OF_A_HELPER = {"meeting", "danger", "missing", "unsafe"}
PURPOSES = [one for one in Involvement.Purpose.choices if one[0] not in NO_PURPOSE_OF_A_HELPER]
EMERGENCIES = [one for one in Involvement.Purpose.choices if one[0] in ("danger", "missing", "unsafe")]

YES, NO = "yes", "no"
REQUIRED = _("This has to be filled in.")
CHOOSE = {"required": _("Choose one."), "invalid_choice": _("Choose one of the answers given.")}
_A_DATE = {"required": REQUIRED, "invalid": _("Write a date like 31-8-2012.")}


#: A day, a month and a year, whether or not there is such a day.
_LOOKS_LIKE_A_DAY = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{1,2}-\d{1,2}")


class DayInput(forms.DateInput):
    """The browser's own field for a day to come."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day as people here write it; of one that does not exist that is said, not how to write one."""

    widget = DayInput

    def __init__(self, *, error_messages: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        messages = {**_A_DATE, **(error_messages or {})}
        super().__init__(input_formats=DATES, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            if isinstance(value, str) and _LOOKS_LIKE_A_DAY.fullmatch(value.strip()):
                raise forms.ValidationError(_("This day does not exist."), code="no_such_day") from None
            raise


def refuse_a_day_to_come(day: date, *, today: date) -> date:
    """The day, of something that has been. Raises ValidationError, with a sentence."""
    if day > today:
        raise forms.ValidationError(_("This day is still to come."))
    return day


class PlainForm(forms.Form):
    """Without the browser's own complaints, which are in the browser's language."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


def _text(**attributes: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("This is too long: at most 20,000 characters."),
        },
        widget=forms.Textarea(attrs={"rows": 5, **attributes}),
        label=_("Text"),
    )


def choice_field(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    """One of a few, all in sight."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.RadioSelect, error_messages=CHOOSE
    )


def with_capitals(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Choices whose words also stand inside sentences, as they stand alone."""
    return [(value, capfirst(words)) for value, words in choices]


def version_field(*, required: bool = True) -> forms.IntegerField:
    """Of what was on the screen when the form was made."""
    return forms.IntegerField(
        min_value=1,
        max_value=2_000_000_000,
        required=required,
        widget=forms.HiddenInput,
        error_messages=CHOOSE,
    )


class EntryForm(PlainForm):
    """Something new in the file."""

    text = _text()


class ChangeForm(PlainForm):
    """Another text for an entry; `version`: of the text it is meant to replace."""

    text = _text()
    version = version_field()


class GrantForm(PlainForm):
    """Whom to ask, what for and until when."""

    to = forms.ModelChoiceField(
        queryset=Membership.objects.none(), label=_("Person"), error_messages=CHOOSE, empty_label=None
    )
    purpose = forms.ChoiceField(
        choices=[("", _("Choose one.")), *PURPOSES], label=_("What for"), error_messages=CHOOSE
    )
    until_on = DayField(label=_("Until and including"))
    directs = forms.BooleanField(required=False, label=_("This person also gets direction of the case"))

    def __init__(
        self, *args: Any, people: Sequence[Membership], today: date, directs: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"until_on": today + timedelta(days=DAYS)}, **kwargs)
        field = self.fields["to"]
        field.queryset = Membership.objects.filter(pk__in=[one.pk for one in people]).select_related("person")
        self.fields["purpose"].choices = [
            ("", _("Choose one.")),
            *(one for one in PURPOSES if any(fits(one[0], person.role) for person in people)),
        ]
        field.label_from_instance = lambda one: f"{one.person.get_full_name()}, {one.get_role_display()}"
        attributes = self.fields["until_on"].widget.attrs
        attributes["min"] = today.isoformat()
        attributes["max"] = (today + timedelta(days=LONGEST_DAYS)).isoformat()
        if not directs:
            del self.fields["directs"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        to, purpose = found.get("to"), found.get("purpose")
        if to is not None and purpose and not fits(purpose, to.role):
            self.add_error(
                "purpose",
                _("Somebody in this role has another task: choose what this person is asked for."),
            )
        return found


class OrganisationForm(PlainForm):
    """At which organisation somebody works."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        to_field_name="key",
        label=_("Organisation"),
        error_messages=CHOOSE,
        empty_label=None,
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class DayForm(PlainForm):
    """A day: until when something lasts, or on which something was signed."""

    on = DayField(label=_("Day"))


class PaperForm(DayForm):
    """Who signed a paper, by the name on it, and on which day. A learner is known without a name."""

    by = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Relation],
        error_messages={"required": _("Choose who signed."), "invalid_choice": _("Choose who signed.")},
    )
    name = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": _("This is too long.")}
    )


class AskForm(PlainForm):
    """Consent to ask: which class for whom, what for, until when."""

    what = forms.ChoiceField(label=_("To share"), error_messages=CHOOSE)
    purpose = forms.ChoiceField(
        choices=[("", _("Choose one.")), *PURPOSES], label=_("What for"), error_messages=CHOOSE
    )
    until_on = DayField(label=_("Until and including"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"until_on": today + timedelta(days=LONGEST_DAYS)}, **kwargs)
        self.fields["what"].choices = choices


class EmergencyForm(PlainForm):
    """The child an emergency is about, and what is the matter.

    One form: who finds a child has called an emergency, so nobody can look whether there is a case.
    """

    born_on = DayField(
        label=_("Birth date"),
        help_text=_("For example 31-8-2012"),
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"autocomplete": "off"}),
    )
    last_name = forms.CharField(
        max_length=100,
        label=_("Last name"),
        error_messages={"required": REQUIRED, "max_length": _("This is too long.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first_name = forms.CharField(
        max_length=100,
        label=_("First name"),
        help_text=_("The name the child is called by, or the first names"),
        error_messages={"required": REQUIRED, "max_length": _("This is too long.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    because = forms.ChoiceField(
        choices=EMERGENCIES, label=_("What is the matter?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
