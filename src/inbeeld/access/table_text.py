"""The access table, and what one role may see, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inbeeld.access.table_page import RolePage, Signature, TablePage, Way

LONGEST_LINE = 96


def table_in_text(page: TablePage, *, width: int) -> str:
    """The whole table with its letters, stages and signature; the grounds only where they fit the width."""
    return "\n".join(_table(page, width)) + "\n"


def role_in_text(page: RolePage) -> str:
    """What a role may see, in sentences."""
    return "\n".join(_role(page)) + "\n"


def _table(page: TablePage, width: int) -> Iterator[str]:
    yield _("Who may see what")
    yield _wrapped(
        _(
            "Everything that anybody may see or write about a child here stands in this table. What does not"
            " stand in it is not allowed."
        )
    )
    yield from _signed(page.signature)
    yield ""
    for letter in page.letters:
        yield _wrapped(f"{letter.name}  {letter.meaning}", indent="   ")
    yield ""
    heads = (
        pgettext("access table", "Role"),
        pgettext("to a child", "Way"),
        pgettext("access table", "Stages"),
        *(column.key for column in page.columns),
        pgettext("access table", "Ground"),
    )
    rows = [
        (line.role, line.way, line.stages, *(cell.letter for cell in line.cells), line.ground)
        for line in page.lines
    ]
    yield from _in_columns([heads, *rows], width=width)
    yield ""
    yield from (f"{column.key}  {column.in_full}" for column in page.columns)
    yield ""
    yield from (_wrapped(f"{stage.sign}  {stage.name}: {stage.meaning}") for stage in page.stages)
    yield ""
    names = ", ".join(one.name for one in page.without_a_row)
    yield _wrapped(f"{_('They exist and see no child:')} {names}.")


def _in_columns(rows: list[tuple[str, ...]], *, width: int) -> Iterator[str]:
    """Side by side; where that is too wide, closer together and without the last column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    gap = "  "
    if sum(widths) + len(gap) * len(widths) > width:
        widths, gap = widths[:-1], " "
    for row in rows:
        yield gap.join(map(str.ljust, row, widths)).rstrip()
        if row is rows[0]:
            yield gap.join("-" * size for size in widths)


def _signed(signature: Signature) -> Iterator[str]:
    if signature.amiss:
        yield _("This table is not as it was signed") + ":"
        yield from (_wrapped(f"- {one}", indent="  ") for one in signature.amiss)
    if signature.last_on is not None:
        yield _wrapped(
            _("%(why)s. Signed on %(on)s by %(by)s.")
            % {
                "why": signature.because[:1].upper() + signature.because[1:],
                "on": date_format(signature.last_on, "j F Y"),
                "by": signature.by,
            }
        )


def _role(page: RolePage) -> Iterator[str]:
    yield _("%(role)s: what you may see") % {"role": page.role[:1].upper() + page.role[1:]}
    if not page.ways:
        yield _("In this role you see no child: no name, no page, no count. That is on purpose.")
    for way in page.ways:
        yield ""
        yield from _way(way)
    if len(page.ways) > 1 and page.never:
        yield ""
        yield f"{_('Never, in no way')}:"
        yield from (f"- {kind}" for kind in page.never)
    yield ""
    yield _wrapped(_("After destruction nobody sees anything. A child you may not see is not there for you."))


def _way(way: Way) -> Iterator[str]:
    yield way.title
    yield "-" * len(way.title)
    yield _wrapped(way.meaning)
    yield _wrapped(f"{_('At the stages')}: {', '.join(way.stages)}.")
    if way.not_at:
        yield _wrapped(f"{_('Not at the stages')}: {', '.join(way.not_at)}.")
    yield _wrapped(f"{pgettext('access table', 'Ground')}: {way.ground}.")
    for ability in way.abilities:
        yield _wrapped(ability.sentence)
        yield from (f"- {kind}" for kind in ability.kinds)


def _wrapped(text: str, *, indent: str = "") -> str:
    return fill(text, LONGEST_LINE, subsequent_indent=indent, break_long_words=False)
