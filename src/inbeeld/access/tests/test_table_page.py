"""The page of the access table says what the table says, in both languages, to everybody and about nobody."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from inbeeld.access import table_page as page_module
from inbeeld.access import table_words
from inbeeld.access.table_page import role_page, table_page
from inbeeld.kernel import signed_access
from inbeeld.kernel.access import (
    ROLES,
    ROWS,
    WITHOUT_A_ROW,
    Action,
    Author,
    Circumstances,
    FieldClass,
    Involvement,
    Stage,
    decide,
    rows_of,
)
from inbeeld.kernel.promises import CHAPTERS, POSSIBLE, PROMISES

pytestmark = pytest.mark.django_db

LANGUAGES = ("nl", "en")


@pytest.fixture(autouse=True)
def as_signed_anew():
    page_module._as_signed.cache_clear()
    yield
    page_module._as_signed.cache_clear()


def fetched(address: str, language: str = "nl") -> str:
    client = Client()
    client.cookies["inbeeld_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


class Outline(HTMLParser):
    """What a reader of the page without eyes goes by: header cells, ids, and what a link leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scopes: list[str | None] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.rows = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "th":
            self.scopes.append(given.get("scope"))
        if tag == "tr":
            self.rows += 1
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_row_cell_promise_and_rule(language):
    html = fetched("/toegang/", language)
    outline = Outline(html)
    with translation.override(language):
        page = table_page()
    assert outline.rows == len(ROWS) + 1
    assert html.count('class="access__cell') == len(ROWS) * len(FieldClass)
    plain = html.replace("&#x27;", "'").replace("&quot;", '"')
    for group in page.promises:
        assert all(one.text in plain and one.question in plain for one in group.sentences)
    assert all(one.text in plain for one in page.possible)
    assert all(one.meaning in plain for one in (*page.rules, *page.stages, *page.ways, *page.letters))
    assert signed_access.read().last.seal in html


def test_the_page_can_be_read_without_eyes():
    html = fetched("/toegang/")
    outline = Outline(html)
    assert set(outline.scopes) == {"col", "row"}
    assert outline.scopes.count("row") == len(ROWS)
    assert len(set(outline.ids)) == len(outline.ids)
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert 'tabindex="0"' in html and 'role="region"' in html and 'aria-labelledby="tabel"' in html
    assert '<span aria-hidden="true">L</span><span class="hidden">lezen</span>' in html


def test_dutch_comes_first_and_english_second():
    assert "Wat wij beloven" in fetched("/toegang/")
    assert "What we promise" in fetched("/toegang/", "en")
    assert PROMISES[0].said.dutch in fetched("/toegang/")
    assert PROMISES[0].said.english in fetched("/toegang/", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_leads_to_the_page_of_every_role(language):
    html = fetched("/toegang/", language)
    assert [role for role in ROLES if f'href="/toegang/{role}/"' not in html] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_page(role, language):
    html = fetched(f"/toegang/{role}/", language)
    with translation.override(language):
        page = role_page(role)
    assert page is not None and page.role
    assert html.count('<section class="definition" id=') == len(rows_of(role))


@pytest.mark.parametrize("role", ["janitor", "MENTOR", "mentor-", "none", "0"])
def test_a_role_that_does_not_exist_is_no_page(client, role):
    assert role_page(role) is None
    assert client.get(f"/toegang/{role}/").status_code == 404


def test_a_role_without_a_row_reads_that_this_is_on_purpose():
    for role in WITHOUT_A_ROW:
        assert "ziet u geen kind" in fetched(f"/toegang/{role}/")


def test_only_looking_is_possible(client):
    for address in ("/toegang/", "/toegang/mentor/"):
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])
def test_the_sentences_of_a_role_say_what_the_rules_answer(row):
    with translation.override("en"):
        way = next(way for way in role_page(row.role).ways if way.key == row.involvement.value)
        said = {one.key: set(one.kinds) for one in way.abilities}
        kinds = {one: page_module.class_word(one) for one in FieldClass}

    def may(one, action, *, consent=False, author=Author.OTHERS):
        return bool(decide(row, min(row.stages), one, action, Circumstances(consent, author)))

    for one, kind in kinds.items():
        in_group = {key for key, found in said.items() if kind in found}
        if one is FieldClass.NOT and "notes" in said:
            in_group |= {"notes"}
        assert ("write" in in_group) == may(one, Action.WRITE)
        assert bool(in_group & {"write", "read"}) == may(one, Action.READ)
        assert bool(in_group & {"write", "read", "own", "notes"}) == may(one, Action.READ, author=Author.ME)
        assert bool(in_group & {"write", "read", "consent"}) == may(one, Action.READ, consent=True)
        assert ("own" in in_group) == (
            may(one, Action.WRITE, author=Author.MY_ORGANISATION) and not may(one, Action.WRITE)
        )
        assert ("export" in in_group) == may(one, Action.EXPORT, consent=True)
        assert ("nothing" in in_group) == (
            not any(may(one, action, consent=True, author=author) for action in Action for author in Author)
        )
    assert ("shielded" in said) == (row.cells[FieldClass.ADR] != ".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_table_has_a_word_for_people(language):
    with translation.override(language):
        names = [table_words.role_name(role) for role in ROLES]
        assert len(set(names)) == len(ROLES)
        assert not {name for name in names if "_" in name}
        for described in (
            [table_words.column_name(one) for one in FieldClass],
            [table_words.class_meaning(one) for one in FieldClass],
            [table_words.way_name(one) for one in Involvement],
            [table_words.way_title(one) for one in Involvement],
            [table_words.way_meaning(one) for one in Involvement],
            [table_words.stage_name(one) for one in Stage],
            [table_words.stage_meaning(one) for one in Stage],
            [one.name for one in table_words.letters()],
        ):
            assert len(set(described)) == len(described) and all(described)


def test_the_numbers_in_the_rules_are_those_that_are_decided():
    with translation.override("nl"):
        rules = {one.sign: one.meaning for one in table_words.rules()}
    assert "90 dagen" in rules["involvement"]
    assert "4 uur" in rules["emergency"] and "2 werkdagen" in rules["emergency"]


@pytest.mark.parametrize(
    ("stages", "shown"), [({1, 2}, "1 2"), ({1, 2, 3}, "1–3"), ({1, 2, 4, 5}, "1 2 4 5"), ({3}, "3")]
)
def test_stages_in_a_row_are_written_short(stages, shown):
    assert page_module._stages_in_digits(stages) == shown


def test_a_cell_in_any_letters_has_words():
    with translation.override("en"):
        assert table_words.letter_of("oc") == "O C"
        assert table_words.cell_in_words("rc", FieldClass.FAM) == "read, only with consent"
        assert table_words.cell_in_words("o", FieldClass.NOT) == "only one's own"


def test_the_page_says_when_the_table_is_not_as_signed(monkeypatch):
    assert "niet zoals" not in fetched("/toegang/")
    page_module._as_signed.cache_clear()
    monkeypatch.setattr(signed_access, "changes", lambda read: read_change(read))
    html = fetched("/toegang/")
    assert "Deze tabel is niet zoals ze is ondertekend" in html
    assert "mentor/involved row" in html


def read_change(read):
    signed = read.rows["mentor/involved"]
    return (signed_access.Change("mentor/involved", f"row {signed} -> none", signed, None),)


def test_the_page_says_when_the_signed_table_cannot_be_read(monkeypatch, tmp_path):
    monkeypatch.setattr(signed_access, "FILE", tmp_path / "nothing.txt")
    html = fetched("/toegang/")
    assert "Deze tabel is niet zoals ze is ondertekend" in html
    assert html.count('class="access__cell') == len(ROWS) * len(FieldClass)


def test_the_changes_since_the_first_table_stand_on_the_page(monkeypatch):
    read = signed_access.read()
    entry = signed_access.Entry(
        on=read.last.on,
        kind=signed_access.WIDENED,
        what="mentor/involved AGR r -> w",
        answers="",
        by="A. Tester, for an invented school",
        because="to <try> it",
        seal="0" * 64,
    )
    later = signed_access.Signed(read.rows, (*read.entries, entry))
    monkeypatch.setattr(signed_access, "read", lambda: later)
    html = fetched("/toegang/")
    assert "mentor/involved AGR r -&gt; w" in html and "A. Tester, voor an invented school" in html
    assert "verruimd" in html and "to &lt;try&gt; it" in html and "0" * 64 in html


def test_the_groups_on_the_page_are_those_of_the_kernel():
    with translation.override("nl"):
        page = table_page()
    assert [group.title for group in page.promises] == [chapter.title.dutch for chapter in CHAPTERS]
    assert page.number_of_promises == len(PROMISES) and len(page.possible) == len(POSSIBLE)
    assert {one.key for one in page.questions} == {one.key for one in PROMISES if one.question}
