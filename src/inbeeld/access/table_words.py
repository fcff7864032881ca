"""The words of the page on the access table: roles, ways, stages, letters and the rules that go with it.

Words shared with the pages about a child come from `in_words`; here is what only this page needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from inbeeld.access.in_words import role_word
from inbeeld.kernel import involvement
from inbeeld.kernel.access import FieldClass, Involvement, Stage

#: Roles that are nobody's work, or of which `in_words` says less than a table needs.
ROLES = {
    "learner_16": gettext_noop("learner of 16 or older"),
    "learner_12_15": gettext_noop("learner of 12 to 15"),
    "guardian_under_12": gettext_noop("parent, child under 12"),
    "guardian_12_15": gettext_noop("parent, child of 12 to 15"),
    "guardian_16": gettext_noop("parent, learner of 16 or older"),
    "database_administrator": gettext_noop("administrator of the database"),
}
#: As they stand in the signed file; whoever signs in other words is shown in those.
SIGNED_WORDS = (
    gettext_noop("the founders"),
    gettext_noop("proposal; the privacy officers of the partners decide"),
)


@dataclass(frozen=True)
class Letter:
    """A letter of the table: as the kernel writes it, as the page does, what it gives, and how it looks."""

    sign: str
    name: str
    meaning: str
    look: str


@dataclass(frozen=True)
class Named:
    """Something of the table: its sign or number, its name, and what it means."""

    sign: str
    name: str
    meaning: str


def role_name(role: str) -> str:
    """A role as the table names it."""
    return _(ROLES[role]) if role in ROLES else role_word(role)


def letters() -> tuple[Letter, ...]:
    """The letters of the table, in the reader's language."""
    own = pgettext(
        "access table",
        "read and write what the own organisation wrote; of notes: only what one wrote oneself",
    )
    with_consent = pgettext("access table", "read, only with consent in force")
    return (
        Letter(".", "·", pgettext("access table", "nothing"), "nothing"),
        Letter("r", pgettext("letter of the access table", "R"), pgettext("access table", "read"), "read"),
        Letter(
            "w",
            pgettext("letter of the access table", "W"),
            pgettext("access table", "read and write"),
            "write",
        ),
        Letter("o", pgettext("letter of the access table", "O"), own, "own"),
        Letter("c", pgettext("letter of the access table", "C"), with_consent, "consent"),
    )


def letter_of(cell: str) -> str:
    """How a cell is written in the reader's language."""
    said = {one.sign: one.name for one in letters()}
    return " ".join(said[letter] for letter in cell)


def cell_in_words(cell: str, field_class: FieldClass) -> str:
    """What a cell gives, for who hears it read out."""
    if field_class is FieldClass.NOT and cell == "o":
        return pgettext("access table", "only one's own")
    return {
        ".": pgettext("access table", "nothing"),
        "r": pgettext("access table", "read"),
        "w": pgettext("access table", "read and write"),
        "o": pgettext("access table", "only of the own organisation"),
        "c": pgettext("access table", "only with consent"),
        "oc": pgettext("access table", "of the own organisation; the rest only with consent"),
    }.get(cell) or ", ".join(cell_in_words(letter, field_class) for letter in cell)


def column_name(field_class: FieldClass) -> str:
    """A class of fields in one word, above its column."""
    return {
        FieldClass.NUM: pgettext("column of the access table", "Number"),
        FieldClass.IDE: pgettext("column of the access table", "Name"),
        FieldClass.ADR: pgettext("column of the access table", "Address"),
        FieldClass.ATT: pgettext("column of the access table", "Absence"),
        FieldClass.AGR: pgettext("column of the access table", "Agreements"),
        FieldClass.SUP: pgettext("column of the access table", "Support"),
        FieldClass.FAM: pgettext("column of the access table", "Family"),
        FieldClass.MED: pgettext("column of the access table", "Medical"),
        FieldClass.JUS: pgettext("column of the access table", "Police"),
        FieldClass.NOT: pgettext("column of the access table", "Note"),
        FieldClass.LOG: pgettext("column of the access table", "Log"),
    }[field_class]


def class_meaning(field_class: FieldClass) -> str:
    """What belongs to a class of fields."""
    return {
        FieldClass.NUM: _("The personal number of the child in education (PGN) or as a citizen (BSN)."),
        FieldClass.IDE: _(
            "Name, birth date and school; and that there is a case at all: that is as sensitive as the name."
        ),
        FieldClass.ADR: _("Where the child lives and how the family can be called."),
        FieldClass.ATT: _(
            "Which days and hours were missed, and with or without permission; not why. The reason a school"
            " gave is for that school only; for others it is medical."
        ),
        FieldClass.AGR: _("Who does what, and by which day."),
        FieldClass.SUP: _("What helps at school, such as two hours a day in a quiet room; never why."),
        FieldClass.FAM: _("What somebody wrote about the family and the situation at home."),
        FieldClass.MED: _("What youth health care and other care wrote about health."),
        FieldClass.JUS: _("Reports and measures of police, prosecutor and youth protection."),
        FieldClass.NOT: _("A working note that one person keeps for their own memory."),
        FieldClass.LOG: _("Who looked at this child, when, and why that was allowed."),
    }[field_class]


def way_name(how: Involvement) -> str:
    """How someone belongs with a child, in a word or two."""
    return {
        Involvement.NONE: pgettext("way to a child", "none"),
        Involvement.OWN_ORG: pgettext("way to a child", "list"),
        Involvement.INVOLVED: pgettext("way to a child", "helper"),
        Involvement.TABLE: pgettext("way to a child", "table"),
        Involvement.EMERGENCY: pgettext("way to a child", "emergency"),
        Involvement.SELF: pgettext("way to a child", "family"),
    }[how]


def way_title(how: Involvement) -> str:
    """The same as a heading on the page of a role."""
    return {
        Involvement.NONE: _("Without being involved"),
        Involvement.OWN_ORG: _("On the list of your organisation"),
        Involvement.INVOLVED: _("When you help this child"),
        Involvement.TABLE: _("At the table, around the meeting"),
        Involvement.EMERGENCY: _("In an emergency"),
        Involvement.SELF: _("On the pages of the family"),
    }[how]


def way_meaning(how: Involvement) -> str:
    """What that way asks."""
    around = involvement.AROUND_THE_MEETING.days
    return {
        Involvement.NONE: _("Nothing to do with this child: sees nothing."),
        Involvement.OWN_ORG: _("The child stands on the list of the own organisation. A list is not a file."),
        Involvement.INVOLVED: _(
            "Named for this child, and accepted, until a day that is set. Parents see who this is."
        ),
        Involvement.TABLE: ngettext(
            "Sits at the table that discusses this child: {number} day before the meeting until {number} day"
            " after it.",
            "Sits at the table that discusses this child: {number} days before the meeting until {number}"
            " days after it.",
            around,
        ).format(number=around),
        Involvement.EMERGENCY: _("There is danger: with a reason, for {hours} hours, only to read.").format(
            hours=emergency_hours()
        ),
        Involvement.SELF: _("The learner, or a parent or guardian with custody."),
    }[how]


def emergency_hours() -> int:
    """How long an emergency lasts."""
    return round(involvement.EMERGENCY.total_seconds() / 3600)


def stage_name(stage: int) -> str:
    """A stage in a word or two."""
    return {
        Stage.NONE: pgettext("stage of a child", "none"),
        Stage.SIGNAL: pgettext("stage of a child", "signal"),
        Stage.AT_HOME: pgettext("stage of a child", "at home"),
        Stage.TASKFORCE: pgettext("stage of a child", "taskforce"),
        Stage.AFTERCARE: pgettext("stage of a child", "aftercare"),
        Stage.OUT_OF_SIGHT: pgettext("stage of a child", "out of sight"),
        Stage.CLOSED: pgettext("stage of a child", "closed"),
        Stage.DESTROYED: pgettext("stage of a child", "destroyed"),
    }[Stage(stage)]


def stage_meaning(stage: int) -> str:
    """From when until when."""
    return {
        Stage.NONE: _("Nothing going on: nobody sees the child here."),
        Stage.SIGNAL: _("Absent for less than four weeks, or coming and going."),
        Stage.AT_HOME: _("At home for four weeks or longer."),
        Stage.TASKFORCE: _("On the table of the taskforce."),
        Stage.AFTERCARE: _("Back, to one year after the return."),
        Stage.OUT_OF_SIGHT: _("On no school's roll, exempt, or four years old and not yet at school."),
        Stage.CLOSED: _("Nothing going on any more: the file waits for its date of destruction."),
        Stage.DESTROYED: _("Nothing is left to see."),
    }[Stage(stage)]


def rules() -> tuple[Named, ...]:
    """The rules that go with the table, each with a name; numbers come from where they are decided."""
    days, hours, review = involvement.DAYS, emergency_hours(), involvement.REVIEW_WORKING_DAYS
    return (
        Named(
            "involvement",
            pgettext("access table", "Helping"),
            _(
                "Who holds direction names a helper, and the helper accepts. It ends by itself after {days}"
                " days, unless another day was set. The learner sees it and who named whom, and the parents"
                " until sixteen. Nobody names themselves, and it ends with a change of job."
            ).format(days=days),
        ),
        Named(
            "consent",
            pgettext("access table", "Consent"),
            _(
                "Under twelve, the parents with custody sign. From twelve to fifteen they and the learner"
                " sign. From sixteen the learner signs. On the twelfth, sixteenth and eighteenth birthday it"
                " is asked anew. At an organisation it counts only for who is involved with the child for the"
                " purpose it was given for. Who takes consent back is obeyed from the next page on. Where the"
                " law gives the task, consent is not asked."
            ),
        ),
        Named(
            "emergency",
            pgettext("access table", "Emergency"),
            _(
                "Who calls an emergency gives a reason and proves once more who they are. It lasts {hours}"
                " hours and is only for reading. The privacy officers of both organisations hear of it at"
                " once, and look at it within {review} working days. After that the family reads of it."
            ).format(hours=hours, review=review),
        ),
        Named(
            "log",
            pgettext("access table", "Log"),
            _(
                "Every look and every change gets a line in the log: who, in which role, for which"
                " organisation, on which row of this table. Without that line no page appears. The log holds"
                " no name, number or content."
            ),
        ),
        Named(
            "one-role",
            pgettext("access table", "One role at a time"),
            _("Who has two roles chooses one for each session, and sees what that one may see."),
        ),
        Named(
            "not-there",
            pgettext("access table", "Not there"),
            _("A child you may not see is not there for you: no page, no name, no count."),
        ),
    )
