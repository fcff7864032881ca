"""Who asks: one person in one role, for the length of a session.

A professional acts as a member of an organisation; a learner or guardian as kin of one child. Someone with
two roles chose one. Looked up anew at each request, so that what ended has ended.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access.ledger import Ledger
from inbeeld.kernel.access import Row, rows_of
from inbeeld.kernel.consent import Relation, role_of
from inbeeld.organisations.models import Membership, Organisation, Role

if TYPE_CHECKING:
    from inbeeld.access.models import Kinship

MEMBERSHIP = "membership"
KINSHIP = "kinship"


@dataclass(frozen=True)
class Actor:
    """Someone acting in one of their roles. Every read of personal data names its actor.

    Exactly one of `membership` and `kinship` is given. `trace` names the request in the log,
    `ledger` gathers what it read.
    """

    name: str
    membership: Membership | None = None
    kinship: Kinship | None = None
    at: datetime = field(default_factory=timezone.now, compare=False)
    trace: uuid.UUID = field(default_factory=uuid.uuid4, compare=False)
    ledger: Ledger = field(default_factory=Ledger, compare=False, repr=False)

    @cached_property
    def role(self) -> str:
        """The row of the access table; of kin it follows from the child's age today. Empty: none."""
        if self.membership is not None:
            return str(self.membership.role)
        assert self.kinship is not None
        relation = Relation(self.kinship.relation)
        return role_of(relation, born_on=self.kinship.child.born_on, on=self.today) or ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the access table for this role."""
        return rows_of(self.role)

    @cached_property
    def organisation(self) -> Organisation | None:
        """Where the actor works; None for kin."""
        return None if self.membership is None else self.membership.organisation

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def key(self) -> str:
        """How the log and the database name this actor."""
        if self.membership is not None:
            return f"membership:{self.membership.pk}"
        assert self.kinship is not None
        return f"kinship:{self.kinship.pk}"

    @property
    def role_name(self) -> str:
        """The role in words."""
        if self.membership is not None:
            return str(self.membership.get_role_display())
        assert self.kinship is not None
        return _("learner") if self.kinship.relation == Relation.LEARNER.value else _("parent or guardian")

    @property
    def organisation_key(self) -> str:
        """How the log names the organisation; empty for kin."""
        return "" if self.organisation is None else str(self.organisation.key)

    @property
    def place(self) -> str:
        """The organisation in words; empty for kin."""
        return "" if self.organisation is None else self.organisation.name

    @cached_property
    def waits(self) -> int:
        """How many things wait for this actor; every page says it, so it is asked once a request."""
        from inbeeld.access.waiting import number_waiting  # which knows this class

        return number_waiting(self)

    @property
    def has_a_list(self) -> bool:
        """Could there be a child for this role at all?"""
        return any(row.classes() for row in self.rows) and self.role != Role.PRIVACY_OFFICER


def for_an_actor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that needs an actor: it gets `request.actor`.

    Who is not logged in goes to the start page; who is, and acts in no role, to the choice of one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return redirect("choose_role" if request.user.is_authenticated else "start")
        return view(request, *args, **kwargs)

    guarded.needs_an_actor = True  # type: ignore[attr-defined]
    return guarded
