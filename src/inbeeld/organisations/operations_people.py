"""Changes to people: who is invited, what they log in with, and which of their sessions go on.

Nobody makes an account for themselves. An organisation invites a person, who gets a link that works once and
for a day; through that link they set up how they will log in.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from inbeeld.engine.refusal import BadInput
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Membership, Organisation, Role, Vouched

INVITATION_LASTS = timedelta(hours=24)
SALT = "inbeeld.invitation"
#: What `appoint` gives the invented people of the demo: no password, and none that Django itself would make.
PASSWORD_OF_THE_DEMO = "!"
#: In whose name the journal says what is done from the command line.
COMMAND = "command:people"


@dataclass(frozen=True)
class Invitation:
    """Somebody who was invited, and the secret part of their link; None for who can log in already.

    `opens`: can they come into this role as they log in now? Not when that was set up on the word of another
    organisation.
    """

    person: User
    membership: Membership
    token: str | None
    opens: bool = True


@transaction.atomic
def invite(
    name: tuple[str, str],
    *,
    email: str,
    role: Role,
    at: Organisation,
    from_on: date,
    again: bool = False,
    identity: tuple[str, str] | None = None,
) -> Invitation:
    """Make a person (call name, last name) with a role at an organisation, and a link to begin with.

    Who is known by this address already gets the role beside those they have, and goes on logging in as
    before; with `again` everything they log in with is taken away, their sessions end and there is a new
    link: for who lost it all. `identity`: a provider and who they are there, to log in with from now on.
    Raises BadInput, in a sentence.
    """
    email = _checked(email)
    if Kind(at.kind) not in KINDS_OF_ROLE[role]:
        raise BadInput("--role", f"a role that exists at a {at.get_kind_display()}", found=role.value)
    people = get_user_model().objects
    person = people.select_for_update().filter(email__iexact=email).first()
    if person is None:
        person = people.create_user(
            username=f"p-{secrets.token_hex(8)}", email=email, first_name=name[0], last_name=name[1]
        )
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    elif again:
        forget_how_they_log_in(person)
    elif _held(person, role=role, at=at):
        raise BadInput("--email", "somebody without this role (or --again for a new link)", found=email)
    else:
        membership = _appointed(person, role=role, at=at, from_on=from_on)
        return Invitation(person, membership, None, opens=_may_open(person, at))
    if identity is not None:
        link_identity(person, provider=identity[0], subject=identity[1])
    held = _held(person, role=role, at=at) or _appointed(person, role=role, at=at, from_on=from_on)
    _log("invite", f"person:{person.pk}")
    return Invitation(person, held, token_of(person))


def _held(person: User, *, role: Role, at: Organisation) -> Membership | None:
    return Membership.objects.filter(person=person, organisation=at, role=role, until_on=None).first()


def _appointed(person: User, *, role: Role, at: Organisation, from_on: date) -> Membership:
    made = Membership.objects.create(person=person, organisation=at, role=role, from_on=from_on)
    _log("appoint", f"membership:{made.pk}")
    return made


def _may_open(person: User, at: Organisation) -> bool:
    return not Vouched.objects.filter(person=person).exclude(organisation=at).exists()


def _log(action: str, about: str, *, by: str = COMMAND, origin: str = COMMAND) -> None:
    """One line, in the same transaction."""
    journal.append([Deed(trace=uuid.uuid4(), actor=by, action=action, object=about, origin=origin)])


def _checked(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        raise BadInput("--email", "an e-mail address", found=email) from None
    return email.lower()


def token_of(person: User) -> str:
    """The secret part of a link for this person. It stops working when it was used, and after a day."""
    return signing.dumps({"person": person.pk, "state": _state(person)}, salt=SALT)


def _state(person: User) -> str:
    """What changes when somebody has logged in, set a password, or was invited again."""
    last = "" if person.last_login is None else str(person.last_login.timestamp())
    return salted_hmac(SALT, f"{person.pk}|{person.password}|{last}", algorithm="sha256").hexdigest()


def invited_by(token: str) -> User | None:
    """The person an unused link is for; None when it was used, has run out, or was never ours."""
    try:
        told = signing.loads(token, salt=SALT, max_age=INVITATION_LASTS)
        person = get_user_model().objects.filter(pk=told["person"], is_active=True).first()
        state = str(told["state"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    return person if person is not None and constant_time_compare(state, _state(person)) else None


@transaction.atomic
def accept(token: str) -> User | None:
    """Use up a link: the person it is for, to be logged in now; None when it does not work (any more)."""
    person = invited_by(token)
    if person is None:
        return None
    locked = get_user_model().objects.select_for_update().get(pk=person.pk)
    if not constant_time_compare(_state(locked), _state(person)):
        return None
    locked.last_login = timezone.now()
    locked.save(update_fields=["last_login"])
    return locked


@transaction.atomic
def link_identity(
    person: User, *, provider: str, subject: str, by: str = COMMAND, origin: str = COMMAND
) -> None:
    """Let this person log in as `subject` of an organisation's log-in. Only who they are is kept.

    `by` and `origin`: in whose name the journal says so, and from where. Raises BadInput when somebody else
    logs in with it.
    """
    linked, is_new = SocialAccount.objects.get_or_create(
        provider=provider, uid=subject, defaults={"user": person, "extra_data": {}}
    )
    if linked.user_id != person.pk:
        raise BadInput("--subject", "a subject nobody logs in with yet")
    if is_new:
        _log("link_identity", f"person:{person.pk}", by=by, origin=origin)


def note_who_vouches(person: User, organisations: Iterable[str]) -> None:
    """Note that what a person sets up now rests on the word of these organisations (by key) alone.

    Raises Organisation.DoesNotExist for one that takes no part.
    """
    for key in organisations:
        Vouched.objects.get_or_create(person=person, organisation=Organisation.objects.get(key=key))


@transaction.atomic
def forget_how_they_log_in(person: User) -> None:
    """Take away password, passkeys, authenticator app, codes and linked log-ins; end every session.

    With them goes the note on whose word they were set up.
    """
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    Vouched.objects.filter(person=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_sessions_of(person)
    _log("forget_log_in", f"person:{person.pk}")


def set_password(person: User, password: str) -> None:
    """Give this person this password, and change nothing else of them: no request may."""
    person.set_password(password)
    person.save(update_fields=["password"])


def note_proof(request: HttpRequest, shown: Authenticator) -> None:
    """Note that a passkey or a code was shown again, on it and in the session."""
    post_authentication(request, shown, reauthenticated=True)


def end_sessions_of(person: User) -> int:
    """Log a person out everywhere; returns how many sessions ended.

    A session does not say whose it is in a column, so that nobody can list who is at work; each that has not
    run out is opened. There are as many as people at work.
    """
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def sweep_sessions() -> None:
    """Remove the sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def people_of_the_demo() -> int:
    """How many people were made by the demo, where one button logs you in."""
    return get_user_model().objects.filter(password=PASSWORD_OF_THE_DEMO).count()
