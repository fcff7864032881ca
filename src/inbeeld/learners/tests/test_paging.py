"""Each list leads to the page before and the page after, and to none where there is none."""

from __future__ import annotations

import re

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from inbeeld.learners.paging import paged


@pytest.mark.parametrize(
    ("number", "earlier", "later"), [(1, "", "?page=2"), (2, "?page=1", "?page=3"), (3, "?page=2", "")]
)
def test_a_page_leads_to_its_neighbours(number, earlier, later):
    page = Paginator(range(5), 2).page(number)
    found = paged(page, lambda one: f"?page={one}")
    assert found == {"page": page, "earlier": earlier, "later": later}
    links = dict(re.findall(r'href="([^"]*)" rel="(\w+)"', render_to_string("site/pages.html", found)))
    assert links == {address: rel for address, rel in ((earlier, "prev"), (later, "next")) if address}


def test_a_list_of_one_page_has_no_pager():
    page = Paginator(range(2), 2).page(1)
    assert render_to_string("site/pages.html", paged(page, str)).strip() == ""
