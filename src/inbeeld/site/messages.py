"""Every sentence the screen can show, and the Dutch for it: python -m inbeeld.site.messages.

Lists what is missing in, or no longer needed by, locale/nl/LC_MESSAGES/django.po, and compiles django.mo.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOMS = (
    "organisations", "access", "learners", "causes", "agreements", "contacts", "schools", "alerts", "duo",
    "deliveries", "reconciliation", "notices", "site",
)  # fmt: skip
PO = PACKAGE / "site" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
#: function name: how many of its first arguments are (context, singular, plural)
CALLS = {
    "_": (False, 1), "gettext": (False, 1), "gettext_lazy": (False, 1), "gettext_noop": (False, 1),
    "ngettext": (False, 2), "pgettext": (True, 1), "pgettext_lazy": (True, 1), "npgettext": (True, 2),
}  # fmt: skip
HEADER_BYTES = 28
CALL = re.compile(r"\b(n?p?gettext|_)\(", re.S)

Message = tuple[str | None, str, str | None]


def of_python(source: str) -> Iterator[Message]:
    """The messages of Python source: (context, singular, plural)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            with_context, number = CALLS[node.func.id]
            words = [one.value for one in node.args[: number + with_context] if isinstance(one, ast.Constant)]
            if len(words) == number + with_context:
                context = words.pop(0) if with_context else None
                yield context, words[0], words[1] if number == 2 else None


def of_template(source: str) -> Iterator[Message]:
    """The messages of a template, through what Django itself makes of it for extraction."""
    from django.utils.translation.template import templatize

    text = templatize(source)
    for found in CALL.finditer(text):
        expression = _balanced(text, found.start())
        yield from of_python(expression)


def _balanced(text: str, start: int) -> str:
    """The call that begins at `start`, up to the bracket that closes it, unicode marks removed."""
    for end in range(text.index(")", start), len(text)):
        if text[end] == ")":
            part = re.sub(r"\bu(?=[ru]?['\"])", "", text[start : end + 1])
            try:
                ast.parse(part)
            except SyntaxError:
                continue
            return part
    return "0"


def of_the_kernel() -> Iterator[Message]:
    """The sentences of the definitions, their clauses and their reasons."""
    from inbeeld.kernel.attention import ATTENTION
    from inbeeld.kernel.definitions import CATALOGUE
    from inbeeld.kernel.facts import ChildNumber, FactRow, facts_of_child

    nothing = {field.name: None for field in fields(FactRow)}
    numbers = {name: 0 for name in nothing if name.endswith(("ytd", "4w", "12w", "15w"))}
    row = FactRow(**{**nothing, **numbers, "learner": "", "phase": 0, "enrolled": True, "exempt": False})
    facts = facts_of_child(row, on=date(2026, 1, 1))
    for one in CATALOGUE:
        words = [one.name, one.in_words, one.ends_when, one.source.title, one.source.place]
        for sentence in (*words, *one.left_to_people, *(clause for clause, _ in one.clauses(facts))):
            yield None, sentence, None
    for rule in ATTENTION:
        for sentence in (
            rule.source.title,
            rule.source.place,
            *(words for words, _ in rule.asking.clauses(facts)),
        ):
            yield None, sentence, None
    for field in fields(facts):
        value = getattr(facts, field.name)
        if isinstance(value, ChildNumber):
            yield None, value.sentence, None
    for file in sorted((PACKAGE / "kernel").rglob("*.py")):
        if "tests" not in file.parts:
            yield from _reasons(file.read_text(encoding="utf-8"))


def _reasons(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Because.of":
            sentence = node.args[0]
            if isinstance(sentence, ast.Constant):
                yield None, sentence.value, None
            elif not ast.unparse(sentence).startswith("self."):
                raise ValueError(f"a reason that cannot be found for translation: {ast.unparse(node)}")


def every_message() -> dict[tuple[str | None, str], str | None]:
    """(context, singular) and the plural of every sentence, in order of finding."""
    found: dict[tuple[str | None, str], str | None] = {}
    for room in ROOMS:
        for file in sorted((PACKAGE / room).rglob("*")):
            if "tests" in file.parts or file.name == "messages.py" or "static" in file.parts:
                continue
            if file.suffix in (".py", ".html"):
                read = of_python if file.suffix == ".py" else of_template
                for context, singular, plural in read(file.read_text(encoding="utf-8")):
                    found[context, singular] = plural or found.get((context, singular))
    for context, singular, plural in of_the_kernel():
        found.setdefault((context, singular), plural)
    return found


def read_po(file: Path) -> dict[tuple[str | None, str], dict[str, str]]:
    """The entries of a .po file by (context, sentence): msgid_plural, msgstr or msgstr[0], msgstr[1]."""
    entries: dict[tuple[str | None, str], dict[str, str]] = {}
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            if line.startswith(('"', "msg")):
                name, quote, text = line.partition('"')
                field = name.strip() or field
                parts[field] = parts.get(field, "") + ast.literal_eval(quote + text)
        if "msgid" in parts:
            entries[parts.pop("msgctxt", None), parts.pop("msgid")] = parts
    return entries


def compiled(entries: dict[tuple[str | None, str], dict[str, str]]) -> bytes:
    """The same as a .mo file: a table of sentences, sorted, and a table of translations (GNU gettext)."""
    pairs = []
    for (context, sentence), parts in entries.items():
        key = (f"{context}\4" if context else "") + sentence
        key += f"\0{parts['msgid_plural']}" if "msgid_plural" in parts else ""
        words = [text for name, text in parts.items() if name.startswith("msgstr")]
        if all(words):
            pairs.append((key.encode(), "\0".join(words).encode()))
    pairs.sort()
    place = HEADER_BYTES + 16 * len(pairs)
    tables, texts = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), place + len(texts))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), HEADER_BYTES, HEADER_BYTES + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + texts


def main() -> int:
    """Say what differs and compile; 1 when something is missing."""
    present = read_po(PO)
    wanted = every_message()
    missing = [key for key in wanted if key not in present]
    for context, sentence in missing:
        print(f"missing: {sentence!r}" + (f" ({context})" if context else ""))
    for _, sentence in sorted(set(present) - set(wanted) - {(None, "")}, key=str):
        print(f"no longer needed: {sentence!r}")
    for file in PO.parents[2].glob("*/LC_MESSAGES/django.po"):
        file.with_suffix(".mo").write_bytes(compiled(read_po(file)))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
