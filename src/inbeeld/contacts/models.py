"""Contacts with a learner or the parents, as the organisations that had them recorded them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel import contact
from inbeeld.keys.sealing import SealedField
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Membership, Organisation


class Contact(models.Model):
    """That somebody spoke with the learner or the parents on a day, or tried to.

    `reached`: was there an answer? Of the class of what its writer keeps of a child (kernel.contact); but
    `text`, what was said or agreed, is an agreement whatever the row is: who may write those writes it, who
    may read those reads it. It stays as it was; what was wrong is struck out.
    """

    class Party(models.TextChoices):
        LEARNER = contact.Party.LEARNER.value, _("the learner")
        PARENTS = contact.Party.PARENTS.value, _("the parents")
        BOTH = contact.Party.BOTH.value, _("the learner and the parents")

    class Means(models.TextChoices):
        CONVERSATION = contact.Means.CONVERSATION.value, _("a talk at school or at the office")
        VISIT = contact.Means.VISIT.value, _("a home visit")
        TELEPHONE = contact.Means.TELEPHONE.value, _("by telephone")
        VIDEO = contact.Means.VIDEO.value, _("by video call")
        WRITTEN = contact.Means.WRITTEN.value, _("a message or letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    field_class = models.CharField(max_length=3)
    on = models.DateField()
    party = models.CharField(max_length=10, choices=Party.choices)
    means = models.CharField(max_length=20, choices=Means.choices)
    reached = models.BooleanField()
    text = SealedField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    #: The class of the row is that of what its writer keeps, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Contact] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="organisation",
        member_column="written_by",
    )
    for_operations: models.Manager[Contact] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-on", "-written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(field_class__in=["AGR", "ATT"]), name="contact_of_a_class_that_is_written"
            ),
        )
        indexes = (
            models.Index(
                fields=("learner", "on"), condition=Q(struck_at__isnull=True), name="contact_with_a_learner"
            ),
        )

    def __str__(self) -> str:
        return f"contact {self.id}"
