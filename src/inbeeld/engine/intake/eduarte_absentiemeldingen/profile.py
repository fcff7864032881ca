"""Eduarte absentiemeldingen: rows of nine columns, dates as 20260901, a school's own reason codes."""

from inbeeld.engine.intake.profile import Field, Profile

PROFILE = Profile(
    name="eduarte_absentiemeldingen",
    title="Eduarte absentiemeldingen",
    open_ends=True,
    header="optional",
    dates=("compact", "iso", "dutch"),
    fields=(
        Field("number", ("deelnemernummer",), required=True, personal=True),
        Field("begin_date", ("begindatum",), required=True),
        Field("begin_time", ("begintijd",)),
        Field("end_date", ("einddatum",), required=True),
        Field("end_time", ("eindtijd",)),
        Field("first_slot", ("beginlesuur",)),
        Field("last_slot", ("eindlesuur",)),
        Field("code", ("absentiereden", "reden", "afkorting"), required=True),
        Field("remark", ("opmerkingen", "opmerking"), personal=True),
    ),
)
