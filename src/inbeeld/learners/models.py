"""Learners, where they are enrolled, and how they stand since the last judgement."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from inbeeld.learners.scope import ScopedManager
from inbeeld.organisations.models import Organisation


class Learner(models.Model):
    """A child or young person. `reference` stands in addresses; `key` is what the engine knows it by."""

    reference = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=60)
    call_name = models.CharField(max_length=100)
    first_names = models.CharField(max_length=200, blank=True)
    prefix = models.CharField(max_length=30, blank=True)
    last_name = models.CharField(max_length=150)
    born_on = models.DateField(null=True, blank=True)
    municipality = models.CharField(max_length=100, blank=True)

    objects: ScopedManager[Learner] = ScopedManager(to_learner="", to_standing="standing__")
    for_operations: models.Manager[Learner] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        indexes = (models.Index(fields=("region", "municipality"), name="learner_living_somewhere"),)

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def name(self) -> str:
        """Call name, prefix and last name."""
        return " ".join(
            part for part in (self.call_name or self.first_names, self.prefix, self.last_name) if part
        )


class Enrolment(models.Model):
    """A period at a school; `until_on` is the last day, empty while it goes on."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects: ScopedManager[Enrolment] = ScopedManager(
        to_learner="learner__", to_standing="learner__standing__"
    )
    for_operations: models.Manager[Enrolment] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("from_on", "pk")

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Judgement(models.Model):
    """A judged snapshot that was published; the folders are names inside the data folder."""

    on = models.DateField()
    published_at = models.DateTimeField(auto_now_add=True)
    region = models.JSONField(default=dict)
    tables = models.CharField(max_length=200)
    judged = models.CharField(max_length=200)
    receipt = models.CharField(max_length=64, unique=True)
    code_version = models.CharField(max_length=60, blank=True)
    definitions = models.JSONField(default=list)

    class Meta:
        get_latest_by = ("published_at", "pk")

    def __str__(self) -> str:
        return f"{self.on} {self.receipt[:8]}"


class Permission(models.TextChoices):
    """Whether the school permitted an absence."""

    WITH = "with", _("with permission")
    WITHOUT = "without", _("without permission")
    UNKNOWN = "unknown", _("not known: the school has not said yet")


class Standing(models.Model):
    """How a learner stands on the day of the current judgement; replaced as a whole by the next."""

    learner = models.OneToOneField(Learner, on_delete=models.CASCADE, related_name="standing")
    judged_on = models.DateField()
    stage = models.PositiveSmallIntegerField()
    phase = models.PositiveSmallIntegerField()
    school = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    enrolled = models.BooleanField()
    exempt = models.BooleanField()
    of_compulsory_age = models.BooleanField(null=True)
    in_sight = models.BooleanField()
    since = models.DateField(null=True)
    without_since = models.DateField(null=True)
    open_since = models.DateField(null=True)
    off_roll_since = models.DateField(null=True)
    counts_from = models.DateField(null=True)
    calendar_days = models.PositiveIntegerField(null=True)
    school_days = models.PositiveIntegerField(null=True)
    permission = models.CharField(max_length=10, choices=Permission.choices, blank=True)
    passes_four_weeks_on = models.DateField(null=True)
    passes_three_months_on = models.DateField(null=True)
    alternating_days = models.PositiveSmallIntegerField(default=0)

    objects: ScopedManager[Standing] = ScopedManager(to_learner="learner__", to_standing="")
    for_operations: models.Manager[Standing] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        indexes = (
            models.Index(fields=("school", "stage"), name="standing_at_a_school"),
            models.Index(fields=("in_sight", "counts_from"), name="standing_in_sight"),
        )

    def __str__(self) -> str:
        return f"standing {self.pk}"


class Verdict(models.Model):
    """Yes or not known under one definition (its version key); *no* has no row.

    `missing`: keys of what is not known, with commas (see missing.py).
    """

    class Outcome(models.TextChoices):
        YES = "yes", _("yes")
        UNKNOWN = "unknown", _("not known")

    standing = models.ForeignKey(Standing, on_delete=models.DO_NOTHING, related_name="verdicts")
    definition = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    missing = models.CharField(max_length=80, blank=True)

    objects: ScopedManager[Verdict] = ScopedManager(
        to_learner="standing__learner__", to_standing="standing__"
    )
    for_operations: models.Manager[Verdict] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (
            models.UniqueConstraint(fields=("standing", "definition"), name="one_verdict_per_definition"),
        )
        indexes = (
            models.Index(fields=("definition", "outcome", "standing"), name="verdict_under_a_definition"),
        )

    def __str__(self) -> str:
        return f"{self.definition}: {self.outcome}"
