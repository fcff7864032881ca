"""Signals of a whole region: they follow from its verdicts, and are published with them or not at all."""

from __future__ import annotations

import pytest

from inbeeld.alerts.models import Alert
from inbeeld.alerts.operations import publish
from inbeeld.alerts.tests.making import KEYS
from inbeeld.journal.models import Line
from inbeeld.learners.models import Judgement, Verdict

pytestmark = pytest.mark.django_db

BY = "command:publish"


@pytest.fixture
def loaded(region):
    return Judgement.objects.get()


def test_every_signal_of_a_region_follows_from_a_verdict_and_the_same_again_changes_nothing(loaded, snapshot):
    found = set(Alert.for_operations.values_list("learner", "rule", "answer"))
    said = set(Verdict.for_operations.values_list("standing__learner", "definition", "outcome"))
    assert len(found) > 100 and {(one, rule) for one, rule, _ in found} <= {
        (one, definition) for one, definition, _ in said
    }
    before = list(Alert.for_operations.order_by("pk").values()), Line.for_operations.count()
    publish(snapshot / "judged", tables=snapshot / "region", within=snapshot, by=BY)
    assert (list(Alert.for_operations.order_by("pk").values()), Line.for_operations.count()) == before


def test_a_signal_of_sickness_has_the_walls_of_its_verdict(loaded):
    alerts = Alert.for_operations.filter(rule=KEYS["sickness"])
    assert alerts.exists()
    verdicts = dict(
        Verdict.for_operations.filter(definition=KEYS["sickness"]).values_list(
            "standing__learner_id", "delivered_by_id"
        )
    )
    for alert in alerts:
        assert (alert.field_class, alert.delivered_by_id) == ("MED", verdicts[alert.learner_id])


def test_a_publication_that_fails_leaves_signals_and_judgement_as_they_were(loaded, snapshot, monkeypatch):
    before = list(Alert.for_operations.order_by("pk").values())
    Judgement.objects.update(receipt="another")
    monkeypatch.setattr("inbeeld.alerts.operations._write_up", _broken)
    with pytest.raises(OSError, match="full"):
        publish(snapshot / "judged", tables=snapshot / "region", within=snapshot, by=BY)
    assert list(Alert.for_operations.order_by("pk").values()) == before
    assert Judgement.objects.get().receipt == "another"


def _broken(*arguments, **named):
    raise OSError("the disk is full")
