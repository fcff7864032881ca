"""How allauth behaves here: nobody signs up, nothing tells who has an account, a password is not enough."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inbeeld.access import operations_log_in
from inbeeld.access.operations_log_in import Did
from inbeeld.access.proving import may_change_factors
from inbeeld.access.sessions import has_a_second_factor
from inbeeld.access.vouching import INVITATION, ORGANISATION
from inbeeld.organisations import operations_people

TOO_MANY = {"too_many_login_attempts", "rate_limited"}
FACTORS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
NONCE_BYTES = 12


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by organisations, and every log-in leads to the choice of one role."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _("This code is not right, or was used before. Wait for the next one."),
    }

    def validation_error(self, code: str, *args: Any) -> Any:
        """A wrong answer; of too many the answer is a page with status 429."""
        if code in TOO_MANY:
            raise ImmediateHttpResponse(respond_429(context.request))
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is mailed: a link is handed over by who invited."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("choose_role")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index" if has_a_second_factor(request.user) else "mfa_activate_totp")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('account_login')}?ended=closed")

    def set_password(self, user: Any, password: str) -> None:
        operations_people.set_password(user, password)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Log in, with a line in the journal, and clear away the sessions that ran out."""
        operations_people.sweep_sessions()
        with transaction.atomic():
            super().login(request, user)
            operations_log_in.note(request, Did.LOG_IN, person=user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Few tries for one account from one address; what is refused here does not count for the account."""
        here = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_from_here",
            key=f"{str(credentials.get('email', '')).lower()} {ratelimit.get_ip(request)}",
        )
        if here is None:
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)
        # After a good password all of it is taken back.
        self._login_failed_rl_usage.usage += here.usage

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password stands in the journal of who has an account."""
        operations_log_in.log_in_failed(request, email=str(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse:
        """After every log-in a role is chosen, whatever page was asked for."""
        came_by = (about.get("signal_kwargs") or {}).get("sociallogin")
        if came_by is not None:
            request.session["authenticated_at"] = came_by.said.authenticated_at
            if came_by.said.was_linked:
                record_authentication(request, user, INVITATION)
        about["redirect_url"] = self.get_login_redirect_url(request)
        return super().post_login(request, user, **about)

    def get_login_stages(self) -> list[str]:
        return [f"{SecondFactor.__module__}.{SecondFactor.__qualname__}"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Our own page asks for a proof; a password alone is none."""
        return [{"id": "prove", "description": _("Prove that it is you"), "url": reverse("prove")}]

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        return not may_change_factors(context.request)


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator apps and codes, with their secrets encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("This is your only second factor. Set up another one first."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last passkey or app stays: without one there is no way in."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        return authenticator.type not in FACTORS or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """What a secret looks like in the database."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), b"authenticator")
        return base64.b64encode(nonce + sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself, also when it was written under an earlier SECRET_KEY that still counts."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = base64.b64decode(encrypted_text)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return AESGCM(_key(secret)).decrypt(
                    raw[:NONCE_BYTES], raw[NONCE_BYTES:], b"authenticator"
                ).decode()  # fmt: skip
            except InvalidTag:
                continue
        raise self.validation_error("incorrect_code")

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, to stand in the page itself: our pages take no pictures from data."""
        import qrcode

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
        path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
        size = len(rows)
        return f'<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><path d="{path}"/></svg>'

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "inbeeld"}


def _key(secret: str) -> bytes:
    return salted_hmac("inbeeld.authenticators", b"", secret=secret, algorithm="sha256").digest()


class SecondFactor(AuthenticateStage):
    """The second step of a log-in; left out when the organisation's own log-in asked for two factors."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        came_by = settings.INBEELD_PROVIDERS.get(records[-1].get("provider")) if records else None
        if came_by is not None and records[-1]["method"] == ORGANISATION and came_by.second_factor:
            return False
        return bool(super()._should_handle(request))
