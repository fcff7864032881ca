"""Only files called operations write, and only they read children without an actor: from the syntax trees."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TypeGuard

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
#: The manager that asks for no actor: only where it is made, and where operations use it.
WITHOUT_AN_ACTOR = "for_operations"
MAY_NAME_IT = {"models.py"}
#: And files that begin with one of these: all changes, and all conditions on rows.
MAY_BEGIN_WITH = ("operations", "scope")
# On a related manager, or what a manager of many can do.
ON_RELATED = {
    "create", "update", "delete", "set", "add", "remove", "clear", "acreate", "aset", "aadd", "aremove",
}  # fmt: skip
QUERY_WORDS = {
    "for_operations",
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


def related_names(folder: Path) -> set[str]:
    """The names under which models reach the rows that point at them."""
    return {
        keyword.value.value
        for path in folder.rglob("models.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "related_name" and isinstance(keyword.value, ast.Constant)
    } - {"+"}


def writes(path: Path, related: set[str]) -> list[tuple[int, str]]:
    """Line and call of every write to the database in one file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = node.func.attr
        if (
            called in ALWAYS_A_WRITE
            or (called in ON_A_QUERY and _is_query(node.func.value))
            or (called in ON_RELATED and _is_related(node.func.value, related))
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


def _is_related(value: ast.expr, related: set[str]) -> bool:
    while isinstance(value, ast.Call | ast.Attribute):
        if isinstance(value, ast.Attribute) and (value.attr in related or value.attr.endswith("_set")):
            return True
        value = value.func if isinstance(value, ast.Call) else value.value
    return False


def without_an_actor(folder: Path, root: Path) -> list[str]:
    """Where the manager without an actor is named, as a name or in a text, but may not be."""
    return [
        f"{name(path, root)}:{line}"
        for path in python_files(folder)
        if path.relative_to(folder).parts[0] not in NOT_ROOMS
        and path.name not in MAY_NAME_IT
        and not path.stem.startswith(MAY_BEGIN_WITH)
        for line in sorted(
            {node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _names(node)}
        )
    ]


def _names(node: ast.AST) -> TypeGuard[ast.expr]:
    return (
        (isinstance(node, ast.Attribute) and node.attr == WITHOUT_AN_ACTOR)
        or (isinstance(node, ast.Name) and node.id == WITHOUT_AN_ACTOR)
        or (isinstance(node, ast.Constant) and node.value == WITHOUT_AN_ACTOR)
    )


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
        if path.relative_to(folder).parts[0] not in NOT_ROOMS and not path.stem.startswith("operations")
        for line, call in writes(path, related_names(folder))
    ]


def test_only_files_called_operations_write() -> None:
    assert outside_operations(PACKAGE, ROOT) == []


def test_only_operations_read_children_without_an_actor() -> None:
    assert without_an_actor(PACKAGE, ROOT) == []


def test_the_related_names_are_those_of_the_models() -> None:
    assert {"enrolments", "standing", "verdicts", "memberships"} <= related_names(PACKAGE)


def test_the_check_finds_every_way_to_read_children_without_an_actor(tmp_path: Path) -> None:
    room = tmp_path / "learners"
    room.mkdir()
    for allowed in sorted({*MAY_NAME_IT, "operations.py", "operations_more.py", "scope.py"}):
        (room / allowed).write_text("Learner.for_operations.all()\n")
    (room / "queries.py").write_text(
        "Learner.for_operations.count()\n"
        "getattr(Learner, 'for_operations')\n"
        "for_operations = None\n"
        "Learner.objects.visible_to(actor)\n"
    )
    (room / "more_operations.py").write_text("Learner.for_operations.all()\n")
    assert without_an_actor(tmp_path, tmp_path) == [
        "learners/more_operations.py:1",
        *(f"learners/queries.py:{line}" for line in range(1, 4)),
    ]


def test_the_check_finds_every_kind_of_write(tmp_path: Path) -> None:
    room = tmp_path / "learners"
    room.mkdir()
    (room / "operations.py").write_text("learner.save()\n")
    (room / "models.py").write_text("models.ForeignKey(Learner, related_name='enrolments')\n")
    (room / "views.py").write_text(
        "learner.save()\n"
        "Learner.objects.create(key='a')\n"
        "Learner.objects.filter(key='a').update(key='b')\n"
        "Learner.visible_to(actor).delete()\n"
        "Learner.objects.get_or_create(key='a')\n"
        "cursor.execute('UPDATE learner SET x = 1')\n"
        "Learner.for_operations.create(key='a')\n"
        "Learner.for_operations.filter(key='a').update(key='b')\n"
        "learner.enrolments.create(school=school)\n"
        "learner.enrolments.filter(school=school).update(school=other)\n"
        "learner.enrolments.set([one])\n"
        "learner.enrolments.add(one)\n"
        "learner.enrolments.all().delete()\n"
        "person.groups_set.remove(one)\n"
        "words.update(other)\n"
        "seen.add(one)\n"
        "left.remove(one)\n"
        "cursor.execute('SELECT 1')\n"
        "request.session.save()\n"
    )
    assert [line.split(" ")[0] for line in outside_operations(tmp_path, tmp_path)] == [
        f"learners/views.py:{line}" for line in range(1, 15)
    ]
