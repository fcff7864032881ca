"""What these tests share: two lists with children on both, and the three steps done on them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.exchange.steps import ask, read_answer, respond
from inbeeld.engine.linkage.tests.conftest import others, write


class Exchange:
    """Two organisations, each with a folder of its own; the first asks."""

    def __init__(self, here: Path) -> None:
        self.asker, self.responder = here / "leerplicht", here / "swv_vo"
        for folder in (self.asker, self.responder):
            folder.mkdir()
        self.asks = write(self.asker / "leerplicht.csv", others("L", 40))
        self.answers = write(self.responder / "swv_vo.csv", others("V", 40, first=15))
        self.keep, self.log = self.asker / "kept", self.responder / "log.csv"
        self.sent, self.back, self.out = self.asker / "sent", self.responder / "back", self.asker / "out"

    @property
    def request(self) -> Path:
        return self.sent / "request.inbeeld"

    @property
    def response(self) -> Path:
        return self.back / "response.inbeeld"

    def ask(self, **how: Any) -> dict[str, Any]:
        return ask(self.asks, **{"out": self.sent, "keep": self.keep, **how})

    def respond(self, **how: Any) -> dict[str, Any]:
        return respond(self.request, self.answers, **{"out": self.back, "logged": self.log, **how})

    def read(self, **how: Any) -> dict[str, Any]:
        return read_answer(self.response, **{"out": self.out, "keep": self.keep, **how})

    def all(self, **how: Any) -> dict[str, str]:
        """Ask, respond and read; what answer.csv says of each id."""
        self.ask(**how)
        self.respond()
        self.read()
        return self.said()

    def said(self) -> dict[str, str]:
        with (self.out / "answer.csv").open(encoding="utf-8", newline="") as stream:
            return {row["id"]: row["answer"] for row in csv.DictReader(stream)}

    def receipt(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.out / "receipt.json").read_text("utf-8"))
        return told


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path)
