"""Lists of organisations side by side (contract §5): who is on which, who is not, and how sure that is.

Names are personal data: what is worked with lies in a folder of its own beside `out`, and goes with the run.
"""

from __future__ import annotations

import gc
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.fingerprint import code_version
from inbeeld.engine.linkage import decisions as decided
from inbeeld.engine.linkage import reviews as reviewed
from inbeeld.engine.linkage import warnings
from inbeeld.engine.linkage.apart import lists_apart, refuse_shared
from inbeeld.engine.linkage.beside import parted
from inbeeld.engine.linkage.clusters import Children, children
from inbeeld.engine.linkage.decisions import Decisions, Pair, read_decisions
from inbeeld.engine.linkage.judging import POSSIBLE, SURE, Judged, judge_pair
from inbeeld.engine.linkage.lists import ListRead, read_lists
from inbeeld.engine.linkage.normalising import normalise, step
from inbeeld.engine.linkage.reference import fingerprint_of_reference
from inbeeld.engine.linkage.reviews import Reviews, read_reviews
from inbeeld.engine.linkage.sampling import decided_between, table_by_people, write_sample
from inbeeld.engine.linkage.since import read_earlier, write_changes
from inbeeld.engine.linkage.writing import (
    table_children,
    write_children,
    write_coverage,
    write_differences,
    write_links,
)
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building, refuse_somebody_elses

if TYPE_CHECKING:
    import duckdb

MADE_BY = "inbeeld compare"
RECEIPT = "receipt.json"
MEMORY = "4GB"


def compare(
    lists: Sequence[Path],
    *,
    out: Path,
    decisions: Path | None = None,
    reviews: Path | None = None,
    apart: Sequence[tuple[str, str]] = (),
    since: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Lay two to six lists side by side into `out`; returns the receipt.

    `decisions`: what people decided in earlier rounds, `reviews`: what they found in the sample of one; else
    decisions.csv and reviews.csv among the lists or beside them. `apart`: names of two lists that can share
    no child (an SWV of primary and one of secondary education), as often as there are. `since`: the folder of
    an earlier comparison; what changed goes into changes.csv. Raises BadInput, with `out` untouched, when a
    file cannot be used or lists apart share a child.
    """
    import duckdb

    lists, found = parted(lists, given={decided.FILE: decisions, reviewed.FILE: reviews})
    asked = _Asked(tuple(lists), found.get(decided.FILE), found.get(reviewed.FILE), tuple(apart), since)
    with building(out, made_by=MADE_BY, reads=(*lists, *found.values(), since)) as beside:
        work = beside / ".work"
        work.mkdir()
        con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work)})
        con.execute("SET enable_progress_bar = false")
        try:
            receipt = _Run(con, progress).everything(asked, out=out, beside=beside)
        except duckdb.InterruptException:
            raise KeyboardInterrupt from None
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).strip().splitlines()[0].rstrip(".")
            raise BadInput(str(out), f"room and memory to compare in ({said})") from None
        finally:
            con.close()
            # Splink leaves circles that hold the database: a child of this process that was forked later, and
            # cleared them up, would fall over.
            gc.collect()
        shutil.rmtree(work)
        text = json.dumps(receipt, indent=2, ensure_ascii=False) + "\n"
        (beside / RECEIPT).write_text(text, encoding="utf-8")
    return receipt


@dataclass(frozen=True)
class _Asked:
    """What is read: the lists, and the files that go with them."""

    lists: tuple[Path, ...]
    decisions: Path | None
    reviews: Path | None
    apart: tuple[tuple[str, str], ...]
    since: Path | None


class _Run:
    """One comparison under way."""

    def __init__(self, con: duckdb.DuckDBPyConnection, progress: Callable[[str], None]) -> None:
        self.con = con
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell of a stage and time it; stages of the same name add up."""
        began = time.perf_counter()
        self.progress(name)
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)

    def everything(self, asked: _Asked, *, out: Path, beside: Path) -> dict[str, Any]:
        with self.stage("reading and checking"):
            lists = read_lists(self.con, asked.lists)
            decisions = read_decisions(self.con, asked.decisions, lists)
            reviews = read_reviews(asked.reviews, lists)
            apart = lists_apart(asked.apart, lists)
            earlier = read_earlier(self.con, asked.since, lists, made_by=MADE_BY)
        refuse_somebody_elses(out, made_by=MADE_BY)
        with self.stage("reading the names as they are spelled"):
            normalise(self.con, lists)
        judged = self.links(lists)
        with self.stage("taking links together to children"):
            found = self.children(lists, decisions)
            refuse_shared(self.con, apart)
        with self.stage("writing"):
            write_links(self.con, lists, beside / "links.csv")
            write_children(self.con, lists, beside / "children.csv")
            differences = write_differences(self.con, lists, beside / "differences.csv")
            sample = write_sample(self.con, lists, beside / "sample.csv", apart=apart)
            changes = earlier and write_changes(self.con, lists, earlier, beside / "changes.csv")
        with self.stage("reckoning how many are on no list"):
            reviews = reviews.with_decisions(decided_between(self.con, lists))
            write_coverage(self.con, lists, beside / "coverage.json", reviews=reviews, apart=apart)
        told = warnings.of(self.con, lists, decisions, found)
        receipt = self.receipt(lists, decisions, reviews, judged)
        return receipt | {
            "children": self.con.execute("SELECT COUNT(*) FROM children").fetchall()[0][0],
            "differences": differences,
            "since": changes,
            "sample": sample,
            "apart": [[left.name, right.name] for left, right in apart],
            "warnings": told,
            **self.made_with(),
        }

    def links(self, lists: Sequence[ListRead]) -> dict[tuple[int, int], Judged]:
        self.con.execute(
            "CREATE TEMP TABLE links (left_list INTEGER, left_row BIGINT, right_list INTEGER, "
            "right_row BIGINT, millionths BIGINT, verdict VARCHAR, reason VARCHAR)"
        )
        judged = {}
        for left, right in combinations(lists, 2):
            with self.stage(f"{left.name} beside {right.name}"):
                judged[left.number, right.number] = judge_pair(self.con, left.number, right.number)
        return judged

    def children(self, lists: Sequence[ListRead], decisions: Decisions) -> Children:
        self.con.execute(step("12_lone_links"))
        rows = self.con.execute(
            "SELECT left_list, left_row, right_list, right_row FROM links "
            "ANTI JOIN lone USING (left_list, left_row, right_list, right_row) WHERE verdict = 'sure'"
        ).fetchall()
        sure: list[Pair] = [((a, b), (c, d)) for a, b, c, d in rows]
        found = children(sure, same=decisions.same, not_same=decisions.not_same)
        table_children(self.con, lists, found)
        table_by_people(self.con, found)
        return found

    def receipt(
        self,
        lists: Sequence[ListRead],
        decisions: Decisions,
        reviews: Reviews,
        judged: dict[tuple[int, int], Judged],
    ) -> dict[str, Any]:
        """What was compared, and what each two lists came to."""
        return {
            "lists": [warnings.counted(self.con, one) for one in lists],
            "decisions": {
                "file": decisions.file,
                "sha256": decisions.sha256,
                **decisions.counts,
                "same": len(decisions.same),
                "not_same": len(decisions.not_same),
            },
            "reviews": {
                "file": None if reviews.file is None else reviews.file.name,
                "sha256": reviews.sha256,
                "rows": len(reviews.lines),
            },
            "pairs_of_lists": [
                {
                    "left_list": left.name,
                    "right_list": right.name,
                    "looked_at": judged[left.number, right.number].looked_at,
                    "compared": judged[left.number, right.number].compared,
                    "expected_on_both": round(judged[left.number, right.number].expected, 1),
                    **warnings.verdicts(self.con, left, right),
                }
                for left, right in combinations(lists, 2)
            ],
        }

    def made_with(self) -> dict[str, Any]:
        """By which figures and which program, and in how many seconds."""
        import duckdb

        return {
            "sure_from": SURE / 1e6,
            "possible_from": POSSIBLE / 1e6,
            "reference": fingerprint_of_reference(),
            "code_version": code_version(),
            "engine": f"duckdb {duckdb.__version__}",
            "seconds": self.seconds,
        }
