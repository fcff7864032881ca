"""Lists laid side by side, round after round, and what people decided about records of them.

None of it holds anything of a child: the rows of a list are sealed files (places.py), and a record is known
here by a mark (keys.keyring.record_mark), which says nothing to who has not the key ring.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbeeld.engine.linkage.decisions import NOT_SAME, SAME, UNSURE
from inbeeld.kernel import rounds
from inbeeld.keys.keyring import MARK_DIGITS
from inbeeld.organisations.models import Membership, Organisation


class Comparison(models.Model):
    """Which lists a region lays side by side, how often, and who begins a round: from the region's profile.

    `apart`: pairs of names of lists that share no child. `ended_at`: the profile does not name it any more.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    region = models.CharField(max_length=60)
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    compared = models.CharField(max_length=10, choices=[(one.value, one.value) for one in rounds.Compared])
    led_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    every_days = models.PositiveIntegerField()
    days_to_deliver = models.PositiveIntegerField()
    apart = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("region", "key"), name="comparison_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_the_roll(self) -> bool:
        """Is it the population register beside the enrolments?"""
        return self.compared == rounds.Compared.ROLL


class Party(models.Model):
    """An organisation with a list in a comparison; `place` orders the lists. One organisation may keep two.
    When the list goes to another organisation this one ends, and with it who may see what it handed in.

    `name`: of its file; `title`: as people call it.
    """

    about_a_child = False

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.SlugField(max_length=40)
    title = models.CharField(max_length=60)
    place = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("comparison", "name"), condition=Q(ended_at__isnull=True), name="party_once"
            ),
        )

    def __str__(self) -> str:
        return self.title


class RoundState(models.TextChoices):
    """Where a round stands. The table is the queue: what waits for the worker is a state of it."""

    ASKED = "asked", _("lists are being handed in")
    COMPARING = "comparing", _("is being laid side by side")
    COMPARED = "compared", _("lies side by side")
    AGAIN = "again", _("is being worked out again")
    FAILED = "failed", _("cannot be laid side by side")
    ENDED = "ended", _("ended")


#: What the worker has to do something with.
TO_COMPARE = (RoundState.COMPARING, RoundState.AGAIN)
#: There is something to look at.
THERE = (RoundState.COMPARED, RoundState.AGAIN)
#: A next round waits until these are done.
UNDER_WAY = (RoundState.ASKED, RoundState.COMPARING)


class Round(models.Model):
    """One time that lists are laid side by side. `on`: the day all lists are of.

    `asked_by`: None when the rhythm began it. `counts`: children by the lists they are on, and of each kind
    of difference; `coverage`: how many there are probably in all; `wrong`: why it failed. All are numbers.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    coverage = models.JSONField(default=dict)
    wrong = models.JSONField(default=dict)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("comparison", "number"), name="round_once"),)

    def __str__(self) -> str:
        return f"round {self.number}"

    @property
    def is_there(self) -> bool:
        """Is there something to look at?"""
        return self.state in THERE

    def is_late(self, on: date) -> bool:
        """Is the day past on which all lists were due?"""
        return self.state == RoundState.ASKED and on > self.due_on


class ListState(models.TextChoices):
    """Where a list that was asked for stands."""

    ASKED = "asked", _("asked")
    RECEIVED = "received", _("waits to be read")
    UNUSABLE = "unusable", _("cannot be read")
    FROZEN = "frozen", _("handed in")
    LEFT_OUT = "left_out", _("left out")


class Handed(models.Model):
    """A list asked of a party in a round. Once read it is frozen: it changes no more.

    `rows`: how many; `unsure`: lines with a day that does not exist; `wrong`: why it cannot be read.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="lists")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.ASKED)
    reminded_on = models.DateField(null=True)
    reminders = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    unsure = models.JSONField(default=list)
    wrong = models.JSONField(default=dict)

    class Meta:
        ordering = ("party__place", "pk")
        constraints = (models.UniqueConstraint(fields=("round", "party"), name="list_once_in_a_round"),)

    def __str__(self) -> str:
        return f"list {self.pk}"


class Sharing(models.Model):
    """That the children only on one party's list may be seen by another organisation, and on which ground.

    Said by who keeps the list, and ended by them. Without it the other sees how many there are, no more.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    giver = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="shared")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=300)
    said_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("said_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("giver", "receiver"), condition=Q(ended_at__isnull=True), name="shared_once"
            ),
        )

    def __str__(self) -> str:
        return f"sharing {self.pk}"


class Reviewer(models.Model):
    """Who says of two records whether they are one child: appointed by who begins the rounds."""

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="reviewers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    appointed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comparison", "membership"),
                condition=Q(ended_at__isnull=True),
                name="reviewer_once",
            ),
        )

    def __str__(self) -> str:
        return f"reviewer {self.pk}"


class Because(models.TextChoices):
    """Why two records are one child, or are not."""

    SHOWN = "shown", _("what is shown here")
    TWIN = "twin", _("a twin")
    SIBLING = "sibling", _("a brother or sister")
    OWN_SYSTEM = "own_system", _("looked up in our own system")
    CALLED = "called", _("asked the school, or the parents")
    NAMESAKE = "namesake", _("somebody else of that name")


class Said(models.Model):
    """What somebody said of two records: the same child, not the same, or not sure. Only ever added to.

    The party earlier in the order is `left`. `seen`: marks of what stood there, so that it is shown again
    when that changes. `second`: somebody else is to look too; until then it does not hold. `about`: the one
    that was asked to be looked at by a second.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="said")
    left = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    left_mark = models.CharField(max_length=MARK_DIGITS)
    right = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    right_mark = models.CharField(max_length=MARK_DIGITS)
    decision = models.CharField(max_length=10, choices=[(one, one) for one in (SAME, NOT_SAME, UNSURE)])
    because = models.CharField(max_length=20, choices=Because.choices)
    second = models.BooleanField(default=False)
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=2 * MARK_DIGITS)
    said_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("said_at", "pk")
        indexes = (
            models.Index(fields=("comparison", "left_mark", "right_mark"), name="said_of_two_records"),
        )

    def __str__(self) -> str:
        return f"said {self.pk}"


class Reason(models.Model):
    """Why a list lacks a child: of the comparison's own list of reasons, which who leads it can change.

    `settles`: nobody has to do anything any more (moved away, deceased); else somebody has. `key`: of the
    ones that came with inbeeld, which have words in both languages; empty: `text` is their own.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="reasons")
    place = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=100, blank=True)
    settles = models.BooleanField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place", "text", "pk")

    def __str__(self) -> str:
        return self.key or self.text


class Settled(models.Model):
    """That one list lacks a child that stands on another, why, and whose it is to do something about it.

    The child is any record by its mark. The last one said holds; `ended_at`: it is open again.
    """

    about_a_child = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="settled")
    mark = models.CharField(max_length=MARK_DIGITS)
    missing_on = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("said_at", "pk")
        indexes = (models.Index(fields=("comparison", "mark"), name="settled_of_a_record"),)

    def __str__(self) -> str:
        return f"settled {self.pk}"


class Looked(models.Model):
    """That somebody looked at a link again without knowing what was made of it, or for one that was missed.

    `right_mark` empty: a child without a link, looked for on that list; `found`: was it one child, or there?
    """

    about_a_child = False

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="looked")
    left = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    left_mark = models.CharField(max_length=MARK_DIGITS)
    right = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    right_mark = models.CharField(max_length=MARK_DIGITS, blank=True)
    found = models.BooleanField()
    looked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("round", "left", "left_mark", "right", "right_mark"), name="looked_once_in_a_round"
            ),
        )

    def __str__(self) -> str:
        return f"looked {self.pk}"
