"""Who may see what: the table a privacy officer reads, and `may`, which answers from it.

Five questions decide: in which role · at an organisation · how involved with this child · at which stage ·
which class of field; and then consent, author and a shielded address. What the table does not give is
refused. The promises it must keep are written apart from it; what it decides is signed in access.signed.txt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property

LETTERS = ".rwoc"


class FieldClass(Enum):
    """What kind of thing a field says about a child; every field about a child carries exactly one."""

    NUM = "NUM"  # personal number (pgn, bsn)
    IDE = "IDE"  # name, birth date, school; that there is a case at all
    ADR = "ADR"  # address, telephone
    ATT = "ATT"  # facts of attendance, without the reason
    AGR = "AGR"  # agreements
    SUP = "SUP"  # support at school and functional advice
    FAM = "FAM"  # family
    MED = "MED"  # medical
    JUS = "JUS"  # police, youth protection
    NOT = "NOT"  # own working note
    LOG = "LOG"  # who looked


class Involvement(Enum):
    """How someone belongs with a child."""

    NONE = "none"
    OWN_ORG = "own_org"  # the child is on the list of the own organisation
    INVOLVED = "involved"  # named, accepted, with an end
    TABLE = "table"  # at the table, around this meeting
    EMERGENCY = "emergency"
    SELF = "self"  # the learner, or a guardian


class Stage(IntEnum):
    """Where a child is; 0 is in no stage, so in nobody's sight."""

    NONE = 0
    SIGNAL = 1
    AT_HOME = 2
    TASKFORCE = 3
    AFTERCARE = 4
    OUT_OF_SIGHT = 5
    CLOSED = 6
    DESTROYED = 7


class Action(Enum):
    """What somebody does with a field."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"


class Author(Enum):
    """Who wrote the entry asked for."""

    ME = "me"
    MY_ORGANISATION = "my_organisation"
    OTHERS = "others"


#: . nothing · r read · w read and write · o entries of the own organisation (NOT: own) · c read with consent
TABLE = """
# role                   involved   stages  NUM IDE ADR ATT AGR SUP FAM MED JUS NOT LOG  ground
mentor                   involved   1234     .   r   .   w   r   w   .   .   .   o   .   education act: duty of care
attendance_coordinator   own_org    12       .   r   .   w   .   .   .   .   .   .   .   Leerplichtwet 21a
care_coordinator         own_org    1234     .   r   .   r   .   .   .   .   .   .   .   education act: duty of care
care_coordinator         involved   1234     r   w   r   w   w   w   o   .   .   o   .   education act: duty of care
care_coordinator         emergency  1234     .   r   r   r   r   .   r   .   .   .   .   vital interest
swv_coordinator          own_org    2345     .   r   .   r   r   .   .   .   .   .   .   education act: task of the SWV
swv_adviser              involved   2345     .   r   r   r   w   w   c   .   .   o   .   education act: task of the SWV
attendance_coach         involved   24       .   r   r   r   w   r  oc   .   .   o   .   SWV assignment after talk with parents
leerplicht_desk          own_org    12345    r   r   r   r   .   .   .   .   .   .   .   Leerplichtwet: supervision
attendance_officer       involved   12345    r   r   r   w   w   r   .   .   o   o   .   Leerplichtwet: supervision
attendance_officer       emergency  12345    .   r   r   r   r   .   r   .   .   .   .   vital interest
school_nurse             involved   1245     .   r   r   r   r   o   o   o   .   o   .   Wpg / WGBO
school_doctor            involved   12345    .   r   r   r   w   w   o  oc   .   o   .   Wpg / WGBO
school_doctor            emergency  12345    .   r   r   r   r   .   r   r   .   .   .   vital interest
youth_worker             involved   2345     .   r   r   r   w   r  oc   .   .   o   .   Jeugdwet
youth_worker             emergency  2345     .   r   r   r   r   .   r   .   .   .   .   vital interest
youth_protection         involved   2345     .   r   r   r   w   r  oc   .   o   o   .   Jeugdwet: protection order
youth_protection         emergency  2345     .   r   r   r   r   .   r   .   r   .   .   vital interest
case_director            involved   34       .   r   r   r   w   .   o   .   .   o   .   covenant ("without the file")
table_chair              table      3        .   r   .   r   w   .   .   .   .   .   .   covenant
table_member             table      3        .   r   .   r   r   .   .   .   .   .   .   covenant
learner_16               self       123456   r   r   .   r   r   r   r   r   r   .   r   GDPR 15
learner_12_15            self       123456   .   r   .   r   r   r   c   r   .   .   r   GDPR 15
guardian_under_12        self       123456   r   r   .   r   r   r   r   r   .   .   r   GDPR 15, custody
guardian_12_15           self       123456   .   r   .   r   r   r   c   c   .   .   r   GDPR 15, custody
guardian_16              self       123456   .   r   .   r   c   c   .   .   .   .   .   Leerplichtwet: facts of absence
privacy_officer          own_org    123456   .   .   .   .   .   .   .   .   .   .   r   GDPR 39
"""  # noqa: E501

#: They exist, and see no child: named here so that their absence from the table is no accident.
WITHOUT_A_ROW = ("analyst", "application_administrator", "database_administrator")

#: What may leave as a file, and for whom besides the learner and guardians.
EXPORTED_CLASSES = frozenset({FieldClass.IDE, FieldClass.ATT, FieldClass.AGR})
EXPORTING_ROLES = frozenset({"swv_coordinator", "leerplicht_desk"})


@dataclass(frozen=True)
class Row:
    """One row of the table: what a role sees, when involved so, at these stages, on this ground."""

    role: str
    involvement: Involvement
    stages: frozenset[int]
    cells: Mapping[FieldClass, str]
    ground: str

    @cached_property
    def key(self) -> str:
        """How the log names this row."""
        return f"{self.role}/{self.involvement.value}"

    def classes(self, *, letters: str = "rwoc") -> frozenset[FieldClass]:
        """The classes whose cell holds one of these letters."""
        return frozenset(one for one, cell in self.cells.items() if set(cell) & set(letters))


@dataclass(frozen=True)
class Circumstances:
    """What is so about one entry, besides role, involvement, stage and class."""

    consent: bool = False
    author: Author = Author.OTHERS
    shielded: bool = False


PLAIN = Circumstances()


@dataclass(frozen=True)
class Decision:
    """Yes or no, the row it follows from, and when no: why, as a key of REFUSALS."""

    row: Row | None
    refusal: str = ""

    def __bool__(self) -> bool:
        return not self.refusal

    @property
    def ground(self) -> str:
        """The ground in law or covenant; empty when refused."""
        return self.row.ground if self.row is not None and self else ""

    @property
    def sentence(self) -> str:
        """Why not, for people."""
        return REFUSALS[self.refusal] if self.refusal else ""


REFUSALS = {
    "no row": "Your role gives no access to this child.",
    "stage": "Your role gives no access to a child at this stage.",
    "class": "Your role gives no access to this kind of information.",
    "read only": "Your role may read this, not change it.",
    "own entries": "Your role may only see and change what your own organisation wrote.",
    "own notes": "A working note is read by its writer alone.",
    "consent": "There is no consent in force for sharing this with your organisation for what you do.",
    "shielded": "This address is shielded: only the organisation that entered it sees it.",
    "export": "Your role may read this, but not take it out as a file.",
}


def parse(text: str) -> tuple[Row, ...]:
    """The rows of a table in the form of TABLE. Raises ValueError with the line and what is wrong there."""
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        role, involvement, stages, *rest = line.split(maxsplit=len(FieldClass) + 3)
        if len(rest) != len(FieldClass) + 1:
            raise ValueError(f"line {number} of the access table: {len(FieldClass)} letters and a ground")
        cells = dict(zip(FieldClass, rest, strict=False))
        if any(set(cell) - set(LETTERS) or ("." in cell and cell != ".") for cell in cells.values()):
            raise ValueError(f"line {number} of the access table: the letters are . r w o c")
        if not set(stages) <= set("123456"):
            raise ValueError(f"line {number} of the access table: the stages are 1 to 6")
        row = Row(role, Involvement(involvement), frozenset(map(int, stages)), cells, rest[-1])
        if any(other.key == row.key for other in rows):
            raise ValueError(f"line {number} of the access table: {row.key} stands twice")
        rows.append(row)
    return tuple(rows)


ROWS = parse(TABLE)
_BY_KEY = {(row.role, row.involvement): row for row in ROWS}
ROLES = tuple(dict.fromkeys(row.role for row in ROWS)) + WITHOUT_A_ROW


def row_of(role: str, involvement: Involvement) -> Row | None:
    """The row of a role when involved so, or None: then nothing is given."""
    return _BY_KEY.get((role, involvement))


def rows_of(role: str) -> tuple[Row, ...]:
    """All rows of a role."""
    return tuple(row for row in ROWS if row.role == role)


def may(
    role: str,
    involvement: Involvement,
    stage: int,
    field_class: FieldClass,
    action: Action,
    circumstances: Circumstances = PLAIN,
) -> Decision:
    """May someone in this role, involved so, do this with a field of this class of a child at this stage?"""
    return decide(row_of(role, involvement), stage, field_class, action, circumstances)


def decide(
    row: Row | None,
    stage: int,
    field_class: FieldClass,
    action: Action,
    circumstances: Circumstances = PLAIN,
) -> Decision:
    """The same for one row: everything after the row was found is decided here, and nowhere else."""
    if row is None:
        return Decision(None, "no row")
    refusal = _refusal(row, stage, field_class, action, circumstances)
    return Decision(row, refusal)


def _refusal(
    row: Row, stage: int, field_class: FieldClass, action: Action, circumstances: Circumstances
) -> str:
    cell = row.cells[field_class]
    if stage not in row.stages:
        return "stage"
    if cell == ".":
        return "class"
    if field_class is FieldClass.ADR and circumstances.shielded and circumstances.author is Author.OTHERS:
        return "shielded"
    if action is Action.WRITE:
        return _refusal_to_write(cell, field_class, circumstances)
    if refusal := _refusal_to_read(cell, field_class, circumstances):
        return refusal
    if action is Action.EXPORT and not may_leave(row, field_class):
        return "export"
    return ""


def _refusal_to_write(cell: str, field_class: FieldClass, circumstances: Circumstances) -> str:
    if "w" in cell:
        return ""
    if "o" not in cell:
        return "read only"
    return "" if is_own(field_class, circumstances.author) else _not_own(field_class)


def _refusal_to_read(cell: str, field_class: FieldClass, circumstances: Circumstances) -> str:
    if "r" in cell or "w" in cell:
        return ""
    if "o" in cell and is_own(field_class, circumstances.author):
        return ""
    if "c" in cell:
        return "" if circumstances.consent else "consent"
    return _not_own(field_class)


def _not_own(field_class: FieldClass) -> str:
    return "own notes" if field_class is FieldClass.NOT else "own entries"


def is_own(field_class: FieldClass, author: Author) -> bool:
    """Is it one's own in the sense of the letter o: of one's organisation, and a note only one's own?"""
    return author is Author.ME or (author is Author.MY_ORGANISATION and field_class is not FieldClass.NOT)


def class_of_a_reason(author: Author) -> FieldClass:
    """The class of the reason a school gave for an absence, such as sickness (docs/decisions/0009).

    Health data for everybody (GDPR 4 and 9), but the organisation that delivered it reads it back with the
    mark it belongs to.
    """
    return FieldClass.MED if author is Author.OTHERS else FieldClass.ATT


def may_leave(row: Row, field_class: FieldClass) -> bool:
    """May what is read under this row leave as a file?"""
    return field_class in EXPORTED_CLASSES and (
        row.involvement is Involvement.SELF or row.role in EXPORTING_ROLES
    )


def best(decisions: Iterable[Decision]) -> Decision:
    """The first yes; else the first no; else a no without a row."""
    first: Decision | None = None
    for one in decisions:
        if one:
            return one
        if first is None:
            first = one
    return first if first is not None else Decision(None, "no row")
