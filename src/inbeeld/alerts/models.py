"""Signals that ask for attention, and what took one off the list until a day."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.attention import CLASS_OF_PARKING, Parked
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Membership, Organisation

ATT = FieldClass.ATT


class Alert(models.Model):
    """That a rule asks attention for a child: one row for each spell of asking, closed by facts alone.

    `rule`: the version key of its definition · `outcomes`: what each clause said at the last judgement that
    confirmed it, a letter each (y n u) · `began_on`: of the absence, or of the asking where no fact says so ·
    `reached_on`: the last limit that was passed · `due_on`: the next limit, or the day the step was due ·
    `number` and `out_of`: minutes, days, or slots of a share · `unconfirmed_since`: the first judgement that
    did not know the child or the rule any more · `closed_by`: the numbers of the clauses that said no.
    What tells of sickness is of class MED, and `delivered_by` is who delivered all of it (as in Verdict).
    """

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        UNKNOWN = "unknown", _("not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=80)
    spell = models.PositiveSmallIntegerField(default=1)
    field_class = models.CharField(max_length=3, default=ATT.value)
    delivered_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    outcomes = models.CharField(max_length=20)
    missing = models.CharField(max_length=80, blank=True)
    began_on = models.DateField()
    reached_on = models.DateField()
    due_on = models.DateField(null=True)
    number = models.PositiveIntegerField(null=True)
    out_of = models.PositiveIntegerField(null=True)
    opened_on = models.DateField()
    confirmed_on = models.DateField()
    unconfirmed_since = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_by = models.CharField(max_length=20, blank=True)

    #: The class of the row is that of what it says, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Alert] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="delivered_by",
        read_back=True,
    )
    for_operations: models.Manager[Alert] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (
            models.UniqueConstraint(fields=("learner", "rule", "spell"), name="one_alert_per_spell"),
            models.UniqueConstraint(
                fields=("learner", "rule"),
                condition=Q(closed_on__isnull=True),
                name="one_open_alert_per_rule",
            ),
        )
        indexes = (
            models.Index(
                fields=("rule", "learner"), condition=Q(closed_on__isnull=True), name="alert_that_is_open"
            ),
        )

    def __str__(self) -> str:
        return f"alert {self.id}"

    @property
    def outcome(self) -> Outcome:
        return Outcome.YES if self.answer == self.Answer.YES else Outcome.UNKNOWN


class Parking(models.Model):
    """A signal taken off the list until a day, and why; it stays in every count.

    Of the class of what the reason says. `answer` and `reached_on` are those of the signal then: when the
    facts get worse it is back before that day.
    """

    class Because(models.TextChoices):
        PLAN = Parked.PLAN.value, _("a plan is being carried out")
        SCHOOL_DOCTOR = Parked.SCHOOL_DOCTOR.value, _("the school doctor sees the learner")
        PARTIAL_TIMETABLE = Parked.PARTIAL_TIMETABLE.value, _("a partial timetable has been agreed")
        REPORTED = Parked.REPORTED.value, _("it has been reported to DUO")
        OTHER_BODY = Parked.OTHER_BODY.value, _("another organisation acts")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    field_class = models.CharField(max_length=3)
    because = models.CharField(max_length=20, choices=Because.choices)
    until_on = models.DateField()
    answer = models.CharField(max_length=10, choices=Alert.Answer.choices)
    reached_on = models.DateField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    parked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    parked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    #: The class of the row is that of its reason, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Parking] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="organisation",
        member_column="parked_by",
    )
    for_operations: models.Manager[Parking] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (
            models.CheckConstraint(
                condition=Q(field_class__in=sorted({one.value for one in CLASS_OF_PARKING.values()})),
                name="parking_of_a_class_that_is_written",
            ),
        )
        indexes = (
            models.Index(
                fields=("alert", "until_on"), condition=Q(ended_at__isnull=True), name="parking_of_an_alert"
            ),
        )

    def __str__(self) -> str:
        return f"parking {self.id}"
