"""Magister, the query view "Verantwoordingen": a row per learner and lesson hour, a school's own codes."""

from inbeeld.engine.intake.profile import Field, Profile

PROFILE = Profile(
    name="magister",
    title="Magister Verantwoordingen",
    fields=(
        Field("number", ("stamnummer", "stamnr"), required=True, personal=True),
        Field("moment", ("moment", "datum"), required=True),
        Field("slot", ("lesuur",), required=True),
        Field("code", ("aanwezigheidsreden_code", "absentiereden_code"), required=True),
        Field("description", ("aanwezigheidsreden_omschrijving", "absentiereden_omschrijving")),
        Field("permitted", ("aanwezigheidsreden_geoorloofd", "geoorloofd")),
        Field("entered", ("genoteerd_op",)),
    ),
)
