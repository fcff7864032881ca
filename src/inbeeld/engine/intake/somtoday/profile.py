"""Somtoday absence, CSV or XLSX: from a moment to a moment, with lesson hours; a school's own codes."""

from inbeeld.engine.intake.profile import Field, Profile

PROFILE = Profile(
    name="somtoday",
    title="Somtoday absence",
    open_ends=True,
    fields=(
        Field("number", ("leerlingnummer", "leerling.leerlingnummer", "llnr"), required=True, personal=True),
        Field("code", ("afkorting", "absentieReden.afkorting", "reden afkorting"), required=True),
        Field("description", ("omschrijving", "absentieReden.omschrijving", "absentiereden", "reden")),
        Field("permitted", ("geoorloofd", "absentieReden.geoorloofd")),
        Field("begins", ("beginDatumTijd", "begindatum", "begin"), required=True),
        Field("ends", ("eindDatumTijd", "einddatum", "eind"), required=True),
        Field("first_slot", ("beginLesuur",), required=True),
        Field("last_slot", ("eindLesuur",), required=True),
        Field("entered", ("datumTijdInvoer", "invoerdatum")),
    ),
)
