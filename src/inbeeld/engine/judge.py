"""Judge a region's absence on a day: tables in, facts and verdicts out. No Django, no database.

The steps stand in steps.py and sql/; here is what surrounds them: the checks, the receipt, the swap.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.engine import reading
from inbeeld.engine.fingerprint import code_version
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.region_file import read_region
from inbeeld.engine.snapshot import building, refuse_somebody_elses, working_beside
from inbeeld.engine.steps import Run
from inbeeld.engine.tables import hashes, open_tables, refuse_broken_files
from inbeeld.kernel.region import Region

MADE_BY = "inbeeld judge"
RECEIPT = "receipt.json"
MEMORY = "700MB"
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)


def judge(
    folder: Path,
    *,
    on: date,
    out: Path,
    region: Path | Region | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Judge the tables in `folder` (contract §2) on a day into `out` (§4); returns the receipt.

    `region`: a file, or settings that were read. Raises BadInput, with `out` untouched, when a table or the
    region file cannot be used.
    """
    import duckdb

    _refuse_day(on)
    file, settings = (None, region) if isinstance(region, Region) else (region, read_region(region))
    with building(out, made_by=MADE_BY, reads=(folder, file)) as beside:
        work = beside / ".work"
        work.mkdir()
        con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work)})
        con.execute("SET preserve_insertion_order = false")
        con.execute("SET enable_progress_bar = false")
        run = Run(con, on, settings, progress, beside)
        try:
            with run.stage("reading and checking"):
                sources = open_tables(con, folder, work, progress)
            refuse_somebody_elses(out, made_by=MADE_BY)
            with run.stage("hashing"):
                files = {
                    name: {"rows": source.rows, "files": hashes(source, folder)}
                    for name, source in sources.items()
                }
            run.everyone(sources)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            refuse_broken_files(con, folder)
            raise BadInput(str(out), f"room and memory to judge in ({_in_short(error)})") from None
        except duckdb.Error as error:
            refuse_broken_files(con, folder)
            raise BadInput(
                str(folder), f"tables that can be judged; please report this: {_in_short(error)}"
            ) from error
        finally:
            con.close()
        shutil.rmtree(work)
        receipt = _receipt(run, files)
        text = json.dumps(receipt, indent=2, ensure_ascii=False) + "\n"
        (beside / RECEIPT).write_text(text, encoding="utf-8")
    return receipt


def facts_on(folder: Path, *, on: date, region: Region) -> Iterator[dict[str, Any]]:
    """The rows of `facts` (§4) as `judge` finds them on another day, in order; nothing of it is kept.

    What was delivered since counts: it is how that day was, not what was known on it. Works in a folder
    beside the tables, where attendance is kept anyway. Raises BadInput.
    """
    with working_beside(folder, name="earlier") as beside:
        out = beside / "judged"
        judge(folder, on=on, out=out, region=region)
        yield from reading.rows(out / "facts.parquet")


def _refuse_day(on: date) -> None:
    """Dates far from our own have no school years to judge."""
    if not FIRST_DAY <= on <= LAST_DAY:
        raise BadInput("--on", f"a day from {FIRST_DAY} to {LAST_DAY}", found=on.isoformat())


def _in_short(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")


def _receipt(run: Run, files: dict[str, Any]) -> dict[str, Any]:
    """What was judged, by which rules, and what was not counted and why."""
    import duckdb

    return {
        "on": run.on.isoformat(),
        "input": files,
        "marks": run.marks,
        "without_permission_and_without_minutes": run.without_minutes,
        "learners_known_only_from_enrolments_or_exemptions": run.not_in_learners,
        "definitions": [one.key for one in run.region.definitions(run.on)],
        "verdicts": run.answers,
        "region": run.region.as_dict(),
        "code_version": code_version(),
        "engine": f"duckdb {duckdb.__version__}",
        "seconds": run.seconds,
    }
