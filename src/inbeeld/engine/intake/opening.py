"""Which reader a file gets: opened as the profile says, or recognised by what stands at its start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from inbeeld.engine.intake.decoding import form_of
from inbeeld.engine.intake.limits import refuse_unusable
from inbeeld.engine.intake.profile import Profile, all_profiles
from inbeeld.engine.intake.record import Record, RowRefused
from inbeeld.engine.intake.table import open_table
from inbeeld.engine.intake.xml_records import root_of, xml_records
from inbeeld.engine.refusal import BadInput

Rows = Iterator[Record | tuple[int, RowRefused]]


@dataclass(frozen=True)
class Opened:
    """A file ready to be read, as often as needed; `head` fills while XML is read."""

    records: Callable[[], Rows]
    encoding: str
    separator: str
    head: dict[str, str]


def opened(file: Path, profile: Profile, *, shown: str) -> Opened:
    """Open the file as the profile says. BadInput when it is of another form or lacks the columns."""
    form = form_of(file, shown=shown)
    head: dict[str, str] = {}
    if profile.form == "xml":
        if form != "xml":
            raise BadInput(shown, f"the XML of {profile.title}")
        return Opened(lambda: iter(xml_records(file, profile, shown=shown, head=head)), "xml", "", head)
    if form == "xml":
        raise BadInput(shown, f"CSV or XLSX for {profile.title}; this is XML")
    try:
        table = open_table(file, profile, shown=shown, form=form)
    except BadInput as bad:
        likely = recognised(file, shown=shown) if bad.line == 1 else []
        if likely:
            bad.expected += f"; the file looks like {', '.join(likely)}"
        raise
    return Opened(table.records, table.encoding, table.separator, head)


def recognised(file: Path, *, shown: str) -> list[str]:
    """The profiles whose columns or root element the file has, the generic one last."""
    refuse_unusable(file, shown=shown)
    form = form_of(file, shown=shown)
    if form == "xml":
        root = root_of(file)
        return [
            name for name, profile in all_profiles().items() if profile.form == "xml" and profile.root == root
        ]
    fits = []
    for name, profile in all_profiles().items():
        if profile.form == "table":
            try:
                open_table(file, profile, shown=shown, form=form)
                fits.append(name)
            except BadInput:
                continue
    return sorted(fits, key=lambda name: (name == "generic", name))
