"""A region's profile from its file; what is wrong with it is said with file and line."""

from __future__ import annotations

import re
from pathlib import Path

from inbeeld.engine.refusal import BadInput
from inbeeld.kernel.region import Region, region_from_toml
from inbeeld.kernel.region_error import RegionError


def read_region(file: Path | None) -> Region:
    """The region file, or the settings of a region without one. Raises BadInput."""
    if file is None:
        return Region()
    text = ""
    try:
        text = file.read_text(encoding="utf-8")
        return region_from_toml(text)
    except OSError as error:
        raise BadInput(str(file), f"a region file that can be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(str(file), "text in UTF-8") from None
    except RegionError as error:
        raise BadInput(str(file), str(error), line=_line_of(error, text)) from None


def _line_of(error: RegionError, text: str) -> int | None:
    """The first line that begins with the setting, in the table it is about; None for one that is missing.

    A table of several (`[[tables]]`) without the setting is told by its own first line.
    """
    lines = list(enumerate(text.splitlines(), start=1))
    table = None
    if error.within is not None:
        name, place = error.within
        heads = [number for number, line in lines if line.strip().startswith(f"[[{name}]]")]
        if place < len(heads):
            table = heads[place]
            end = next(
                (n for n, line in lines if n > table and line.lstrip().startswith("[[")), len(lines) + 1
            )
            lines = lines[table : end - 1]
    for number, line in lines:
        if error.setting and re.match(rf"[ \[]*{re.escape(error.setting)}\b", line):
            return number
    return table
