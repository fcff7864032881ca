"""Why a child is at home, as the organisations that help it judged."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel.causes import CLASS_OF_CAUSE
from inbeeld.keys.sealing import SealedField
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Membership, Organisation


class Judged(models.Model):
    """That somebody judged on a day why a child is at home. It stays as it was said, and is only ended.

    `cause`: a word of kernel.causes.Cause, sealed with `text` in the class of what it says: who may not read
    that class finds no row, and who reads the database finds no word.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    field_class = models.CharField(max_length=3)
    on = models.DateField()
    cause = SealedField()
    text = SealedField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    #: The class of the row is that of its cause, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Judged] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="organisation",
        member_column="written_by",
    )
    for_operations: models.Manager[Judged] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-on", "-written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(field_class__in=sorted({one.value for one in CLASS_OF_CAUSE.values()})),
                name="cause_of_a_class_that_is_written",
            ),
        )
        indexes = (
            models.Index(fields=("learner",), condition=Q(ended_at__isnull=True), name="cause_that_holds"),
        )

    def __str__(self) -> str:
        return f"cause {self.id}"
