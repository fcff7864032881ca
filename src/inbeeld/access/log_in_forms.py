"""The forms of logging in: those of allauth, in our words, without what we do not use."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    PasswordField,
    SetPasswordField,
    SetPasswordForm,
)
from allauth.core import context, ratelimit
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

#: A code counts this many seconds: in its own half minute and in those just before and after.
CODE_COUNTS = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD


def code_field(label: Any) -> forms.CharField:
    """A field for the digits of an app, or for a code to fall back on."""
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class LogInForm(LoginForm):
    """E-mail address and password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        )
        self.order_fields(["login", "password"])


class OnlyOnce:
    """A code from an app counts once, however long it is valid."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        """The code, when it is right and was not used before."""
        limit = {"action": "code_failed", "key": f"code of {self.user.pk}"}
        if not ratelimit.consume(context.request, **limit):
            raise account_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        ratelimit.clear(context.request, **limit)
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(filter(str.isalnum, code))
            if not cache.add(f"inbeeld:code:{self.user.pk}:{digits}", True, timeout=CODE_COUNTS):
                raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnlyOnce, AuthenticateForm):
    """The second step of logging in."""

    code = code_field(_("Code"))


class ProofForm(OnlyOnce, ReauthenticateForm):
    """The same again, by somebody who is logged in."""

    code = code_field(_("Code"))


class ActivateAppForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    code = code_field(_("Code from the app"))


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey: found by the browser without a name, and unlocked by its owner. So it is two factors."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("For you alone, to tell it from others. For instance: laptop at work."),
        max_length=60,
        required=False,
    )
    passwordless = None

    def clean(self) -> dict[str, Any]:
        """Refuse a key that did not check who holds it."""
        cleaned = forms.Form.clean(self) or {}
        if credential := cleaned.get("credential"):
            auth.parse_registration_response(credential)
            if not auth.complete_registration(credential).is_user_verified():
                raise get_adapter().validation_error("incorrect_code")
        return cleaned


class _NewPassword(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("password1", _("New password")), ("password2", _("New password, once more"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _(
            "At least twelve characters. A short sentence is easy to keep."
        )
        if "oldpassword" in self.fields:
            self.fields["oldpassword"].label = _("Password you have now")
            self.fields["oldpassword"].widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned


class ChoosePasswordForm(_NewPassword, SetPasswordForm):
    """A first password."""

    password1 = SetPasswordField()
    password2 = PasswordField(autocomplete="new-password")


class NewPasswordForm(_NewPassword, ChangePasswordForm):
    """Another password."""

    oldpassword = PasswordField(autocomplete="current-password")
    password1 = SetPasswordField()
    password2 = PasswordField(autocomplete="new-password")
