"""Eduarte waarnemingen: rows of ten columns without a header; the kinds P, A, N and D are Eduarte's own."""

from types import MappingProxyType

from inbeeld.engine.intake.profile import PRESENT, Field, Meaning, Profile

PROFILE = Profile(
    name="eduarte_waarnemingen",
    title="Eduarte waarnemingen",
    header="optional",
    dates=("compact", "iso", "dutch"),
    codes=MappingProxyType({"A": Meaning("absent", "unknown"), "P": Meaning(PRESENT), "N": Meaning(PRESENT)}),
    fields=(
        Field("number", ("deelnemernummer",), required=True, personal=True),
        Field("begin_date", ("begindatum",), required=True),
        Field("begin_time", ("begintijd",)),
        Field("end_date", ("einddatum",), required=True),
        Field("end_time", ("eindtijd",)),
        Field("first_slot", ("beginlesuur",)),
        Field("last_slot", ("eindlesuur",)),
        Field("product", ("onderwijsproduct",)),
        Field("kind", ("aanwezig", "waarneming", "waarnemingsoort"), required=True),
        Field("settled", ("afgehandeld",)),
    ),
)
