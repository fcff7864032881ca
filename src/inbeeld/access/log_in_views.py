"""The pages of logging in that allauth makes, each as we use it. What is not here has no address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView, PasswordChangeView, PasswordSetView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from inbeeld.access import log_in_forms as forms
from inbeeld.access.login import MFAAdapter
from inbeeld.access.proving import may_change_factors, to_the_proof
from inbeeld.access.scripts import with_scripts
from inbeeld.access.sessions import SECOND_FACTOR, has_a_second_factor


def asks_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a page that changes how somebody logs in: first it must be certain that it is them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect("account_login")
        if may_change_factors(request):
            return view(request, *args, **kwargs)
        if settings.INBEELD_TRIAL or has_a_second_factor(request.user):
            return to_the_proof(request)
        from inbeeld.access.oidc import providers_for

        context = {"providers": providers_for(request.user)}
        return render(request, "account/log_in_again.html", context, status=403)

    return guarded


class LogIn(LoginView):
    """Passkey, organisation, or e-mail address and password."""

    form_class = forms.LogInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        providers = settings.INBEELD_PROVIDERS.values()
        why = self.request.GET.get("ended", "")
        return {**super().get_context_data(**kwargs), "providers": providers, "ended": why}


class LogInByPasskey(LoginWebAuthnView):
    """What a browser sends when its owner has shown a passkey."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return redirect(f"{reverse('account_login')}?ended=passkey")


class SecondStep(AuthenticateView):
    """A code, or a passkey, after a password."""

    form_class = forms.CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return {**super().get_context_data(**kwargs), "kinds": set(kinds)}


class ActivateApp(ActivateTOTPView):
    """An authenticator app: a picture to scan, and the first code."""

    form_class = forms.ActivateAppForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _has_shown(self.request, Authenticator.Type.TOTP)
        return response


def _has_shown(request: HttpRequest, kind: str) -> None:
    """Who just set up a passkey or an app has just shown that it works: the session counts it."""
    record_authentication(request, request.user, SECOND_FACTOR, type=kind, reauthenticated=True)


class AddPasskey(AddWebAuthnView):
    """A passkey. Codes to fall back on come only with a password: they are a second step."""

    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.user.has_usable_password():
            response = super().form_valid(form)
            _has_shown(self.request, Authenticator.Type.WEBAUTHN)
            return response
        flows.signup_authenticator(
            self.request,
            user=self.request.user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        _has_shown(self.request, Authenticator.Type.WEBAUTHN)
        return redirect("mfa_index")


class RemovePasskey(RemoveWebAuthnView):
    """Never the last way in."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(self.get_object()):
            raise PermissionDenied
        return super().form_valid(form)


class ChoosePassword(PasswordSetView):
    """A first password, to be followed by an authenticator app."""

    form_class = forms.ChoosePasswordForm


class NewPassword(PasswordChangeView):
    """Another password; every other session of this person ends."""

    form_class = forms.NewPasswordForm


log_in = with_scripts(LogIn.as_view())
log_in_by_passkey = LogInByPasskey.as_view()
second_step = with_scripts(SecondStep.as_view())
activate_app = asks_first(ActivateApp.as_view())
remove_app = asks_first(DeactivateTOTPView.as_view())
add_passkey = with_scripts(asks_first(AddPasskey.as_view()))
remove_passkey = asks_first(RemovePasskey.as_view())
codes = asks_first(ViewRecoveryCodesView.as_view())
new_codes = asks_first(GenerateRecoveryCodesView.as_view())
choose_password = asks_first(ChoosePassword.as_view())
new_password = asks_first(NewPassword.as_view())
