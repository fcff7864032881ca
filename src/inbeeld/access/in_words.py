"""The keys of the access table and of the journal, as people read them. Frozen, and about nobody."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inbeeld.access.models import Involvement as Held
from inbeeld.access.operations_ground import Did
from inbeeld.kernel.access import FieldClass, Involvement, Row
from inbeeld.organisations.models import Role

CLASSES = {
    FieldClass.NUM: gettext_noop("personal number"),
    FieldClass.IDE: gettext_noop("name, birth date and school"),
    FieldClass.ADR: gettext_noop("address and telephone"),
    FieldClass.ATT: gettext_noop("attendance and absence"),
    FieldClass.AGR: gettext_noop("agreements"),
    FieldClass.SUP: gettext_noop("support and advice for school"),
    FieldClass.FAM: gettext_noop("family"),
    FieldClass.MED: gettext_noop("medical"),
    FieldClass.JUS: gettext_noop("police and youth protection"),
    FieldClass.NOT: gettext_noop("own working notes"),
    FieldClass.LOG: gettext_noop("who looked"),
}
GROUNDS = {
    "education act: duty of care": gettext_noop("education act: duty of care of the school"),
    "education act: task of the SWV": gettext_noop("education act: task of the samenwerkingsverband"),
    "SWV assignment after talk with parents": gettext_noop(
        "assignment of the samenwerkingsverband, after a talk with the parents"
    ),
    "Leerplichtwet: supervision": gettext_noop("Leerplichtwet: supervision"),
    "Leerplichtwet: facts of absence": gettext_noop("Leerplichtwet: facts of absence"),
    "Jeugdwet: protection order": gettext_noop("Jeugdwet: protection order"),
    'covenant ("without the file")': gettext_noop("covenant: direction of the case, without the file"),
    "covenant": gettext_noop("covenant of the taskforce"),
    "vital interest": gettext_noop("vital interest of the child (emergency)"),
    "GDPR 15": gettext_noop("GDPR article 15: everybody may see their own data"),
    "GDPR 15, custody": gettext_noop("GDPR article 15, for who has custody"),
    "GDPR 39": gettext_noop("GDPR article 39: task of the privacy officer"),
}
HOW = {
    Involvement.OWN_ORG: gettext_noop("the child is on the list of the organisation"),
    Involvement.INVOLVED: gettext_noop("named and accepted"),
    Involvement.TABLE: gettext_noop("at the table"),
    Involvement.EMERGENCY: gettext_noop("emergency"),
    Involvement.SELF: gettext_noop("the learner, or a parent or guardian"),
}
KIN = {
    "learner_16": gettext_noop("the learner"),
    "learner_12_15": gettext_noop("the learner"),
    "guardian_under_12": gettext_noop("the parents or guardians"),
    "guardian_12_15": gettext_noop("the parents or guardians"),
    "guardian_16": gettext_noop("the parents or guardians"),
}
#: One of them.
KIN_ALONE = {"learner": gettext_noop("learner"), "guardian": gettext_noop("parent or guardian")}
#: What the journal calls a deed, in the past tense: "Marit Hoogeveen … opened the file".
ACTIONS = {
    "read": gettext_noop("opened"),
    "listed": gettext_noop("saw the name in a list"),
    "export": gettext_noop("took out as a file"),
    "request": gettext_noop("asked for a page that was refused"),
    Did.GRANT: gettext_noop("asked somebody to be involved"),
    Did.ACCEPT: gettext_noop("agreed to be involved"),
    Did.NOT_ACCEPT: gettext_noop("did not agree to be involved"),
    Did.STOP: gettext_noop("stopped being involved"),
    Did.WITHDRAW: gettext_noop("withdrew somebody's access"),
    Did.EXTEND: gettext_noop("let somebody's access last longer"),
    Did.HAND_OVER_DIRECTION: gettext_noop("handed over direction"),
    Did.HAND_OVER_WORK: gettext_noop("handed over the work of who leaves"),
    Did.END_WORK: gettext_noop("ended the work of who leaves"),
    Did.SEAT: gettext_noop("put the child on the agenda of the table"),
    Did.FIND_IN_EMERGENCY: gettext_noop("looked for a child in an emergency"),
    Did.CALL_EMERGENCY: gettext_noop("called an emergency"),
    Did.REVIEW_EMERGENCY: gettext_noop("reviewed an emergency"),
    Did.GIVE_BACK_EMERGENCY: gettext_noop("gave the emergency button back"),
    Did.ASK_CONSENT: gettext_noop("asked for consent"),
    Did.SIGN_CONSENT: gettext_noop("signed a consent"),
    Did.RECORD_SIGNATURE: gettext_noop("recorded a signature on paper"),
    Did.WITHDRAW_CONSENT: gettext_noop("withdrew a consent"),
    Did.REGISTER_KIN: gettext_noop("let the learner, a parent or guardian log in"),
    Did.END_KIN: gettext_noop("ended the log-in of the learner, a parent or guardian"),
    Did.WRITE: gettext_noop("wrote in the file"),
    Did.CHANGE: gettext_noop("changed an entry"),
    Did.DRAFT: gettext_noop("kept a draft"),
    Did.THROW_AWAY_DRAFT: gettext_noop("threw a draft away"),
    Did.ENTER_ADDRESS: gettext_noop("entered an address"),
    Did.SET_STAGE: gettext_noop("set the stage of the case"),
    Did.DESTROY: gettext_noop("destroyed the file"),
    "receive_delivery": gettext_noop("delivered absence of the school"),
    "name_columns": gettext_noop("said what the columns of a delivery are"),
    "say_codes": gettext_noop("said what codes of the school mean"),
    "say_days_of_delivery": gettext_noop("said for which days a delivery speaks"),
    "accept_delivery": gettext_noop("accepted a delivery"),
    "dismiss_delivery": gettext_noop("did not take a delivery in"),
    "withdraw_delivery": gettext_noop("withdrew a delivery"),
    "delivery_stands": gettext_noop("worked a delivery in"),
    "delivery_withdrawn": gettext_noop("took a delivery out"),
    "make_system_key": gettext_noop("made a key for a system"),
    "end_system_key": gettext_noop("ended a key of a system"),
    Did.OPEN_ALERT: gettext_noop("opened a signal, from the absence"),
    Did.REOPEN_ALERT: gettext_noop("opened a signal again, from the absence"),
    Did.CLOSE_ALERT: gettext_noop("closed a signal, from the absence"),
    Did.PARK: gettext_noop("parked a signal"),
    Did.UNPARK: gettext_noop("put a signal back on the list"),
    Did.PREPARE_REPORT: gettext_noop("prepared a report to DUO"),
    Did.CHANGE_REPORT: gettext_noop("changed a report that was being prepared"),
    Did.MAKE_REPORT: gettext_noop("recorded that it was reported to DUO"),
    Did.END_REPORT: gettext_noop("recorded the end of a reported absence"),
    Did.WITHDRAW_REPORT: gettext_noop("withdrew a report to DUO"),
    Did.RECORD_CONTACT: gettext_noop("recorded a contact with learner or parents"),
    Did.STRIKE_CONTACT: gettext_noop("struck out a contact"),
    Did.JUDGE_CAUSE: gettext_noop("recorded why the learner is at home"),
    Did.END_CAUSE: gettext_noop("ended a cause of being at home"),
    Did.AGREE: gettext_noop("made an agreement"),
    Did.MOVE_AGREEMENT: gettext_noop("moved an agreement to another day"),
    Did.ANSWER_AGREEMENT: gettext_noop("accepted or refused an agreement"),
    Did.SETTLE_AGREEMENT: gettext_noop("said what became of an agreement"),
    Did.STRIKE_AGREEMENT: gettext_noop("struck out an agreement"),
    Did.ANSWER_REPORT: gettext_noop("recorded what the municipality answered"),
}
PURPOSES = {
    "list": gettext_noop("keeping sight of the children of the organisation"),
    "own_page": gettext_noop("reading one's own data"),
    "supervision_of_access": gettext_noop("watching over who looks"),
}


@dataclass(frozen=True)
class Reach:
    """What one row gives, in words; empty texts where it gives nothing of the kind."""

    writes: str
    reads: str
    own_organisation: str
    own_notes: bool
    with_consent: str
    without_consent: str

    @property
    def is_nothing(self) -> bool:
        return not any((self.writes, self.reads, self.own_organisation, self.own_notes, self.with_consent))


def class_word(field_class: FieldClass) -> str:
    """One class as people call it."""
    return _(CLASSES[field_class])


def class_words(classes: Iterable[FieldClass | str]) -> str:
    """Classes as people call them, in the order of the table, with commas."""
    wanted = {FieldClass(one) for one in classes}
    return ", ".join(class_word(one) for one in FieldClass if one in wanted)


def ground_word(ground: str) -> str:
    """The ground of a row as people read it."""
    return _(GROUNDS.get(ground, ground)) if ground else ""


def how_word(involvement: Involvement) -> str:
    """How someone belongs with a child."""
    return _(HOW[involvement])


def role_word(role: str) -> str:
    """A row of the table as people call that role; of kin: who they are."""
    if role in KIN:
        return _(KIN[role])
    return str(Role(role).label) if role in Role.values else role


def person_word(role: str) -> str:
    """The role of one person; empty when there is none."""
    if role in KIN:
        return _(KIN_ALONE[role.partition("_")[0]])
    return role_word(role) if role else ""


def action_word(action: str) -> str:
    """What was done. A deed nobody gave words yet is named as the journal names it."""
    return _(ACTIONS[action]) if action in ACTIONS else action.replace("_", " ")


def purpose_word(purpose: str) -> str:
    """What for."""
    if purpose in PURPOSES:
        return _(PURPOSES[purpose])
    return str(Held.Purpose(purpose).label) if purpose in Held.Purpose.values else ""


def last_day(until_at: datetime) -> date:
    """The last day, here, on which something that ends at this moment still holds."""
    return timezone.localdate(until_at - timedelta(microseconds=1))


def reach_of(row: Row, *, consented: Container[FieldClass] = frozenset()) -> Reach:
    """What a row gives, when these classes were consented to for this organisation and purpose."""
    cells = row.cells.items()
    shared = {one for one, cell in cells if "c" in cell}
    return Reach(
        writes=class_words(one for one, cell in cells if "w" in cell),
        reads=class_words(one for one, cell in cells if cell == "r"),
        own_organisation=class_words(one for one, cell in cells if "o" in cell and one is not FieldClass.NOT),
        own_notes=row.cells[FieldClass.NOT] == "o",
        with_consent=class_words(one for one in shared if one in consented),
        without_consent=class_words(one for one in shared if one not in consented),
    )
