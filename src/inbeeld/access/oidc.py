"""Logging in at an organisation (OpenID Connect): it says who somebody is, and nothing else is taken over.

Nobody is recognised by an e-mail address or a name. An identity (the `sub` of one provider) is linked to a
person who was invited: beforehand, or by that person through the invitation's own link. What the provider
says of roles or groups is not read.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.acting import page_of
from inbeeld.access.operations_log_in import asker
from inbeeld.access.providers import IdentityProvider
from inbeeld.access.proving import may_change_factors
from inbeeld.access.sessions import LONGEST
from inbeeld.access.vouching import INVITATION
from inbeeld.engine.refusal import BadInput
from inbeeld.organisations import operations_people
from inbeeld.organisations.models import Membership

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: Seconds two clocks may differ.
LEEWAY = 30


@dataclass
class Said:
    """What is kept of what a provider says, until the log-in is done."""

    nonce: str
    authenticated_at: int | None
    was_linked: bool = False


@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to an organisation's log-in. It answers a form, so that no other site can send somebody there."""
    told = _told(provider_id)
    nonce = secrets.token_urlsafe(24)
    asked: dict[str, Any] = {"nonce": nonce, "max_age": LONGEST}
    if "anew" in request.POST:
        asked |= {"prompt": "login", "max_age": 0}
    invited = _was_invited(request)
    provider = social_adapter(request).get_provider(request, provider_id)
    provider.oauth2_adapter_class = OrganisationLogIn
    try:
        away = provider.redirect(request, "login", auth_params=asked, nonce=nonce, invited=invited)
    except (requests.RequestException, OAuth2Error, ValueError, KeyError):
        return render(request, "account/not_through.html", {"name": told.name, "why": "silent"}, status=502)
    # The browser would not let a form lead to another site; a page that moves on by itself may.
    return HttpResponse(
        render(request, "account/to_organisation.html", {"name": told.name, "address": away.url}).content,
        headers={"Refresh": f"0; url={away.url}"},
    )


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from an organisation's log-in."""
    told = _told(provider_id)
    try:
        view = OAuth2CallbackView.adapter_view(OrganisationLogIn(request, provider_id))
        response = view(request)
    except (requests.RequestException, OAuth2Error, ValueError, KeyError):
        response = None
    if response is None or response.status_code == 401:
        return render(request, "account/not_through.html", {"name": told.name, "why": "failed"}, status=401)
    return response


def _told(provider_id: str) -> IdentityProvider:
    if provider_id not in settings.INBEELD_PROVIDERS:
        raise Http404
    return settings.INBEELD_PROVIDERS[provider_id]


def _was_invited(request: HttpRequest) -> int | None:
    """The person who has just come through an invitation's link, and has nothing to log in with yet."""
    if not request.user.is_authenticated or not may_change_factors(request):
        return None
    records = get_authentication_records(request, request.user)
    return request.user.pk if any(one["method"] == INVITATION for one in records) else None


def providers_for(person: Any) -> list[IdentityProvider]:
    """The organisations' log-ins this person may come through: those of where they work."""
    keys = set(Membership.objects.filter(person=person).values_list("organisation__key", flat=True))
    return [one for one in settings.INBEELD_PROVIDERS.values() if one.organisation in keys]


class OrganisationLogIn(OpenIDConnectOAuth2Adapter):
    """The exchange with one provider; of what it says only the subject, the nonce and the moment are read."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Its discovery document, which must name the issuer we were told."""
        found: dict[str, Any] = super().openid_config
        if str(found.get("issuer", "")).rstrip("/") != settings.INBEELD_PROVIDERS[self.provider_id].issuer:
            raise OAuth2Error("The discovery document is of another issuer.")
        return found

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self._verified(app, kwargs["response"].get("id_token"))
        login = self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": claims["sub"]}})
        login.account.extra_data = {}
        at = claims.get("auth_time")
        login.said = Said(
            nonce=str(claims.get("nonce", "")),
            authenticated_at=at if isinstance(at, int) and at <= time.time() + LEEWAY else None,
        )
        return login

    def _verified(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        """The claims of an ID token with a good signature, for us, from the issuer we were told."""
        try:
            key_id = jwt.get_unverified_header(id_token).get("kid")
            with social_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
                keys = jwt.PyJWKSet.from_dict(answer.json()).keys
            fitting = [key for key in keys if key_id is None or key.key_id == key_id]
            if len(fitting) != 1:
                raise OAuth2Error("No key, or more than one, fits the ID token.")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=fitting[0],
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, TypeError) as error:
            raise OAuth2Error("The ID token is not good.") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("The ID token was made for somebody else too.")
        return claims


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers come from a file, persons from invitations."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=one.id,
                name=one.name[:40],
                client_id=one.client_id,
                secret=one.client_secret,
                settings={"server_url": one.issuer, "oauth_pkce_enabled": True, "scope": ["openid"]},
            )
            for one in settings.INBEELD_PROVIDERS.values()
            if provider in (None, "openid_connect", one.id) and client_id in (None, one.client_id)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """An identity nobody linked makes no account."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never: whoever runs a provider could claim any address."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse a reply that is not to our question; link an identity to who came through their own link."""
        told = _told(sociallogin.account.provider)
        state = sociallogin.state
        if not state.get("nonce") or not constant_time_compare(state["nonce"], sociallogin.said.nonce):
            raise ImmediateHttpResponse(_refused(request, told, "failed"))
        invited = state.get("invited")
        if invited is not None and invited == request.user.pk and invited == _was_invited(request):
            if told not in providers_for(request.user):
                raise ImmediateHttpResponse(_refused(request, told, "other"))
            try:
                operations_people.link_identity(
                    request.user,
                    provider=told.id,
                    subject=sociallogin.account.uid,
                    by=asker(request),
                    origin=page_of(request),
                )
            except BadInput:
                raise ImmediateHttpResponse(_refused(request, told, "taken")) from None
            sociallogin.user, sociallogin.said.was_linked = request.user, True
        elif not sociallogin.is_existing:
            raise ImmediateHttpResponse(_refused(request, told, "unknown"))


def _refused(request: HttpRequest, told: IdentityProvider, why: str) -> HttpResponse:
    return render(request, "account/not_through.html", {"name": told.name, "why": why}, status=403)


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """Somebody turned back at their organisation's log-in."""
    return render(request, "account/not_through.html", {"name": "", "why": "cancelled"})
