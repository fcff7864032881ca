"""Which kind of file the bytes are, and in which encoding: byte order mark, strict UTF-8, Windows-1252."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Literal

from inbeeld.engine.refusal import BadInput

CHUNK = 1024 * 1024
NO_TEXT = "text; there are characters in it that stand in no text: another kind of file, or a damaged one"
FormFound = Literal["text", "xlsx", "xml"]

_OLD_EXCEL = bytes.fromhex("D0CF11E0A1B11AE1")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta)[\s>]", re.IGNORECASE)


def form_of(file: Path, *, shown: str) -> FormFound:
    """text, xlsx or xml by content, whatever the name says; BadInput for what is certainly no delivery."""
    with file.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(_OLD_EXCEL):
        raise BadInput(shown, "CSV or XLSX; this is an old Excel file (.xls), save it again as .xlsx")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput(shown, "text in UTF-8 or Windows-1252; this is UTF-16, save it again as CSV UTF-8")
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    visible = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if _HTML.match(visible):
        raise BadInput(shown, "CSV or XLSX; this is a web page (HTML) under another name")
    if visible.startswith(b"<"):
        return "xml"
    return "text"


def encoding_of(file: Path, *, shown: str) -> str:
    """utf-8-sig, utf-8 or cp1252; BadInput with the line for NUL and other control bytes or undecodable ones.

    No guessing by letter frequency: that reads Dutch Windows-1252 as Central European.
    """
    _refuse_control_bytes(file, shown=shown)
    with file.open("rb") as stream:
        marked = stream.read(3) == codecs.BOM_UTF8
    undecodable = _first_undecodable_line(file, "utf-8")
    if undecodable is None:
        return "utf-8-sig" if marked else "utf-8"
    if marked:
        raise BadInput(shown, "UTF-8 text, as the mark at its start says", line=undecodable)
    undecodable = _first_undecodable_line(file, "cp1252")
    if undecodable is None:
        return "cp1252"
    raise BadInput(shown, "text in UTF-8 or Windows-1252", line=undecodable)


def _refuse_control_bytes(file: Path, *, shown: str) -> None:
    line = 1
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found = _CONTROL.search(chunk)
            if found:
                line += chunk.count(b"\n", 0, found.start())
                raise BadInput(shown, NO_TEXT, line=line)
            line += chunk.count(b"\n")


def _first_undecodable_line(file: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with file.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
            line += chunk.count(b"\n")
