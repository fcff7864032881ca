"""Judge a region's absence on a day: tables in, facts and verdicts out. No Django, no database.

The steps stand in steps.py and sql/; here is what surrounds them: the checks, the receipt, the swap.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld import __version__
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building
from inbeeld.engine.steps import Run
from inbeeld.engine.tables import hashes, open_tables
from inbeeld.kernel.region import Region, RegionError, region_from_toml

MARKER = "receipt.json"
MEMORY = "700MB"


def judge(
    folder: Path,
    *,
    on: date,
    out: Path,
    region: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Judge the tables in `folder` (contract §2) on a day into `out` (§4); returns the receipt.

    Raises BadInput, with `out` untouched, when a table or the region file cannot be used.
    """
    import duckdb

    settings = read_region(region)
    with building(out, marker=MARKER) as beside, tempfile.TemporaryDirectory(prefix="inbeeld-") as work:
        con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": work})
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET enable_progress_bar = false")
        run = Run(con, on, settings, progress, beside)
        with run.stage("reading and checking"):
            sources = open_tables(con, folder, Path(work), progress)
        with run.stage("hashing"):
            files = {name: {"rows": source.rows, "files": hashes(source)} for name, source in sources.items()}
        run.everyone(sources)
        con.close()
        receipt = _receipt(run, files)
        (beside / MARKER).write_text(
            json.dumps(receipt, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return receipt


def read_region(file: Path | None) -> Region:
    """The region file, or the settings of a region without one. Raises BadInput."""
    if file is None:
        return Region()
    try:
        return region_from_toml(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(str(file), f"a region file that can be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(str(file), "text in UTF-8") from None
    except RegionError as error:
        raise BadInput(str(file), str(error)) from None


def _receipt(run: Run, files: dict[str, Any]) -> dict[str, Any]:
    """What was judged, by which rules, and what was not counted and why."""
    import duckdb

    return {
        "on": run.on.isoformat(),
        "input": files,
        "marks": run.marks,
        "learners_known_only_from_enrolments_or_exemptions": run.not_in_learners,
        "definitions": [one.key for one in run.region.definitions(run.on)],
        "region": run.region.as_dict(),
        "code_version": __version__,
        "engine": f"duckdb {duckdb.__version__}",
        "seconds": run.seconds,
    }
