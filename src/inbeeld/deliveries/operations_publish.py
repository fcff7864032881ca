"""Working in what was accepted and taking out what was withdrawn: new tables, judged, published at once.

And judging anew on a new day, when nothing was delivered: limits pass with the calendar.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from inbeeld.access.row_security import commanding
from inbeeld.alerts.operations import publish
from inbeeld.deliveries import places
from inbeeld.deliveries.models import COUNTS, Delivery, Fills, State
from inbeeld.deliveries.operations_roster import arriving, counting_in_region
from inbeeld.deliveries.operations_work import Say
from inbeeld.deliveries.standing import LOST, began, delivered, is_there, judged, roster
from inbeeld.engine.deliveries import only_known_days, put_in, write_standing
from inbeeld.engine.judge import judge
from inbeeld.engine.roster_rounds import BEGUN
from inbeeld.engine.rosters import put_in_rosters
from inbeeld.journal.deed import Deed
from inbeeld.journal.operations import append
from inbeeld.learners.models import Judgement
from inbeeld.learners.operations import NOBODY, Arriving
from inbeeld.learners.snapshot import begun_on, current_judgement, tables_of
from inbeeld.organisations.models import Organisation

#: In the journal a command has the name under which the database knows it.
WORKER = "command:publish"
#: So long after the last day anybody delivered days go on by themselves: schools deliver by the week.
GOES_ON_FOR = timedelta(days=7)
STANDS, WITHDRAWN = "delivery_stands", "delivery_withdrawn"


def publish_decided(say: Say) -> bool:
    """Work in what was accepted and take out what was withdrawn, all at once; False when there is nothing.

    New tables are built beside the old, judged, and published in one transaction with the states: whoever
    looks sees the old whole or the new whole.
    """
    decided = list(
        Delivery.objects.select_related("school")
        .filter(state__in=(State.ACCEPTED, State.WITHDRAWING))
        .order_by("pk")
    )
    if not decided:
        return False
    judgement = judged()
    schools = {one.school_id: one.school for one in decided}
    if broken := _that_lost_something(list(schools.values())):
        _set_aside([one for one in decided if one.school_id in broken])
        return True
    say(f"working in {len(decided)} deliveries of {len(schools)} schools")
    with_marks = [schools[one] for one in sorted({one.school_id for one in decided if not one.is_roster})]
    _publish(
        judgement, with_marks, on=_day(judgement, decided), say=say,
        who=arriving(decided, judgement), also=lambda: _now_it_counts(decided),
    )  # fmt: skip
    return True


def judge_today(say: Say) -> bool:
    """Judge again what is known when a day began that nobody judged on; False when that was done.

    Who was away yesterday passes four weeks today, whether or not a school delivers. Not longer than a week
    after the last day anybody delivered: in a holiday, or with a clock that jumped, one day of absence
    would become a month of it. An invented region stands still on its day.
    """
    judgement, today = current_judgement(), timezone.localdate()
    if (
        settings.INBEELD_TRIAL
        or judgement is None
        or not judgement.on < today <= _known_until() + GOES_ON_FOR
    ):
        return False
    say(f"judging on {today}")
    _publish(judgement, [], on=today, say=say)
    return True


def _known_until() -> date:
    """The last day any school delivered, or the region began with."""
    marks = Delivery.objects.filter(fills=Fills.MARKS, state__in=COUNTS)
    spoken = marks.aggregate(last=Max("until_on"))["last"]
    return max(one for one in (spoken, begun_on(), date.min) if one is not None)


def _publish(
    judgement: Judgement,
    schools: Sequence[Organisation],
    *,
    on: date,
    say: Say,
    who: Arriving = NOBODY,
    also: Callable[[], None] = lambda: None,
) -> None:
    """Build and judge the tables with the marks that count now of these schools, and the rosters of all.

    `who` comes with them, and `also` what is done with it: published in one transaction.
    """
    build = places.snapshots() / str(uuid.uuid4())
    try:
        _build(build, judgement, schools, on=on, say=say)
        with commanding("publish"):
            publish(
                build / "judged", tables=build / "region", within=Path(settings.INBEELD_DATA), by=WORKER,
                arriving=who, also=also,
            )  # fmt: skip
    finally:
        sweep_snapshots()  # which knows what is in use, however this ended


def _that_lost_something(schools: Sequence[Organisation]) -> set[int]:
    """The schools of which a delivery counts whose marks or roster are lost."""
    return {
        school.pk
        for school in schools
        for kind in Fills
        if not all(map(is_there, Delivery.objects.counting(school, kind)))
    }


def _set_aside(decided: Sequence[Delivery]) -> None:
    """One school's loss does not keep the others waiting: what it decided waits for who runs the server."""
    for one in decided:
        accepted = one.state == State.ACCEPTED
        changed = {"state": State.UNUSABLE, "order": None} if accepted else {"state": State.STANDS}
        Delivery.objects.filter(pk=one.pk, state=one.state).update(**changed, wrong={"expected": LOST})


def _day(judgement: Judgement, decided: Sequence[Delivery]) -> date:
    """The day to judge on: that of the judgement, or the last a delivery speaks for, never one to come.

    For a school that is behind no day exists that it did not deliver (only_known_days). A roster says nothing
    of days: who it lets come or go does so on the day itself.
    """
    said = [
        one.until_on
        for one in decided
        if one.until_on is not None and one.state == State.ACCEPTED and not one.is_roster
    ]
    return max([judgement.on, *(min(one, timezone.localdate()) for one in said)])


def _build(build: Path, judgement: Judgement, schools: Sequence[Organisation], *, on: date, say: Say) -> None:
    """The folders `region` and `judged` in `build`: the tables with what counts now, and their judgement."""
    build.mkdir(mode=0o700)
    marks = {school.key: build / f"marks-{number}.parquet" for number, school in enumerate(schools)}
    for school in schools:
        write_standing([delivered(one) for one in Delivery.objects.counting(school)], marks[school.key])
    put_in(tables_of(judgement), marks, out=build / "region")
    counting = counting_in_region()
    lost = {one.school.key for one in counting if not is_there(one)}  # which keeps no other school waiting
    if counting or (build / "region" / BEGUN).is_dir():
        put_in_rosters(
            build / "region", [roster(one) for one in counting if one.school.key not in lost],
            begun_on=began(judgement), on=on, as_they_are=lost,
        )  # fmt: skip
    only_known_days(build / "region", _spoken(), known_until=began(judgement), on=on)
    for file in marks.values():
        file.unlink()
    judge(build / "region", on=on, out=build / "judged", region=settings.INBEELD_REGION_PROFILE, progress=say)


def _spoken() -> list[tuple[str, date, date]]:
    """School, first and last day of each delivery of marks that counts."""
    rows = Delivery.objects.filter(fills=Fills.MARKS, state__in=COUNTS, until_on__isnull=False)
    return list(rows.order_by("school__key", "order").values_list("school__key", "from_on", "until_on"))


def _now_it_counts(decided: Sequence[Delivery]) -> None:
    now = timezone.now()
    deeds = []
    for one in decided:
        accepted = one.state == State.ACCEPTED
        changed = (
            {"state": State.STANDS, "stands_at": now}
            if accepted
            else {"state": State.WITHDRAWN, "order": None, "forgotten": False}
        )
        Delivery.objects.filter(pk=one.pk, state=one.state).update(**changed)
        deeds.append(
            Deed(
                trace=uuid.uuid4(), actor=WORKER, action=STANDS if accepted else WITHDRAWN,
                organisation=one.school.key, object=f"delivery:{one.pk}", origin=WORKER,
            )
        )  # fmt: skip
    append(deeds)


def sweep_snapshots() -> None:
    """Remove tables nobody looks at any more: all but of the current judgement and the one before."""
    used = set(Judgement.objects.order_by("-published_at", "-pk").values_list("tables", flat=True)[:2])
    for folder in places.snapshots().iterdir():
        if not any(Path(one).is_relative_to(Path("snapshots") / folder.name) for one in used):
            shutil.rmtree(folder, ignore_errors=True)
