"""The first sheet of an XLSX file as text cells, after the package itself has been found harmless."""

from __future__ import annotations

import zipfile
import zlib
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

from inbeeld.engine.intake.limits import LARGEST_RATIO
from inbeeld.engine.refusal import BadInput

_CHUNK = 1024 * 1024


@lru_cache(maxsize=1)
def workbook_rows(file: Path, *, shown: str) -> list[tuple[int, list[str]]]:
    """Rows of the first sheet as (row number, cells). BadInput for a damaged or hostile package."""
    refuse_hostile_package(file, shown=shown)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(file))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError):
        raise BadInput(shown, "a whole Excel file (.xlsx) with a sheet in it") from None
    return [(number, [as_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


def as_text(cell: object) -> str:
    """A cell as a person reads it. Whole numbers come as floats: 12.0 is the text 12."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return (
            cell.isoformat(sep=" ", timespec="minutes") if cell.time() != time() else cell.date().isoformat()
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return str(cell)


def refuse_hostile_package(file: Path, *, shown: str) -> None:
    """Unpack every part piece by piece and count: no more than 50 times the file, no DTD in any part.

    The sizes a package states about itself are not believed.
    """
    room = file.stat().st_size * LARGEST_RATIO
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
            if "xl/workbook.xml" not in names:
                raise BadInput(shown, "an Excel file (.xlsx); this one holds something else")
            for name in names:
                room -= _size_of_part(package, name, room=room, shown=shown)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise BadInput(shown, "a whole Excel file (.xlsx); this one is cut off or damaged") from None


def _size_of_part(package: zipfile.ZipFile, name: str, *, room: int, shown: str) -> int:
    size, tail = 0, b""
    with package.open(name) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise BadInput(shown, f"an Excel file that unpacks to at most {LARGEST_RATIO} times its size")
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in tail + chunk:
                raise BadInput(shown, "an Excel file without a DOCTYPE inside")
            tail = chunk[-16:]
    return size
