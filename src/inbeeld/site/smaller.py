"""Styles and pictures of our own go out compressed; pages about people do not.

How long a compressed page is tells something of what stands in it, to who makes somebody ask for it (BREACH).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: Fonts and pictures of points are compressed already.
WORDS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


class SmallerStatic(GZipMiddleware):
    """gzip for the text among the static files, when the browser knows it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not request.path.startswith(settings.STATIC_URL) or kind not in WORDS:
            return response
        smaller: HttpResponseBase = super().process_response(request, response)
        return smaller
