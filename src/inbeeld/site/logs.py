"""Log lines that name no child: no address, no text of an exception."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

GAP = re.compile(r"%(\(\w+\))?[-\d.]*[a-zA-Z]")


class WithoutPeople(logging.Formatter):
    """Level, logger, the sentence with its gaps left open, the kind of exception and where it arose."""

    def format(self, record: logging.LogRecord) -> str:
        """What fills the gaps is left out: it may be the address of a child's page."""
        sentence = "…" if _is_what_was_raised(record) else GAP.sub("…", str(record.msg))
        parts = [self.formatTime(record), record.levelname, record.name, sentence]
        if status := getattr(record, "status_code", None):
            parts.append(str(status))
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(record.exc_info[0].__name__)
            parts += [
                f"{frame.name} ({frame.filename}:{frame.lineno})"
                for frame in traceback.extract_tb(record.exc_info[2])[-3:]
            ]
        return " ".join(parts)


def _is_what_was_raised(record: logging.LogRecord) -> bool:
    """Django logs the text of a request it refuses as the sentence itself: a Host as it was sent, say."""
    raised = record.exc_info[1] if record.exc_info else None
    return raised is not None and str(record.msg) == str(raised)


def log_class() -> type:
    """The log of a gunicorn server, which names no child either."""
    from gunicorn.glogging import Logger

    class Log(Logger):  # type: ignore[misc]
        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(WithoutPeople())

    return Log
