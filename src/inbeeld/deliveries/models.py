"""What schools deliver, where each delivery stands, and what a school's own codes and columns mean.

About schools, not about children: the rows of a delivery are files in the data folder (places.py), and who
reads them is decided in operations.py and views.py.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inbeeld.engine.schema import STATUSES
from inbeeld.organisations.models import Membership, Organisation

if TYPE_CHECKING:
    from inbeeld.access.actor import Actor

PRESENT = "present"


class State(models.TextChoices):
    """Where a delivery stands. The table is the queue: what waits for the worker is a state of it."""

    RECEIVED = "received", _("waits to be read")
    UNNAMED = "unnamed", _("asks which column is what")
    UNUSABLE = "unusable", _("cannot be read")
    TO_REVIEW = "to_review", _("waits for your yes")
    ACCEPTED = "accepted", _("is being worked in")
    STANDS = "stands", _("counts")
    DISMISSED = "dismissed", _("not taken in")
    WITHDRAWING = "withdrawing", _("is being taken out")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: What the worker has to do something with.
WAITING = (State.RECEIVED, State.ACCEPTED, State.WITHDRAWING)
#: What people still have to decide about.
OPEN = (State.RECEIVED, State.UNNAMED, State.TO_REVIEW)
#: What counts, or will: the order of acceptance says which of two holds for a day.
COUNTS = (State.ACCEPTED, State.STANDS)
#: What was decided: of these nothing is kept but the marks that count.
DECIDED = (State.STANDS, State.DISMISSED, State.WITHDRAWN)


class Way(models.TextChoices):
    """How a delivery came in."""

    FILE = "file", _("a file")
    PASTED = "pasted", _("pasted rows")
    FOLDER = "folder", _("a watched folder")
    SYSTEM = "system", _("a system")
    FIRST = "first", _("what was there at the beginning")


class Fills(models.TextChoices):
    """What a delivery says: who was away, or who is enrolled."""

    MARKS = "marks", _("absence")
    ROSTER = "roster", _("a roster")


class Deliveries(models.Manager["Delivery"]):
    """Deliveries are read by the school they are of, and by nobody else."""

    def of(self, actor: Actor) -> models.QuerySet[Delivery]:
        """Of the organisation this actor works for in their role, and of its sites."""
        if actor.membership is None:
            return self.none()
        return self.filter(school__in=actor.membership.organisation.and_below())

    def counting(self, school: Organisation, fills: str = Fills.MARKS) -> models.QuerySet[Delivery]:
        """Of a school those of one kind that count or will, in the order of acceptance."""
        return self.filter(school=school, fills=fills, state__in=COUNTS, order__isnull=False).order_by(
            "order"
        )


class Delivery(models.Model):
    """One delivery of a school. `from_on`, `until_on`: the days it speaks for, both included; of a roster its
    peildatum. `fills`: known once it was read.

    `order`: of acceptance; of two deliveries that speak for a day the later accepted holds. `compared_with`:
    the deliveries that counted when it was laid beside them. `counts`: rows and marks, by name. `wrong`: why
    it cannot be read, as BadInput says it. `key`: with which a system handed it in. `forgotten`: what is not
    needed any more was deleted.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=10, choices=Way.choices)
    source = models.CharField(max_length=40, blank=True)
    fills = models.CharField(max_length=10, choices=Fills.choices, default=Fills.MARKS)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey("SystemKey", null=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    days_said = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    wrong = models.JSONField(default=dict)
    compared_with = models.JSONField(default=list)
    progress = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    order = models.BigIntegerField(null=True)
    stands_at = models.DateTimeField(null=True)
    forgotten = models.BooleanField(default=False)

    objects = Deliveries()

    class Meta:
        ordering = ("-received_at", "pk")
        default_manager_name = "objects"
        indexes = (
            models.Index(fields=("school", "-received_at"), name="delivery_of_a_school"),
            models.Index(fields=("state", "received_at"), name="delivery_in_a_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("school", "order"), condition=Q(order__isnull=False), name="delivery_accepted_once"
            ),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="delivery_speaks_forward",
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def as_read(self) -> str:
        """What names the reading somebody looks at: read again, it may say something else."""
        return "" if self.read_at is None else self.read_at.isoformat()

    @property
    def state_in_words(self) -> str:
        """Where it stands. Codes that wait for a meaning are another thing than what waits for a yes."""
        if self.state == State.TO_REVIEW and self.counts.get("unknown_codes"):
            return gettext("asks what its codes mean")
        return str(State(self.state).label)

    @property
    def is_roster(self) -> bool:
        """Does it say who is enrolled, and not who was away?"""
        return self.fills == Fills.ROSTER

    @property
    def waits(self) -> bool:
        """Is the worker still to do something with it?"""
        return self.state in WAITING


class CodeMeaning(models.Model):
    """What a code of a school means in one source, from one day to another (both included; empty: always).

    `status`: of the table marks, or "present". A code is the school's: it means nothing elsewhere.
    """

    about_a_child = False

    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="code_meanings")
    source = models.CharField(max_length=40)
    code = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=[(one, one) for one in (*STATUSES, PRESENT)])
    reason = models.CharField(max_length=20, blank=True)
    permission = models.CharField(max_length=5, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    said_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("source", "code", "from_on")
        indexes = (models.Index(fields=("school", "source"), name="codes_of_a_school"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(from_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(until_on__gte=models.F("from_on")),
                name="code_means_forward",
            ),
        )

    def __str__(self) -> str:
        return f"{self.school_id} {self.source} {self.code}"


class ColumnName(models.Model):
    """Under which name a school's own table has a field that we read; for the source `generic`."""

    about_a_child = False

    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="column_names")
    field = models.CharField(max_length=20)
    column = models.CharField(max_length=200)
    said_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("field",)
        constraints = (models.UniqueConstraint(fields=("school", "field"), name="column_named_once"),)

    def __str__(self) -> str:
        return f"{self.school_id} {self.field}"


class SystemKey(models.Model):
    """A key with which a system of a school hands in by itself; it does nothing else, and reads no child.

    `digest`: SHA-256 of the secret, which is shown once and not kept · `until_on`: the last day it holds.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="system_keys")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until_on = models.DateField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-made_at", "pk")
        indexes = (models.Index(fields=("school", "-made_at"), name="key_of_a_school"),)

    def __str__(self) -> str:
        return f"system key {self.pk}"
