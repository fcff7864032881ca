"""The data keys: one per child, class group and keyholder, each wrapped: to erase is to forget a key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inbeeld.kernel.access import FieldClass


class KeyGroup(models.TextChoices):
    """What is sealed under one key, and so can be erased apart from the rest."""

    IDENTITY = "identity", "identity"
    FACTS = "facts", "facts"
    SUPPORT = "support", "support"
    FAMILY = "family", "family"
    MEDICAL = "medical", "medical"
    JUSTICE = "justice", "justice"
    NOTES = "notes", "notes"


#: The class of a field and the group its key belongs to. LOG is not here: a log line holds no content.
GROUP_OF_CLASS = {
    "NUM": KeyGroup.IDENTITY,
    "IDE": KeyGroup.IDENTITY,
    "ADR": KeyGroup.IDENTITY,
    "ATT": KeyGroup.FACTS,
    "AGR": KeyGroup.FACTS,
    "SUP": KeyGroup.SUPPORT,
    "FAM": KeyGroup.FAMILY,
    "MED": KeyGroup.MEDICAL,
    "JUS": KeyGroup.JUSTICE,
    "NOT": KeyGroup.NOTES,
}


class DataKey(models.Model):
    """A data key, wrapped; readable only together with the key ring, which is kept elsewhere.

    `child` is the learner's public reference (keys stands below learners, so no foreign key).
    `keyholder` is an organisation's key or "region:<name>"; `master` names the key of the ring it is
    wrapped with. A shredded key keeps its row without the key: that is the proof that it is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.UUIDField(editable=False)
    group = models.CharField(max_length=10, choices=KeyGroup.choices)
    keyholder = models.CharField(max_length=80)
    master = models.CharField(max_length=16)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    shredded_at = models.DateTimeField(null=True, blank=True)

    #: That there is a key says that there is a child; the key itself opens nothing without the ring.
    field_classes: ClassVar[dict[str, FieldClass]] = dict.fromkeys(
        ("id", "child", "group", "keyholder", "master", "wrapped", "made_at", "shredded_at"), FieldClass.IDE
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("child", "group", "keyholder"),
                condition=Q(shredded_at__isnull=True),
                name="one_data_key_not_shredded",
            ),
            models.CheckConstraint(
                condition=(Q(shredded_at__isnull=True) & ~Q(wrapped=b""))
                | (Q(shredded_at__isnull=False) & Q(wrapped=b"")),
                name="data_key_gone_when_shredded",
            ),
        )
        indexes = (
            # Also the shredded ones are looked up, to say that they are.
            models.Index(fields=("child", "group"), name="data_key_of_a_child"),
            models.Index(
                fields=("master", "id"), condition=Q(shredded_at__isnull=True), name="data_key_under_a_master"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
