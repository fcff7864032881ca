"""EDEXML 2.1, the roster format of ParnasSys, ESIS and others: learners and enrolments, never the BSN."""

from inbeeld.engine.intake.profile import Field, Profile

PROFILE = Profile(
    name="edexml",
    title="EDEXML",
    names_schools=True,
    fills="roster",
    form="xml",
    root="EDEX",
    head="school",
    record="leerling",
    dates=("iso",),
    fields=(
        Field("key", ("@key",), required=True, personal=True),
        Field("born", ("geboortedatum",), personal=True),
        Field("came", ("instroomdatum",)),
        Field("left", ("uitstroomdatum",)),
    ),
    names=(
        Field("last_name", ("achternaam",), personal=True),
        Field("prefix", ("voorvoegsel",), personal=True),
        Field("first_names", ("voornamen",), personal=True),
        Field("initials", ("voorletters-1",), personal=True),
        Field("call_name", ("roepnaam",), personal=True),
    ),
)
