"""Learners, where they are enrolled, what is written about them, and how they stand.

What is text about a child is sealed: it opens with a key of that child, class group and organisation.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from inbeeld.access.scope import ScopedManager
from inbeeld.kernel.access import FieldClass, Stage
from inbeeld.keys.sealing import SealedField
from inbeeld.organisations.models import Membership, Organisation

NUM, IDE, ADR, ATT = FieldClass.NUM, FieldClass.IDE, FieldClass.ADR, FieldClass.ATT


class Learner(models.Model):
    """A child or young person. `reference` stands in addresses; `key` is what the engine knows it by.

    `names` and `number` are sealed; `number_lookup` finds a number again without giving it away.
    `case_stage` is said by a case (3, 4, 6, 7); empty while the judged standing says it.
    """

    class CaseStage(models.IntegerChoices):
        TASKFORCE = Stage.TASKFORCE.value, _("on the table of the taskforce")
        AFTERCARE = Stage.AFTERCARE.value, _("aftercare")
        CLOSED = Stage.CLOSED.value, _("closed")
        DESTROYED = Stage.DESTROYED.value, _("destroyed")

    reference = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=60)
    names = SealedField(row="reference")
    number = SealedField(row="reference", null=True)
    number_lookup = models.CharField(max_length=64, blank=True, db_index=True)
    born_on = models.DateField(null=True, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    case_stage = models.PositiveSmallIntegerField(null=True, blank=True, choices=CaseStage.choices)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": IDE, "reference": IDE, "key": IDE, "region": IDE, "names": IDE, "number": NUM,
        "number_lookup": NUM, "born_on": IDE, "municipality": IDE, "case_stage": ATT,
    }  # fmt: skip

    objects: ScopedManager[Learner] = ScopedManager(to_child="", field_class=IDE)
    for_operations: models.Manager[Learner] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        indexes = (
            models.Index(fields=("region", "municipality"), name="learner_living_somewhere"),
            # Few have a case, and whose list is asked for starts with who has.
            models.Index(
                fields=("case_stage",),
                condition=models.Q(case_stage__isnull=False),
                name="learner_with_a_case",
            ),
        )

    def __str__(self) -> str:
        return str(self.reference)


class Enrolment(models.Model):
    """A period at a school; `until_on` is the last day, empty while it goes on."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": IDE, "learner": IDE, "school": IDE, "from_on": IDE, "until_on": IDE,
    }  # fmt: skip

    objects: ScopedManager[Enrolment] = ScopedManager(to_child="learner", field_class=IDE)
    for_operations: models.Manager[Enrolment] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("from_on", "pk")

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Judgement(models.Model):
    """A judged snapshot that was published; the folders are names inside the data folder.

    `compared_with`: the earlier day of which each standing says how it was then.
    """

    about_a_child = False

    on = models.DateField()
    compared_with = models.DateField(null=True)
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


class Presence(models.Model):
    """How much of its lessons a school gave to pupils who were there: of the school, and of no child.

    Safe to tell (kernel.disclosure): `learners` rounded; shares in parts of a thousand, of this school year
    and of the last four school weeks; empty where a school has so few pupils that it would tell of one.
    """

    about_a_child = False

    school = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="presence")
    learners = models.PositiveIntegerField(null=True)
    this_year = models.PositiveSmallIntegerField(null=True)
    four_weeks = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"presence {self.school_id}"


class Permission(models.TextChoices):
    """Whether the school permitted an absence."""

    WITH = "with", _("with permission")
    WITHOUT = "without", _("without permission")
    UNKNOWN = "unknown", _("not known: the school has not said yet")


class Standing(models.Model):
    """How a learner stands on the day of the current judgement; replaced as a whole by the next.

    Who was in a stage at the one before and is in none now, is closed. `absent` and `scheduled` are slots of
    this school year, the others of the last four school weeks; `layer` is that of the pyramid, empty: not
    known; `on_register`: on the register of long absence (standing.py). `…_before`: the same on the day the
    judgement is compared with, worked out from the same marks. `home_from`, `home_until`: the last time at
    home of who came back (kernel.aftercare).
    """

    learner = models.OneToOneField(Learner, on_delete=models.CASCADE, related_name="standing")
    judged_on = models.DateField()
    stage = models.PositiveSmallIntegerField()
    phase = models.PositiveSmallIntegerField()
    # Without an index of its own: `standing_at_a_school` begins with it.
    school = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
    absent = models.PositiveIntegerField(default=0)
    scheduled = models.PositiveIntegerField(default=0)
    absent_4w = models.PositiveIntegerField(default=0)
    scheduled_4w = models.PositiveIntegerField(default=0)
    layer = models.PositiveSmallIntegerField(null=True)
    layer_before = models.PositiveSmallIntegerField(null=True)
    on_register = models.BooleanField(default=False)
    on_register_before = models.BooleanField(null=True)
    aftercare = models.CharField(max_length=10, blank=True)
    home_from = models.DateField(null=True)
    home_until = models.DateField(null=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": ATT, "learner": IDE, "judged_on": ATT, "stage": ATT, "phase": ATT, "school": IDE,
        "enrolled": IDE, "exempt": ATT, "of_compulsory_age": ATT, "in_sight": ATT, "since": ATT,
        "without_since": ATT, "open_since": ATT, "off_roll_since": ATT, "counts_from": ATT,
        "calendar_days": ATT, "school_days": ATT, "permission": ATT, "passes_four_weeks_on": ATT,
        "passes_three_months_on": ATT, "alternating_days": ATT, "absent": ATT, "scheduled": ATT,
        "absent_4w": ATT, "scheduled_4w": ATT, "layer": ATT, "layer_before": ATT, "on_register": ATT,
        "on_register_before": ATT, "aftercare": ATT, "home_from": ATT, "home_until": ATT,
    }  # fmt: skip

    objects: ScopedManager[Standing] = ScopedManager(to_child="learner", to_standing="", field_class=ATT)
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

    `missing`: keys of what is not known, with commas (see missing.py). A verdict about sickness tells a
    reason, so it is of class MED; `delivered_by` is the school that delivered all it rests on, if one did.
    """

    class Outcome(models.TextChoices):
        YES = "yes", _("yes")
        UNKNOWN = "unknown", _("not known")

    standing = models.ForeignKey(Standing, on_delete=models.DO_NOTHING, related_name="verdicts")
    definition = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    missing = models.CharField(max_length=80, blank=True)
    field_class = models.CharField(max_length=3, default=ATT.value)
    delivered_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    #: The class of the row is that of what it says, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Verdict] = ScopedManager(
        to_child="standing__learner",
        to_standing="standing",
        class_column="field_class",
        organisation_column="delivered_by",
        read_back=True,
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


class Address(models.Model):
    """Where a child lives and how the family is reached, as one organisation entered it.

    `shielded`: only the organisation that entered it may read it. `version` goes up with each change, so that
    what was made from an earlier one is noticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="addresses")
    text = SealedField()
    entered_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField()
    shielded = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "id": ADR, "learner": ADR, "text": ADR, "entered_by": ADR, "entered_on": ADR, "shielded": ADR,
        "version": ADR,
    }  # fmt: skip

    objects: ScopedManager[Address] = ScopedManager(
        to_child="learner", field_class=ADR, organisation_column="entered_by", shielded_column="shielded"
    )
    for_operations: models.Manager[Address] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"

    def __str__(self) -> str:
        return f"address {self.id}"


class Entry(models.Model):
    """Something written about a child by a member of an organisation, of one class.

    `field_class` is the class of `text`; `version` goes up with each change, so that two writers notice
    each other.
    """

    class Kind(models.TextChoices):
        """The classes people write as an entry; the others have fields of their own."""

        AGR = "AGR", _("what was discussed")
        SUP = "SUP", _("support and advice for school")
        FAM = "FAM", _("family")
        MED = "MED", _("medical")
        JUS = "JUS", _("police and youth protection")
        NOT = "NOT", _("own working note")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="entries")
    field_class = models.CharField(max_length=3, choices=Kind.choices)
    text = SealedField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    #: The class of the row is that of its text, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Entry] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="organisation",
        member_column="written_by",
    )
    for_operations: models.Manager[Entry] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        ordering = ("-written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(field_class__in=["AGR", "SUP", "FAM", "MED", "JUS", "NOT"]),
                name="entry_of_a_class_that_is_written",
            ),
        )
        indexes = (models.Index(fields=("learner", "field_class"), name="entry_about_a_learner"),)

    def __str__(self) -> str:
        return f"entry {self.id}"


class Draft(models.Model):
    """What somebody is writing and has not saved: a new entry of a class, or another text for an `entry`.

    Of the class of what it becomes, and yet only its writer reads it, as long as they may write that class of
    this child. `version`: of the entry it was begun from, and 0 for a new one; it stays so until it is saved,
    so that what changed meanwhile is noticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    field_class = models.CharField(max_length=3, choices=Entry.Kind.choices)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=0)
    text = SealedField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_index=True)

    #: The class of the row is that of its text, which the row itself names.
    classed_by = "field_class"

    objects: ScopedManager[Draft] = ScopedManager(
        to_child="learner",
        class_column="field_class",
        organisation_column="organisation",
        member_column="written_by",
        only_its_writer=True,
    )
    for_operations: models.Manager[Draft] = models.Manager()

    class Meta:
        default_manager_name = "objects"
        base_manager_name = "for_operations"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(field_class__in=["AGR", "SUP", "FAM", "MED", "JUS", "NOT"]),
                name="draft_of_a_class_that_is_written",
            ),
            models.UniqueConstraint(
                fields=("learner", "written_by", "field_class"),
                condition=models.Q(entry__isnull=True),
                name="one_draft_of_a_new_entry",
            ),
            models.UniqueConstraint(
                fields=("entry", "written_by"),
                condition=models.Q(entry__isnull=False),
                name="one_draft_of_a_change",
            ),
        )

    def __str__(self) -> str:
        return f"draft {self.id}"
