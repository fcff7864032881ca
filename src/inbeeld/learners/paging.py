"""From one page of a list to the one before and after it, for `site/pages.html`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page


def paged(page: Page[Any], address: Callable[[int], str]) -> dict[str, Any]:
    """The page, and the addresses of the one before and the one after; empty where there is none.

    `address`: of a page of the same list, by its number.
    """
    return {
        "page": page,
        "earlier": address(page.previous_page_number()) if page.has_previous() else "",
        "later": address(page.next_page_number()) if page.has_next() else "",
    }
