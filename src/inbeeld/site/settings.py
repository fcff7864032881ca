"""Settings, read from the environment.

INBEELD_MODE          trial (default) or production
INBEELD_DEMO          1: role log-ins without a password (set by the demo alone; never beside PostgreSQL)
INBEELD_DATA          folder of the database and the judged snapshot (default: .inbeeld in the project)
INBEELD_DATABASE_URL  postgresql://user:password@host:port/name; without it SQLite in INBEELD_DATA
INBEELD_SECRET_KEY    needed in production; a trial makes its own
INBEELD_HOSTS         host names the site answers to, with commas (production)
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

SITE = Path(__file__).resolve().parent
PROJECT = SITE.parents[2]

MODE = os.environ.get("INBEELD_MODE", "trial")
if MODE not in ("trial", "production"):
    raise ImproperlyConfigured(f"INBEELD_MODE is trial or production, not {MODE!r}.")
INBEELD_DATA = Path(os.environ.get("INBEELD_DATA") or PROJECT / ".inbeeld").resolve()
DATABASE_URL = os.environ.get("INBEELD_DATABASE_URL", "")


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "INBEELD_DATABASE_URL is expected to look like postgresql://user:password@host/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite() -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": INBEELD_DATA / "inbeeld.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


DATABASES = {"default": _postgresql(DATABASE_URL) if DATABASE_URL else _sqlite()}
DEBUG = MODE == "trial" and os.environ.get("INBEELD_DEBUG") == "1"
SECRET_KEY = os.environ.get("INBEELD_SECRET_KEY") or (secrets.token_urlsafe(50) if MODE == "trial" else "")
#: Log-ins without a password, for invented people only: never beside a real database, and never by
#: merely forgetting to say production.
INBEELD_TRIAL = os.environ.get("INBEELD_DEMO") == "1" and MODE == "trial" and not DATABASE_URL

if MODE == "production":
    if not DATABASE_URL:
        raise ImproperlyConfigured("Production needs INBEELD_DATABASE_URL: SQLite is for trials.")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("Production needs INBEELD_SECRET_KEY of at least 50 characters.")
    if not DATABASES["default"]["PASSWORD"]:
        raise ImproperlyConfigured("Production needs a password in INBEELD_DATABASE_URL.")
    if os.environ.get("INBEELD_DEBUG") == "1":
        raise ImproperlyConfigured("Production refuses INBEELD_DEBUG.")
    if os.environ.get("INBEELD_DEMO"):
        raise ImproperlyConfigured("Production refuses INBEELD_DEMO.")

ALLOWED_HOSTS = (
    ["127.0.0.1", "localhost", "[::1]"]
    if MODE == "trial"
    else [host for host in os.environ.get("INBEELD_HOSTS", "").split(",") if host]
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "inbeeld.organisations",
    "inbeeld.learners",
    "inbeeld.site",
]
MIDDLEWARE = [
    "inbeeld.site.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "inbeeld.site.language.LanguageFromCookie",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inbeeld.access.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "inbeeld.site.context.front_door",
            ]
        },
    }
]
ROOT_URLCONF = "inbeeld.site.urls"
WSGI_APPLICATION = "inbeeld.site.wsgi.application"
CSRF_FAILURE_VIEW = "inbeeld.site.views.form_not_accepted"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "inbeeld_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300

SESSION_COOKIE_NAME = "inbeeld_session"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "inbeeld_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if MODE == "production":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_people": {"()": "inbeeld.site.logs.WithoutPeople"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_people"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Lines of refused requests would carry addresses of children's pages.
    "loggers": {
        # Without Django's own handlers, which write the address.
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
