"""What the invented people of a trial judged and agreed about the children they help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.agreements.doers import doers_for
from inbeeld.agreements.operations import Agreed, Saying, agree, may_agree, say
from inbeeld.causes.operations import NewCause, causes_for, judge_cause
from inbeeld.kernel.agreements import Doer, Said
from inbeeld.kernel.causes import Cause
from inbeeld.learners.models import Learner
from inbeeld.organisations.models import Role

#: In how many days, who does it (somebody in a role, or the family), what, and what was said of it since.
AGREED: dict[Role, tuple[tuple[int, Role | Doer, str, tuple[Saying, ...]], ...]] = {
    Role.CARE_COORDINATOR: (
        (3, Role.MENTOR, "Elke maandag bellen met de leerling.", ()),
        (
            9,
            Role.CARE_COORDINATOR,
            "Rooster maken met twee vakken per dag.",
            (Saying(Said.MOVED, "Een van de docenten was ziek.", date.max),),
        ),
        (5, Doer.PARENTS, "Samen kiezen met welk vak het weer begint.", ()),
        (2, Role.CARE_COORDINATOR, "Rustige plek regelen in de mediatheek.", (Saying(Said.DONE),)),
    ),
    Role.ATTENDANCE_OFFICER: (
        (0, Role.ATTENDANCE_OFFICER, "Bellen met de ouders over het huisbezoek.", ()),
        (14, Role.ATTENDANCE_OFFICER, "Vragen welke school de leerling kan inschrijven.", ()),
    ),
    Role.SWV_ADVISER: (
        (6, Role.SWV_ADVISER, "Bekijken welke begeleiding de school kan krijgen.", ()),
        (10, Role.YOUTH_WORKER, "Een kijkmoment op de tussenvoorziening regelen.", ()),
        (12, Doer.LEARNER, "Een ochtend meelopen en vertellen hoe het was.", ()),
        (
            1,
            Role.SWV_ADVISER,
            "Afspraak maken met de jeugdarts.",
            (Saying(Said.DIFFERENTLY, "De jeugdarts belde zelf de ouders."),),
        ),
    ),
}
#: Why a child is at home, as somebody in a role judged, child after child.
JUDGED: dict[Role, tuple[tuple[Cause, str], ...]] = {
    Role.CARE_COORDINATOR: (
        (Cause.UNSAFE, "Durft na de herfst niet meer in de kleedkamer."),
        (Cause.SCHOOL_CANNOT, ""),
        (Cause.FAMILY, "Past overdag op de jongere kinderen."),
    ),
    Role.SWV_ADVISER: (
        (Cause.NO_PLACE, "Staat op de wachtlijst van de tussenvoorziening."),
        (Cause.UNSAFE, ""),
    ),
    Role.SCHOOL_DOCTOR: (
        (Cause.MENTAL, ""),
        (Cause.NO_CARE, "Wacht op een plek bij de ggz."),
        (Cause.STIMULI, ""),
    ),
}
#: About how many children somebody made agreements.
AGREED_WITH = 4
#: How much further what is moved is moved.
A_WEEK = timedelta(weeks=1)


def let_them_judge(actor: Actor, children: Iterable[tuple[Learner, Permit]], *, origin: str) -> None:
    """Why some children are at home, as somebody in this role judges, by the operation."""
    here = [(child, permit) for child, permit in children if causes_for(permit)]
    for (child, permit), (cause, text) in zip(here, JUDGED[Role(actor.role)], strict=False):
        with acting(actor, origin=origin):
            judge_cause(permit, NewCause(cause, timezone.localdate(), text), child=child)


def let_them_agree(actor: Actor, children: Iterable[tuple[Learner, Permit]], *, origin: str) -> None:
    """The agreements of somebody in this role about these children, made and settled by the operations."""
    today = timezone.localdate()
    here = ((child, permit) for child, permit in children if may_agree(permit) is not None)
    for child, permit in islice(here, AGREED_WITH):
        members = {Role(one.role): one for one in doers_for(permit)}
        for days, who, what, said in AGREED[Role(actor.role)]:
            doer, member = (who, None) if isinstance(who, Doer) else (Doer.MEMBER, members.get(who))
            if doer is Doer.MEMBER and member is None:
                continue
            due_on = today + timedelta(days=days)
            with acting(actor, origin=origin):
                one = agree(permit, Agreed(what, due_on, doer, member), child=child)
                for number, saying in enumerate(said):
                    later = due_on + A_WEEK if saying.to_on else None
                    say(permit, one, replace(saying, to_on=later), after=number, child=child)
