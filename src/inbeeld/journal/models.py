"""The lines of the journal, where the chain ends, and the head it had at the end of each day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inbeeld.journal.scope import ScopedManager
from inbeeld.kernel.access import FieldClass

ONLY = 1  # the key of the one head


class Line(models.Model):
    """One deed: who did what, for whom, in which role, on which ground. Never what was read or written.

    Everything is a key, so that a line outlives what it speaks of and names no person (GDPR 5(1)(c) and 25).
    deed.py says what each field may hold; `at` is never earlier than in the line before, and `behind` says by
    how many microseconds the clock stood earlier than that: 0, unless a clock was set back.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    behind = models.BigIntegerField()
    trace = models.UUIDField()
    actor = models.CharField(max_length=60)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    organisation = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=40, blank=True)
    involvement = models.CharField(max_length=10)
    purpose = models.CharField(max_length=40, blank=True)
    ground = models.CharField(max_length=120, blank=True)
    row = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=40)
    field_class = models.CharField(max_length=60, blank=True)
    child = models.UUIDField(null=True)
    object = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10)
    origin = models.CharField(max_length=60)
    emergency = models.BooleanField()
    consent = models.CharField(max_length=80, blank=True)
    digest = models.BinaryField()

    field_classes: ClassVar[dict[str, FieldClass]] = dict.fromkeys(
        (
            "sequence", "at", "behind", "trace", "actor", "on_behalf_of", "organisation", "role",
            "involvement", "purpose", "ground", "row", "action", "field_class", "child", "object", "outcome",
            "origin", "emergency", "consent", "digest",
        ),
        FieldClass.LOG,
    )  # fmt: skip

    objects: ScopedManager = ScopedManager()
    for_operations: models.Manager[Line] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        indexes = (
            models.Index(
                fields=("child", "-sequence"), condition=Q(child__isnull=False), name="journal_of_a_child"
            ),
            models.Index(fields=("actor", "-sequence"), name="journal_of_an_actor"),
        )

    def __str__(self) -> str:
        return f"line {self.sequence}"


class Head(models.Model):
    """Where the chain ends now. One row: who adds a line locks it, so that lines follow one another.

    `closed_on`: the last day that got a DayHead; a later line is of a later day.
    """

    about_a_child = False

    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    sequence = models.BigIntegerField()
    at = models.DateTimeField(null=True)
    digest = models.BinaryField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=ONLY), name="journal_has_one_head"),)

    def __str__(self) -> str:
        return f"head {self.sequence}"


class DayHead(models.Model):
    """Where the chain ended at the end of a day: every partner keeps a copy, so that none can rewrite it."""

    about_a_child = False

    on = models.DateField(primary_key=True)
    sequence = models.BigIntegerField()
    digest = models.BinaryField()

    def __str__(self) -> str:
        return f"head of {self.on}"
