"""Reports of absence to the register of DUO, and what a municipality answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel import duo
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.sealing import SealedField
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Membership, Organisation

ATT, MED = FieldClass.ATT, FieldClass.MED


class State(models.TextChoices):
    """Where a report is with the school; what the municipality does stands with its answers."""

    PREPARED = "prepared", _("being prepared")
    REPORTED = "reported", _("reported")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Report(models.Model):
    """A report of a school, with the fields of the annex of the Besluit melding verzuim.

    `begins_on`, `ends_on`: of the absence; `ends_on` None: it went on. `minutes`: without permission, as the
    region counts hours. `reason`, `why_no_action`: they tell a reason, sealed as medical (decision 0009).
    `measures`: what the school did. `number`: as the register gave it. `end_reported_on`: when the end of a
    long absence was reported. `version` goes up with each change as long as it is prepared.
    """

    class Kind(models.TextChoices):
        SIXTEEN_HOURS = duo.ReportKind.SIXTEEN_HOURS.value, _("16 hours in 4 weeks")
        LONG = duo.ReportKind.LONG.value, _("long absence (longer than four weeks)")
        LUXURY = duo.ReportKind.LUXURY.value, _("holiday without leave (luxeverzuim)")
        EIGHTEEN = duo.ReportKind.EIGHTEEN.value, _("eighteen years or older (Doorstroompunt)")
        OTHER = duo.ReportKind.OTHER.value, _("other absence, voluntary (overig verzuim)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    days = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    all_lessons = models.BooleanField()
    reason = SealedField()
    measures = SealedField()
    wants_action = models.BooleanField()
    why_no_action = SealedField(null=True)
    phone = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    reported_on = models.DateField(null=True)
    reported_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, blank=True)
    end_reported_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": ATT, "learner": ATT, "kind": ATT, "begins_on": ATT, "ends_on": ATT, "days": ATT, "minutes": ATT,
        "all_lessons": ATT, "reason": MED, "measures": ATT, "wants_action": ATT, "why_no_action": MED,
        "phone": ATT, "organisation": ATT, "written_by": ATT, "written_at": ATT, "version": ATT, "state": ATT,
        "reported_on": ATT, "reported_by": ATT, "number": ATT, "end_reported_on": ATT, "withdrawn_on": ATT,
    }  # fmt: skip

    objects: ScopedManager[Report] = ScopedManager(
        to_child="learner",
        field_class=ATT,
        organisation_column="organisation",
        member_column="written_by",
    )
    for_operations: models.Manager[Report] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-begins_on", "-written_at", "id")
        indexes = (models.Index(fields=("learner", "state"), name="report_about_a_learner"),)

    def __str__(self) -> str:
        return f"report {self.id}"

    def meets(self, due: duo.Due) -> bool:
        """Is this the report a duty asks for? One that was withdrawn meets none."""
        return self.state != State.WITHDRAWN and duo.meets(
            due, kind=duo.ReportKind(self.kind), begins_on=self.begins_on, ends_on=self.ends_on
        )


class Answer(models.Model):
    """What a municipality said about a report, as one organisation heard it; the latest counts.

    `closed_as`: why it was closed. Which kind of no absence it is tells a reason: `no_absence` is sealed as
    medical, and holds a word of kernel.duo.NoAbsence. `contact`: whom to ask there.
    """

    class Status(models.TextChoices):
        IN_TREATMENT = duo.MunicipalStatus.IN_TREATMENT.value, _("in treatment (in behandeling)")
        CLOSED = duo.MunicipalStatus.CLOSED.value, _("closed (afgesloten)")
        TAKEN_NOTE_OF = duo.MunicipalStatus.TAKEN_NOTE_OF.value, _("taken note of (ter kennisgeving)")

    class ClosedAs(models.TextChoices):
        BACK_AT_SCHOOL = duo.ClosedAs.BACK_AT_SCHOOL.value, _("back at school")
        OTHER_EDUCATION = duo.ClosedAs.OTHER_EDUCATION.value, _("left the school: other education")
        WORK = duo.ClosedAs.WORK.value, _("left the school: work")
        LEFT_OTHERWISE = duo.ClosedAs.LEFT_OTHERWISE.value, _("left the school: otherwise")
        DIED = duo.ClosedAs.DIED.value, _("died")
        NO_ABSENCE = duo.ClosedAs.NO_ABSENCE.value, _("no absence to report")

    class Note(models.TextChoices):
        SEEN = duo.ClosingNote.SEEN.value, _("seen by the municipality")
        ACTION_RUNS = duo.ClosingNote.ACTION_RUNS.value, _("an action goes on")
        NO_ACTION = duo.ClosingNote.NO_ACTION.value, _("no further action")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices)
    closed_as = models.CharField(max_length=20, choices=ClosedAs.choices, blank=True)
    no_absence = SealedField(null=True)
    note = models.CharField(max_length=20, choices=Note.choices, blank=True)
    contact = SealedField(null=True)
    said_on = models.DateField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": ATT, "report": ATT, "learner": ATT, "status": ATT, "closed_as": ATT, "no_absence": MED,
        "note": ATT, "contact": ATT, "said_on": ATT, "organisation": ATT, "written_by": ATT,
        "written_at": ATT,
    }  # fmt: skip

    objects: ScopedManager[Answer] = ScopedManager(
        to_child="learner",
        field_class=ATT,
        organisation_column="organisation",
        member_column="written_by",
    )
    for_operations: models.Manager[Answer] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-said_on", "-written_at", "id")

    def __str__(self) -> str:
        return f"answer {self.id}"
