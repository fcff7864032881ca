"""Telling people that something waits for them: an e-mail that says nothing else.

No name and no key of a child, nor what it is about: an e-mail lies about for years, and is read on a
telephone in a train (GDPR 5(1)(f) and 32).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)


def tell(people: Iterable[User]) -> None:
    """An e-mail to each of these people once the transaction is kept; who has no address gets none."""
    for address in sorted({one.email for one in people if one.is_active and one.email}):
        transaction.on_commit(partial(_send, address))


def _send(address: str) -> None:
    with override(settings.LANGUAGE_CODE):
        subject = _("There is something for you in inbeeld")
        body = _("There is something for you in inbeeld. Log in to see what it is.")
    where = getattr(settings, "INBEELD_ADDRESS", "")
    try:
        send_mail(subject, f"{body}\n\n{where}\n" if where else f"{body}\n", None, [address])
    except Exception as why:  # what was done is done, and stands in the list of who was told
        # Without the rest of the error: that holds the address.
        logger.error("A notice could not be sent (%s).", type(why).__name__)
