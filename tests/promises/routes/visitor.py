"""Somebody at the site, with all their requests gave away: pages, headers, cookies, mail, logs, lines."""

from __future__ import annotations

import base64
import json
import logging
import pickle
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import resolve
from pypdf import PdfReader

from inbeeld.access.actor import KINSHIP, MEMBERSHIP
from inbeeld.access.sessions import CHOSEN, RoleToChoose
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass, Stage
from inbeeld.site.logs import WithoutPeople
from tests.promises.routes import oracle
from tests.promises.routes.headers import wrong_headers
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import Member, Who
from tests.promises.routes.words import DELIVERED, LISTED, WHO_ENTERED, Canary

#: Tables that may change also when a request is refused: the journal says that it was.
CACHE_TABLE = "inbeeld_tries"
MAY_CHANGE = ("journal_line", "journal_head", "journal_dayhead", "django_session", CACHE_TABLE)
LOGGERS = ("", "django", "django.request", "django.security", "gunicorn.error")
#: They say at DEBUG which query ran, or which variable a template looked for: nobody turns those on.
TELL_OF_QUERIES = ("django.db.backends", "django.template")
SAID = 40
_NAMES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[A-Z]\d*\b|\d+|\(.*?\)")
#: The pages about a child on which a script runs, and which one.
SCRIPTS = {"file_write": "draft.js", "file_change": "draft.js", "pair": "pair.js"}
_SCRIPT = re.compile(r"<script[^>]*>")
#: What the journal calls looking at rows of lists, and taking them out.
LOOKED_AT_LISTS = ("look_at_lists", "take_out_differences_of_lists")
READS = ("read", "listed", "export")


@dataclass(frozen=True, repr=False)
class Seen:
    """One answer. `found`: the secrets in it that the question did not hold already."""

    who: str
    method: str
    path: str
    status: int
    text: str
    headers: dict[str, str]
    found: frozenset[Canary]
    lines: tuple[Line, ...]
    wrote: tuple[str, ...]
    mails: int

    def __repr__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.who or 'nobody'}: {self.method} {self.path[:120]} -> {self.status}"


@dataclass(repr=False)
class Watch:
    """What all visitors of a test came across."""

    planted: Planted
    views: int = 0
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unlogged: list[str] = field(default_factory=list)
    logged_for_nothing: list[str] = field(default_factory=list)
    known: dict[str, set[Canary]] = field(default_factory=dict)
    records: list[logging.LogRecord] = field(default_factory=list)
    #: What was written since the beginning has no secret word, so a line may speak of something unseen.
    changed: bool = False
    failures_expected: bool = False
    #: What was looked through, so that nothing was looked for where nothing ever is.
    mails: int = 0
    told_in_logs: int = 0
    #: Files somebody took out.
    papers: int = 0

    def leak(self, what: str) -> None:
        if what not in self.leaks:
            self.leaks.append(what)

    def everything_found(self) -> list[str]:
        """All that may not be, for one comparison with nothing; of each kind the first, and how many more."""
        kinds = (self.leaks, self.wrong, self.unlogged, self.logged_for_nothing)
        return [one for kind in kinds for one in shortly(kind)]


def shortly(found: list[str]) -> list[str]:
    """The first of each kind, with how many there are: a kind is a sentence without names and numbers."""
    kinds: dict[str, list[str]] = {}
    for one in found:
        kinds.setdefault(_NAMES.sub("…", one.partition(": ")[2]), []).append(one)
    said = [f"{same[0]} (and {len(same) - 1} like it)" if same[1:] else same[0] for same in kinds.values()]
    return said[:SAID] + ([f"and {len(said) - SAID} other kinds"] if len(said) > SAID else [])


@contextmanager
def listening(watch: Watch) -> Iterator[None]:
    """Hear every log record, also those that the settings are silent about."""

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            watch.records.append(record)

    handler = Heard(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in (*LOGGERS, *TELL_OF_QUERIES)]
    before = [(one, one.level, one.propagate, one.handlers) for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO if one.name in TELL_OF_QUERIES else logging.DEBUG)
        one.propagate, one.handlers = True, []
    logging.getLogger().handlers = [handler]
    try:
        yield
    finally:
        for one, level, propagate, handlers in before:
            one.setLevel(level)
            one.propagate, one.handlers = propagate, handlers


class Visitor:
    """A browser of somebody in one role; `who` None: nobody logged in; not `chosen`: in no role yet."""

    def __init__(
        self,
        watch: Watch,
        who: Who | None,
        *,
        language: str = "nl",
        checks: bool = False,
        chosen: bool = True,
    ) -> None:
        self.watch, self.planted, self.who, self.chosen = watch, watch.planted, who, chosen
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=checks)
        if language != "nl":
            self.client.cookies["inbeeld_language"] = language
        if who is not None:
            sign_in(self.planted, self.client, who, chosen=chosen)

    @property
    def key(self) -> str:
        return "" if self.who is None else self.who.key

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Seen:
        """One request, and everything it gave away compared with what may be known."""
        watch = self.watch
        watch.records.clear()
        mail.outbox = []
        before = _last_line()
        wrote: list[str] = []
        waiting = len(connection.run_on_commit)
        with connection.execute_wrapper(_noting(wrote)):
            response = getattr(self.client, method.lower())(path, data or {}, **extra)
        for _, callback, _ in connection.run_on_commit[waiting:]:
            callback()
        del connection.run_on_commit[waiting:]
        watch.views += 1
        asked = f"{path} {json.dumps(data or {}, default=str)} {extra.get('headers', '')}"
        return self._seen(method, path, response, before, wrote, asked)

    def _seen(self, method: str, path: str, response: Any, before: int, wrote: list[str], asked: str) -> Seen:
        words = self.planted.words
        known_by_asking = words.found_in(asked)
        text = _text_of(response)
        headers = {name.lower(): value for name, value in response.items()}
        found = frozenset(words.found_in(text) - known_by_asking)
        lines = tuple(Line.for_operations.filter(sequence__gt=before).order_by("sequence"))
        seen = Seen(
            self.key, method, path, response.status_code, text, headers, found, lines, tuple(wrote),
            len(mail.outbox),
        )  # fmt: skip
        self._compare(seen, response, known_by_asking)
        return seen

    def _compare(self, seen: Seen, response: Any, known_by_asking: set[Canary]) -> None:
        watch, words = self.watch, self.planted.words
        watch.known.setdefault(self.key, set()).update(seen.found)
        self._only_permitted(seen, seen.found, "page")
        location = seen.headers.get("location", "")
        self._only_permitted(seen, words.found_in(location) - known_by_asking, "Location")
        others = " ".join(f"{name}: {value}" for name, value in seen.headers.items() if name != "location")
        self._nothing(seen, others, "header")
        self._nothing(seen, response.cookies.output(), "cookie")
        self._nothing(seen, json.dumps(dict(self.client.session), default=str), "session")
        watch.mails += len(mail.outbox)
        watch.papers += seen.headers.get("content-type") == "application/pdf"
        watch.told_in_logs += len(watch.records)
        for one in mail.outbox:
            self._nothing(seen, f"{one.subject} {one.body} {one.extra_headers}", "mail")
        for record in watch.records:
            self._nothing(seen, WithoutPeople().format(record), f"log of {record.name}")
            if record.name.startswith("inbeeld"):
                self._nothing(seen, f"{record.getMessage()} {record.exc_text or ''}", f"log of {record.name}")
        for line in seen.lines:
            values = (
                getattr(line, one.name) for one in line._meta.fields if one.name not in ("child", "digest")
            )
            self._nothing(seen, " ".join(map(str, values)), "journal")
        if seen.status >= 500 and not watch.failures_expected:
            watch.wrong.append(f"{seen.name}: a failure")
        scripts = "script-src" in seen.headers.get("content-security-policy", "")
        if scripts and _is_about_a_child(seen, self.who) and not _only_keeps_drafts(seen):
            watch.wrong.append(f"{seen.name}: scripts may run on a page about a child")
        watch.wrong += [f"{seen.name}: {one}" for one in wrong_headers(seen.path, seen.headers, response)]
        if self.who is not None and self.chosen and oracle.is_somebody(self.planted.world, self.who):
            self._lines_agree(seen)

    def _only_permitted(self, seen: Seen, found: Any, where: str) -> None:
        for one in found:
            if not oracle.may_know(self.planted.world, self.who, one):
                self.watch.leak(f"{seen.name}: {one} in the {where}")

    def _agreements_were_looked_for(self, seen: Seen, child: str) -> bool:
        """Lists say that none is open, or that nobody holds one; the form says whom one can ask.

        Those who are involved now have no secret names.
        """
        page = resolve(urlsplit(seen.path).path).url_name
        none_is_open = page == "in_beeld" and child not in self.planted.with_open_agreement
        return page in ("out_of_sight", "agreement_new") or none_is_open

    def _nothing(self, seen: Seen, text: str, where: str) -> None:
        for one in self.planted.words.found_in(text):
            self.watch.leak(f"{seen.name}: {one} in the {where}")

    def _is_destroyed(self, child: str) -> bool:
        return self.planted.world.children[child].now_at == Stage.DESTROYED

    def _lines_agree(self, seen: Seen) -> None:
        """No line, no page; no page, no line."""
        assert self.who is not None
        shown = {
            # Who entered an address is read in the log, and noted as that.
            (one.child, (FieldClass.LOG if one.what == WHO_ENTERED else one.field_class).value, one.is_reason)
            for one in seen.found
            if self.who.username not in one.own_of
            and one.what not in ("reference", DELIVERED, LISTED)
            # A line about a child that was destroyed names no child any more.
            and not (one.what == WHO_ENTERED and self._is_destroyed(one.child))
        }
        if any(one.what == DELIVERED for one in seen.found) and not any(
            line.object.startswith("delivery:") and line.field_class in ("ATT", "IDE") for line in seen.lines
        ):
            self.watch.unlogged.append(f"{seen.name}: a delivery was shown without a line")
        if any(one.what == LISTED for one in seen.found) and not any(
            line.object.startswith("round:") and line.action in LOOKED_AT_LISTS for line in seen.lines
        ):
            self.watch.unlogged.append(f"{seen.name}: a row of a list was shown without a line")
        references = {child.reference: key for key, child in self.planted.world.children.items()}
        mine = self.planted.journal_key(self.who)
        noted: set[tuple[str, str]] = set()
        read: set[tuple[str, str]] = set()
        for line in seen.lines:
            child = references.get(line.child, "")
            pairs = {(child, one) for one in line.field_class.split()}
            if line.actor == mine and line.outcome == "allowed":
                noted |= pairs
                read |= pairs if line.action in READS else set()
        for child, field_class, is_reason in shown:
            enough = (
                {(child, field_class), (child, FieldClass.ATT.value)} if is_reason else {(child, field_class)}
            )
            if not enough & noted:
                self.watch.unlogged.append(f"{seen.name}: {field_class} of {child} was shown without a line")
        if self.watch.changed:
            return
        visible = {(child, field_class) for child, field_class, _ in shown}
        # Who delivered a reason reads it back with the facts of attendance.
        visible |= {(child, FieldClass.ATT.value) for child, _, is_reason in shown if is_reason}
        for child, field_class in sorted(read - visible):
            # A delivery is of a school, not of a child.
            if not child:
                continue
            # A log, or a family besides oneself, was looked for all the same.
            if field_class == "LOG":
                continue
            if field_class == "AGR" and self._agreements_were_looked_for(seen, child):
                continue
            if field_class == "FAM" and not _has_other_kin(self.planted, self.who, child):
                continue
            self.watch.logged_for_nothing.append(
                f"{seen.name}: a line says {field_class} of {child} was read, and none of it was shown"
            )


def sign_in(planted: Planted, client: Client, who: Who, *, chosen: bool = True) -> None:
    """A session as a log-in leaves it: somebody who chose a role, or did not yet."""
    user = planted.users[who.username]
    client.force_login(user)
    session = client.session
    passkey = {"method": "mfa", "type": "webauthn", "passwordless": True, "reauthenticated": True}
    session["account_authentication_methods"] = [{**passkey, "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    if chosen:
        held = planted.memberships[who.key] if isinstance(who, Member) else planted.kinships[who.key]
        session[MEMBERSHIP if isinstance(who, Member) else KINSHIP] = (
            held.pk if isinstance(who, Member) else str(held.pk)
        )
        session[CHOSEN] = RoleToChoose.of(held).stamp
    session.save()


def cached() -> str:
    """Everything in the cache: its table, with what is packed in it unpacked."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key, value FROM {connection.ops.quote_name(CACHE_TABLE)}")
        rows = cursor.fetchall()
    return " ".join(f"{key} {pickle.loads(base64.b64decode(value))!r}" for key, value in rows)


def _text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf" and content:
        return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    return str(content.decode("utf-8", errors="replace"))


def _is_about_a_child(seen: Seen, who: Who | None) -> bool:
    return any(who is None or who.username not in one.own_of for one in seen.found)


def _only_keeps_drafts(seen: Seen) -> bool:
    """Is it a form with the one script that keeps a draft of it, or two records with that of the keys?"""
    name = resolve(urlsplit(seen.path).path).url_name
    script = SCRIPTS.get(name or "")
    return script is not None and set(_SCRIPT.findall(seen.text)) <= {
        f'<script src="/static/{script}" defer>'
    }


def _has_other_kin(planted: Planted, who: Who, child: str) -> bool:
    """Is there kin besides oneself, with a secret word for a name?"""
    world = planted.world
    others = [one for one in world.kin.values() if one.child == child and one.key != who.key]
    return any(one.person != "parent" and oracle.is_somebody(world, one) for one in others)


def _last_line() -> int:
    return Line.for_operations.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _noting(wrote: list[str]) -> Any:
    """Note every statement that changes something besides the journal and the session."""

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.lstrip(" (").split(None, 3)
        verb = words[0].upper() if words else ""
        if verb in ("INSERT", "UPDATE", "DELETE", "WITH", "REPLACE") and not any(
            table in sql for table in MAY_CHANGE
        ):
            wrote.append(" ".join(words[:3]))
        return execute(sql, params, many, context)

    return wrapper
