"""The words of `inbeeld exchange`, and what it says. What is heavy is imported by the step that needs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from inbeeld.engine.exchange.limits import AT_MOST, MOST

Progress = Callable[[str], None]


def act(chosen: argparse.Namespace, progress: Progress) -> int:
    """Do the step that was chosen; returns the exit code. Raises BadInput."""
    steps = {"request": _request, "respond": _respond, "answer": _answer}
    steps[chosen.step](chosen, progress)
    return 0


def _request(chosen: argparse.Namespace, progress: Progress) -> None:
    from inbeeld.engine.exchange.steps import REQUEST_FILE, ask

    made = ask(chosen.list, out=chosen.out, keep=chosen.keep, count=chosen.count, progress=progress)
    left = f"; {made['not_asked']:,} rows say too little to ask about" if made["not_asked"] else ""
    progress(f"{made['children']:,} children asked about{left}.")
    progress(
        f"Send {chosen.out / REQUEST_FILE}. Keep {chosen.keep} to read the answer, and give it to nobody."
    )


def _respond(chosen: argparse.Namespace, progress: Progress) -> None:
    from inbeeld.engine.exchange.steps import CHILDREN, RESPONSE_FILE, respond

    done = respond(
        chosen.request,
        chosen.list,
        out=chosen.out,
        logged=chosen.log,
        count=chosen.count,
        at_most=chosen.at_most,
        progress=progress,
    )
    what = "which of its own children are here" if done["answer"] == CHILDREN else "how many of them are here"
    progress(
        f"{done['asker']} will see {what}. It asked about {done['children']:,} children, and with that about "
        f"{done['asked_in_a_year']:,} in a year by {chosen.log}."
    )
    progress(f"Send back {chosen.out / RESPONSE_FILE}; receipt.json beside it says what was answered.")


def _answer(chosen: argparse.Namespace, progress: Progress) -> None:
    from inbeeld.engine.exchange.steps import read_answer

    told = read_answer(chosen.response, keep=chosen.keep, out=chosen.out, progress=progress)
    progress(
        f"Found at {told['responder']}: {told['found']:,} of {told['children']:,} children asked about; "
        f"{told['children_there']:,} are on the list there."
    )
    for sentence in told["beware"]:
        progress(f"Beware: {sentence}.")
    progress(f"The answer is in {chosen.out}. Remove {chosen.keep} when it is used.")


def _children(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
    if not 1 <= value <= MOST:
        raise argparse.ArgumentTypeError(f'expected a whole number from 1 to {MOST}, found "{text}"')
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser of `inbeeld exchange` its three steps."""
    steps = parser.add_subparsers(dest="step", metavar="request|respond|answer", required=True)

    does = "ask another organisation about the children of a list"
    request = steps.add_parser("request", help=does, description=does, allow_abbrev=False)
    request.add_argument("list", type=Path, metavar="LIST", help="the list here, as for inbeeld compare")
    request.add_argument("--count", action="store_true", help="ask only how many")

    does = "answer the request of another organisation"
    answering = steps.add_parser("respond", help=does, description=does, allow_abbrev=False)
    answering.add_argument("request", type=Path, metavar="REQUEST", help="as it came in (request.inbeeld)")
    answering.add_argument("list", type=Path, metavar="LIST", help="the list here, as for inbeeld compare")
    answering.add_argument(
        "--log", type=Path, required=True, metavar="FILE",
        help="what was answered, a line a request; one file per partner, outside the folder that is sent",
    )  # fmt: skip
    answering.add_argument("--count", action="store_true", help="tell only how many, whatever is asked")
    answering.add_argument(
        "--at-most", type=_children, default=AT_MOST, metavar="N",
        help=f"children in one request; twelve times as many in a year ({AT_MOST})",
    )  # fmt: skip

    does = "read what came back"
    reading = steps.add_parser("answer", help=does, description=does, allow_abbrev=False)
    reading.add_argument("response", type=Path, metavar="RESPONSE", help="as it came back (response.inbeeld)")
    for one in (request, reading):
        one.add_argument(
            "--keep", type=Path, required=True, metavar="FILE",
            help="what reads the response: made with the request, for nobody else",
        )  # fmt: skip
    for one, goes in ((request, "what is sent"), (answering, "what is sent back"), (reading, "the answer")):
        one.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=f"where {goes} goes")
