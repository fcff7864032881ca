"""The confined process in which deliveries are parsed: limits first, then one task, answers as JSON lines."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.engine.intake.limits import LARGEST_MEMORY, MEGABYTE, confine_this_process
from inbeeld.engine.refusal import BadInput


def answer(**line: object) -> None:
    """One JSON line to the parent."""
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def perform(asked: dict[str, Any]) -> None:
    """Do what the parent asks: recognise a file, say what stands in it, or import it into a folder."""
    from inbeeld.engine.intake.importing import Task, import_into
    from inbeeld.engine.intake.listed import rows_listed
    from inbeeld.engine.intake.naming import learners_named
    from inbeeld.engine.intake.opening import recognised
    from inbeeld.engine.intake.table import column_names

    file, shown = Path(asked["file"]), asked["shown"]
    if asked["ask"] == "recognise":
        answer(profiles=recognised(file, shown=shown))
        return
    if asked["ask"] == "columns":
        answer(columns=column_names(file, shown=shown))
        return
    if asked["ask"] == "list":
        for row in rows_listed(file, shown=shown):
            answer(each=row)
        answer(done=True)
        return
    if asked["ask"] == "names":
        for learner, names in learners_named(
            file, shown=shown, profile=asked["profile"], school=asked["school"]
        ):
            answer(each={"learner": learner, "names": names})
        answer(done=True)
        return
    task = Task(
        file=file,
        shown=shown,
        profile=asked["profile"],
        school=asked["school"],
        codes=Path(asked["codes"]) if asked["codes"] else None,
        slots_per_day=asked["slots_per_day"],
        made_on=date.fromisoformat(asked["made_on"]) if asked["made_on"] else None,
    )
    import_into(Path(asked["folder"]), task, lambda text: answer(progress=text))
    answer(done=True)


def main() -> None:
    """Never a traceback: whatever a file does to its reader becomes one sentence."""
    confine_this_process()
    asked = json.loads(sys.argv[1])
    try:
        perform(asked)
    except BadInput as bad:
        answer(bad={name: getattr(bad, name) for name in ("file", "expected", "line", "column", "found")})
    except MemoryError:
        said = f"a file that can be read within {LARGEST_MEMORY // MEGABYTE} MB of memory"
        answer(bad={"file": asked["shown"], "expected": said})
    except BaseException as error:  # noqa: BLE001 - panics of native readers are no Exception
        if os.environ.get("INBEELD_SHOW_TRACEBACKS"):
            raise
        said = f"a file whose reading does not fail (the reader stopped with {type(error).__name__})"
        answer(bad={"file": asked["shown"], "expected": said})


if __name__ == "__main__":
    main()
