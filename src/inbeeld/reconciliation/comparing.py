"""The lists of a round laid side by side by the engine, and of what it says what a region has to do with.

Kept are ids, never names; the rows themselves stay with their lists. Beside the register of a municipality
only what differs is kept and shown: of who is on both nobody has to know anything here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbeeld.engine.linkage import SharedByListsApart, compare
from inbeeld.engine.linkage.decisions import NEEDED as DECISION_COLUMNS
from inbeeld.engine.linkage.reviews import NEEDED as REVIEW_COLUMNS
from inbeeld.engine.linkage.sampling import COLUMNS as SAMPLE_COLUMNS
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.engine.snapshot import MANIFEST
from inbeeld.keys.sealing import SealBroken
from inbeeld.reconciliation import places
from inbeeld.reconciliation.expected import belongs_on, schools_of
from inbeeld.reconciliation.marks import marker_of, records_marked
from inbeeld.reconciliation.models import Comparison, ListState, Looked, Party, Round
from inbeeld.reconciliation.standing import pairs_said

#: Of each list its rows by id.
ById = Mapping[str, Mapping[str, dict[str, str]]]
SURE, POSSIBLE = "sure", "possible"
#: The kind of difference when nobody there is likely to be it; of others (engine/linkage) somebody may be.
ABSENT = "absent"
#: What the next round needs of this one: who is on which list, by ids, and that nobody changed that.
MADE = ("children.csv", MANIFEST)
#: What changed since the last round, the most telling first.
TOLD = ("new", "left", "came")
LISTS_APART_SHARE, SAMPLE_DOES_NOT_FIT = "lists_apart_share", "sample_does_not_fit"


@dataclass(frozen=True)
class Outcome:
    """What a round came to. `found`: ids; `shown`: the rows that pages open; the rest are numbers.

    `made`: files of the engine, without a name in them, by which the next round tells what changed;
    `missing`: the mark of each record of a child that a list lacks, with that list.
    """

    found: dict[str, Any]
    shown: dict[str, list[dict[str, str]]]
    counts: dict[str, Any]
    coverage: dict[str, Any]
    made: dict[str, bytes]
    missing: set[tuple[str, str]]


def compare_lists(round_: Round, *, progress: Callable[[str], None]) -> Outcome:
    """Lay the frozen lists of a round side by side. Raises BadInput, FileNotFoundError, SealBroken."""
    comparison = round_.comparison
    handed = round_.lists.filter(state=ListState.FROZEN).select_related("party__organisation")
    parties = [one.party for one in handed]
    rows = {one.name: {row["id"]: row for row in places.kept_rows(round_.pk, one.name)} for one in parties}
    with places.work_folder() as beside:
        files = [_write_list(beside / f"{name}.csv", some.values()) for name, some in rows.items()]
        _write_decisions(beside / "decisions.csv", comparison, rows)
        reviews = _write_reviews(beside / "reviews.csv", round_)
        out = beside / "out"
        apart = [(left, right) for left, right in comparison.apart if {left, right} <= rows.keys()]
        since = _earlier(round_, beside / "then")
        receipt, warned = _compared(files, out, apart=apart, reviews=reviews, since=since, progress=progress)
        children = {row.pop("child"): _there(row) for row in _rows_of(out / "children.csv")}
        links = [row for row in _rows_of(out / "links.csv") if row["verdict"] in (SURE, POSSIBLE)]
        differences = list(_rows_of(out / "differences.csv"))
        sample = [[row[name] for name in SAMPLE_COLUMNS] for row in _rows_of(out / "sample.csv")]
        changed = list(_rows_of(out / "changes.csv")) if since else []
        coverage = json.loads((out / "coverage.json").read_text("utf-8"))
        made = {name: (out / name).read_bytes() for name in MADE}
    missing = _that_belong(differences, children, rows, parties, round_)
    kept = children
    if comparison.is_of_the_roll:
        kept = {child: children[child] for child in dict.fromkeys(row["child"] for row in missing)}
        links = [row for row in links if row["verdict"] == POSSIBLE]
        sample = []
    before = places.kept_outcome(round_.pk)
    return Outcome(
        found={
            "lists": [one.name for one in parties],
            "children": kept,
            "pairs": [_pair(row) for row in links],
            "differences": [_difference(row) for row in missing],
            # Of the first working: what was looked at already stays in it.
            "sample": before["sample"] if before else sample,
            "since": _since(changed, kept),
        },
        shown=_shown(kept, links, rows),
        counts=_counts(children, rows)
        | {"warnings": [*receipt["warnings"], *warned], "gone": _gone(changed)},
        coverage={} if comparison.is_of_the_roll else coverage,
        made=made,
        missing=_marked_missing(comparison, missing, children),
    )


def _compared(
    files: list[Path],
    out: Path,
    *,
    apart: list[tuple[str, str]],
    reviews: Path,
    since: Path | None,
    progress: Callable[[str], None],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the engine makes of it, and what had to be left out for that: what was said beside the lists may
    not fit them, and the lists are what counts.
    """
    warned: list[dict[str, Any]] = []
    while True:
        try:
            return compare(
                files, out=out, apart=apart, reviews=reviews, since=since, progress=progress
            ), warned
        except SharedByListsApart:
            # A child that changed schools in summer may be on both.
            apart, warned = [], [*warned, {"warning": LISTS_APART_SHARE}]
        except BadInput as bad:
            if Path(bad.file).name != reviews.name or not reviews.read_text("utf-8").count("\n") > 1:
                raise
            reviews.write_text(",".join(REVIEW_COLUMNS) + "\n", encoding="utf-8")
            warned = [*warned, {"warning": SAMPLE_DOES_NOT_FIT}]


def _earlier(round_: Round, to: Path) -> Path | None:
    """What the engine made of the last round that lay side by side; None: none, or of other lists."""
    before = round_.comparison.rounds.filter(number__lt=round_.number, compared_at__isnull=False).first()
    if before is None:
        return None
    try:
        found = {name: places.kept(before.pk, places.made_as(name)) for name in MADE}
    except (FileNotFoundError, SealBroken):
        return None
    names = found[MADE[0]].split(b"\n", 1)[0].decode().strip().split(",")
    if not set(names) & set(
        round_.lists.filter(state=ListState.FROZEN).values_list("party__name", flat=True)
    ):
        return None
    to.mkdir()
    for name, content in found.items():
        (to / name).write_bytes(content)
    return to


def _since(changed: Iterable[Mapping[str, str]], kept: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Of each child that is kept what changed, in one word: it is new, it left a list, or it came on one."""
    found: dict[str, str] = {}
    for row in changed:
        child, kind = row["child"], row["kind"]
        if child in kept and kind in TOLD:
            found[child] = min(kind, found.get(child, kind), key=TOLD.index)
    return found


def _gone(changed: Iterable[Mapping[str, str]]) -> int:
    """How many children are on no list any more."""
    return len({row["child_then"] for row in changed if row["kind"] == "gone"})


def _write_reviews(file: Path, round_: Round) -> Path:
    """What people found who looked again at the sample of this round, as the engine reads it."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    of: dict[tuple[str, str], str] = {}
    rows = Looked.objects.filter(round=round_).select_related("left", "right")
    for one in rows:
        left, right = sorted((one.left, one.right), key=lambda each: each.place)
        counts = found[left.name, right.name]
        what = "links" if one.right_mark else "unlinked"
        counts[what] += 1
        counts[f"{what}_found"] += one.found
        if not one.right_mark:
            of[left.name, right.name] = one.left.name
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(REVIEW_COLUMNS)
        for (left_name, right_name), counts in sorted(found.items()):
            writer.writerow([
                left_name, right_name, counts["links"], counts["links_found"],
                of.get((left_name, right_name), ""), counts["unlinked"], counts["unlinked_found"],
            ])  # fmt: skip
    return file


def _write_list(file: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, LIST_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def _write_decisions(file: Path, comparison: Comparison, rows: ById) -> None:
    """What people decided about records that are on these lists, as the engine reads it."""
    said = {pair: one.holds for pair, one in pairs_said(comparison).items() if one.holds}
    ids = records_marked(said, rows, marker_of(comparison))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(DECISION_COLUMNS)
        for pair, decision in said.items():
            if all(each in ids for each in pair):
                left, right = sorted(pair)
                writer.writerow([left[0], ids[left], right[0], ids[right], decision])


def _rows_of(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _there(row: Mapping[str, str]) -> dict[str, str]:
    return {name: id_ for name, id_ in row.items() if id_}


def _that_belong(
    differences: Iterable[dict[str, str]],
    children: Mapping[str, Mapping[str, str]],
    rows: ById,
    parties: Sequence[Party],
    round_: Round,
) -> list[dict[str, str]]:
    """The differences of lists on which the child could belong, or may be after all."""
    schools, apart = schools_of(round_.comparison.region), round_.comparison.apart
    by_name = {one.name: one for one in parties}
    found = []
    for row in differences:
        there = children[row["child"]]
        party = by_name[row["missing_on"]]
        if any(set(pair) == {row["missing_on"], other} for pair in apart for other in there):
            continue
        belongs = (
            belongs_on(party, rows[name][id_], schools=schools, on=round_.on) for name, id_ in there.items()
        )
        if row["kind"] != ABSENT or any(belongs):
            found.append(row)
    return found


def _marked_missing(
    comparison: Comparison,
    missing: Iterable[Mapping[str, str]],
    children: Mapping[str, Mapping[str, str]],
) -> set[tuple[str, str]]:
    mark_of = marker_of(comparison)
    return {
        (mark_of(name, id_), row["missing_on"])
        for row in missing
        for name, id_ in children[row["child"]].items()
    }


def _pair(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "left": [row["left_list"], row["left_id"]],
        "right": [row["right_list"], row["right_id"]],
        "verdict": row["verdict"],
        "reason": row["reason"],
        "probability": float(row["probability"]),
    }


def _difference(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("child", "missing_on", "kind", "possible_id", "reason")}


def _shown(
    children: Mapping[str, Mapping[str, str]], links: Iterable[Mapping[str, str]], rows: ById
) -> dict[str, list[dict[str, str]]]:
    """The rows pages need: of children that are kept, and of pairs somebody looks at."""
    ids: dict[str, dict[str, None]] = {name: {} for name in rows}
    for there in children.values():
        for name, id_ in there.items():
            ids[name][id_] = None
    for link in links:
        for side in ("left", "right"):
            ids[link[f"{side}_list"]][link[f"{side}_id"]] = None
    return {name: [rows[name][id_] for id_ in some] for name, some in ids.items()}


def _counts(children: Mapping[str, Mapping[str, str]], rows: ById) -> dict[str, Any]:
    by_lists = Counter(tuple(there) for there in children.values())
    return {
        "children": len(children),
        "rows": {name: len(some) for name, some in rows.items()},
        "by_lists": [[list(names), number] for names, number in sorted(by_lists.items())],
    }
