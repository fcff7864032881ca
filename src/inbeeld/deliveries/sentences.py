"""What the readers of files say, as people at a school read it.

The engine speaks English and knows no translation: its sentences are recognised here by their form, and said
again in the language of who looks. A sentence nobody wrote down here is shown as it is; a test holds that the
readers have none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inbeeld.deliveries.words import SOURCES, WORDS_IN_A_TABLE
from inbeeld.engine.intake import PROFILES

#: Every form, longest first where one begins like another; a gap stands for what differs.
FORMS = (
    gettext_noop("a file with rows in it; this one is empty"),
    gettext_noop("a file of at most {number} MB"),
    gettext_noop("an existing file"),
    gettext_noop("CSV or XLSX; this is an old Excel file (.xls), save it again as .xlsx"),
    gettext_noop("CSV or XLSX; this is a web page (HTML) under another name"),
    gettext_noop("text in UTF-8 or Windows-1252; this is UTF-16, save it again as CSV UTF-8"),
    gettext_noop("text in UTF-8 or Windows-1252"),
    gettext_noop("UTF-8 text, as the mark at its start says"),
    gettext_noop(
        "text; there are characters in it that stand in no text: another kind of file, or a damaged one"
    ),
    gettext_noop("well-formed CSV to the end; a quote is not closed or a cell is damaged"),
    gettext_noop("well-formed CSV to the end"),
    gettext_noop("a whole file; the last line stops after {found} of {wanted} columns"),
    gettext_noop("at least one row under the header"),
    gettext_noop("{number} columns without a header row ({order})"),
    gettext_noop("the columns of a list of children; not there: {missing}; the file looks like {likely}"),
    gettext_noop("the columns of a list of children; not there: {missing}"),
    gettext_noop("CSV or XLSX for a list of children; this is XML"),
    gettext_noop("an id in every row"),
    gettext_noop("each id once; it is on line {number} too"),
    gettext_noop("an id that is not a formula to a spreadsheet: it begins with =, +, - or @"),
    gettext_noop("ids of your own; these look like BSNs, which are never needed"),
    gettext_noop("no BSNs; these look like BSNs, which are never needed"),
    gettext_noop("the lists as they were handed in; they are not kept any more"),
    gettext_noop("lists whose comparing does not fail"),
    gettext_noop("the columns of {source}; not there: {missing}; the file looks like {likely}"),
    gettext_noop("the columns of {source}; not there: {missing}"),
    gettext_noop("a table, CSV or XLSX"),
    gettext_noop("CSV or XLSX for {source}; this is XML"),
    gettext_noop("the XML of {source}, with {root} outermost"),
    gettext_noop("the XML of {source}"),
    gettext_noop("XML without a DOCTYPE at the top"),
    gettext_noop("well-formed XML to the end; it is cut off or damaged"),
    gettext_noop("well-formed XML"),
    gettext_noop("at least one {record} in it"),
    gettext_noop("XML of at most {number} levels"),
    gettext_noop("a whole Excel file (.xlsx) with a sheet in it"),
    gettext_noop("a whole Excel file (.xlsx); this one is cut off or damaged"),
    gettext_noop("an Excel file (.xlsx); this one holds something else"),
    gettext_noop("an Excel file that unpacks to at most {number} times its size"),
    gettext_noop("an Excel file without a DOCTYPE inside"),
    gettext_noop("a file that can be read within {number} seconds"),
    gettext_noop("a file that can be read within {number} MB of memory"),
    gettext_noop("a file whose reading does not fail"),
    gettext_noop("a school's own learner numbers; these look like BSNs, which are never needed"),
    gettext_noop("a learner's number that is not the BSN"),
    gettext_noop("at least one usable row; the first refusal: {reason}"),
    gettext_noop("at least one row about absence"),
    gettext_noop("a roster that says of which day it is: a peildatum, or an aanmaakdatum"),
    gettext_noop("a roster of a day that has been: hand it in on its peildatum"),
    gettext_noop("a roster of {day} or later: up to then this school is known here"),
    gettext_noop("a year from {first} on"),
    gettext_noop("the roster of this school, {school}; this is of another"),
    gettext_noop("keys of learners of at most {number} characters"),
    gettext_noop("a school whose lesson hours and holidays are known here"),
    gettext_noop("a region with schools and learners; there is none yet"),
    gettext_noop("the file; it is not kept any more"),
    gettext_noop("the marks of an earlier delivery; they are not there any more"),
    gettext_noop("one meaning for each code on a day; this one has two"),
    # of one row
    gettext_noop("{number} columns in every row, found {found}"),
    gettext_noop("{number} columns in every row"),
    gettext_noop("a value in every row"),
    gettext_noop("a learner's number or key without spaces (not a name)"),
    gettext_noop(
        "a learner's number or key that is not a formula to a spreadsheet: it begins with =, +, - or @"
    ),
    gettext_noop("a school's key that is not a formula to a spreadsheet: it begins with =, +, - or @"),
    gettext_noop("the school it is from; {source} does not say, so it cannot be all"),
    gettext_noop("each learner once; this key stands in the file twice"),
    gettext_noop("a date, or a peildatum or schooljaar in the file"),
    gettext_noop("a key of at most 100 ordinary characters"),
    gettext_noop("a date like {examples} (other notations can be read two ways and are not guessed)"),
    gettext_noop("a day that exists"),
    gettext_noop("a year between {first} and {last}"),
    gettext_noop("a time like {example}"),
    gettext_noop("Dutch local time (+01:00 or +02:00)"),
    gettext_noop("the day it began"),
    gettext_noop("an end not before the begin"),
    gettext_noop("a last day not before the first ({day})"),
    gettext_noop("a period of at most {number} days"),
    gettext_noop("a lesson hour from 1 to {number}, ochtend or middag"),
    gettext_noop("a first lesson hour where there is a last"),
    gettext_noop("a last lesson hour where there is a first"),
    gettext_noop("a last lesson hour not before the first"),
    gettext_noop("a whole number"),
    gettext_noop("true, false or nothing"),
    gettext_noop("a share of the day between 0 and 1"),
    gettext_noop("one of {words}, or a code"),
    gettext_noop("one of {words}"),
    gettext_noop("Aanwezig, Afwezig or Nvt (P, A, N); partly absent (D) is never stored by Eduarte"),
    gettext_noop("a school in every row, since the delivery is for all"),
    gettext_noop("{school}, the school this delivery is for (or deliver for all)"),
    gettext_noop("{school}, the school this delivery is for"),
)
_EXPECTED, _FOUND = "expected ", ", found "
#: Of use to who mends the reader, and stands in what the worker says; to a school it says nothing.
_KIND_OF_ERROR = re.compile(r" \(the reader stopped with \w+\)$")


def of_bad_input(wrong: Mapping[str, Any]) -> str:
    """Why a file cannot be read: line, column, what was expected and what was found, as one sentence."""
    where = []
    if wrong.get("line") is not None:
        where.append(_("line {number}").format(number=wrong["line"]))
    if wrong.get("column"):
        where.append(_("column {name}").format(name=wrong["column"]))
    expected = _("expected: {what}").format(what=of_a_form(str(wrong.get("expected", ""))))
    found = wrong.get("found")
    if found is not None:
        expected = _("{expected}; found: {found}").format(expected=expected, found=found or _("nothing"))
    sentence = f"{', '.join(where)}: {expected}" if where else expected
    return f"{sentence[:1].upper()}{sentence[1:]}."


def of_a_refusal(reason: str) -> str:
    """Why a row was not taken, in the language of who looks."""
    if not reason.startswith(_EXPECTED):
        return of_a_form(reason)
    expected, found = reason.removeprefix(_EXPECTED), ""
    if (whole := of_a_form(expected)) == expected and _FOUND in expected:
        expected, _between, found = expected.rpartition(_FOUND)
        whole, found = of_a_form(expected), _("nothing") if found == "nothing" else found
    said = _("expected: {what}").format(what=whole)
    return _("{expected}; found: {found}").format(expected=said, found=found) if found else said


def of_a_form(text: str) -> str:
    """What was expected, said again in the language of who looks; as it is when nobody wrote it down here."""
    text = _KIND_OF_ERROR.sub("", text)
    for form, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return _(form).format(
                **{name: _of_a_gap(name, value) for name, value in match.groupdict().items()}
            )
    return text


def _of_a_gap(name: str, value: str) -> str:
    """What stands in a gap as people know it: a source and a word by their own names, not by ours."""
    if name == "reason":
        return of_a_refusal(value)
    if name in ("source", "likely"):
        return ", ".join(str(_sources().get(one, one)) for one in value.split(", "))
    if name == "words":
        return ", ".join(str(WORDS_IN_A_TABLE.get(one, one)) for one in value.split(", "))
    return value


@lru_cache(1)
def _sources() -> Mapping[str, Any]:
    """The name people know a source by, for its key and for its title."""
    titles = {profile.title: SOURCES[key] for key, profile in PROFILES.items() if key in SOURCES}
    return {**titles, **SOURCES}


def is_known(text: str) -> bool:
    """Is there a form for what was expected?"""
    text = _KIND_OF_ERROR.sub("", text)
    return any(pattern.fullmatch(text) for _form, pattern in _patterns())


@lru_cache(1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((form, re.compile(_as_pattern(form), re.S)) for form in FORMS)


def _as_pattern(form: str) -> str:
    parts = re.split(r"\{(\w+)\}", form)
    return "".join(
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)
    )
