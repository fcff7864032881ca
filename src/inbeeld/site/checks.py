"""What inbeeld refuses to start with: an unsafe production, and a trial with numbers of real people.

Run by `check` and `migrate`, and once more when the server starts (site/wsgi.py).
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError

from inbeeld.kernel.numbers import is_valid_bsn


def reasons_not_to_start() -> list[str]:
    """Why the server must not start, each in a sentence; empty when it may."""
    if settings.MODE == "production":
        # An unsafe database is not even asked.
        return list(unsafe_settings()) or left_from_a_demo() or not_behind_the_wall()
    return list(real_numbers())


# --- production ----------------------------------------------------------------------------------


def unsafe_settings() -> Iterator[str]:
    """What is unsafe in the settings of a production."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        yield "Production needs PostgreSQL (INBEELD_DATABASE_URL): SQLite is for trials."
    elif not database["PASSWORD"]:
        yield "Production needs a password in INBEELD_DATABASE_URL."
    else:
        yield from public_hosts(str(database["HOST"]))
    if not settings.INBEELD_DATABASE_APP_ROLE:
        yield "Production needs INBEELD_DATABASE_APP_ROLE: the role of the database that answers requests."
    if settings.DEBUG:
        yield "Production refuses DEBUG."
    if settings.INBEELD_TRIAL:
        yield "Production refuses the log-ins of the demo, and has no banner of a trial."
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield "Production needs INBEELD_HOSTS: the host names the site answers to, with commas."
    if not os.environ.get("INBEELD_KEYRING"):
        yield "Production needs INBEELD_KEYRING: the path of the key ring, apart from the database."
    elif settings.INBEELD_KEYRING.is_relative_to(settings.INBEELD_DATA):
        yield "Production refuses a key ring in INBEELD_DATA: a backup of the data would hold the keys too."
    if not settings.EMAIL_HOST:
        yield "Production needs INBEELD_MAIL, the server for mail: notice of an emergency would reach nobody."
    contacts = settings.INBEELD_SECURITY_CONTACT
    if not contacts or not all(is_a_contact(one) for one in contacts):
        yield (
            "Production needs INBEELD_SECURITY_CONTACT, whom to tell of a leak: an address that begins with "
            "mailto: or https://."
        )


def is_a_contact(address: str) -> bool:
    """Is this something a finder of a leak can be told to use (RFC 9116, 2.5.3)?"""
    return re.fullmatch(r"mailto:[^\s@<>]+@[^\s@<>]+|https://[^\s<>]+", address) is not None


def public_hosts(hosts: str) -> Iterator[str]:
    """What is wrong with where the database is: only this machine and private networks will do.

    Nothing, or a path, is a socket of this machine. A name counts for every address it has.
    """
    for host in hosts.split(","):
        if not host or host.startswith(("/", "@")):
            continue
        try:
            addresses = {str(found[4][0]).partition("%")[0] for found in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError):
            yield f"The host of the database, {host}, cannot be found: is INBEELD_DATABASE_URL right?"
            continue
        if any(not _is_private(address) for address in addresses):
            yield f"The host of the database, {host}, is public: it must be on a private network."


def _is_private(address: str) -> bool:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return (found.is_private or found.is_loopback) and not found.is_unspecified


def left_from_a_demo() -> list[str]:
    """People whom one button logs in belong in no production database."""
    from inbeeld.organisations.operations_people import people_of_the_demo

    try:
        found = people_of_the_demo()
    except OperationalError:
        return ["The database of INBEELD_DATABASE_URL does not answer."]
    except ProgrammingError:
        return []  # before the first migrate there is nobody
    if not found:
        return []
    return [f"The database holds people of the demo ({found}). It was filled by a trial: use an empty one."]


def not_behind_the_wall() -> list[str]:
    """What keeps the database from checking for itself who may see what, over the connection of the site."""
    from django.db import connection

    from inbeeld.access.row_security_walls import reasons_not_to_answer

    return reasons_not_to_answer(connection)


# --- trial ---------------------------------------------------------------------------------------


def real_numbers() -> Iterator[str]:
    """Why a trial does not start: a number that could be somebody's. Never says which."""
    from inbeeld.access.row_security import commanding
    from inbeeld.keys.keyring import KeyRingUnusable
    from inbeeld.learners.operations import has_a_number

    try:
        with commanding("demo"):
            found = has_a_number(is_valid_bsn)
    except (OperationalError, ProgrammingError):
        return  # before the first migrate there is nobody
    except KeyRingUnusable as why:
        yield f"The numbers in this trial cannot be looked through: {why}"
        return
    if found:
        yield (
            "This trial holds a number that could be the citizen service number of a real person. A trial is "
            "for invented children only: remove the data, and report it if it was about somebody."
        )


# --- the same as system checks -------------------------------------------------------------------


@register(Tags.security)
def production_is_safe(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """The settings of a production."""
    if settings.MODE != "production":
        return []
    return [Error(sentence, id="inbeeld.E101") for sentence in unsafe_settings()]


@register(Tags.database)
def no_demo_in_production(
    app_configs: Any = None, databases: Any = None, **options: Any
) -> list[CheckMessage]:
    """The people in a production database."""
    if settings.MODE != "production" or not databases:
        return []
    return [Error(sentence, id="inbeeld.E102") for sentence in left_from_a_demo()]


@register(Tags.database)
def refuse_real_numbers(app_configs: Any = None, databases: Any = None, **options: Any) -> list[CheckMessage]:
    """The numbers in a trial."""
    if settings.MODE != "trial" or not databases:
        return []
    return [Error(sentence, id="inbeeld.E103") for sentence in real_numbers()]
