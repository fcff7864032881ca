"""Ed-Fi StudentSchoolAttendance (bulk XML): daily attendance, its categories defined by the standard."""

from types import MappingProxyType

from inbeeld.engine.intake.profile import PRESENT, Field, Meaning, Profile

PROFILE = Profile(
    name="edfi",
    title="Ed-Fi StudentSchoolAttendance",
    names_schools=True,
    form="xml",
    root="InterchangeStudentAttendance",
    record="StudentSchoolAttendanceEvent",
    dates=("iso",),
    whole_day_slots=1,
    own_keys=True,
    codes=MappingProxyType(
        {
            "Excused Absence": Meaning("absent", "unknown", "true"),
            "Unexcused Absence": Meaning("absent", "unknown", "false"),
            "Tardy": Meaning("late"),
            "Early departure": Meaning("other"),
            "Partial": Meaning("other"),
            "In Attendance": Meaning(PRESENT),
            "Present": Meaning(PRESENT),
        }
    ),
    fields=(
        Field("student", ("StudentReference/StudentIdentity/StudentUniqueId",), required=True, personal=True),
        Field("school", ("SchoolReference/SchoolIdentity/SchoolId",), required=True),
        Field("on", ("AttendanceEvent/EventDate",), required=True),
        Field("category", ("AttendanceEvent/AttendanceEventCategory",), required=True),
        Field("duration", ("AttendanceEvent/EventDuration",)),
        Field("minutes", ("SchoolAttendanceDuration",)),
    ),
)
