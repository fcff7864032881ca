"""The access table for everybody to read: the whole of it, and what one role may see. No child is on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inbeeld.access.table_page import role_page, table_page


@require_safe
def access_table(request: HttpRequest) -> HttpResponse:
    """The table with its letters, promises, rules and signature; prints on one sheet and its explanation."""
    return render(request, "access/table.html", {"page": table_page()})


@require_safe
def access_role(request: HttpRequest, role: str) -> HttpResponse:
    """What one role may see, in sentences. A role that does not exist is no page."""
    page = role_page(role)
    if page is None:
        raise Http404
    return render(request, "access/role.html", {"page": page})
