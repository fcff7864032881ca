"""How the cell of a delivered file becomes a typed value in SQL, and when it cannot.

CSV is text throughout; Parquet has types of its own, and programs write them differently: whole numbers
as DOUBLE, days as TIMESTAMP at midnight, keys as numbers. What means the same is taken, the rest refused.
"""

from __future__ import annotations

from inbeeld.engine.schema import EARLIEST, Column

TEXT = "VARCHAR"
SQL_TYPES = {"text": TEXT, "date": "DATE", "whole": "INTEGER", "truth": "BOOLEAN"}
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
FRACTION = {"DOUBLE", "FLOAT"}
# Not moments with a time zone: on which day they fall depends on where the machine thinks it stands.
MOMENT = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
NOTHING = '"NULL"'
IN_WORDS = {
    "BOOLEAN": "truth values",
    "DATE": "dates",
    "TIMESTAMP WITH TIME ZONE": "moments with a time zone",
    **dict.fromkeys(WHOLE, "whole numbers"),
    **dict.fromkeys(FRACTION, "numbers with fractions"),
    **dict.fromkeys(MOMENT, "moments"),
}


def is_exact(column: Column, delivered: str) -> bool:
    """Can values of the delivered SQL type be used as they are?"""
    return delivered in WHOLE if column.kind == "whole" else delivered == SQL_TYPES[column.kind]


def can_hold(column: Column, delivered: str) -> bool:
    """Can the delivered SQL type hold what the column expects at all?"""
    if is_exact(column, delivered) or delivered == NOTHING or _is_text(delivered):
        return True
    return {
        "text": delivered in WHOLE,
        "date": delivered in MOMENT,
        "whole": delivered in FRACTION,
        "truth": False,
    }[column.kind]


def typed(column: Column, delivered: str) -> str:
    """SQL for the value in the column's own type. What is not such a value becomes NULL (see `wrong`)."""
    name = f'"{column.name}"'
    if is_exact(column, delivered):
        return name
    if delivered == NOTHING:
        return f"CAST(NULL AS {SQL_TYPES[column.kind]})"
    if column.kind == "truth":
        text = f"LOWER(CAST({name} AS {TEXT}))"
        return f"CASE {text} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
    return f"TRY_CAST({name} AS {SQL_TYPES[column.kind]})"


def wrong(column: Column, delivered: str) -> str:
    """SQL: does the cell not hold what the column expects? Strictly: a date as text is 2026-09-01.

    For exact types the questions are so plain that DuckDB answers them from a Parquet file's statistics.
    """
    if delivered == NOTHING:
        return "TRUE" if column.required else "FALSE"
    value = _value(column, delivered)
    empty = [f"{value} IS NULL"]
    mistakes = _wrong_text(column, value) if _is_text(delivered) else _wrong_value(value, delivered)
    if is_exact(column, delivered):
        number, mistakes = value, []
        empty += [f"{value} = ''"] if delivered == TEXT else []
    else:
        number = f"TRY_CAST({value} AS INTEGER)"
    if column.one_of:
        listed = ", ".join(f"'{word}'" for word in column.one_of)
        mistakes.append(f"{value} NOT IN ({listed})")
    if column.kind == "whole":
        mistakes += [f"{number} < {column.at_least}", f"{number} > {column.at_most}"]
    if column.kind == "date":
        day = f"TRY_CAST({value} AS DATE)" if _is_text(delivered) else value
        mistakes += [f"{day} < DATE '{EARLIEST}'", f"{day} > DATE '{column.latest}'"]
    if column.required:
        return " OR ".join([*empty, *mistakes])
    return f"({value} IS NOT NULL AND ({' OR '.join(mistakes)}))" if mistakes else "FALSE"


def _is_text(delivered: str) -> bool:
    return delivered == TEXT or delivered.startswith("ENUM")


def _value(column: Column, delivered: str) -> str:
    """SQL for the delivered value, NULL where the program that wrote it meant nothing."""
    name = f'"{column.name}"'
    if is_exact(column, delivered):
        return name
    if _is_text(delivered):
        return f"NULLIF(CAST({name} AS {TEXT}), '')"
    return f"CASE WHEN NOT ISNAN({name}) THEN {name} END" if delivered in FRACTION else name


def _wrong_text(column: Column, value: str) -> list[str]:
    if column.kind == "date":
        day = f"TRY_CAST({value} AS DATE)"
        # A length of ten: DuckDB also reads "infinity", years of five digits and "(BC)" as dates.
        return [f"{day} IS NULL", f"CAST({day} AS {TEXT}) <> {value}", f"LENGTH({value}) <> 10"]
    if column.kind == "whole":
        return [f"TRY_CAST({value} AS INTEGER) IS NULL", f"NOT REGEXP_FULL_MATCH({value}, '[0-9]+')"]
    if column.kind == "truth":
        return [f"LOWER({value}) NOT IN ('true', 'false')"]
    return []


def _wrong_value(value: str, delivered: str) -> list[str]:
    if delivered in MOMENT:
        return [f"CAST(CAST({value} AS DATE) AS TIMESTAMP) <> CAST({value} AS TIMESTAMP)"]
    if delivered in FRACTION:
        return [f"TRY_CAST({value} AS INTEGER) IS NULL", f"TRY_CAST({value} AS INTEGER) <> {value}"]
    return []
