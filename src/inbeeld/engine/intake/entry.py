"""What a source says about one learner, in canonical form but before codes get a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from inbeeld.engine.intake.period import Period
from inbeeld.engine.intake.profile import Meaning


@dataclass(frozen=True)
class Delivery:
    """The school's id as delivered ("all": the ids in the file); `head`: what the file says of itself."""

    school: str
    head: Mapping[str, str] = field(default_factory=dict)

    def key(self, number: str) -> str:
        """The learner key of a number that is only unique within the school."""
        return f"{self.school}:{number}"


@dataclass(frozen=True)
class Entry:
    """One row about absence.

    `code` is looked up per day; `given` is a meaning the file states itself.
    `permitted` is the source's own flag (true/false/empty), a suggestion for who fills in the codes.
    """

    line: int
    learner: str
    school: str
    when: Period
    code: str = ""
    description: str = ""
    permitted: str = ""
    given: Meaning | None = None
    entered_on: date | None = None


@dataclass(frozen=True)
class RosterRow:
    """One learner on a school's roster; `remarks` are (column, sentence) about what was missing.

    `from_on` None: left, and since when it was there is not known; `from_said`: by the file itself.
    """

    line: int
    learner: str
    school: str
    born_on: date | None
    from_on: date | None
    until_on: date | None
    remarks: tuple[tuple[str, str], ...] = ()
    enrolment_refused: tuple[str, str] | None = None
    from_said: bool = True
