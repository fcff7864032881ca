"""An operation that was refused, in a sentence for the person who asked."""

from __future__ import annotations


class Refused(Exception):
    """What was asked did not happen; `sentence` says why, in the language of who asked, and names no child.

    The refusal stands in the ledger of the actor already: a view answers with the sentence and a status of
    4xx, so that the journal is written.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
