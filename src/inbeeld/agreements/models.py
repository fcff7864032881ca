"""Agreements about a child, as they were made, and what was said of them afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel import agreements
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.sealing import SealedField
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Membership, Organisation

AGR = FieldClass.AGR


class Agreement(models.Model):
    """That somebody does something by a day. It stays as it was made; what was wrong is struck out.

    `doer_member`: who does it, of those who are at work. `due_on`: the day that was agreed at first.
    """

    class Doer(models.TextChoices):
        MEMBER = agreements.Doer.MEMBER.value, _("somebody who is involved")
        LEARNER = agreements.Doer.LEARNER.value, _("the learner")
        PARENTS = agreements.Doer.PARENTS.value, _("the parents")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    doer = models.CharField(max_length=10, choices=Doer.choices)
    doer_member = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    what = SealedField()
    why = SealedField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": AGR, "learner": AGR, "doer": AGR, "doer_member": AGR, "due_on": AGR, "what": AGR, "why": AGR,
        "organisation": AGR, "written_by": AGR, "written_at": AGR, "struck_at": AGR,
    }  # fmt: skip

    objects: ScopedManager[Agreement] = ScopedManager(
        to_child="learner", field_class=AGR, organisation_column="organisation", member_column="written_by"
    )
    for_operations: models.Manager[Agreement] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("due_on", "written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(doer="member", doer_member__isnull=False)
                | Q(doer__in=["learner", "parents"], doer_member__isnull=True),
                name="agreement_has_one_doer",
            ),
        )
        indexes = (
            models.Index(
                fields=("learner",), condition=Q(struck_at__isnull=True), name="agreement_about_a_learner"
            ),
        )

    def __str__(self) -> str:
        return f"agreement {self.id}"

    def course(self, steps: Iterable[Step]) -> agreements.Course:
        """Where it stands after these steps of its own, the first said first."""
        said = [(step.said, step.to_on, step.written_by_id) for step in steps]
        return course_among(self.due_on, said, doer_member=self.doer_member_id, written_by=self.written_by_id)


class Step(models.Model):
    """What was said of an agreement: accepted, refused, moved, done or not. It stays as it was said."""

    class Said(models.TextChoices):
        DONE = agreements.Said.DONE.value, pgettext_lazy("an agreement", "done")
        DIFFERENTLY = agreements.Said.DIFFERENTLY.value, pgettext_lazy("an agreement", "done differently")
        NOT_DONE = agreements.Said.NOT_DONE.value, pgettext_lazy("an agreement", "not done")
        MOVED = agreements.Said.MOVED.value, pgettext_lazy("an agreement", "moved to another day")
        ACCEPTED = agreements.Said.ACCEPTED.value, pgettext_lazy("an agreement", "accepted")
        REFUSED = agreements.Said.REFUSED.value, pgettext_lazy("an agreement", "refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    said = models.CharField(max_length=12, choices=Said.choices)
    to_on = models.DateField(null=True)
    because = SealedField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": AGR, "agreement": AGR, "learner": AGR, "said": AGR, "to_on": AGR, "because": AGR,
        "organisation": AGR, "written_by": AGR, "written_at": AGR,
    }  # fmt: skip

    objects: ScopedManager[Step] = ScopedManager(
        to_child="learner", field_class=AGR, organisation_column="organisation", member_column="written_by"
    )
    for_operations: models.Manager[Step] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(said="moved", to_on__isnull=False)
                | Q(said__in=["done", "differently", "not_done", "accepted", "refused"], to_on__isnull=True),
                name="only_what_is_moved_has_a_new_day",
            ),
        )

    def __str__(self) -> str:
        return f"step {self.id}"


def course_among(
    due_on: date, said: Iterable[tuple[str, date | None, int]], *, doer_member: int | None, written_by: int
) -> agreements.Course:
    """Where an agreement stands, by the memberships that do it, wrote it and said something of it (keys).

    `said`: word, new day and membership of each step, the first said first. What one wrote down for oneself
    needs no yes.
    """
    steps = [agreements.Step(agreements.Said(word), to_on, by == doer_member) for word, to_on, by in said]
    return agreements.course_of(due_on, steps, accepted=written_by == doer_member or None)
