"""Lists side by side as requests work with them: everything the role of the database that answers them needs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from inbeeld.access.actor import Actor
from inbeeld.learners.tests import visiting
from inbeeld.reconciliation import operations, places
from inbeeld.reconciliation.models import Handed, Reason, Reviewer, Round, RoundState, Sharing
from inbeeld.reconciliation.sampled import Sampled
from inbeeld.reconciliation.tests.laying import LISTS, Region, a_region, as_csv


def lists_laid() -> None:
    """A round begun, a list handed in and taken back; shared, reviewed, said why, and all of it ended again."""
    settings.INBEELD_TRIAL = True
    settings.INBEELD_DATA = Path(tempfile.mkdtemp())
    region = a_region()
    here = f"/lijsten/{region.comparison.pk}/"
    _done(region.anneke, f"{here}ronde/")
    handed = Handed.objects.get(party__name="leerplicht")
    file = SimpleUploadedFile("lijst.csv", as_csv(LISTS["leerplicht"]))
    _done(region.anneke, f"{here}lijst/{handed.pk}/", **{f"{handed.pk}-file": file})
    _done(region.anneke, f"{here}lijst/{handed.pk}/teruggenomen/")
    _agree(region, f"{here}afgesproken/")
    _lie_side_by_side(region.round())
    _say(region, here)
    for what, one in (("delen", Sharing), ("beoordelaar", Reviewer), ("reden", Reason)):
        found = one.objects.filter(ended_at__isnull=True)[0]
        by = found.giver.organisation if isinstance(found, Sharing) else region.municipality
        who = region.marit if by == region.swv else region.anneke
        _done(who, f"{here}afgesproken/{what}/{found.pk}/beeindigen/")


def _done(who: Actor, address: str, **sent: Any) -> None:
    assert visiting.post(who, address, **sent).status_code == 302


def _agree(region: Region, here: str) -> None:
    for who, name, receiver in (
        (region.anneke, "leerplicht", region.swv),
        (region.marit, "swv_vo", region.municipality),
    ):
        sent = {"lijst": name, f"{name}-receiver": str(receiver.pk), f"{name}-ground": "Convenant"}
        _done(who, f"{here}delen/", **sent)
    assert region.anneke.membership is not None
    _done(region.anneke, f"{here}beoordelaar/", member=str(region.anneke.membership.pk))
    _done(region.anneke, f"{here}reden/", text="Anders")


def _lie_side_by_side(round_: Round) -> None:
    """What the worker would leave behind."""
    for name, rows in LISTS.items():
        places.keep_rows(round_.pk, name, rows, what=places.SHOWN)
    places.keep_outcome(round_.pk, {
        "lists": list(LISTS),
        "children": {"1": {"leerplicht": "LP-10"}},
        "pairs": [{"left": ["leerplicht", "LP-11"], "right": ["swv_vo", "VO-21"], "verdict": "possible",
                   "reason": "twin", "probability": 0.5}],
        "differences": [{"child": "1", "missing_on": "swv_vo", "kind": "absent", "possible_id": "",
                         "reason": ""}],
        "sample": [["leerplicht", "LP-10", "swv_vo", ""]],
    })  # fmt: skip
    Round.objects.filter(pk=round_.pk).update(state=RoundState.COMPARED)


def _say(region: Region, here: str) -> None:
    lying = region.lying(region.anneke)
    [pair] = lying.open_pairs
    said = {"decision": "not_same", "because": "twin", "as_seen": pair.as_seen}
    _done(region.anneke, f"{here}koppelen/{pair.key}/", **said)
    assert operations.current_round(region.comparison).state == RoundState.AGAIN  # type: ignore[union-attr]
    [looked_for] = [one for one in Sampled(lying).to_do if one.row is not None]
    _done(region.anneke, f"{here}steekproef/{looked_for.key}/", antwoord="staat-er-niet")
    [child] = lying.children
    reason = Reason.objects.get(key="moved_out")
    _done(region.anneke, f"{here}mist/swv_vo/", child=[child.key], reason=str(reason.pk))
    _done(region.anneke, f"{here}mist/swv_vo/", child=[child.key], deed="opnieuw", toon="klaar")
