"""Only files called operations write: read from the syntax trees of the rooms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.conventions.tree import PACKAGE, ROOT, name, python_files

NOT_ROOMS = {"kernel", "engine"}
# Names that only the ORM has.
ALWAYS_A_WRITE = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create", "asave", "adelete", "acreate",
}  # fmt: skip
# Names a dict has too: a write only on a manager or a query set; save and delete on anything.
ON_A_QUERY = {"create", "update", "delete", "acreate", "aupdate"}
ON_A_MODEL = {"save", "delete"}
QUERY_WORDS = {
    "objects",
    "filter",
    "exclude",
    "all",
    "visible_to",
    "select_for_update",
    "unscoped",
    "_default_manager",
    "_base_manager",
}
SQL_WRITE = re.compile(r"^\s*(insert|update|delete|replace|truncate|drop|alter|create)\b", re.IGNORECASE)


def writes(path: Path) -> list[tuple[int, str]]:
    """Line and call of every write to the database in one file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = node.func.attr
        if (
            called in ALWAYS_A_WRITE
            or (called in ON_A_QUERY and _is_query(node.func.value))
            or (called in ON_A_MODEL and not _is_form(node.func.value))
            or (called in {"execute", "executemany", "raw"} and _writes_sql(node))
        ):
            found.append((node.lineno, f".{called}("))
    return sorted(found)


def _is_query(value: ast.expr) -> bool:
    while True:
        if isinstance(value, ast.Attribute):
            if value.attr in QUERY_WORDS:
                return True
            value = value.value
        elif isinstance(value, ast.Call):
            value = value.func
        elif isinstance(value, ast.Name):
            return value.id.endswith(("queryset", "objects", "_set"))
        else:
            return False


def _is_form(value: ast.expr) -> bool:
    """`form.save(commit=False)` and the like would still be a write: nothing is excused but a session."""
    return isinstance(value, ast.Attribute) and value.attr == "session"


def _writes_sql(call: ast.Call) -> bool:
    texts = [
        node.value
        for argument in call.args[:1]
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant)
    ]
    return any(isinstance(text, str) and SQL_WRITE.match(text) for text in texts)


def outside_operations(folder: Path, root: Path) -> list[str]:
    return [
        f"{name(path, root)}:{line} {call}"
        for path in python_files(folder)
        if path.relative_to(folder).parts[0] not in NOT_ROOMS and "operations" not in path.stem
        for line, call in writes(path)
    ]


def test_only_files_called_operations_write() -> None:
    assert outside_operations(PACKAGE, ROOT) == []


def test_the_check_finds_every_kind_of_write(tmp_path: Path) -> None:
    room = tmp_path / "learners"
    room.mkdir()
    (room / "operations.py").write_text("learner.save()\n")
    (room / "views.py").write_text(
        "learner.save()\n"
        "Learner.objects.create(key='a')\n"
        "Learner.objects.filter(key='a').update(key='b')\n"
        "Learner.visible_to(actor).delete()\n"
        "Learner.objects.get_or_create(key='a')\n"
        "cursor.execute('UPDATE learner SET x = 1')\n"
        "words.update(other)\n"
        "cursor.execute('SELECT 1')\n"
        "request.session.save()\n"
    )
    assert [line.split(" ")[0] for line in outside_operations(tmp_path, tmp_path)] == [
        f"learners/views.py:{line}" for line in range(1, 7)
    ]
