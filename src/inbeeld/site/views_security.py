"""Whom to tell of a leak: /.well-known/security.txt (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

#: RFC 9116 asks for less than a year. What stands here is read anew from the settings each time, so half a
#: year is no promise that anybody must renew.
HOLDS_FOR = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, until when it holds, languages and policy; 404 where nobody is named, as in a trial."""
    contacts = settings.INBEELD_SECURITY_CONTACT
    if not contacts:
        raise Http404
    until = datetime.combine(timezone.now().date() + HOLDS_FOR, time(), UTC)
    lines = [
        *(f"Contact: {one}" for one in contacts),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {_address(request.path)}",
        f"Policy: {_address('/over/')}#melden",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _address(path: str) -> str:
    return f"{settings.INBEELD_ADDRESS.rstrip('/')}{path}"
