"""The people the promises speak of, as parents know them: written out, not read from the table."""

from __future__ import annotations

SCHOOL = frozenset({"mentor", "attendance_coordinator", "care_coordinator"})
SWV = frozenset({"swv_coordinator", "swv_adviser"})
LEERPLICHT = frozenset({"leerplicht_desk", "attendance_officer"})
YOUTH_HEALTH = frozenset({"school_nurse", "school_doctor"})
YOUTH_HELP = frozenset({"youth_worker", "youth_protection"})
AT_THE_TABLE = frozenset({"table_chair", "table_member"})
LEARNERS = frozenset({"learner_12_15", "learner_16"})
GUARDIANS = frozenset({"guardian_under_12", "guardian_12_15", "guardian_16"})
FAMILY = LEARNERS | GUARDIANS
OTHERS = frozenset({"attendance_coach", "case_director", "privacy_officer"})
KNOWN = SCHOOL | SWV | LEERPLICHT | YOUTH_HEALTH | YOUTH_HELP | AT_THE_TABLE | FAMILY | OTHERS
WITHOUT_CHILDREN = frozenset({"analyst", "application_administrator", "database_administrator"})

LISTS_OF_CHILDREN = frozenset(
    {"attendance_coordinator", "care_coordinator", "swv_coordinator", "leerplicht_desk"}
)
#: Involved with one child, named to its parents.
HELPERS = (
    (SCHOOL | SWV | LEERPLICHT | YOUTH_HEALTH | YOUTH_HELP | {"attendance_coach", "case_director"})
    - LISTS_OF_CHILDREN
) | {"care_coordinator"}
CALLED_IN_AN_EMERGENCY = YOUTH_HELP | {"care_coordinator", "attendance_officer", "school_doctor"}

COORDINATES = frozenset({"care_coordinator", "swv_adviser", "attendance_coach"})
VISITS_OR_CALLS = LEERPLICHT | YOUTH_HEALTH | YOUTH_HELP | COORDINATES | {"case_director"}
WORKS_ON_SUPPORT = YOUTH_HEALTH | YOUTH_HELP | COORDINATES | {"mentor", "attendance_officer"}
DESCRIBES_SUPPORT = YOUTH_HEALTH | {"mentor", "care_coordinator", "swv_adviser"}
MAKES_AGREEMENTS = (
    YOUTH_HELP | COORDINATES | {"attendance_officer", "school_doctor", "case_director", "table_chair"}
)
RECORDS_ABSENCE = SCHOOL | {"attendance_officer"}
HEARS_THE_FAMILY = YOUTH_HEALTH | YOUTH_HELP | {"care_coordinator", "attendance_coach", "case_director"}
READS_ON_THE_FAMILY_WITH_CONSENT = YOUTH_HELP | {"swv_adviser", "attendance_coach"}
