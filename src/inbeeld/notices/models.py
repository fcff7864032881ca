"""How often somebody wants an e-mail, and when they had the last one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from inbeeld.organisations.models import Membership


class Rhythm(models.TextChoices):
    """How often somebody is told by e-mail that something waits."""

    WEEKLY = "weekly", _("once a week, when something waits")
    DAILY = "daily", _("every working day on which there is something new")
    NEVER = "never", _("never: I look myself")


class Choice(models.Model):
    """What one member chose; who has no row chose nothing and is told once a week.

    `told_on`: the day of the last e-mail · `looked_at`: up to when it is known what came, mailed or not.
    """

    about_a_child = False

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    told_on = models.DateField(null=True)
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.rhythm}"
