"""Walking through the site as somebody: every link, every form, and each child's address by guessing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.db import transaction
from django.urls import Resolver404, resolve

from tests.promises.routes.planting import as_it_is_now
from tests.promises.routes.visitor import Seen, Visitor

HARMLESS = "Dit is een gewone zin."


@dataclass
class Field:
    """One field of a form, with the values one may choose."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form: where it goes, how, and its fields and buttons."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        here = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in here:
            self.links.append(here["href"])
        elif tag == "form":
            self._form = Form(here.get("action", ""), here.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._of_a_form(tag, here)

    def _of_a_form(self, tag: str, here: dict[str, str]) -> None:
        assert self._form is not None
        name, value = here.get("name", ""), here.get("value", "")
        if tag == "button" or (tag == "input" and here.get("type") == "submit"):
            self._form.buttons.append((name, value))
        elif tag == "input" and here.get("type") == "radio":
            known = next((one for one in self._form.fields if one.name == name), None)
            if known is None:
                known = Field(name, "radio", value)
                self._form.fields.append(known)
            known.choices.append(value)
        elif tag == "input" and name:
            self._form.fields.append(Field(name, here.get("type", "text"), value))
        elif tag == "textarea" and name:
            self._form.fields.append(Field(name, "textarea"))
        elif tag == "select" and name:
            self._select = Field(name, "select")
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(value)
            if "selected" in here or len(self._select.choices) == 1:
                self._select.value = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


@dataclass
class Walk:
    """One visitor going everywhere.

    `most`: pages of one address with other questions behind it. `alike`: pages of one kind with a question
    behind the address, or about one thing in the file of a child; the pages of the children are all seen.
    """

    visitor: Visitor
    most: int = 12
    alike: int = 10
    posts_each: int = 2
    asked: set[str] = field(default_factory=set)
    per_address: Counter[str] = field(default_factory=Counter)
    per_kind: Counter[str] = field(default_factory=Counter)
    posted: Counter[str] = field(default_factory=Counter)
    queue: deque[str] = field(default_factory=deque)
    statuses: Counter[int] = field(default_factory=Counter)

    def through(self, first: Iterable[str], *, at_most: int = 100_000) -> None:
        """Go on until there is nothing new, or so many pages were seen."""
        for one in first:
            self._wait(one)
        pages = 0
        while self.queue and pages < at_most:
            path = self.queue.popleft()
            pages += 1
            self._look(self.visitor.ask("GET", path), path)

    def _look(self, seen: Seen, path: str) -> None:
        self.statuses[seen.status] += 1
        if location := seen.headers.get("location"):
            self._wait(urljoin(path, location))
        if not seen.headers.get("content-type", "").startswith("text/html"):
            return
        page = Page(seen.text)
        for one in page.links:
            self._wait(urljoin(path, one))
        for form in page.forms:
            target = urljoin(path, form.action or path)
            if form.method == "get":
                for values in _variants(form, all_choices=True):
                    self._wait(f"{target.split('?')[0]}?{urlencode(values)}")
            else:
                self._send(target, form)

    def _wait(self, address: str) -> None:
        """Put an address of this site in the queue, unless it was there or enough like it were."""
        parts = urlsplit(address)
        if parts.netloc or parts.scheme or parts.path.startswith("/static/"):
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path in self.asked or self.per_address[parts.path] >= self.most:
            return
        if parts.query or parts.path.count("/") > 4:
            kind = name_of(parts.path)
            if self.per_kind[kind] >= self.alike:
                return
            self.per_kind[kind] += 1
        self.asked.add(path)
        self.per_address[parts.path] += 1
        self.queue.append(path)

    def _send(self, target: str, form: Form) -> None:
        """Send a form with harmless values, look where it leads, and undo what it did."""
        if name_of(target).startswith("choose_role"):
            return  # then it would be somebody else who goes on
        for values in _variants(form, all_choices=False):
            like = f"{name_of(target)} {sorted(values)}"
            if self.posted[like] >= self.posts_each:
                continue
            self.posted[like] += 1
            with undone(self.visitor):
                seen = self.visitor.ask("POST", target, values)
                self.statuses[seen.status] += 1
                as_it_is_now(self.visitor.planted)
                if location := seen.headers.get("location"):
                    after = self.visitor.ask("GET", urljoin(target, location).split("#")[0])
                    self.statuses[after.status] += 1
            as_it_is_now(self.visitor.planted)


class undone:
    """What is done inside is taken back: in the database, and in the cookies of the visitor."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.atomic = transaction.atomic()

    def __enter__(self) -> None:
        self.cookies = {name: one.value for name, one in self.visitor.client.cookies.items()}
        self.atomic.__enter__()
        self.visitor.watch.changed = True

    def __exit__(self, *raised: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.visitor.watch.changed = False
        self.visitor.client.cookies.clear()
        for name, value in self.cookies.items():
            self.visitor.client.cookies[name] = value


def name_of(target: str) -> str:
    """The name of the page of an address, so that the same form about other children counts as one."""
    try:
        match = resolve(urlsplit(target).path)
    except Resolver404:
        return target
    deed = match.kwargs.get("deed") or match.kwargs.get("slug") or ""
    return f"{match.view_name} {deed}"


def _variants(form: Form, *, all_choices: bool) -> Iterator[dict[str, str]]:
    """What to send: once as it stands, and with each button; of a search also each choice of each field."""
    plain = {one.name: _harmless(one) for one in form.fields if one.kind != "checkbox"}
    for name, value in form.buttons or [("", "")]:
        yield {**plain, **({name: value} if name else {})}
    if all_choices:
        for one in form.fields:
            for choice in one.choices:
                yield {**plain, one.name: choice}


def _harmless(one: Field) -> str:
    from django.utils import timezone

    match one.kind:
        case "select" | "radio":
            return one.value or next((choice for choice in one.choices if choice), "")
        case "date":
            return one.value or (timezone.localdate() + timedelta(days=20)).isoformat()
        case "hidden":
            return one.value
        case "number":
            return one.value or "1"
    if one.name in ("born_on",):
        return "31-8-2012"
    return one.value or HARMLESS
