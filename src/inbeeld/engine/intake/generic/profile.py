"""Any table of absence, CSV or XLSX: our own column names, their Dutch words, or a saved column mapping."""

from inbeeld.engine.intake.profile import Field, Profile

PROFILE = Profile(
    name="generic",
    title="a table of absence",
    names_schools=True,
    own_keys=True,
    fields=(
        Field(
            "learner",
            ("learner", "leerling", "leerlingnummer", "stamnummer", "deelnemernummer"),
            required=True,
            personal=True,
        ),
        Field("school", ("school", "vestiging", "brin")),
        Field("date", ("date", "datum", "dag"), required=True),
        Field("slot", ("slot", "lesuur", "dagdeel", "uur")),
        Field("minutes", ("minutes", "minuten")),
        Field("status", ("status", "soort")),
        Field("reason", ("reason", "reden")),
        Field("permission", ("permission", "geoorloofd", "toestemming")),
        Field("code", ("code", "absentiecode", "verzuimcode")),
        Field("description", ("description", "omschrijving")),
    ),
)
