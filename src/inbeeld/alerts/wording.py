"""Signals in words: why, in one sentence with the number that led to it; what to do next; and when."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from inbeeld.alerts.models import Alert
from inbeeld.kernel.attention import Step, attention_of
from inbeeld.kernel.definitions.report_duty import MINUTES_IN_AN_HOUR
from inbeeld.kernel.truth import Outcome
from inbeeld.learners import missing
from inbeeld.learners.templatetags.judged import missing_for
from inbeeld.learners.wording import written

NAMES = {
    "report-duty": gettext_noop("Report: 16 hours in 4 weeks"),
    "sickness": gettext_noop("Sickness (M@ZL)"),
    "alternating-absence": gettext_noop("Comes and goes"),
    "layer-2": gettext_noop("Layer 2: 10 percent or more missed"),
    "layer-3": gettext_noop("Layer 3: 20 percent or more missed"),
    "phase-one": gettext_noop("Four weeks are near"),
    "thuiszitter": gettext_noop("Report: long absence"),
    "phase-two": gettext_noop("Longer than four weeks at home"),
    "phase-three": gettext_noop("Longer than three months at home"),
    "absolute-absence": gettext_noop("On no school's roll"),
}
STEPS = {
    Step.TALK: gettext_noop("Talk with the learner and the parents."),
    Step.SUPPORT_TEAM: gettext_noop(
        "Has there been a talk with the parents? Discuss it in the support team."
    ),
    Step.CONSULT: gettext_noop(
        "Talk with the learner and the parents, and ask the school doctor for a consult."
    ),
    Step.OFFER_CONSULT: gettext_noop("Offer the learner and the parents a consult."),
    Step.REPORT: gettext_noop("Report to DUO, without delay."),
    Step.REPORT_LONG: gettext_noop("Report the long absence to DUO; and later the day on which it ends."),
    Step.EXPECT_REPORT: gettext_noop("Look whether the school has reported to DUO; ask if it has not."),
    Step.MDO: gettext_noop(
        "Call an MDO with the learner and the parents: one plan, one who holds direction."
    ),
    Step.JOIN_MDO: gettext_noop("Take part in the MDO: what can you contribute to the plan?"),
    Step.PLAN: gettext_noop("Go through it with the school, and help with a plan of approach."),
    Step.TABLE: gettext_noop("Is there a suitable offer? If not, bring it to the table."),
    Step.FIND_SCHOOL: gettext_noop("Find out why, and which school is going to enrol this child."),
    Step.RECORD: gettext_noop("Record what is missing: {missing}."),
    Step.FIND_OUT: gettext_noop("Ask what is missing: {missing}."),
}


def name_of_rule(key: str) -> str:
    """What people call a signal; a rule that is no longer used by its key."""
    rule = attention_of(key)
    return key if rule is None else _(NAMES[rule.subject])


def sentence(alert: Alert) -> str:
    """Why this signal is there."""
    rule = attention_of(alert.rule)
    said = "" if rule is None else _SAID[rule.subject](alert)
    unsaid = {missing.PERMISSION} if said and _rests_on_a_silence(alert) else set()
    left = [one for one in alert.missing.split(",") if one and one not in unsaid]
    if alert.outcome is Outcome.UNKNOWN and left:
        said += " " + _("Not known yet: {missing}.").format(missing=missing_for(",".join(left)))
    return said.strip()


def step_in_words(step: Step, alert: Alert) -> str:
    """What a signal asks next."""
    return _(STEPS[step]).format(missing=missing_for(alert.missing))


def _rests_on_a_silence(alert: Alert) -> bool:
    """The school has not said whether there was permission, and so the signal cannot be sure."""
    return alert.outcome is Outcome.UNKNOWN and missing.PERMISSION in alert.missing.split(",")


def _days(alert: Alert) -> str:
    number = (alert.confirmed_on - alert.began_on).days + 1
    return ngettext("{number} calendar day", "{number} calendar days", number).format(number=written(number))


def _report(alert: Alert) -> str:
    if alert.number is None:
        return _(
            "Away since {since} ({days}), and the school has not said whether there was permission: whether a"
            " report is due is not known."
        ).format(since=written(alert.began_on), days=_days(alert))
    return _("{hours} hours without permission in four school weeks, reached on {on}.").format(
        hours=_hours(alert.number), on=written(alert.reached_on)
    )


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, MINUTES_IN_AN_HOUR)
    return str(number_format(whole if not rest else round(minutes / MINUTES_IN_AN_HOUR, 1)))


def _sickness(alert: Alert) -> str:
    return _("A signal of sickness on {on}.").format(on=written(alert.began_on))


def _alternating(alert: Alert) -> str:
    return ngettext(
        "{number} day missed in part or whole in fifteen school weeks.",
        "{number} days missed in part or whole in fifteen school weeks.",
        alert.number or 0,
    ).format(number=written(alert.number))


def _share(alert: Alert) -> str:
    absent, scheduled = alert.number or 0, alert.out_of or 1
    return _(
        "Missed {percent} percent of this school year: {absent} of {scheduled} parts of the day."
    ).format(percent=absent * 100 // scheduled, absent=written(absent), scheduled=written(scheduled))


def _near_four_weeks(alert: Alert) -> str:
    return _("At home since {since}: {days}. Four weeks are passed on {on}.").format(
        since=written(alert.began_on), days=_days(alert), on=written(alert.due_on)
    )


def _past_four_weeks(alert: Alert) -> str:
    return _("At home since {since}: {days}. Three months are passed on {on}.").format(
        since=written(alert.began_on), days=_days(alert), on=written(alert.due_on)
    )


def _past_three_months(alert: Alert) -> str:
    return _("At home since {since}: {days}. Three months were passed on {on}.").format(
        since=written(alert.began_on), days=_days(alert), on=written(alert.due_on)
    )


def _long_absence(alert: Alert) -> str:
    if _rests_on_a_silence(alert):
        return _(
            "Perhaps without permission since {since} ({days}): the school has not said yet whether there was"
            " permission."
        ).format(since=written(alert.began_on), days=_days(alert))
    return _("Without permission since {since}: {days}, longer than four weeks.").format(
        since=written(alert.began_on), days=_days(alert)
    )


def _on_no_roll(alert: Alert) -> str:
    return _("Enrolled at no school since {since}: {days}.").format(
        since=written(alert.began_on), days=_days(alert)
    )


_SAID = {
    "report-duty": _report,
    "sickness": _sickness,
    "alternating-absence": _alternating,
    "layer-2": _share,
    "layer-3": _share,
    "phase-one": _near_four_weeks,
    "phase-two": _past_four_weeks,
    "phase-three": _past_three_months,
    "thuiszitter": _long_absence,
    "absolute-absence": _on_no_roll,
}
