"""What a password must be: long, not well known, not only digits, not your own name. Said in our words.

Long rather than full of signs, as NIST SP 800-63B (5.1.1) advises; and never without a second factor.
"""

from __future__ import annotations

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(django.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        return ngettext(
            "This password is too short: it needs at least %(min_length)d character.",
            "This password is too short: it needs at least %(min_length)d characters.",
            self.min_length,
        ) % {"min_length": self.min_length}


class NotWellKnown(django.CommonPasswordValidator):
    """None of the passwords everybody tries first."""

    def get_error_message(self) -> str:
        return _("This password is well known. Choose another one.")


class NotOnlyDigits(django.NumericPasswordValidator):
    """More than digits."""

    def get_error_message(self) -> str:
        return _("This password has only digits. Use words too.")


class NotYourName(django.UserAttributeSimilarityValidator):
    """Not the name or the address of who uses it."""

    def get_error_message(self) -> str:
        return _("This password looks too much like your name or your e-mail address.")
