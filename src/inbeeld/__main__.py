"""The command `inbeeld`: reads the arguments, calls the room that does the work, makes sentences of refusals.

Exit codes: 0 done, 1 a test failed or a start did not work, 2 bad input (one sentence on stderr),
130 interrupted. Progress goes to stderr; stdout holds only what was asked for.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import runpy
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import inbeeld
from inbeeld.command_line import BAD_INPUT, Parser

ROOT = Path(inbeeld.__file__).resolve().parents[2]

INTERRUPTED = 130
NOBODY_READS = 141

#: Commands that read their own words: the room that does the work, and what it does.
OF_A_ROOM = {
    "access": ("inbeeld.access.command", "who may see what: the table, per role, and its signatures"),
    "journal": ("inbeeld.journal.command", "verify the log of who did and saw what; the head of a day"),
    "daily": (
        "inbeeld.site.daily_command",
        "once a day: consents, old drafts and deliveries, and the end of the day in the log",
    ),
    "work": (
        "inbeeld.site.work_command",
        "read what was delivered, work in what was accepted, lay lists side by side",
    ),
    "keys": ("inbeeld.keys.command", "make, rotate and retire the keys that seal what is written"),
    "invite": ("inbeeld.site.invite_command", "a link with which a colleague makes their log-in"),
}

TEST_HELP = """usage: inbeeld test [--long] [pytest arguments]

Without pytest arguments: everything. Unit, spec, twins, commands, conventions, journeys in a real
browser; then the database tests once more on PostgreSQL, when INBEELD_TEST_DATABASE_URL is set or a
server answers. Says at the end what was skipped and why.
With pytest arguments: one pytest with those arguments, on SQLite.

  --long    also the long tests (INBEELD_LONG_CASES sets how many generated cases they take)
  --pictures tests/journeys    keep pictures of the pages in .inbeeld/screenshots
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Never lets a refusal or a broken pipe show a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] != ["demo"]:  # its server answers signals itself
        signal.signal(signal.SIGTERM, _stop)
    from inbeeld.engine.refusal import BadInput

    try:
        code = _run(words)
        sys.stdout.flush()
        return code
    except BadInput as refusal:
        return _refuse(str(refusal))
    except KeyboardInterrupt:
        print("\nStopped; nothing half-done was left behind.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except OSError as error:
        where = "reading or writing" if error.filename is None else error.filename
        return _refuse(f"{where}: {(error.strerror or str(error)).lower()}.")
    except Exception as error:
        # The engine underneath has its own words for a stop, a full disk and too little memory.
        kind = type(error).__name__ if "duckdb" in type(error).__module__ else ""
        if kind == "InterruptException" or str(error) == "Query interrupted":
            print("\nStopped; nothing half-done was left behind.", file=sys.stderr)
            return INTERRUPTED
        if kind in ("IOException", "OutOfMemoryException"):
            return _refuse(f"reading or writing: {str(error).splitlines()[0].rstrip('.')}.")
        raise


def _run(words: list[str]) -> int:
    # These hand their arguments on untouched, so argparse must not read them.
    if words[:1] == ["test"]:
        return _test(words[1:])
    if words[:1] == ["bench"]:
        return _bench(words[1:])
    if words[:1] and words[0] in OF_A_ROOM:
        # The role that answers requests may not do what commands do.
        if url := os.environ.get("INBEELD_COMMANDS_DATABASE_URL"):
            os.environ["INBEELD_DATABASE_URL"] = url
        room = importlib.import_module(OF_A_ROOM[words[0]][0])
        return int(room.run(words[1:]))
    chosen = _parser().parse_args(words)
    act: Callable[[argparse.Namespace], int] = chosen.act
    return act(chosen)


def _stop(number: int, frame: object) -> NoReturn:
    """Being asked to stop is like Ctrl-C: clear up, then go."""
    raise KeyboardInterrupt


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# --- the commands ------------------------------------------------------------------------------


def _demo(chosen: argparse.Namespace) -> int:
    from inbeeld.site import demo

    return demo.run(learners=chosen.learners, port=chosen.port, browser=chosen.browser, data=chosen.data)


def _test(words: list[str]) -> int:
    if words in (["-h"], ["--help"]):
        print(TEST_HELP, end="")
        return 0
    return _run_folder("tests", words)


def _bench(words: list[str]) -> int:
    return _run_folder("benchmarks", words)


def _run_folder(folder: str, words: list[str]) -> int:
    """Run `python -m <folder>` of the clone; tests and benchmarks are not part of the package."""
    if not (ROOT / folder / "__main__.py").is_file():
        return _refuse(f"{ROOT / folder} is not here; this command needs a clone of the whole project.")
    sys.path.insert(0, str(ROOT))
    sys.argv = [folder, *words]
    try:
        runpy.run_module(folder, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        return _refuse(str(end.code))
    return 0


def _judge(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.judge import judge

    if chosen.engine == "spark":
        return _refuse("inbeeld judge: --engine spark comes with a later version; --engine duckdb is there.")
    receipt = judge(chosen.folder, on=chosen.on, out=chosen.out, region=chosen.region, progress=_progress)
    marks = receipt["marks"]
    _progress(f"{marks['rows']:,} marks, {marks['counted']:,} counted; the receipt says why others were not.")
    for definition, answers in receipt["verdicts"].items():
        _progress(f"  {definition}: {answers['yes']:,} yes, {answers['unknown']:,} not known")
    _progress(f"The tables and receipt.json are in {chosen.out}.")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.intake import import_file

    done = import_file(
        chosen.file,
        profile=chosen.profile,
        school=chosen.school,
        out=chosen.out,
        codes=chosen.codes,
        slots_per_day=chosen.slots_per_day,
        made_on=chosen.made_on,
        progress=_progress,
    )
    made = (
        f"{done.learners} learners and {done.enrolments} enrolments"
        if done.learners
        else f"{done.marks} marks"
    )
    _progress(f"{done.read} rows read, {made} made, {done.refused} rows refused (refused.csv).")
    if done.unjudged:
        _progress(f"{done.unjudged} rows are kept but cannot be judged yet (unjudged.csv).")
    if done.remarks:
        _progress(f"{done.remarks} remarks on how rows were read (remarks.csv).")
    for school, code, count in done.unmapped:
        _progress(f"School {school} has not said what code {code} means: {count} marks wait for it.")
    return 0


def _generate(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.invented import generate

    generate(chosen.out, learners=chosen.learners, seed=chosen.seed, progress=_progress)
    return 0


def _compare(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.linkage import compare
    from inbeeld.engine.linkage.since import KINDS

    receipt = compare(
        chosen.lists,
        out=chosen.out,
        decisions=chosen.decisions,
        reviews=chosen.reviews,
        apart=chosen.apart,
        since=chosen.since,
        progress=_progress,
    )
    for pair in receipt["pairs_of_lists"]:
        _progress(
            f"{pair['left_list']} and {pair['right_list']}: {pair['sure']:,} children surely on both, "
            f"{pair['possible']:,} pairs for a person to look at."
        )
    if (since := receipt["since"]) is not None:
        counted = (f"{since[kind]:,} {kind}" for kind in KINDS if since[kind])
        _progress(f"Since {since['folder']}: {', '.join(counted) or 'nothing changed'} (changes.csv).")
    for warning in receipt["warnings"]:
        _progress("Beware: " + ", ".join(str(told).replace("_", " ") for told in warning.values()) + ".")
    _progress(f"{receipt['children']:,} children; the tables and receipt.json are in {chosen.out}.")
    return 0


def _region_check(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.region_file import read_region
    from inbeeld.kernel.round_tables import ladder

    region = read_region(chosen.file)
    print(f"{chosen.file}: {region.name}. Nothing is wrong with it.")
    for lists in region.lists:
        print(f"  lists {lists.key}: {len(lists.lists)}, every {lists.every_days} days")
    for table in region.tables:
        print(f"  table {table.key}: {table.name}, {len(table.members)} members, {table.rhythm}")
    for way in ladder(region.tables):
        if len(way) > 1:
            print(f"  ladder: {' > '.join(rung.key for rung in way)}")
    return 0


def _exchange(chosen: argparse.Namespace) -> int:
    from inbeeld.engine.exchange import command

    return command.act(chosen, _progress)


# --- their arguments ---------------------------------------------------------------------------


def _two_names(text: str) -> tuple[str, str]:
    one, _, other = text.partition(",")
    if not one.strip() or not other.strip():
        raise argparse.ArgumentTypeError(f"two names with a comma between them were expected, not {text}")
    return one.strip(), other.strip()


def _date(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'expected a date like 2026-09-01, found "{text}"') from None


def _whole(low: int, high: int | None = None) -> Callable[[str], int]:
    def whole(text: str) -> int:
        wanted = f"of {low} or more" if high is None else f"from {low} to {high}"
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
        if value < low or (high is not None and value > high):
            raise argparse.ArgumentTypeError(f'expected a whole number {wanted}, found "{text}"')
        return value

    return whole


def _parser() -> argparse.ArgumentParser:
    from inbeeld.engine.exchange.command import add_arguments

    parser = Parser(
        prog="inbeeld",
        description="Keep every child who sits at home, or is about to, in sight until it learns again.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"inbeeld {inbeeld.__version__}")
    parser.set_defaults(act=lambda chosen: _show_help(parser))
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)

    def command(name: str, act: Callable[[argparse.Namespace], int], does: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=does, description=does, allow_abbrev=False)
        made.set_defaults(act=act)
        return made

    demo = command(
        "demo", _demo, "start the site on an invented region (built if absent); prints its log-ins"
    )
    demo.add_argument("--learners", type=_whole(1), default=30_000, metavar="N", help="learners (30000)")
    demo.add_argument("--port", type=_whole(0, 65535), default=8000, metavar="P", help="port (8000)")
    demo.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")
    demo.add_argument("--data", type=Path, metavar="FOLDER", help="where it is kept")

    command("test", _show_nothing, "run everything, say what was skipped and why; takes pytest arguments")

    judge = command("judge", _judge, "tables in; episodes, facts, verdicts and a receipt out")
    judge.add_argument("folder", type=Path, metavar="FOLDER", help="with the tables as CSV or Parquet")
    judge.add_argument("--on", type=_date, required=True, metavar="DATE", help="the day, like 2026-09-01")
    judge.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the result goes")
    judge.add_argument("--region", type=Path, metavar="FILE", help="the region's choices (TOML)")
    judge.add_argument(
        "--engine", choices=("duckdb", "spark"), default="duckdb", help="what computes (duckdb)"
    )

    intake = command(
        "import", _import, "a supplier's file to canonical marks; refused rows with line and reason"
    )
    intake.add_argument("file", type=Path, metavar="FILE", help="as the supplier's system exported it")
    intake.add_argument("--profile", required=True, metavar="NAME", help="what kind of file it is")
    intake.add_argument("--school", required=True, metavar="S", help="the school it comes from, or all")
    intake.add_argument("--codes", type=Path, metavar="FILE", help="what its absence codes mean (codes.csv)")
    intake.add_argument("--slots-per-day", type=_whole(1), metavar="N", help="lessons in a school day")
    intake.add_argument("--made-on", type=_date, metavar="DATE", help="the day the file was made")
    intake.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the result goes")

    region = command("region", _show_nothing, "check a region's profile (names, rhythm, lists, round tables)")
    region_does = region.add_subparsers(metavar="DOES", required=True, parser_class=Parser)
    check = region_does.add_parser("check", help="say what is wrong with it, or what it holds")
    check.add_argument("file", type=Path, metavar="FILE", help="the profile (TOML)")
    check.set_defaults(act=_region_check)

    compare = command("compare", _compare, "lists of organisations side by side: who is on which, who is not")
    compare.add_argument("lists", nargs="+", type=Path, metavar="LIST", help="one CSV per organisation")
    compare.add_argument(
        "--decisions", type=Path, metavar="FILE", help="of earlier rounds (decisions.csv beside the lists)"
    )
    compare.add_argument(
        "--reviews",
        type=Path,
        metavar="FILE",
        help="what people found who looked at sample.csv again (reviews.csv beside the lists)",
    )
    compare.add_argument(
        "--apart",
        type=_two_names,
        action="append",
        default=[],
        metavar="A,B",
        help="two organisations whose lists can share no child; may be given again",
    )
    compare.add_argument(
        "--since",
        type=Path,
        metavar="FOLDER",
        help="an earlier comparison: what changed goes into changes.csv",
    )
    compare.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the result goes")

    does = "which children of a list another organisation has too; only keyed encodings go to and fro"
    add_arguments(command("exchange", _exchange, does))

    generate = command("generate", _generate, "make an invented region of any size")
    generate.add_argument("--learners", type=_whole(1), required=True, metavar="N", help="how many")
    generate.add_argument("--seed", type=_whole(0), required=True, metavar="S", help="same seed, same region")
    generate.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the result goes")

    command("bench", _show_nothing, "the ratio table on this machine, as text and JSON")
    for name, (_, does) in OF_A_ROOM.items():
        command(name, _show_nothing, does)
    return parser


def _show_help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 0


def _show_nothing(chosen: argparse.Namespace) -> int:
    raise AssertionError("taken before the arguments are read")


if __name__ == "__main__":
    raise SystemExit(main())
