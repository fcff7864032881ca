"""What the tests of every source share: importing a sample, and reading what it left behind."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from inbeeld.engine.intake import Imported, import_file

HERE = Path(__file__).parent


class Left:
    """What an import left in its folder."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported
        self.out = imported.out

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of one table, as text."""
        with (self.out / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def receipt(self) -> dict[str, Any]:
        """import.json as read."""
        read: dict[str, Any] = json.loads((self.out / "import.json").read_text(encoding="utf-8"))
        return read

    def everything(self) -> str:
        """Every file of the folder in one text, in order of name."""
        return "".join(file.read_text(encoding="utf-8") for file in sorted(self.out.iterdir()))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder to import into; it does not exist yet."""
    return tmp_path / "out"


@pytest.fixture
def sample(out: Path) -> Callable[..., Left]:
    """Import the sample of a source: sample("magister"), sample("edfi", school="all")."""

    def bring_in(source: str, *, school: str = "99XX", **more: Any) -> Left:
        file = next((HERE / source).glob("sample.*"))
        return Left(import_file(file, profile=source, school=school, out=out, **more))

    return bring_in


@pytest.fixture
def deliver(tmp_path: Path, out: Path) -> Callable[..., Left]:
    """Import text or bytes as a file of a source: deliver("generic", "learner,…")."""

    def bring_in(
        source: str, content: str | bytes, *, name: str = "delivery.csv", school: str = "99XX", **more: Any
    ) -> Left:
        file = tmp_path / "in" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Left(import_file(file, profile=source, school=school, out=out, **more))

    return bring_in


def workbook(rows: list[list[object]], *, extra: dict[str, bytes] | None = None) -> bytes:
    """A minimal XLSX package: numbers as numbers, everything else as text."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, value in enumerate(row):
            at = f"{chr(65 + place)}{number}"
            if isinstance(value, int | float):
                cells.append(f'<c r="{at}"><v>{value}</v></c>')
            else:
                cells.append(f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData>'
        "</worksheet>",
    }
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
        for name, content in (extra or {}).items():
            file.writestr(name, content)
    return package.getvalue()


@pytest.fixture
def make_workbook() -> Callable[..., bytes]:
    """The maker of small XLSX packages."""
    return workbook
