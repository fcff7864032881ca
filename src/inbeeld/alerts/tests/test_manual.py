"""The manual of Mijn werk tells of each signal what it asks of whom, as the program asks it."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext

from inbeeld.access.in_words import role_word
from inbeeld.alerts.wording import NAMES
from inbeeld.kernel.attention import ATTENTION

MANUAL = Path(__file__).parents[4] / "docs" / "handleiding" / "mijn-werk.md"


def told():
    """Of each signal in the manual: the roles of each step, a set for a step."""
    lines = MANUAL.read_text(encoding="utf-8").partition("| Signaal |")[2].splitlines()[2:]
    found, signal = {}, ""
    for line in lines:
        if not line.startswith("|"):
            break
        name, _, roles = (cell.strip() for cell in line.strip("|").split("|"))
        signal = name or signal
        found.setdefault(signal, []).append(frozenset(roles.split(", ")))
    return found


def asked():
    """The same of the program, in Dutch."""
    found = {}
    with translation.override("nl"):
        for rule in ATTENTION:
            steps = {}
            for role, step in rule.asks.items():
                steps.setdefault(step, set()).add(role_word(role))
            found[gettext(NAMES[rule.subject])] = {frozenset(roles) for roles in steps.values()}
    return found


def test_the_manual_names_each_signal_with_the_roles_of_each_step():
    in_the_manual = told()
    assert {signal: set(steps) for signal, steps in in_the_manual.items()} == asked()
    assert all(len(steps) == len(set(steps)) for steps in in_the_manual.values())
