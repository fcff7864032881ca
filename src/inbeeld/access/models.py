"""Who belongs with a child, and what was consented to: the records every ground is read from.

The child is named by the room `learners` above; only the foreign key knows it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel.access import FieldClass
from inbeeld.organisations.models import Membership, Organisation

IDE, FAM, LOG = FieldClass.IDE, FieldClass.FAM, FieldClass.LOG
CHILD = "learners.Learner"


class Involvement(models.Model):
    """One membership with one child, for a while: named and accepted, at a table, or in an emergency.

    It counts from `from_at` until `until_at`, when accepted and not ended, as long as the membership holds.
    """

    class Kind(models.TextChoices):
        INVOLVED = "involved", _("involved")
        TABLE = "table", _("at the table")
        EMERGENCY = "emergency", _("emergency")

    class Purpose(models.TextChoices):
        """What for; a fixed set, so that no word about the child can slip into the log."""

        GUIDANCE = "guidance", _("guidance at school")
        ADVICE = "advice", _("advice about suitable education")
        SUPERVISION = "supervision", _("supervision of compulsory education")
        HEALTH = "health", _("health and load")
        HELP = "help", _("help to the child or the family")
        PROTECTION = "protection", _("protection of the child")
        COACHING = "coaching", _("coaching back to school")
        DIRECTION = "direction", _("direction of the case")
        MEETING = "meeting", _("the child is on the agenda")
        DANGER = "danger", _("danger to life or health")
        MISSING = "missing", _("the child is missing")
        UNSAFE = "unsafe", _("acutely unsafe at home or elsewhere")

    class End(models.TextChoices):
        """Why it ended before its last moment."""

        DONE = "done", _("the task is done")
        WITHDRAWN = "withdrawn", _("withdrawn by who granted it or holds direction")
        LEFT = "left", _("stopped by the person involved")
        REFUSED = "refused", _("not accepted")
        OTHER_WORK = "other_work", _("other work")

    class Review(models.TextChoices):
        """What the privacy officer found of an emergency."""

        JUSTIFIED = "justified", _("justified")
        NOT_JUSTIFIED = "not_justified", _("not justified")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(CHILD, on_delete=models.CASCADE, related_name="involvements")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="involvements")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INVOLVED)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    granted_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="involvements_granted"
    )
    granted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, choices=End.choices, blank=True)
    directs = models.BooleanField(default=False)
    review_due_on = models.DateField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="emergencies_reviewed"
    )
    review = models.CharField(max_length=14, choices=Review.choices, blank=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": IDE, "child": IDE, "membership": IDE, "kind": IDE, "purpose": IDE, "granted_by": IDE,
        "granted_at": IDE, "accepted_at": IDE, "from_at": IDE, "until_at": IDE, "ended_at": IDE,
        "ended_because": IDE, "directs": IDE, "review_due_on": LOG, "reviewed_at": LOG, "reviewed_by": LOG,
        "review": LOG,
    }  # fmt: skip

    objects: ScopedManager[Involvement] = ScopedManager(to_child="child", field_class=IDE)
    for_operations: models.Manager[Involvement] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-granted_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="involvement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("membership")) | Q(kind="emergency"),
                name="nobody_involves_themselves",
            ),
            models.UniqueConstraint(
                fields=("child",),
                condition=Q(directs=True, ended_at__isnull=True),
                name="one_holds_direction",
            ),
        )
        indexes = (models.Index(fields=("membership", "kind", "until_at"), name="involvement_of_a_member"),)

    def __str__(self) -> str:
        return f"involvement {self.id}"

    def is_in_force(self, at: datetime) -> bool:
        """As `scope.in_force` asks of the database: accepted, begun, and neither over nor ended."""
        return (
            self.accepted_at is not None
            and self.accepted_at <= at
            and self.from_at <= at < self.until_at
            and self.ended_at is None
        )


class Kinship(models.Model):
    """The learner themselves, or a guardian with custody, as someone who can log in.

    Without custody there is no row; when custody ends the row gets its last day.
    """

    class Relation(models.TextChoices):
        LEARNER = "learner", _("the learner")
        GUARDIAN = "guardian", _("parent or guardian")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kinships")
    child = models.ForeignKey(CHILD, on_delete=models.CASCADE, related_name="kinships")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": FAM, "person": FAM, "child": FAM, "relation": FAM, "from_on": FAM, "until_on": FAM,
    }  # fmt: skip

    objects: ScopedManager[Kinship] = ScopedManager(to_child="child", field_class=FAM)
    for_operations: models.Manager[Kinship] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "child", "relation"),
                condition=Q(until_on__isnull=True),
                name="kin_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="kinship_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"kinship {self.id}"


class Consent(models.Model):
    """Leave to share one class with one organisation (or guardian) for one purpose, in the words of one text.

    `receiver` or `receiving_kin`, exactly one: the learner may let a guardian read what the table keeps.
    `holds_from` and `holds_until` follow from the signatures and the birth date (kernel.consent): from the
    day the last one who must sign did, until the next of the birthdays 12, 16 and 18; empty: not in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(CHILD, on_delete=models.CASCADE, related_name="consents")
    field_class = models.CharField(max_length=3)
    receiver = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    receiving_kin = models.ForeignKey(Kinship, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Involvement.Purpose.choices)
    text_version = models.CharField(max_length=20)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    holds_from = models.DateField(null=True)
    holds_until = models.DateField(null=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": IDE, "child": IDE, "field_class": IDE, "receiver": IDE, "receiving_kin": FAM, "purpose": IDE,
        "text_version": IDE, "asked_by": IDE, "asked_at": IDE, "until_on": IDE, "withdrawn_at": IDE,
        "holds_from": IDE, "holds_until": IDE,
    }  # fmt: skip

    objects: ScopedManager[Consent] = ScopedManager(to_child="child", field_class=IDE)
    for_operations: models.Manager[Consent] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) ^ Q(receiving_kin__isnull=True),
                name="consent_has_one_receiver",
            ),
        )
        indexes = (models.Index(fields=("receiver", "field_class", "child"), name="consent_to_a_receiver"),)

    def __str__(self) -> str:
        return f"consent {self.id}"


class Signature(models.Model):
    """Who signed a consent, on which day. `recorded_by`: who saw it on paper, and when; empty when online."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="signatures")
    by = models.ForeignKey(Kinship, on_delete=models.PROTECT, related_name="signatures")
    on = models.DateField()
    recorded_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": FAM, "consent": FAM, "by": FAM, "on": FAM, "recorded_by": FAM, "recorded_at": FAM,
    }  # fmt: skip

    objects: ScopedManager[Signature] = ScopedManager(to_child="consent__child", field_class=FAM)
    for_operations: models.Manager[Signature] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (models.UniqueConstraint(fields=("consent", "by"), name="signed_once"),)

    def __str__(self) -> str:
        return f"signature {self.pk}"
