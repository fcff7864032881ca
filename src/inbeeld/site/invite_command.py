"""inbeeld invite: give somebody a role, and the link with which they set up how they log in."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from inbeeld.command_line import BAD_INPUT, Parser, set_up_django
from inbeeld.journal.database import need_the_database

LOCAL = "http://localhost:8000"
#: Of the organisations in one sentence.
SHOWN = 40


def run(words: list[str]) -> int:
    """Invite one person; prints the link on stdout. Returns the exit code. Raises BadInput."""
    chosen = _parser().parse_args(words)

    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        set_up_django()
        need_the_database()
        invited, address = _invite(chosen)
    except ImproperlyConfigured as error:
        return _refuse(str(error))
    except DatabaseError as error:
        return _refuse(f"The database does not answer as it should: {str(error).splitlines()[0].strip()}.")
    if invited.token is None:
        print(f"{chosen.email} has an account here already, and now this role beside it.", file=sys.stderr)
        if not invited.opens:
            print(
                "How they log in was set up on the word of another organisation, so it does not open this "
                "role. With --again it is taken away, and they get a link to set it up anew.",
                file=sys.stderr,
            )
        return 0
    print(
        "This link works once, for 24 hours. Hand it over yourself; who has it, becomes them. "
        f"It is for the site at {address.partition('/uitnodiging/')[0]}: if that is elsewhere, say where "
        "with --address.",
        file=sys.stderr,
    )
    print(address)
    return 0


def _invite(chosen: argparse.Namespace) -> tuple[Any, str]:
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone

    from inbeeld.access.row_security import commanding
    from inbeeld.engine.refusal import BadInput
    from inbeeld.organisations import operations_people
    from inbeeld.organisations.models import Organisation, Role

    first, _, last = " ".join(chosen.name.split()).partition(" ")
    if not first or not last:
        raise BadInput("--name", "a first and a last name", found=chosen.name)
    if chosen.role not in Role.values:
        raise BadInput("--role", f"one of {', '.join(Role.values)}", found=chosen.role)
    at = Organisation.objects.filter(key=chosen.organisation).first()
    if at is None:
        raise BadInput(
            "--organisation", f"the key of one that takes part ({_known()})", found=chosen.organisation
        )
    if chosen.provider and chosen.provider not in settings.INBEELD_PROVIDERS:
        known = ", ".join(settings.INBEELD_PROVIDERS) or "none"
        raise BadInput("--provider", f"one of those in INBEELD_OIDC ({known})", found=chosen.provider)
    if bool(chosen.provider) != bool(chosen.subject):
        raise BadInput("--provider and --subject", "both or neither")
    with commanding("people"):
        invited = operations_people.invite(
            (first, last),
            email=chosen.email,
            role=Role(chosen.role),
            at=at,
            from_on=timezone.localdate(),
            again=chosen.again,
            identity=(chosen.provider, chosen.subject) if chosen.provider else None,
        )
    host = LOCAL if settings.MODE == "trial" else f"https://{settings.ALLOWED_HOSTS[0]}"
    base = (chosen.address or host).rstrip("/")
    path = reverse("invitation", kwargs={"token": invited.token}) if invited.token else ""
    return invited, base + path


def _known() -> str:
    """The organisations by key and name; of many the first."""
    from inbeeld.organisations.models import Organisation

    rows = [f"{key}: {name}" for key, name in Organisation.objects.order_by("key").values_list("key", "name")]
    more = len(rows) - SHOWN
    return "; ".join(rows[:SHOWN]) + (f"; and {more} more" if more > 0 else "") or "none yet"


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="inbeeld invite", description=__doc__, allow_abbrev=False)
    parser.add_argument("--name", required=True, metavar="NAME", help="first and last name")
    parser.add_argument("--email", required=True, metavar="ADDRESS", help="their e-mail address at work")
    parser.add_argument("--role", required=True, metavar="ROLE", help="like swv_coordinator")
    parser.add_argument("--organisation", required=True, metavar="KEY", help="where they have that role")
    parser.add_argument(
        "--again", action="store_true", help="somebody who lost everything: take it away and make a new link"
    )
    parser.add_argument("--provider", metavar="ID", help="they log in through this log-in of INBEELD_OIDC")
    parser.add_argument("--subject", metavar="SUB", help="who they are there (the claim sub)")
    parser.add_argument(
        "--address", metavar="URL", help=f"the site's address, if not of INBEELD_HOSTS ({LOCAL})"
    )
    return parser
