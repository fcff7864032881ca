"""Signals kept at each publication of a judgement: opened, confirmed, closed by facts, opened again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from inbeeld.access.operations_ground import Did
from inbeeld.alerts.course import Course, Told, told
from inbeeld.alerts.judged import courses_in
from inbeeld.alerts.models import Alert
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.attention import ATTENTION, Attention
from inbeeld.keys.opening import batched
from inbeeld.learners.models import Judgement, Learner, Standing, Verdict
from inbeeld.learners.operations import NOBODY, Arriving, publish_judgement
from inbeeld.learners.reasons import ABOUT_SICKNESS
from inbeeld.learners.snapshot import judged_by

#: What a judgement says again of a signal that is open.
_AGAIN = (
    "field_class", "delivered_by", "answer", "outcomes", "missing", "began_on", "reached_on", "due_on",
    "number", "out_of", "confirmed_on", "unconfirmed_since", "closed_on", "closed_by",
)  # fmt: skip
_NOTHING: frozenset[str] = frozenset()


@dataclass
class Kept:
    """What one publication did to the signals."""

    opened: list[Alert] = field(default_factory=list)
    reopened: list[Alert] = field(default_factory=list)
    confirmed: list[Alert] = field(default_factory=list)
    closed: list[Alert] = field(default_factory=list)
    unconfirmed: list[Alert] = field(default_factory=list)

    @property
    def written(self) -> Iterator[Alert]:
        for some in (self.opened, self.reopened, self.confirmed, self.closed, self.unconfirmed):
            yield from some


def publish(
    judged: Path,
    *,
    tables: Path,
    within: Path,
    by: str,
    arriving: Arriving = NOBODY,
    also: Callable[[], None] = lambda: None,
) -> Judgement:
    """Publish a judgement and bring the signals up to it, as a whole; the same one again changes nothing.

    `by`: "command:publish". `also`: what belongs with it, in the same transaction. Folders, and who is
    `arriving`, as in publish_judgement.
    """

    def together(judgement: Judgement) -> None:
        _bring_up_to(judgement, judged, by=by)
        also()

    return publish_judgement(judged, tables=tables, within=within, arriving=arriving, also=together)


def _bring_up_to(judgement: Judgement, judged: Path, *, by: str) -> None:
    """The signals of a judgement that was published just now."""
    keys = {one.key for one in judged_by(judgement)}
    rules = tuple(one for one in ATTENTION if one.key in keys)
    may_ask: dict[int, set[str]] = defaultdict(set)
    sick: dict[int, int | None] = {}
    about_sickness = _about_sickness(rules)
    rows = Verdict.for_operations.filter(definition__in=[one.key for one in rules])
    for learner, definition, school in rows.values_list(
        "standing__learner_id", "definition", "delivered_by_id"
    ):
        may_ask[learner].add(definition)
        if definition in about_sickness:
            sick[learner] = school
    for learner, rule in Alert.for_operations.filter(closed_on__isnull=True).values_list(
        "learner_id", "rule"
    ):
        may_ask[learner].add(rule)
    keep_alerts(
        _courses(judged, judgement.on, may_ask, sick),
        on=judgement.on,
        rules=rules,
        may_ask=may_ask,
        delivered_by=sick,
        by=by,
    )


def _courses(
    judged: Path, on: date, wanted: Mapping[int, object], sick: Mapping[int, object]
) -> dict[int, Course]:
    """The course of each of these learners that the judgement knows."""
    known = {
        key: (pk, born_on, off_roll_since)
        for pk, key, born_on, off_roll_since in Standing.for_operations.values_list(
            "learner_id", "learner__key", "learner__born_on", "off_roll_since"
        )
        if pk in wanted
    }
    found = courses_in(
        judged,
        on=on,
        wanted=known.keys(),
        sick={key for key, (pk, *_) in known.items() if pk in sick},
        born_on={key: born_on for key, (_, born_on, _) in known.items()},
        off_roll_since={key: since for key, (_, _, since) in known.items()},
    )
    return {known[key][0]: course for key, course in found.items()}


@transaction.atomic
def keep_alerts(
    courses: Mapping[int, Course],
    *,
    on: date,
    rules: Iterable[Attention] = ATTENTION,
    may_ask: Mapping[int, Iterable[str]] | None = None,
    delivered_by: Mapping[int, int | None] | None = None,
    by: str,
) -> Kept:
    """Bring the signals up to a day. `courses`: of the learners known that day, by number.

    `rules`: those that were judged by · `may_ask`: the rules that can ask for a learner, None: any ·
    `delivered_by`: who delivered what a signal of sickness rests on. Every deed is in the journal.
    """
    rules = tuple(rules)
    judged = {one.key for one in rules}
    about_sickness = _about_sickness(rules)
    open_now = {
        (one.learner_id, one.rule): one for one in Alert.for_operations.filter(closed_on__isnull=True)
    }
    kept, new = Kept(), []
    for learner, course in courses.items():
        among = _NOTHING if may_ask is None else frozenset(may_ask.get(learner, ()))
        if may_ask is not None and not among:
            continue
        for rule, what in told(course, rules=rules, among=among).items():
            one = open_now.get((learner, rule))
            if one is None and not what.asks:
                continue
            if one is None:
                one = Alert(learner_id=learner, rule=rule, opened_on=on)
                new.append(one)
            else:
                (kept.confirmed if what.asks else kept.closed).append(one)
            _say(one, what, on=on)
            if rule in about_sickness:
                one.field_class, one.delivered_by_id = FieldClass.MED.value, (delivered_by or {}).get(learner)
    _lost(kept, open_now.values(), courses, judged, on=on)
    _number(new, kept)
    for some in batched(kept.written):
        Alert.for_operations.bulk_create(
            some, update_conflicts=True, unique_fields=["id"], update_fields=_AGAIN
        )
    _write_up(kept, by=by)
    return kept


def _about_sickness(rules: Iterable[Attention]) -> set[str]:
    """The keys of those whose signals tell a reason."""
    return {one.key for one in rules if one.subject in ABOUT_SICKNESS}


def _say(one: Alert, what: Told, *, on: date) -> None:
    """Bring one signal up to what its rule says on this day."""
    one.unconfirmed_since = None
    if not what.asks:
        one.closed_on, one.closed_by = on, what.no
        return
    one.answer, one.outcomes, one.missing = what.outcome.word, what.outcomes, what.missing
    measured = what.measured
    one.began_on = measured.began_on or one.began_on or on
    one.reached_on = measured.reached_on or one.reached_on or on
    one.due_on, one.number, one.out_of = measured.due_on, measured.number, measured.out_of
    one.confirmed_on = on


def _lost(
    kept: Kept, open_now: Iterable[Alert], courses: Mapping[int, Course], judged: set[str], *, on: date
) -> None:
    """No longer known, or no longer judged by, is not solved: the signal says so, and stays."""
    for one in open_now:
        if one.learner_id in courses and one.rule in judged:
            continue
        if one.unconfirmed_since is None:
            one.unconfirmed_since = on
            kept.unconfirmed.append(one)


def _number(new: list[Alert], kept: Kept) -> None:
    """A signal that was closed before is opened again, as the next spell."""
    last: dict[tuple[int, str], int] = {}
    for some in batched(sorted({one.learner_id for one in new})):
        rows = Alert.for_operations.filter(learner__in=some).values("learner_id", "rule")
        for row in rows.annotate(last=Max("spell")).order_by():
            last[row["learner_id"], row["rule"]] = row["last"]
    for one in new:
        one.spell = last.get((one.learner_id, one.rule), 0) + 1
        (kept.opened if one.spell == 1 else kept.reopened).append(one)


def _write_up(kept: Kept, *, by: str) -> None:
    said = [(Did.OPEN_ALERT, kept.opened), (Did.REOPEN_ALERT, kept.reopened), (Did.CLOSE_ALERT, kept.closed)]
    learners = {one.learner_id for _, some in said for one in some}
    references = {}
    for batch in batched(sorted(learners)):
        references |= dict(Learner.for_operations.filter(pk__in=batch).values_list("pk", "reference"))
    trace = uuid.uuid4()
    # Every line says attendance: who reads the log and no reasons would else know of a sickness by the line.
    deeds = [
        Deed(
            trace=trace, actor=by, origin=by, action=action, child=references[one.learner_id],
            field_class=FieldClass.ATT.value, object=f"alert:{one.pk}",
        )
        for action, some in said
        for one in some
    ]  # fmt: skip
    for some in batched(deeds):
        journal.append(some)
