"""The fourth wall: what each command does with which tables about children.

A command says its name to the database; that counts for the roles that run commands and own the tables, never
for the one that answers requests.
"""

from __future__ import annotations

from collections.abc import Mapping

EVERYTHING = "*"
#: What each command does with which tables about children: read (r), add (a), change (c), delete (d). The
#: database holds it to that. Every command adds to the journal, in its own name.
LETTERS = "racd"
COMMANDS: Mapping[str, Mapping[str, str]] = {
    "deliver": {
        "learners.Learner": "rac", "learners.Enrolment": "rad", "learners.Address": "rac", "keys.DataKey": "ra",
        "access.Consent": "rc", "access.Signature": "r", "access.Kinship": "r",
    },
    "publish": {
        "learners.Standing": "rad", "learners.Verdict": "rad", "learners.Learner": "r", "learners.Enrolment": "r",
        "alerts.Alert": "rac",
    },
    "evaluate": {
        "access.Consent": "rc", "access.Signature": "r", "access.Kinship": "r", "learners.Learner": "r",
    },
    # A closed case is opened by nobody else: see the operation set_case_stage.
    "reopen": {"learners.Learner": "rc", "access.Involvement": "rc"},
    "keys": {"keys.DataKey": "rc"},
    "drafts": {"learners.Draft": "rd", "learners.Learner": "r"},
    "retention": {EVERYTHING: "racd", "journal.Line": "r"},
    "journal": {"journal.Line": "r"},
    # What waits for everybody is counted, and shown to nobody.
    "notify": {
        "alerts.Alert": "r", "alerts.Parking": "r", "learners.Learner": "r", "learners.Standing": "r",
        "access.Involvement": "r", "access.Consent": "r", "agreements.Agreement": "r", "agreements.Step": "r",
    },
    # Rounds of lists, of which no table is about a child.
    "lists": {},
    "appoint": {},
    "people": {},
    "demo": {EVERYTHING: "racd", "journal.Line": "r"},
}  # fmt: skip


def commands_for(label: str, *, letters: str) -> tuple[str, ...]:
    """The commands that may do one of these things (LETTERS) with a table, in order."""
    return tuple(
        sorted(
            name
            for name, tables in COMMANDS.items()
            if set(tables.get(label, tables.get(EVERYTHING, ""))) & set(letters)
        )
    )
