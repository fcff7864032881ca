"""Why a child is at home, as who helps it judged: a list of kinds, each of the class of what it says.

No official list of causes was found (domain §5): this one is a proposal. A cause is a dated judgement of
people, never worked out, and more than one can hold at once. Pure.
"""

from __future__ import annotations

from enum import StrEnum

from inbeeld.kernel.access import FieldClass


class Cause(StrEnum):
    """What keeps a child from school."""

    UNSAFE = "unsafe"
    SCHOOL_CANNOT = "school_cannot"
    NO_PLACE = "no_place"
    TRANSPORT = "transport"
    CONFLICT = "conflict"
    FAMILY = "family"
    NEWCOMER = "newcomer"
    MENTAL = "mental"
    PHYSICAL = "physical"
    STIMULI = "stimuli"
    NO_CARE = "no_care"
    OTHER = "other"


#: What saying so tells: of school, of the family, or of health. None is of police and justice: with one
#: kind of a class, the class in a line of the log would be the cause.
CLASS_OF_CAUSE = {
    Cause.UNSAFE: FieldClass.SUP,
    Cause.SCHOOL_CANNOT: FieldClass.SUP,
    Cause.NO_PLACE: FieldClass.SUP,
    Cause.TRANSPORT: FieldClass.SUP,
    Cause.CONFLICT: FieldClass.FAM,
    Cause.FAMILY: FieldClass.FAM,
    Cause.NEWCOMER: FieldClass.FAM,
    Cause.MENTAL: FieldClass.MED,
    Cause.PHYSICAL: FieldClass.MED,
    Cause.STIMULI: FieldClass.MED,
    Cause.NO_CARE: FieldClass.MED,
    Cause.OTHER: FieldClass.SUP,
}
