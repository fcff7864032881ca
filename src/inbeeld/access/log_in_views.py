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
from inbeeld.access import operations_log_in as journalled
from inbeeld.access.login import MFAAdapter
from inbeeld.access.operations_log_in import Did
from inbeeld.access.proving import may_change_factors, to_the_proof
from inbeeld.access.scripts import with_scripts
from inbeeld.access.sessions import has_a_second_factor
from inbeeld.access.vouching import SECOND_FACTOR, must_be_invited_first


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

        elsewhere = must_be_invited_first(request)
        context = {"providers": [] if elsewhere else providers_for(request.user), "elsewhere": elsewhere}
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

    def form_invalid(self, form: Any) -> HttpResponse:
        journalled.log_in_failed(self.request, person=self.stage.login.user)
        return super().form_invalid(form)


class ActivateApp(ActivateTOTPView):
    """An authenticator app: a picture to scan, and the first code."""

    form_class = forms.ActivateAppForm

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.ADD_APP):
            response = super().form_valid(form)
            _has_shown(self.request, Authenticator.Type.TOTP)
        return response


class RemoveApp(DeactivateTOTPView):
    """Never the last way in: its form sees to that."""

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.REMOVE_APP):
            return super().form_valid(form)


def _has_shown(request: HttpRequest, kind: str) -> None:
    """Who just set up a passkey or an app has just shown that it works: the session counts it."""
    made = Authenticator.objects.filter(user=request.user.pk, type=kind).latest("pk")
    record_authentication(request, request.user, SECOND_FACTOR, id=made.pk, type=kind, reauthenticated=True)


class AddPasskey(AddWebAuthnView):
    """A passkey. Codes to fall back on come only with a password: they are a second step."""

    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.ADD_PASSKEY):
            response = self._added(form)
            _has_shown(self.request, Authenticator.Type.WEBAUTHN)
        return response

    def _added(self, form: Any) -> HttpResponse:
        if self.request.user.has_usable_password():
            return super().form_valid(form)
        flows.signup_authenticator(
            self.request,
            user=self.request.user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        return redirect("mfa_index")


class RemovePasskey(RemoveWebAuthnView):
    """Never the last way in."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(self.get_object()):
            raise PermissionDenied
        with journalled.changing(self.request, Did.REMOVE_PASSKEY):
            return super().form_valid(form)


class NewCodes(GenerateRecoveryCodesView):
    """Other codes to fall back on. The old list is gone, and with it what was begun with a code of it."""

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.NEW_CODES):
            response = super().form_valid(form)
            # Or who lost their phone, and came in with a code, would not get to read the new ones.
            _has_shown(self.request, Authenticator.Type.RECOVERY_CODES)
        return response


class ChoosePassword(PasswordSetView):
    """A first password, to be followed by an authenticator app."""

    form_class = forms.ChoosePasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.SET_PASSWORD):
            return super().form_valid(form)


class NewPassword(PasswordChangeView):
    """Another password; every other session of this person ends."""

    form_class = forms.NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        with journalled.changing(self.request, Did.CHANGE_PASSWORD):
            return super().form_valid(form)


log_in = with_scripts(LogIn.as_view())
log_in_by_passkey = LogInByPasskey.as_view()
second_step = with_scripts(SecondStep.as_view())
activate_app = asks_first(ActivateApp.as_view())
remove_app = asks_first(RemoveApp.as_view())
add_passkey = with_scripts(asks_first(AddPasskey.as_view()))
remove_passkey = asks_first(RemovePasskey.as_view())
codes = asks_first(ViewRecoveryCodesView.as_view())
new_codes = asks_first(NewCodes.as_view())
choose_password = asks_first(ChoosePassword.as_view())
new_password = asks_first(NewPassword.as_view())
