"""The log-ins of organisations: read from the file INBEELD_OIDC names. Plain Python, read by the settings.

[[provider]]
id = "swv-noorderveen"                      # stands in addresses: small letters, digits and hyphens
name = "SWV Noorderveen"                    # what the button says
issuer = "https://login.example.nl/realm"   # exactly as its discovery document says
client_id = "inbeeld"
client_secret_env = "INBEELD_OIDC_SWV"      # the environment variable that holds the secret
organisation = "SWV-VO-1"                   # the key of the organisation whose people come this way
second_factor = true                        # it asks two factors of everybody; without it we ask one
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ASKED = ("id", "name", "issuer", "client_id", "client_secret_env", "organisation")
KNOWN = {*ASKED, "second_factor"}
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class BadProviders(ValueError):
    """The file cannot be used; str() says why in a sentence, and never holds a secret."""


@dataclass(frozen=True)
class IdentityProvider:
    """One organisation's log-in: it says who somebody is, never what they may see."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    organisation: str
    second_factor: bool = False

    def __repr__(self) -> str:
        return f"<log-in of {self.organisation}>"


def read_providers(
    path: Path, *, environment: Mapping[str, str], plain_http: bool = False
) -> dict[str, IdentityProvider]:
    """Every log-in in the file by its id. `plain_http`: allow http on this machine, for trials."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadProviders(f"INBEELD_OIDC: {path} cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadProviders(f"INBEELD_OIDC: {path} is no TOML: {error}.") from None
    entries = told.get("provider")
    if set(told) != {"provider"} or not isinstance(entries, list):
        raise BadProviders(f"INBEELD_OIDC: {path} is expected to hold [[provider]] and nothing else.")
    found: dict[str, IdentityProvider] = {}
    for number, entry in enumerate(entries, 1):
        one = _provider(entry, f"INBEELD_OIDC: {path}, provider {number}", environment, plain_http)
        if one.id in found:
            raise BadProviders(f"INBEELD_OIDC: {path}: the id {one.id} stands there twice.")
        found[one.id] = one
    return found


def _provider(entry: Any, where: str, environment: Mapping[str, str], plain_http: bool) -> IdentityProvider:
    if not isinstance(entry, dict):
        raise BadProviders(f"{where} is expected to be a table.")
    for name in ASKED:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise BadProviders(f"{where}: {name} is missing, or is no text.")
    if unknown := sorted(set(entry) - KNOWN):
        raise BadProviders(f"{where}: {unknown[0]} is not known here.")
    if not isinstance(entry.get("second_factor", False), bool):
        raise BadProviders(f"{where}: second_factor is true or false.")
    if not ID.fullmatch(entry["id"]):
        raise BadProviders(f"{where}: an id has small letters, digits and hyphens.")
    if not _is_safe(entry["issuer"], plain_http):
        raise BadProviders(f"{where}: issuer is expected to be an address that begins with https://.")
    secret = environment.get(entry["client_secret_env"], "")
    if not secret:
        raise BadProviders(f"{where}: the variable {entry['client_secret_env']} is not set.")
    return IdentityProvider(
        id=entry["id"],
        name=entry["name"].strip(),
        issuer=entry["issuer"].rstrip("/"),
        client_id=entry["client_id"],
        client_secret=secret,
        organisation=entry["organisation"],
        second_factor=entry.get("second_factor", False),
    )


def _is_safe(issuer: str, plain_http: bool) -> bool:
    parts = urlsplit(issuer)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        return False
    return parts.scheme == "https" or (plain_http and parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
