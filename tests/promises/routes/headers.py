"""What every answer of the site carries, whatever the address and the status."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

#: header: what its value must be
ALWAYS = {
    "x-content-type-options": re.compile(r"nosniff"),
    "referrer-policy": re.compile(r"same-origin|no-referrer"),
    "permissions-policy": re.compile(r"(?=.*camera=\(\))(?=.*geolocation=\(\))(?=.*microphone=\(\)).*"),
    "cross-origin-opener-policy": re.compile(r"same-origin"),
    "cross-origin-resource-policy": re.compile(r"same-origin"),
    "content-security-policy": re.compile(r".*default-src 'none'.*"),
}
CSP_MUST_HAVE = ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
CSP_MAY_NOT_HAVE = ("unsafe-", "*", "data:", "http:", "blob:")


def wrong_headers(path: str, headers: Mapping[str, str], response: Any) -> Iterator[str]:
    """What is missing or wrong in the headers and cookies of an answer."""
    for name, value in ALWAYS.items():
        if not value.fullmatch(headers.get(name, "")):
            yield f"{name} is {headers.get(name)!r}"
    policy = headers.get("content-security-policy", "")
    yield from (f"the content policy lacks {one}" for one in CSP_MUST_HAVE if one not in policy)
    yield from (f"the content policy has {one}" for one in CSP_MAY_NOT_HAVE if one in policy)
    if not path.startswith(settings.STATIC_URL) and headers.get("cache-control") != "no-store":
        yield f"cache-control is {headers.get('cache-control')!r}"
    if "server" in headers or "x-powered-by" in headers:
        yield "it says what it runs on"
    location = headers.get("location", "")
    if location.startswith("//") or (":" in location.split("/")[0]):
        yield "it leads to another host"
    for name, cookie in response.cookies.items():
        if not cookie.value and cookie["max-age"] == 0:
            continue  # taken away
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            yield f"the cookie {name} is not HttpOnly and SameSite"
        if cookie["domain"]:
            yield f"the cookie {name} goes to other hosts"
