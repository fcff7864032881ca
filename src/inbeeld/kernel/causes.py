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
    DETENTION = "detention"
    OTHER = "other"


#: What saying so tells: of school, of the family, of health, or of police and justice.
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
    Cause.DETENTION: FieldClass.JUS,
    Cause.OTHER: FieldClass.SUP,
}
