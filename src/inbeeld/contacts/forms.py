"""What somebody fills in about a contact: read, checked, and said back in a sentence when wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbeeld.contacts.models import Contact
from inbeeld.contacts.operations import Spoken
from inbeeld.kernel.contact import Means, Party
from inbeeld.learners.forms import (
    LONGEST_TEXT,
    NO,
    YES,
    DayField,
    PlainForm,
    choice_field,
    refuse_a_day_to_come,
    with_capitals,
)


class ContactForm(PlainForm):
    """A talk, a visit, a call or a message, or an attempt at one."""

    on = DayField(label=_("On which day?"))
    party = choice_field(_("With whom?"), with_capitals(Contact.Party.choices))
    means = choice_field(_("How?"), with_capitals(Contact.Means.choices))
    reached = choice_field(
        _("Was there contact?"),
        [(YES, _("Yes, we spoke or there was an answer")), (NO, _("No, only tried"))],
    )
    text = forms.CharField(
        label=_("What was said or agreed, in a few words"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("This is too long: at most 20,000 characters.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "May stay open. Read by who may read the agreements, the learner among them. Nothing about"
            " health or family."
        ),
    )

    def __init__(self, *args: Any, today: date, says_what: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.today = today
        if not says_what:
            del self.fields["text"]
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        return refuse_a_day_to_come(self.cleaned_data["on"], today=self.today)

    def spoken(self) -> Spoken:
        """What a valid form says."""
        found = self.cleaned_data
        return Spoken(
            on=found["on"],
            party=Party(found["party"]),
            means=Means(found["means"]),
            reached=found["reached"] == YES,
            text=found.get("text", ""),
        )
