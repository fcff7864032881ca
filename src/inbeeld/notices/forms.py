"""How often somebody wants an e-mail."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from inbeeld.learners.forms import CHOOSE, PlainForm
from inbeeld.notices.models import Rhythm


class RhythmForm(PlainForm):
    """One of the rhythms."""

    rhythm = forms.ChoiceField(
        label=_("How often do you want an e-mail?"),
        choices=[(value, capfirst(words)) for value, words in Rhythm.choices],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
