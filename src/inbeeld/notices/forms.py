"""How often somebody wants an e-mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from inbeeld.learners.forms import PlainForm, choice_field, with_capitals
from inbeeld.notices.models import Rhythm


class RhythmForm(PlainForm):
    """One of the rhythms."""

    rhythm = choice_field(_("How often do you want an e-mail?"), with_capitals(Rhythm.choices))
