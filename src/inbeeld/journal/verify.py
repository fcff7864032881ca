"""Is the journal as it was written? Follows the chain from line to line, in memory that does not grow.

The chain shows any change that did not redo all that follows. Who may write in the database can redo it: that
shows only in heads kept by others. So a journal without a partner's head is sound in itself, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from inbeeld.journal import guards
from inbeeld.journal.chain import NOTHING_BEFORE
from inbeeld.journal.heads import HeadOfDay, KeptHead
from inbeeld.journal.models import DayHead, Head
from inbeeld.journal.stored import are_hidden, end_and_last
from inbeeld.journal.suspicion import Finding
from inbeeld.journal.walk import Held, Say, Walk, walked, wrong_start


@dataclass(frozen=True)
class Report:
    """What was found: nothing wrong when `findings` is empty.

    `begins` and `sound_to`: the first and last line that are as they were written; `agreed`: the heads of
    partners that say the same; `remarks`: no tampering, but good to know.
    """

    begins: int
    sound_to: int
    agreed: int
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Is all as it was written, as far as can be seen from here?"""
        return not self.findings

    @property
    def sentences(self) -> list[str]:
        """What to tell, in this order; numbers of lines and days only."""
        told = [finding.sentence for finding in self.findings]
        if self.sound_to >= self.begins:
            told.append(f"Lines {self.begins} to {self.sound_to} follow one another without gap or change.")
        elif self.sound:
            told.append("There are no lines to verify.")
        return [*told, *self.remarks]


def verify(
    *, heads: Iterable[HeadOfDay] = (), progress: Say | None = None, since: HeadOfDay | None = None
) -> Report:
    """Read every line, or those after a head that is trusted (`since`), and compare the heads.

    `heads`: as partners keep them; `progress` is told sentences. Lines added meanwhile wait for next time.
    """
    begin = 0 if since is None else since.sequence
    kept = [_of_partner(one) for one in heads]
    own = list(DayHead.objects.order_by("on"))  # before the end is read, so that none is of later than that
    end, last = end_and_last()
    held = [*kept, *map(_of_journal, own), *([] if end is None else [_of_end(end)])]
    walk = Walk(
        sequence=begin,
        digest=NOTHING_BEFORE if since is None else bytes(since.digest),
        held=sorted((one for one in held if one.sequence >= begin), key=lambda one: one.sequence),
        own_days={one.on: one.sequence for one in own},
        end=end,
        closed_on=None if since is None else since.on,
    )
    broken = wrong_start(walk, since) or walked(walk, last=last, say=progress or _to_nobody)
    findings = (
        *_differing(walk),
        *([broken] if broken else _wrong_end(walk)),
        *_unguarded(),
    )
    return Report(
        begins=begin + 1,
        sound_to=_sound_to(walk, begin=begin),
        agreed=sum(one.partners for one in walk.agreed),
        findings=findings,
        remarks=tuple(_remarks(walk, kept, begin=begin)),
    )


def _to_nobody(sentence: str) -> None:
    """Without progress nobody is told."""


def _of_partner(head: HeadOfDay) -> Held:
    holder = f"the partner's head of {head.on}"
    if isinstance(head, KeptHead) and head.file:
        holder = f"the head of {head.on} ({head.file}, line {head.line})"
    return Held(holder, head.sequence, bytes(head.digest), head.on, partners=True)


def _of_journal(head: DayHead) -> Held:
    return Held(
        f"the journal's own head of {head.on}", head.sequence, bytes(head.digest), head.on, partners=False
    )


def _of_end(head: Head) -> Held:
    return Held("the head of the journal", head.sequence, bytes(head.digest), None, partners=False)


def _differing(walk: Walk) -> Iterator[Finding]:
    """Heads that do not agree: was it the head that was changed, or are it the lines?"""
    for head in walk.misdated:
        sentence = f"{_capital(head.holder)} was changed: its line is of a later day."
        yield Finding("head_replaced", head.sequence, sentence)
    for head in walk.differing:
        if _is_vindicated(walk, head):
            sentence = "was changed: a partner's head that agrees with the lines shows it."
            yield Finding("head_replaced", head.sequence, f"{_capital(head.holder)} {sentence}")
    doubted = _doubted(walk)
    by_partners = [head for head in doubted if head.partners]
    for head in dict.fromkeys([*doubted[:1], *by_partners[:1]]):
        yield _of_other_lines(head, walk)


def _of_other_lines(head: Held, walk: Walk) -> Finding:
    line = head.sequence
    begins = _trusted_before(line, walk, by_partners=head.partners) + 1
    lines = f"line {begins} was" if begins == line else f"lines {begins} to {line} were"
    sentence = f"Line {line} is not the line of {head.holder}: {lines} changed and chained anew"
    if head.partners:
        return Finding("rewritten", line, f"{sentence}.")
    return Finding("head_replaced", line, f"{sentence}, or that head was replaced.")


def _doubted(walk: Walk) -> list[Held]:
    """Heads that do not agree, while no partner says that the lines are right."""
    return [one for one in walk.differing if not _is_vindicated(walk, one)]


def _trusted_before(line: int, walk: Walk, *, by_partners: bool) -> int:
    """The last head before a line that agrees. Once the lines were rewritten, only a partner's counts."""
    agreed = [one.sequence for one in walk.agreed if one.sequence < line and one.partners >= by_partners]
    return max(agreed, default=0)


def _is_vindicated(walk: Walk, head: Held) -> bool:
    """Does a partner hold a head of this line or a later one that agrees? Then the lines are right."""
    return any(one.partners and one.sequence >= head.sequence for one in walk.agreed)


def _wrong_end(walk: Walk) -> Iterator[Finding]:
    """Heads that speak of lines that are not there, and a head that is not of the last line."""
    last, end = walk.sequence, walk.end
    if last == 0 and end is not None and end.sequence > 0 and are_hidden():
        sentence = "No line can be read: all are gone, or hidden from this role of the database."
        yield Finding("cut_off", 1, sentence)
    elif walk.held:
        first = walk.held[0]
        how = "cut off" if end is not None and end.sequence > last else "cut off and the head was replaced"
        yield Finding(
            "cut_off",
            last + 1,
            f"The tail was {how}: the journal ends at line {last}, and {first.holder} names line"
            f" {first.sequence}.",
        )
    elif end is None and (last or walk.own_days):
        yield Finding("head_replaced", last, "The head of the journal is gone.")
    elif end is not None and (end.at != walk.at or not _is_last_day(end.closed_on, walk)):
        yield Finding("head_replaced", last, "The head of the journal was replaced: its days do not fit.")


def _is_last_day(closed_on: date | None, walk: Walk) -> bool:
    """Is this the last day that has a head?"""
    last = max(walk.own_days, default=None)
    if closed_on is None or closed_on == last:
        return closed_on == last
    return (last is None or last < closed_on) and DayHead.objects.filter(on=closed_on).exists()


def _unguarded() -> Iterator[Finding]:
    """Triggers that are not there."""
    for name in guards.missing(connection):
        yield Finding(
            "unguarded",
            0,
            f"The guard {name} is missing: the database would let lines be changed or deleted.",
        )


def _sound_to(walk: Walk, *, begin: int) -> int:
    """The last line before anything is wrong, or may be."""
    if not (doubted := _doubted(walk)):
        return walk.sequence
    by_partners = any(one.partners for one in doubted)
    return max(begin, _trusted_before(doubted[0].sequence, walk, by_partners=by_partners))


def _remarks(walk: Walk, kept: list[Held], *, begin: int) -> Iterator[str]:
    agreed = [one for one in walk.agreed if one.partners]
    earlier = sum(one.sequence < begin for one in kept)
    if agreed:
        many = (
            "One head of a partner agrees" if len(agreed) == 1 else f"{len(agreed)} heads of partners agree"
        )
        yield f"{many}: nothing up to line {agreed[-1].sequence} was rewritten since {agreed[-1].on}."
    elif not kept:
        yield "No partner's head was compared: who may write in the database could have made the chain anew."
    if earlier:
        many = "One head is" if earlier == 1 else f"{earlier} heads are"
        yield f"{many} of before line {begin} and not compared."
    if walk.set_back:
        (_, line), (worst, at) = walk.set_back
        yield f"A clock was set back at line {line}; at line {at} it was {worst // 1_000_000} seconds behind."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
