"""The addresses of logging in: of allauth only what stands here has one. Pages are loaded when needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string


def page(name: str) -> Callable[..., HttpResponseBase]:
    """A view of the room `access`, imported at its first visit: passkeys bring much along."""

    @cache
    def found() -> Callable[..., HttpResponseBase]:
        return import_string(f"inbeeld.access.{name}")

    def view(request: HttpRequest, **named: Any) -> HttpResponseBase:
        return found()(request, **named)

    view.__name__ = name
    return view


urlpatterns = [
    path("inloggen/", page("log_in_views.log_in"), name="account_login"),
    path("inloggen/passkey/", page("log_in_views.log_in_by_passkey"), name="mfa_login_webauthn"),
    path("inloggen/tweede-stap/", page("log_in_views.second_step"), name="mfa_authenticate"),
    path("inloggen/afgebroken/", page("oidc.cancelled"), name="socialaccount_login_cancelled"),
    path("inloggen/via/<slug:provider_id>/", page("oidc.start"), name="openid_connect_login"),
    path("inloggen/via/<slug:provider_id>/terug/", page("oidc.callback"), name="openid_connect_callback"),
    path("uitnodiging/<str:token>/", page("views_session.invitation"), name="invitation"),
    path("rol/", page("views_session.choose_role"), name="choose_role"),
    path("account/", page("views_session.account"), name="mfa_index"),
    path("account/begin/", page("views_session.set_up"), name="set_up"),
    path("account/bewijs/", page("views_session.prove"), name="prove"),
    path("account/overal-afmelden/", page("views_session.log_out_everywhere"), name="log_out_everywhere"),
    path("account/wachtwoord/", page("log_in_views.new_password"), name="account_change_password"),
    path("account/wachtwoord/kiezen/", page("log_in_views.choose_password"), name="account_set_password"),
    path("account/app/", page("log_in_views.activate_app"), name="mfa_activate_totp"),
    path("account/app/weg/", page("log_in_views.remove_app"), name="mfa_deactivate_totp"),
    path("account/passkey/", page("log_in_views.add_passkey"), name="mfa_add_webauthn"),
    path("account/passkey/<int:pk>/weg/", page("log_in_views.remove_passkey"), name="mfa_remove_webauthn"),
    path("account/codes/", page("log_in_views.codes"), name="mfa_view_recovery_codes"),
    path("account/codes/nieuw/", page("log_in_views.new_codes"), name="mfa_generate_recovery_codes"),
]
