"""Organisations of every kind, and the memberships that give a person a role in one of them."""

from __future__ import annotations

from collections.abc import Iterator
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
    """What a person does in an organisation: the rows of the access table, and those without a row."""

    MENTOR = "mentor", _("mentor")
    ATTENDANCE_COORDINATOR = "attendance_coordinator", _("attendance coordinator")
    CARE_COORDINATOR = "care_coordinator", _("care coordinator")
    SWV_COORDINATOR = "swv_coordinator", _("coordinator of the SWV")
    SWV_ADVISER = "swv_adviser", _("adviser of the SWV")
    ATTENDANCE_COACH = "attendance_coach", _("attendance coach")
    LEERPLICHT_DESK = "leerplicht_desk", _("leerplicht desk")
    ATTENDANCE_OFFICER = "attendance_officer", _("attendance officer (leerplicht)")
    SCHOOL_NURSE = "school_nurse", _("school nurse")
    SCHOOL_DOCTOR = "school_doctor", _("school doctor (jeugdarts)")
    YOUTH_WORKER = "youth_worker", _("youth worker")
    YOUTH_PROTECTION = "youth_protection", _("youth protection worker")
    CASE_DIRECTOR = "case_director", _("case director")
    TABLE_CHAIR = "table_chair", _("chair of the table")
    TABLE_MEMBER = "table_member", _("member of the table")
    ANALYST = "analyst", _("analyst")
    PRIVACY_OFFICER = "privacy_officer", _("privacy officer")
    APPLICATION_ADMINISTRATOR = "application_administrator", _("application administrator")


_ANY = frozenset(Kind)
#: Where a role exists; elsewhere nobody can be given it, and a membership that says so gives nothing.
KINDS_OF_ROLE: dict[Role, frozenset[Kind]] = {
    Role.MENTOR: frozenset({Kind.SCHOOL}),
    Role.ATTENDANCE_COORDINATOR: frozenset({Kind.SCHOOL}),
    Role.CARE_COORDINATOR: frozenset({Kind.SCHOOL}),
    Role.SWV_COORDINATOR: frozenset({Kind.SWV}),
    Role.SWV_ADVISER: frozenset({Kind.SWV}),
    Role.ATTENDANCE_COACH: frozenset({Kind.SWV, Kind.COACH_SERVICE}),
    Role.LEERPLICHT_DESK: frozenset({Kind.MUNICIPALITY}),
    Role.ATTENDANCE_OFFICER: frozenset({Kind.MUNICIPALITY}),
    Role.SCHOOL_NURSE: frozenset({Kind.YOUTH_HEALTH}),
    Role.SCHOOL_DOCTOR: frozenset({Kind.YOUTH_HEALTH}),
    Role.YOUTH_WORKER: frozenset({Kind.YOUTH_HELP}),
    Role.YOUTH_PROTECTION: frozenset({Kind.YOUTH_HELP}),
    Role.CASE_DIRECTOR: frozenset({Kind.TASKFORCE}),
    Role.TABLE_CHAIR: frozenset({Kind.TASKFORCE}),
    Role.TABLE_MEMBER: _ANY,
    Role.ANALYST: _ANY,
    Role.PRIVACY_OFFICER: _ANY,
    Role.APPLICATION_ADMINISTRATOR: _ANY,
}


class Organisation(models.Model):
    """A school or one of its sites, board, SWV, municipality or partner, in the region it takes part in.

    `brin`: four characters for a school, six for a site. `part_of`: the school of a site, the board of a
    school. `postcodes`: of an SWV, the four-digit postcodes it serves, with commas.
    """

    about_a_child = False

    key = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    brin = models.CharField(max_length=10, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    sector = models.CharField(max_length=5, choices=Sector.choices, blank=True)
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    postcodes = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "key")
        indexes = (models.Index(fields=("region", "kind", "sector"), name="organisation_of_a_kind"),)

    def __str__(self) -> str:
        return self.name

    def and_above(self) -> Iterator[Organisation]:
        """Itself, and what it is part of: a site, its school, and the board of that school."""
        place: Organisation | None = self
        for _step in range(3):
            if place is None:
                return
            yield place
            place = place.part_of

    def and_below(self) -> models.QuerySet[Organisation]:
        """Itself and its parts: a board, its schools, and their sites."""
        is_part = Q(part_of=self.pk) | Q(part_of__part_of=self.pk)
        return Organisation.objects.filter(Q(pk=self.pk) | is_part)

    def with_sites(self) -> models.QuerySet[Organisation]:
        """Of a school: itself and its sites. As a set, so that rows of them are found by an index."""
        return Organisation.objects.filter(Q(pk=self.pk) | Q(part_of=self.pk))

    def schools_served(self) -> models.QuerySet[Organisation]:
        """Of an SWV the schools of its kinds of education in its region; no other serves schools."""
        is_known = self.kind == Kind.SWV and self.sector in SECTORS_OF_SWV
        sectors = SECTORS_OF_SWV[Sector(self.sector)] if is_known else ()
        return Organisation.objects.filter(region=self.region, kind=Kind.SCHOOL, sector__in=sectors)


class Vouched(models.Model):
    """On whose word alone a person set up their own ways to log in: that of an organisation's log-in.

    So those ways open roles at that organisation and nothing else. A new invitation takes this away, together
    with all they logged in with.
    """

    about_a_child = False

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vouched")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "organisation"), name="vouched_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.organisation_id}"


class Membership(models.Model):
    """A person in a role at an organisation, from one day until another (the last day; empty: still).

    `reviewed_on`: the last day on which somebody of the organisation said that it still holds.
    """

    about_a_child = False

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=Role.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)

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
        """Does it hold on this day, in a role that exists at an organisation of this kind?"""
        return (
            self.from_on <= on
            and (self.until_on is None or on <= self.until_on)
            and Kind(self.organisation.kind) in KINDS_OF_ROLE.get(Role(self.role), frozenset())
        )
