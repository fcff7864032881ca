"""Splink, behind one file: which pairs are looked at, which answers they give, and what the answers weigh.

Splink 5 builds and runs the SQL. What is estimated stands in the reference; nothing is estimated here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inbeeld.engine.linkage.levels import ASKED, QUESTIONS, Question

if TYPE_CHECKING:
    import duckdb

#: Up to so many pairs everybody is laid beside everybody.
ALL_PAIRS = 1_500_000
ALL = ("1 = 1",)
#: Beyond: somebody is looked at when any of these holds. No single typing error closes all of them.
BLOCKS = (
    "l.born = r.born AND l.initial = r.initial",
    "l.born = r.born AND LEFT(l.surname, 2) = LEFT(r.surname, 2)",
    "l.born = r.born AND l.postcode = r.postcode",
    "l.postcode = r.postcode AND l.house = r.house",
    "l.surname = r.surname AND l.postcode = r.postcode",
    "l.surname = r.surname AND l.school = r.school",
    "l.surname = r.surname AND LEFT(l.born_text, 6) = LEFT(r.born_text, 6)",
    "l.surname = r.surname AND l.born_year = r.born_year AND l.initial = r.initial",
    "LEFT(l.surname, 3) = LEFT(r.surname, 3) AND LEFT(l.given, 3) = LEFT(r.given, 3)",
    "LEFT(l.surname, 3) = LEFT(r.surname, 3) AND LEFT(l.called, 3) = LEFT(r.called, 3)",
    "l.surname = r.given AND l.given = r.surname",
)
#: m and u of each answer, by question.
Weights = Mapping[str, Sequence[tuple[float, float]]]


def compare_pairs(
    con: duckdb.DuckDBPyConnection,
    left: str,
    right: str,
    *,
    weights: Weights,
    frequencies: Mapping[str, str],
    blocks: Sequence[str],
    at_least: float,
) -> int:
    """Compare the people of two tables into the table `compared`; how many pairs were looked at.

    Its columns: left_row, right_row, a number for each question (see levels.py; -1 when not known), and
    `likelihood`: log2 of how many times likelier the answers are for one child than for two strangers.
    `weights`: (m, u) a level. `frequencies`: column → table of its values and tf_<column>. Pairs below
    `at_least` are left out.
    """
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=con)
    sides = [api.register(table, dataset_display_name=name) for table, name in ((left, "l"), (right, "r"))]
    linker = Linker(sides, settings(weights, blocks), log_level=logging.ERROR, validate_settings=False)
    for column, table in frequencies.items():
        linker.table_management.register_term_frequency_lookup(api.register(table), column)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    looked_at = con.execute(f"SELECT COUNT(*) FROM {blocked.physical_name}").fetchall()[0][0]
    found = linker.inference.predict(threshold_match_weight=at_least, warning_mode="never")
    numbers = ", ".join(f"gamma_{question.key} AS {question.key}" for question in QUESTIONS)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE compared AS SELECT unique_id_l AS left_row, unique_id_r AS right_row, "
        f"{numbers}, match_weight AS likelihood FROM {found.physical_name}"
    )
    linker.table_management.delete_tables_created_by_splink_from_db()
    return int(looked_at)


def settings(weights: Weights, blocks: Sequence[str]) -> dict[str, Any]:
    """The settings for Splink, with even odds: how many pairs belong together is judged afterwards."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "source_dataset_column_name": "source_dataset",
        "probability_two_random_records_match": 0.5,
        "comparisons": [_comparison(question, weights[question.key]) for question in QUESTIONS],
        "blocking_rules_to_generate_predictions": list(blocks),
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


def asked_of(table: str) -> str:
    """SQL for what Splink is given of a table of people: no more than it compares."""
    return f"SELECT unique_id, {', '.join(ASKED)} FROM {table}"
