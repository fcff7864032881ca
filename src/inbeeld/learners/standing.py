"""From a row of facts to how a learner stands: stage, counters and the days on which limits pass. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from inbeeld.kernel.aftercare import LONG, RELAPSE_AFTER, Home, aftercare
from inbeeld.kernel.calendar import birthday
from inbeeld.kernel.definitions.early_absence import ALTERNATING_DAYS
from inbeeld.kernel.definitions.phases import FIRST_PHASE, SECOND_PHASE

NO_STAGE, SIGNAL, AT_HOME, AFTERCARE, OUT_OF_SIGHT = 0, 1, 2, 4, 5
#: Longer than this at home, and a child stands on the register of long absence: a cold is no long absence.
REGISTER_AFTER = RELAPSE_AFTER
FOUR_YEARS_OLD = 4


@dataclass(frozen=True)
class Counted:
    """What the list shows and sorts by, worked out of one row of facts."""

    stage: int
    phase: int
    in_sight: bool
    on_register: bool
    counts_from: date | None
    calendar_days: int | None
    permission: str
    passes_four_weeks_on: date | None
    passes_three_months_on: date | None
    #: After a return: "returned" or "relapsed", and the time at home before it.
    aftercare: str = ""
    home_from: date | None = None
    home_until: date | None = None


#: Who left school and need not go any more: nobody's pupil, however long an old absence goes on.
GONE = Counted(
    stage=NO_STAGE, phase=0, in_sight=False, on_register=False, counts_from=None, calendar_days=None,
    permission="", passes_four_weeks_on=None, passes_three_months_on=None,
)  # fmt: skip


def counted(
    fact: Mapping[str, Any],
    *,
    on: date,
    born_on: date | None,
    off_roll_since: date | None,
    home: Home | None = None,
) -> Counted:
    """Work out one learner's standing on a day. `fact` is a row of the table `facts`.

    `home`: the last time at home that is kept in sight, if there is one (kernel.aftercare.last_home).
    """
    out_of_sight = _is_out_of_sight(fact, on=on, born_on=born_on)
    if not fact["enrolled"] and not out_of_sight:
        return GONE
    since = fact["ongoing_since"]
    counts_from = since or (off_roll_since if out_of_sight else None)
    alternates = fact["alternating_days_15w"] >= ALTERNATING_DAYS
    home = None if out_of_sight else home
    after = aftercare(home, away_since=since, on=on)
    return Counted(
        stage=_stage(fact, on=on, out_of_sight=out_of_sight, alternates=alternates, home=home),
        phase=fact["phase"],
        in_sight=out_of_sight or since is not None or alternates,
        on_register=out_of_sight or (since is not None and REGISTER_AFTER.is_exceeded(since, on)),
        counts_from=counts_from,
        calendar_days=None if counts_from is None else (on - counts_from).days + 1,
        permission=_permission(fact),
        passes_four_weeks_on=None if since is None else FIRST_PHASE.first_exceeded_on(since),
        passes_three_months_on=None if since is None else SECOND_PHASE.first_exceeded_on(since),
        aftercare="" if after is None else after.value,
        home_from=home and home.first_on,
        home_until=home and home.last_on,
    )


def _is_out_of_sight(fact: Mapping[str, Any], *, on: date, born_on: date | None) -> bool:
    """On no roll or exempt, while school is compulsory, perhaps compulsory, or about to be (from four)."""
    if fact["exempt"]:
        return True
    if fact["enrolled"]:
        return False
    if fact["of_compulsory_age"] is not False:
        return True
    return born_on is not None and birthday(born_on, FOUR_YEARS_OLD) <= on < birthday(
        born_on, FOUR_YEARS_OLD + 2
    )


def _stage(
    fact: Mapping[str, Any], *, on: date, out_of_sight: bool, alternates: bool, home: Home | None
) -> int:
    since = fact["ongoing_since"]
    if out_of_sight:
        return OUT_OF_SIGHT
    if since is not None and LONG.is_reached(since, on):
        return AT_HOME
    layered = any(fact[layer] for layer in ("layer_ytd", "layer_4w", "layer_12w"))
    if since is not None or alternates or layered:
        return SIGNAL
    return NO_STAGE if home is None else AFTERCARE


def _permission(fact: Mapping[str, Any]) -> str:
    """Of the ongoing absence: without if its last days certainly are, else unknown if they may be."""
    if fact["ongoing_since"] is None:
        return ""
    if fact["ongoing_without_since"] is not None:
        return "without"
    return "unknown" if fact["ongoing_open_since"] is not None else "with"
