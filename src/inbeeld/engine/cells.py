"""How the cell of a delivered file becomes a typed value in SQL, and when it cannot.

CSV is text throughout; Parquet has types of its own, and programs write them differently: whole numbers
as DOUBLE, days as TIMESTAMP at midnight, keys as numbers. What means the same is taken, the rest refused.
"""

from __future__ import annotations

from inbeeld.engine.schema import Column

TEXT = "VARCHAR"
SQL_TYPES = {"text": TEXT, "date": "DATE", "whole": "INTEGER", "truth": "BOOLEAN"}
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
FRACTION = {"DOUBLE", "FLOAT"}


def is_exact(column: Column, delivered: str) -> bool:
    """Can values of the delivered SQL type be used as they are?"""
    return delivered in WHOLE if column.kind == "whole" else delivered == SQL_TYPES[column.kind]


def can_hold(column: Column, delivered: str) -> bool:
    """Can the delivered SQL type hold what the column expects at all?"""
    if is_exact(column, delivered) or delivered in (TEXT, '"NULL"') or delivered.startswith("ENUM"):
        return True
    return {
        "text": delivered in WHOLE,
        "date": delivered.startswith("TIMESTAMP"),
        "whole": delivered in FRACTION,
        "truth": False,
    }[column.kind]


def typed(column: Column, delivered: str) -> str:
    """SQL for the value in the column's own type. What is not such a value becomes NULL (see `wrong`)."""
    name = f'"{column.name}"'
    if is_exact(column, delivered):
        return name
    if column.kind == "truth":
        text = f"LOWER(CAST({name} AS {TEXT}))"
        return f"CASE {text} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
    return f"TRY_CAST({name} AS {SQL_TYPES[column.kind]})"


def wrong(column: Column, delivered: str) -> str:
    """SQL: does the cell not hold what the column expects? Strictly: a date as text is 2026-09-01.

    For exact types the questions are so plain that DuckDB answers them from a Parquet file's statistics.
    """
    name = f'"{column.name}"'
    if is_exact(column, delivered):
        value, empty = name, [f"{name} IS NULL"] + ([f"{name} = ''"] if delivered == TEXT else [])
        mistakes, number = [], name
    elif delivered == TEXT or delivered.startswith("ENUM"):
        value = f"NULLIF(CAST({name} AS {TEXT}), '')"
        empty, mistakes, number = (
            [f"{value} IS NULL"],
            _wrong_text(column, value),
            f"TRY_CAST({value} AS INTEGER)",
        )
    else:
        value, empty, number = name, [f"{name} IS NULL"], f"TRY_CAST({name} AS INTEGER)"
        mistakes = _wrong_value(name, delivered)
    if column.one_of:
        listed = ", ".join(f"'{word}'" for word in column.one_of)
        mistakes.append(f"{value} NOT IN ({listed})")
    if column.at_least is not None:
        mistakes.append(f"{number} < {column.at_least}")
    if column.required:
        return " OR ".join([*empty, *mistakes])
    return f"({value} IS NOT NULL AND ({' OR '.join(mistakes)}))" if mistakes else "FALSE"


def _wrong_text(column: Column, value: str) -> list[str]:
    if column.kind == "date":
        day = f"TRY_CAST({value} AS DATE)"
        return [f"{day} IS NULL", f"CAST({day} AS {TEXT}) <> {value}"]
    if column.kind == "whole":
        return [f"TRY_CAST({value} AS INTEGER) IS NULL", f"NOT REGEXP_FULL_MATCH({value}, '[0-9]+')"]
    if column.kind == "truth":
        return [f"LOWER({value}) NOT IN ('true', 'false')"]
    return []


def _wrong_value(name: str, delivered: str) -> list[str]:
    if delivered.startswith("TIMESTAMP"):
        return [f"CAST(CAST({name} AS DATE) AS TIMESTAMP) <> CAST({name} AS TIMESTAMP)"]
    if delivered in FRACTION:
        return [f"TRY_CAST({name} AS INTEGER) IS NULL", f"TRY_CAST({name} AS INTEGER) <> {name}"]
    return []
