"""Splink, behind one file: which answers pairs give, and what the answers weigh.

Splink 5 builds and runs the SQL. What is estimated stands in the reference; nothing is estimated here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from inbeeld.engine.linkage.candidates import Weights, find_candidates, table_asked
from inbeeld.engine.linkage.levels import ASKED, QUESTIONS, Question

if TYPE_CHECKING:
    import duckdb


def compare_pairs(
    con: duckdb.DuckDBPyConnection,
    left: int,
    right: int,
    *,
    weights: Weights,
    frequencies: Iterable[str],
    blocks: Sequence[str],
    at_least: float,
) -> int:
    """Compare the people of two lists into the table `compared`; how many pairs were looked at.

    Its columns: left_row, right_row, a number for each question (see levels.py; -1 when not known), and
    `likelihood`: log2 of how many times likelier the answers are for one child than for two strangers.
    `weights`: (m, u) a level. `frequencies`: columns with a table tf_<column> of how often each value falls.
    Pairs below `at_least` are left out.
    """
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    # One table for Splink, those of the right numbered on: pairs are then joined by numbers, not by texts.
    on = int(con.execute(f"SELECT COALESCE(MAX(unique_id), 0) FROM people_{left}").fetchall()[0][0])
    table_asked(con, "left", left, weights=weights, numbered_from=0)
    table_asked(con, "right", right, weights=weights, numbered_from=on)
    looked_at = find_candidates(con, weights=weights, blocks=blocks, at_least=at_least)
    columns = f"unique_id, {', '.join(ASKED)}"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE asked AS SELECT {columns} FROM asked_left "
        f"UNION ALL SELECT {columns} FROM asked_right"
    )
    api = DuckDBAPI(connection=con)
    linker = Linker(
        api.register("asked"), settings(weights), log_level=logging.ERROR, validate_settings=False
    )
    for column in frequencies:
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
    linker.table_management.register_blocked_pairs_for_predict(api.register("candidates"))
    found = linker.inference.predict(threshold_match_weight=at_least, warning_mode="never")
    numbers = ", ".join(f"gamma_{question.key} AS {question.key}" for question in QUESTIONS)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE compared AS SELECT unique_id_l AS left_row, "
        f"unique_id_r - {on} AS right_row, {numbers}, match_weight AS likelihood FROM {found.physical_name}"
    )
    linker.table_management.delete_tables_created_by_splink_from_db()
    for table in ("asked_left", "asked_right", "asked", "candidates"):
        con.execute(f"DROP TABLE {table}")
    return looked_at


def settings(weights: Weights) -> dict[str, Any]:
    """The settings for Splink, with even odds: how many pairs belong together is judged afterwards."""
    return {
        "link_type": "dedupe_only",  # of one table; which pairs there are is given
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 0.5,
        "comparisons": [_comparison(question, weights[question.key]) for question in QUESTIONS],
        "blocking_rules_to_generate_predictions": ["1 = 1"],  # asked for, and not used: the pairs are given
        "retain_matching_columns": True,  # else the answers are not given back
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": [],
    }


def _comparison(question: Question, weights: Sequence[tuple[float, float]]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": question.not_known, "label_for_charts": "not known", "is_null_level": True}
    ]
    for level, (m, u) in zip(question.levels, weights, strict=True):
        one: dict[str, Any] = {
            "sql_condition": level.condition or "ELSE",
            "label_for_charts": level.key,
            "m_probability": m,
            "u_probability": u,
            "fix_m_probability": True,
            "fix_u_probability": True,
        }
        if level.frequency:
            one |= {"tf_adjustment_column": level.frequency, "disable_tf_exact_match_detection": True}
        levels.append(one)
    return {"output_column_name": question.key, "comparison_levels": levels}
