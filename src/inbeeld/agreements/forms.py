"""What somebody fills in about an agreement: read, checked, and said back in a sentence when wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import LONGEST_AHEAD, Agreed, Saying
from inbeeld.kernel.agreements import ANSWERS, ASKS_WHY, Doer, Said
from inbeeld.learners.forms import (
    CHOOSE,
    LONGEST_TEXT,
    DayField,
    PlainForm,
    choice_field,
    with_capitals,
)
from inbeeld.organisations.models import Membership

TOO_LONG = {"max_length": _("This is too long: at most 20,000 characters.")}
#: A first proposal; who agrees chooses the day.
USUAL_DAYS = 14


class AgreementForm(PlainForm):
    """Who does what by when."""

    who = choice_field(_("Who does it?"), [])
    what = forms.CharField(
        label=_("What"),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write something first."), **TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One step that can be ticked off. Read by who may read the agreements, the learner among them."
            " Nothing about health or family."
        ),
    )
    due_on = DayField(label=_("By when"))
    why = forms.CharField(
        label=_("What for"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("May stay open."),
    )

    def __init__(self, *args: Any, doers: Sequence[Membership], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": today + timedelta(days=USUAL_DAYS)}, **kwargs)
        self.doers = {str(one.pk): one for one in doers}
        self.today = today
        self.fields["who"].choices = list(self._choices(doers))
        _ahead(self.fields["due_on"], today)

    @staticmethod
    def _choices(doers: Sequence[Membership]) -> Iterator[tuple[str, Any]]:
        for one in doers:
            yield (
                str(one.pk),
                f"{one.person.get_full_name()}, {one.get_role_display()}, {one.organisation.name}",
            )
        yield from with_capitals(one for one in Agreement.Doer.choices if one[0] != Agreement.Doer.MEMBER)

    def clean_due_on(self) -> date:
        return _checked(self.cleaned_data["due_on"], self.today)

    def agreed(self) -> Agreed:
        """What a valid form says."""
        found = self.cleaned_data
        member = self.doers.get(found["who"])
        return Agreed(
            what=found["what"],
            due_on=found["due_on"],
            doer=Doer.MEMBER if member is not None else Doer(found["who"]),
            member=member,
            why=found["why"],
        )


class SayForm(PlainForm):
    """What became of an agreement. `after`: how many steps were on the screen."""

    said = choice_field(_("What became of it?"), [])
    to_on = DayField(label=_("The new day, when it moves"), required=False)
    because = forms.CharField(
        label=_("Why, when it went otherwise"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Not needed when it was done as agreed. Nothing about health or family."),
    )
    after = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput, error_messages=CHOOSE)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.offer(is_open=True, may_answer=True)
        _ahead(self.fields["to_on"], today)

    def offer(self, *, is_open: bool, may_answer: bool, accepted: bool | None = None) -> None:
        """What can be said of it as it stands now. What comes in is read all the same, and answered.

        `may_answer`: by who is to do it; their yes or no comes first, as long as it was not given.
        """
        answers = [
            one for one in Step.Said.choices
            if may_answer and one[0] in ANSWERS and not (accepted and one[0] == Said.ACCEPTED)
        ]  # fmt: skip
        others = [one for one in Step.Said.choices if one[0] not in ANSWERS]
        words = [*answers, *others] if is_open else [one for one in others if one[0] == Said.MOVED]
        self.fields["said"].choices = with_capitals(words)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "said" not in found:
            return found
        said = Said(found["said"])
        if said is Said.MOVED and "to_on" in found:
            if found["to_on"] is None:
                self.add_error("to_on", _("Choose the new day."))
            else:
                try:
                    _checked(found["to_on"], self.today)
                except forms.ValidationError as why:
                    self.add_error("to_on", why)
        if said in ASKS_WHY and "because" in found and not found["because"].strip():
            self.add_error("because", _("Say why: who counted on it reads it."))
        return found

    def saying(self) -> Saying:
        """What a valid form says."""
        found = self.cleaned_data
        return Saying(Said(found["said"]), found["because"], found["to_on"])


def _ahead(field: forms.Field, today: date) -> None:
    field.widget.attrs["min"] = today.isoformat()
    field.widget.attrs["max"] = (today + LONGEST_AHEAD).isoformat()


def _checked(day: date, today: date) -> date:
    if not today <= day <= today + LONGEST_AHEAD:
        raise forms.ValidationError(_("Choose a day from today on, within a year."))
    return day
