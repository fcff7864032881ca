"""The few pages that need a script: a passkey cannot be used without one, and a draft not kept by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase

#: The policy every page has, and our own scripts beside it: still nothing inline and nothing from elsewhere.
POLICY_WITH_SCRIPTS = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; connect-src 'self'"
)


def allow_scripts(response: HttpResponseBase) -> HttpResponseBase:
    """Let this one page run scripts of our own."""
    response.headers["Content-Security-Policy"] = POLICY_WITH_SCRIPTS
    return response


def with_scripts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view whose page uses passkeys, or keeps a draft by itself."""

    @wraps(view)
    def scripted(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return allow_scripts(view(*args, **kwargs))

    return scripted
