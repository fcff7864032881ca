"""What somebody fills in about a cause: read, checked, and said back in a sentence when wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbeeld.causes.operations import NewCause
from inbeeld.causes.wording import cause_in_words
from inbeeld.kernel.causes import Cause
from inbeeld.learners.forms import (
    LONGEST_TEXT,
    DayField,
    PlainForm,
    choice_field,
    refuse_a_day_to_come,
    with_capitals,
)


class CauseForm(PlainForm):
    """Why a child is at home, since when one thinks so, and a few words."""

    cause = choice_field(_("What keeps the learner from school?"), [])
    on = DayField(label=_("On which day was this judged?"))
    text = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("This is too long: at most 20,000 characters.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("May stay open. Write nothing that says more than the cause you chose."),
    )

    def __init__(self, *args: Any, causes: Sequence[Cause], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.today = today
        self.fields["cause"].choices = with_capitals((one.value, cause_in_words(one)) for one in causes)
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        return refuse_a_day_to_come(self.cleaned_data["on"], today=self.today)

    def judgement(self) -> NewCause:
        """What a valid form says."""
        found = self.cleaned_data
        return NewCause(Cause(found["cause"]), found["on"], found["text"])
