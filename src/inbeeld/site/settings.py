"""Settings, read from the environment.

INBEELD_MODE          trial (default) or production
INBEELD_DEMO          1: role log-ins without a password (set by the demo alone; never beside PostgreSQL)
INBEELD_DATA          folder of the database and the judged snapshot (default: .inbeeld in the project)
INBEELD_REGION        name of the region (production; in a trial: noorderveen)
INBEELD_KEYRING       file of the key ring (needed in production, outside INBEELD_DATA; default: inside it,
                      or beside it when that is the folder of a demo)
INBEELD_DATABASE_URL  postgresql://user:password@host:port/name; without it SQLite in INBEELD_DATA
INBEELD_SECRET_KEY    needed in production; a trial makes its own
INBEELD_DATABASE_APP_ROLE    the role that answers requests; with it `migrate` puts up row-level security
INBEELD_DATABASE_BATCH_ROLE  the role that runs commands, if it is not the owner of the tables
INBEELD_COMMANDS_DATABASE_URL  instead of INBEELD_DATABASE_URL, for the commands of inbeeld
INBEELD_INBOX         folder with a folder for each school, named by its key: what is dropped is delivered
INBEELD_MAIL          server for mail, as host or host:port (needed in production; in a trial none is sent)
INBEELD_MAIL_FROM     sender of mail
INBEELD_ADDRESS       address of the front page, for in mail (default: the first of INBEELD_HOSTS)
INBEELD_HOSTS         host names the site answers to, with commas (production)
INBEELD_SECURITY_CONTACT  whom to tell of a leak, for security.txt: mailto: or https: (needed in production)
INBEELD_OIDC          file of the organisations' own log-ins (access/providers.py says how it looks)
INBEELD_PROXIES       how many proxies of ours stand before the server (production; default 1)
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from inbeeld.access.providers import BadProviders, read_providers
from inbeeld.site.trial_folder import DATABASE, KEYRING, is_a_trial, keyring_beside, secret_beside

SITE = Path(__file__).resolve().parent
PROJECT = SITE.parents[2]

MODE = os.environ.get("INBEELD_MODE", "trial")
if MODE not in ("trial", "production"):
    raise ImproperlyConfigured(f"INBEELD_MODE is trial or production, not {MODE!r}.")
INBEELD_DATA = Path(os.environ.get("INBEELD_DATA") or PROJECT / ".inbeeld").resolve()
DATABASE_URL = os.environ.get("INBEELD_DATABASE_URL", "")
#: The region this site is of, as its organisations name it; it stands in the heads partners keep.
INBEELD_REGION = os.environ.get("INBEELD_REGION") or ("noorderveen" if MODE == "trial" else "")
INBEELD_INBOX = Path(os.environ["INBEELD_INBOX"]) if os.environ.get("INBEELD_INBOX") else None
#: What this region agreed on; without a file the defaults hold.
_profile = PROJECT / "policy" / "regions" / f"{INBEELD_REGION}.toml"
INBEELD_REGION_PROFILE = _profile if INBEELD_REGION and _profile.is_file() else None
#: A command that is pointed at the folder of a demo uses what that demo uses.
_OF_A_DEMO = MODE == "trial" and is_a_trial(INBEELD_DATA)
#: The keys, apart from what they open: a backup of one is useless without the other.
INBEELD_KEYRING = Path(
    os.environ.get("INBEELD_KEYRING")
    or (keyring_beside(INBEELD_DATA) if _OF_A_DEMO else INBEELD_DATA / KEYRING)
).resolve()


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
        "HOST": unquote(parts.hostname or ""),  # or the folder of a socket, as %2Fvar%2Frun
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite() -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": INBEELD_DATA / DATABASE,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
        },
    }


INBEELD_DATABASE_APP_ROLE = os.environ.get("INBEELD_DATABASE_APP_ROLE", "")
INBEELD_DATABASE_BATCH_ROLE = os.environ.get("INBEELD_DATABASE_BATCH_ROLE", "")
DATABASES = {"default": _postgresql(DATABASE_URL) if DATABASE_URL else _sqlite()}
DEBUG = MODE == "trial" and os.environ.get("INBEELD_DEBUG") == "1"
SECRET_KEY = os.environ.get("INBEELD_SECRET_KEY") or ""
if not SECRET_KEY and MODE == "trial":
    SECRET_KEY = secret_beside(INBEELD_DATA) if _OF_A_DEMO else secrets.token_urlsafe(50)
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

#: The organisations' own log-ins, by id.
INBEELD_PROVIDERS = {}
if _oidc := os.environ.get("INBEELD_OIDC"):
    try:
        INBEELD_PROVIDERS = read_providers(Path(_oidc), environment=os.environ, plain_http=MODE == "trial")
    except BadProviders as error:
        raise ImproperlyConfigured(str(error)) from None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "inbeeld.journal",
    "inbeeld.keys",
    "inbeeld.organisations",
    "inbeeld.access",
    "inbeeld.learners",
    "inbeeld.causes",
    "inbeeld.agreements",
    "inbeeld.contacts",
    "inbeeld.schools",
    "inbeeld.alerts",
    "inbeeld.duo",
    "inbeeld.deliveries",
    "inbeeld.reconciliation",
    "inbeeld.notices",
    "inbeeld.site",
    # After ours, so that our templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "inbeeld.site.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "inbeeld.site.smaller.SmallerStatic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "inbeeld.site.language.LanguageFromCookie",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "inbeeld.access.sessions.SessionLimits",
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
            ],
            "libraries": {"acting": "inbeeld.access.form_tags"},
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
#: What somebody hands in may hold names: it is kept in memory until it is sealed, never in a temporary file.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 51 * 1024 * 1024
#: Two million pasted characters may be twice as many bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300

SESSION_COOKIE_NAME = "inbeeld_session"
#: A row that was not written for a quarter of an hour is no session any more, whatever else happens; the
#: limits themselves are in access/sessions.py. The extra minute: the last moment is written once a minute.
SESSION_COOKIE_AGE = 16 * 60
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
    # A browser takes these from this very host only, over https, and for every path.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-inbeeld_session", "__Host-inbeeld_csrf"
    LANGUAGE_COOKIE_NAME = "__Host-inbeeld_language"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
#: Where somebody comes who has chosen a role.
INBEELD_FIRST_PAGE = "work"
#: What a room puts on a page of a room below it: by place, a view that gives a piece of that page.
INBEELD_FROM_ABOVE = {
    "causes_of_a_child": "inbeeld.causes.views.on_the_page_of_a_child",
    "causes_of_a_list": "inbeeld.causes.views.on_a_list",
    "agreements_of_a_child": "inbeeld.agreements.views.on_the_page_of_a_child",
    "agreements_of_a_list": "inbeeld.agreements.views.on_a_list",
    "contacts_of_a_child": "inbeeld.contacts.views.on_the_page_of_a_child",
    "contacts_of_a_list": "inbeeld.contacts.views.on_a_list",
    "signals_of_a_child": "inbeeld.alerts.views.on_the_page_of_a_child",
    "reports_of_a_child": "inbeeld.duo.views.on_the_page_of_a_child",
    "report_of_a_signal": "inbeeld.duo.views.on_the_page_of_a_signal",
    "reported_on_signals": "inbeeld.duo.seen_on_signals.on_signals",
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "inbeeld.access.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "inbeeld.access.passwords.NotWellKnown"},
    {"NAME": "inbeeld.access.passwords.NotOnlyDigits"},
    {"NAME": "inbeeld.access.passwords.NotYourName"},
]
#: Counts tries to log in, for all workers together. Holds addresses of computers and hashes, no child.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "inbeeld_tries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_ADAPTER = "inbeeld.access.login.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if MODE == "production" else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
#: An office is one address for many people. A single account gets five wrong passwords in five minutes from
#: one address, and twenty from all together: else anybody keeps out whom they know the e-mail address of.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,20/5m/key",
    "login_failed_from_here": "5/5m/key",
    # Only who knows the password comes as far as a code, so these are few wherever they come from.
    "code_failed": "5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
_proxies = os.environ.get("INBEELD_PROXIES") or "1"
if not (_proxies.isascii() and _proxies.isdigit() and len(_proxies) < 3):
    raise ImproperlyConfigured(f"INBEELD_PROXIES is the number of our own proxies, not {_proxies!r}.")
ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxies) if MODE == "production" else 0
MFA_ADAPTER = "inbeeld.access.login.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "inbeeld"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
#: A trial on this machine has no https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE == "trial"
SOCIALACCOUNT_ADAPTER = "inbeeld.access.oidc.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False

#: Mail says only that there is something, with the address of the front page: no name, no case.
_mail, _, _mail_port = os.environ.get("INBEELD_MAIL", "").partition(":")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _mail else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _mail, int(_mail_port) if _mail_port.isdecimal() else 25, 10
EMAIL_USE_TLS = MODE == "production"
DEFAULT_FROM_EMAIL = os.environ.get("INBEELD_MAIL_FROM") or "inbeeld@localhost"
INBEELD_ADDRESS = os.environ.get("INBEELD_ADDRESS") or (
    f"https://{ALLOWED_HOSTS[0]}/" if MODE == "production" and ALLOWED_HOSTS else "http://localhost:8000/"
)
#: Whom a finder of a leak tells, in /.well-known/security.txt; several with spaces between them.
INBEELD_SECURITY_CONTACT = os.environ.get("INBEELD_SECURITY_CONTACT", "").split()

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
