"""Until when a signal is off the list, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from inbeeld.alerts.models import Parking
from inbeeld.kernel.attention import LONGEST_PARKED, Parked
from inbeeld.kernel.calendar import weeks
from inbeeld.learners.forms import CHOOSE, DayForm


class ParkForm(DayForm):
    """One of the reasons this actor may give, and the day on which the signal is back."""

    because = forms.ChoiceField(
        label=_("Why is nothing asked of you for now?"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, reasons: Iterable[Parked], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today + timedelta(days=weeks(4).days)}, **kwargs)
        named = dict(Parking.Because.choices)
        self.fields["because"].choices = [(one.value, capfirst(named[one.value])) for one in reasons]
        day = self.fields["on"]
        day.label = _("Back on the list on")
        day.widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + timedelta(days=LONGEST_PARKED)).isoformat(),
        }
