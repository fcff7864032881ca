"""What people fill in about lists. Forms check the form; whether it may is decided by the operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from inbeeld.engine.linkage.decisions import NOT_SAME, SAME, UNSURE
from inbeeld.learners.forms import CHOOSE, REQUIRED, PlainForm, choice_field
from inbeeld.organisations.models import Membership, Organisation
from inbeeld.reconciliation.models import Because, Reason
from inbeeld.reconciliation.operations_agreed import LONGEST_GROUND, LONGEST_REASON
from inbeeld.reconciliation.wording import reason_in_words

NOBODY = ""


class ListForm(PlainForm):
    """The file of a list."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_(
            "CSV or XLSX, at most 50 MB, with at least a number of your own, surname and birth date."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )


class PairForm(PlainForm):
    """Whether two records are one child, why, and whether somebody else has to look too."""

    decision = forms.ChoiceField(
        choices=[(one, one) for one in (SAME, NOT_SAME, UNSURE)], error_messages=CHOOSE
    )
    because = forms.ChoiceField(
        label=_("Because"), choices=Because.choices, initial=Because.SHOWN, error_messages=CHOOSE
    )
    second = forms.BooleanField(label=_("Let somebody else look too"), required=False)
    as_seen = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        because = self.fields["because"]
        assert isinstance(because, forms.ChoiceField)
        because.choices = [(value, capfirst(words)) for value, words in Because.choices]


class SettleForm(PlainForm):
    """Why a list lacks the children that were ticked, and whose it is."""

    def __init__(
        self, *args: Any, reasons: Iterable[Reason], owners: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(one.pk): one for one in reasons}
        self.owners = {str(one.pk): one for one in owners}
        words = [(key, capfirst(reason_in_words(one))) for key, one in self.reasons.items()]
        open_ones = [one for one in words if not self.reasons[one[0]].settles]
        settled = [one for one in words if self.reasons[one[0]].settles]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why the list lacks them"),
            choices=[
                ("", _("Choose a reason")),
                (_("Somebody does something about it"), open_ones),
                (_("It is right like this"), settled),
            ],
            error_messages=CHOOSE,
        )
        self.fields["owner"] = forms.ChoiceField(
            label=_("Who does something about it"),
            required=False,
            choices=[("", _("Nobody has to")), *((key, one.name) for key, one in self.owners.items())],
            error_messages=CHOOSE,
        )

    @property
    def reason(self) -> Reason:
        return self.reasons[self.cleaned_data["reason"]]

    @property
    def owner(self) -> Organisation | None:
        return self.owners.get(self.cleaned_data["owner"])


class ShareForm(PlainForm):
    """Who may see one's list, and on which ground."""

    ground = forms.CharField(
        label=_("On which ground"),
        help_text=_("For instance the article of the covenant, and the day it was signed."),
        max_length=LONGEST_GROUND,
        error_messages={"required": REQUIRED},
    )

    def __init__(self, *args: Any, others: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(one.pk): one for one in others}
        self.fields["receiver"] = choice_field(
            _("Who may see it"), [(key, one.name) for key, one in self.others.items()]
        )
        self.order_fields(["receiver", "ground"])

    @property
    def receiver(self) -> Organisation:
        return self.others[self.cleaned_data["receiver"]]


class ReviewerForm(PlainForm):
    """Who says of two records whether they are one child."""

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        self.fields["member"] = forms.ChoiceField(
            label=_("Who"),
            choices=[
                ("", _("Choose somebody")),
                *(
                    (key, f"{one.person.get_full_name()}, {one.organisation.name}")
                    for key, one in self.members.items()
                ),
            ],
            error_messages=CHOOSE,
        )

    @property
    def member(self) -> Membership:
        return self.members[self.cleaned_data["member"]]


class ReasonForm(PlainForm):
    """A reason of the region's own."""

    text = forms.CharField(
        label=_("A reason of your own"), max_length=LONGEST_REASON, error_messages={"required": REQUIRED}
    )
    settles = forms.BooleanField(label=_("With it nobody has to do anything any more"), required=False)
