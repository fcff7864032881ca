"""A small region that is really in the database, behind the fourth wall: for tests with own connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.models import Consent, Involvement, Kinship, Signature
from inbeeld.access.row_security_actor import literal
from inbeeld.agreements.models import Agreement, Step
from inbeeld.alerts.models import Alert, Parking
from inbeeld.causes.models import Judged
from inbeeld.contacts.models import Contact
from inbeeld.duo.models import Answer, Report
from inbeeld.journal import guards
from inbeeld.journal.models import Line
from inbeeld.keys.models import DataKey
from inbeeld.learners.models import Address, Draft, Enrolment, Entry, Learner, Standing, Verdict
from inbeeld.organisations.models import Membership, Organisation
from tests.database_roles import Walled, walled_database
from tests.promises.four_statements import Asking, Said
from tests.promises.populations import Population, populate

SEED = 27
#: Children first: nothing else of ours stays behind.
_ALL = (
    Line, Signature, Consent, Involvement, Kinship, Judged, Contact, Step, Agreement, Answer, Report, Parking, Alert, Verdict, Standing, Enrolment, Draft, Entry, Address,
    DataKey, Learner, Membership, Organisation,
)  # fmt: skip


@dataclass(frozen=True)
class Region:
    """What is in the database, and who reads what of it."""

    made: Population
    walled: Walled
    #: By who it is, what they may read: asked once, as the region stays as it is.
    _read_by: dict[str, Said] = field(default_factory=dict)

    def asking(self) -> list[Asking]:
        """Everybody, in force or not."""
        return [
            *(Asking(self.made, membership=one) for one in self.made.memberships),
            *(Asking(self.made, kinship=one) for one in self.made.kinships),
        ]

    def member(self, *roles: str, reads: str = "learners_learner") -> Asking:
        """Somebody in force, in one of these roles if any, who reads something of a table."""
        return next(
            one
            for one in self.asking()
            if one.membership is not None and (not roles or one.role in roles) and self.reads(one, reads)
        )

    def reads(self, asking: Asking, table: str) -> set[str]:
        """The keys of the rows of a table somebody may read."""
        if asking.actor.key not in self._read_by:
            self._read_by[asking.actor.key] = frozenset(asking.asked())
        return {key for where, key in self._read_by[asking.actor.key] if where == table}

    def everything(self) -> Said:
        return frozenset(
            (model._meta.db_table, str(row.pk)) for model, rows in self.made.rows.items() for row in rows
        )


@contextmanager
def walled_region() -> Iterator[Region]:
    """The wall and the region, until the end; both are gone afterwards."""
    with walled_database() as walled:
        made = populate(SEED, at=timezone.now())
        # Here it stays the moment at which the region was made, since much in it begins or ends just then.
        stands_still = f"SELECT timestamptz {literal(made.at.isoformat())}"
        catalog.run(
            connection,
            "CREATE OR REPLACE FUNCTION inbeeld_now() RETURNS timestamptz LANGUAGE sql STABLE AS"
            f" $body${stands_still}$body$",
        )
        try:
            yield Region(made, walled)
        finally:
            guards.take_down(connection)
            for model in _ALL:
                catalog.run(connection, f"DELETE FROM {model._meta.db_table}")
            get_user_model().objects.filter(username__contains=f"{SEED}.").delete()
            guards.put_up(connection)


@contextmanager
def named(
    using: psycopg.Connection[Any], actor: str, *, operation: str = ""
) -> Iterator[psycopg.Cursor[Any]]:
    """A transaction in which an actor is named, as a request does; it is always rolled back."""
    with using.transaction(force_rollback=True), using.cursor() as cursor:
        cursor.execute("SELECT set_config('inbeeld.actor', %s, true)", [actor])
        cursor.execute("SELECT set_config('inbeeld.operation', %s, true)", [operation])
        yield cursor


def add_line(cursor: psycopg.Cursor[Any], actor: str) -> None:
    """Add a line to the journal, past everything that keeps it in order."""
    cursor.execute(
        "INSERT INTO journal_line (sequence, at, behind, trace, actor, on_behalf_of, organisation, role, involvement,"
        " purpose, ground, row, action, field_class, object, outcome, origin, emergency, consent, digest)"
        " VALUES (9999, now(), 0, gen_random_uuid(), %s, '', '', '', 'none', '', '', '', 'read', '', '', 'allowed',"
        " 'x', false, '', '')",
        [actor],
    )
