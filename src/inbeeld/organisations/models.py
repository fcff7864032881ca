"""Organisations of every kind, and the memberships that give a person a role in one of them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organisation is."""

    SCHOOL = "school", _("school")
    BOARD = "board", _("school board")
    SWV = "swv", _("samenwerkingsverband")
    MUNICIPALITY = "municipality", _("municipality")
    YOUTH_HEALTH = "youth_health", _("youth health care")
    YOUTH_HELP = "youth_help", _("youth help")
    COACH_SERVICE = "coach_service", _("attendance coaches")
    TASKFORCE = "taskforce", _("taskforce")


class Sector(models.TextChoices):
    """The kinds of education, as the table `schools` names them."""

    PO = "po", _("primary education")
    SO = "so", _("special primary education")
    VO = "vo", _("secondary education")
    VSO = "vso", _("special secondary education")
    MBO = "mbo", _("vocational education")


#: An SWV serves the ordinary and the special schools of its kind; vocational schools belong to none.
SECTORS_OF_SWV = {Sector.PO: (Sector.PO, Sector.SO), Sector.VO: (Sector.VO, Sector.VSO)}


class Role(models.TextChoices):
    """What a person does in an organisation: the rows of the access table."""

    MENTOR = "mentor", _("mentor")
    ATTENDANCE_COORDINATOR = "attendance_coordinator", _("attendance coordinator")
    CARE_COORDINATOR = "care_coordinator", _("care coordinator")
    SWV_COORDINATOR = "swv_coordinator", _("coordinator of the SWV")
    SWV_ADVISER = "swv_adviser", _("adviser of the SWV")
    LEERPLICHT_DESK = "leerplicht_desk", _("leerplicht desk")
    ATTENDANCE_OFFICER = "attendance_officer", _("attendance officer (leerplicht)")
    SCHOOL_DOCTOR = "school_doctor", _("school doctor (jeugdarts)")
    ANALYST = "analyst", _("analyst")
    PRIVACY_OFFICER = "privacy_officer", _("privacy officer")


class Organisation(models.Model):
    """A school, board, SWV, municipality or partner; `region` is the region it takes part in."""

    key = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    brin = models.CharField(max_length=10, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    sector = models.CharField(max_length=5, choices=Sector.choices, blank=True)

    class Meta:
        ordering = ("name", "key")
        indexes = (models.Index(fields=("region", "kind", "sector"), name="organisation_of_a_kind"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in a role at an organisation, from one day until another (the last day; empty: still)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=Role.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation", "role", "from_on"), name="membership_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="membership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} @ {self.organisation_id}"

    def is_in_force(self, on: date) -> bool:
        """Does it hold on this day?"""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)
