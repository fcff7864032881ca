"""The command `inbeeld access`: the access table, what one role may see, and whether all is as signed.

Exit codes: 0 done, 1 the table is not as signed or a promise is broken, 2 bad input (one sentence on stderr).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date

from inbeeld.command_line import BAD_INPUT, Parser, set_up_django
from inbeeld.kernel.access import ROLES, may

NOT_AS_SIGNED = 1


class _Refused(Exception):
    """What was asked cannot be done; str() is the sentence."""


def run(words: list[str]) -> int:
    """Run `inbeeld access` with these arguments; returns the exit code."""
    from django.core.exceptions import ImproperlyConfigured

    from inbeeld.kernel.signed_access import Unsigned

    try:
        chosen = _parser().parse_args(words)
    except SystemExit as end:  # help, or a wrong argument that was said already
        return int(end.code or 0)
    try:
        return int(chosen.act(chosen) or 0)
    except (_Refused, Unsigned, ImproperlyConfigured) as refusal:
        print(f"inbeeld access: {str(refusal).rstrip('.')}.", file=sys.stderr)
        return BAD_INPUT


# --- the commands ------------------------------------------------------------------------------


def _show(chosen: argparse.Namespace) -> None:
    set_up_django()
    role = None if chosen.role is None else _role(chosen.role)
    from django.utils import translation

    from inbeeld.access.table_page import role_page, table_page
    from inbeeld.access.table_text import role_in_text, table_in_text

    with translation.override(chosen.language):
        if role is None:
            text = table_in_text(table_page(), width=_width())
        else:
            page = role_page(role)
            assert page is not None, "every role of the table has a page"
            text = role_in_text(page)
    print(text, end="", flush=True)


def _role(asked: str) -> str:
    """The key of a role, asked for by that key or as the table calls it. Raises _Refused."""
    from django.utils import translation

    from inbeeld.access.in_words import role_word

    called: dict[str, dict[str, str]] = {}
    for language in ("en", "nl"):
        with translation.override(language):
            called[language] = {role: role_word(role) for role in ROLES}
    for names in ({role: role for role in ROLES}, *called.values()):
        for role, name in names.items():
            if name.casefold() == asked.strip().casefold():
                return role
    known = "; ".join(f"{role} ({called['nl'][role]})" for role in ROLES)
    raise _Refused(f'there is no role "{asked}"; the roles are {known}')


def _sign(chosen: argparse.Namespace) -> None:
    from inbeeld.kernel.signed_access import FILE
    from inbeeld.kernel.signing import lines_to_add

    today = date.today()  # noqa: DTZ011 - the day on which somebody signs is the day where they are
    lines = lines_to_add(by=chosen.by, organisation=chosen.organisation, because=chosen.because, on=today)
    print("\n".join(lines), flush=True)
    print(
        f"Add {'this line' if len(lines) == 1 else f'these {len(lines)} lines'} to the end of {FILE.name}"
        " and leave the rest as it is.",
        file=sys.stderr,
    )


def _check(chosen: argparse.Namespace) -> int:
    from inbeeld.kernel.promises import POSSIBLE, PROMISES, broken, impossible
    from inbeeld.kernel.promises.asking import NUMBER, allowed
    from inbeeld.kernel.signed_access import amiss, read

    wrong = [*amiss()]
    given = allowed(may)
    told = {key for point in given for key in broken(point, given.__contains__)}
    wrong += [f'broken: "{one.said.english}"' for one in PROMISES if one.key in told]
    unable = impossible(given.__contains__)
    wrong += [f'not possible: "{one.said.english}"' for one in POSSIBLE if one.key in unable]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return NOT_AS_SIGNED
    signed = read()
    last = signed.last
    print(f"As signed: {len(signed.rows)} rows, last signed on {last.on} by {last.by}.")
    print(f"Its seal: {last.seal}")
    print(f"All {len(PROMISES)} promises are kept at all {NUMBER:,} questions that can be asked;")
    print(f"all {len(POSSIBLE)} things that must be possible are.")
    return 0


def _width() -> int:
    """How wide a line may be: that of the terminal; without one, as wide as it must."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


# --- their arguments ---------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="inbeeld access",
        description="Who may see what: print the access table, or what one role may see.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--as", dest="role", metavar="ROLE", help="what this role (key or name) may see, in sentences"
    )
    parser.add_argument("--language", choices=("nl", "en"), default="nl", help="the language (nl)")
    parser.set_defaults(act=_show)
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    does = "is the table as it was signed, and does it keep its promises"
    commands.add_parser("check", help=does, description=does, allow_abbrev=False).set_defaults(act=_check)
    does = "print the lines to add to the signed table after a change"
    sign = commands.add_parser("sign", help=does, description=does, allow_abbrev=False)
    sign.set_defaults(act=_sign)
    sign.add_argument("--by", required=True, metavar="NAME", help="who signs")
    sign.add_argument(
        "--for", dest="organisation", required=True, metavar="ORGANISATION", help="for which organisation"
    )
    sign.add_argument("--because", required=True, metavar="TEXT", help="why the table changes")
    return parser
