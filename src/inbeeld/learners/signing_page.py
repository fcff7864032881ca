"""How far the signing of a consent is: who signed and who still must, as far as who looks may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.models import Kinship
from inbeeld.access.scope_own import kin_of, signers_of
from inbeeld.kernel.consent import Signer, band_begins, must_sign
from inbeeld.learners.models import Learner


@dataclass(frozen=True)
class SeenParty:
    """How many of those who must sign in one capacity did; never who. `who`: empty for all together."""

    who: str
    signed: int
    needed: int

    @property
    def is_done(self) -> bool:
        return self.signed >= self.needed


@dataclass(frozen=True)
class Signing:
    """Who must sign today (keys of kinships, per capacity) and who did: for views, never for templates."""

    must: Mapping[Signer, frozenset[UUID]]
    signed: Mapping[UUID, Mapping[UUID, date]]
    counts_from: date

    def parties(self, consent: UUID, *, apart: bool) -> tuple[SeenParty, ...]:
        """How far each capacity is, or all together. Somebody must, also where nobody can log in yet."""
        there = self._signed(consent)
        found = tuple(
            SeenParty(_who(signer), len(must & there), max(1, len(must)))
            for signer, must in self.must.items()
        )
        if apart or not found:
            return found
        return (SeenParty("", sum(one.signed for one in found), sum(one.needed for one in found)),)

    def still(self, actor: Actor, learner: Learner, consent: UUID) -> tuple[str, ...]:
        """By name who must sign yet: asked only for who may know the family."""
        missing = frozenset().union(*self.must.values()) - self._signed(consent)
        if not missing:
            return ()
        rows = Kinship.objects.visible_to(actor).filter(child=learner, pk__in=missing)
        ordered = rows.select_related("person").order_by("relation", "from_on", "pk")
        return tuple(one.person.get_full_name() for one in ordered)

    def _signed(self, consent: UUID) -> frozenset[UUID]:
        days = self.signed.get(consent, {})
        return frozenset(by for by, on in days.items() if on >= self.counts_from)


def signing_of(actor: Actor, learner: Learner) -> Signing | None:
    """Who must sign about this child at today's age, and who did; None when the birth date is not known."""
    if learner.born_on is None or learner.born_on > actor.today:
        return None
    wanted = must_sign(learner.born_on, actor.today)
    must = {
        signer: frozenset(one.pk for one in kin_of(learner.pk, relation=signer.value, on=actor.today))
        for signer in (Signer.LEARNER, Signer.GUARDIAN)
        if signer in wanted
    }
    return Signing(must, signers_of(learner.pk), band_begins(learner.born_on, actor.today))


def _who(signer: Signer) -> str:
    return _("the learner") if signer is Signer.LEARNER else _("the parents or guardians")
