"""Settings of the Django project. What a centre may set comes from the environment: docs/reference/settings.md.

Clinical limits are not here: they are facts (clinical/facts) or settings of the centre (record/centres).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from glidepath.centre import secret_key
from glidepath.centre.env import env, flag, whole, words

BASE_DIR = Path(__file__).resolve().parents[3]
VAR = env("GLIDEPATH_VAR", BASE_DIR / "var", Path)

# --- Who may talk to it ---------------------------------------------------------------------------------------------
DEBUG = env("DEBUG", False, flag)
SECRET_KEY = env("SECRET_KEY", "") or secret_key.kept_in(VAR)
# Seals the audit chain; outside the database, and never changed: lines sealed with another key no longer verify.
AUDIT_KEY = env("AUDIT_KEY", "") or secret_key.kept_in(VAR, "audit-key")
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
NO_OTHER: tuple[str, ...] = ()
ALLOWED_HOSTS = [*LOCAL_NAMES, *env("ALLOWED_HOSTS", NO_OTHER, words)]
CSRF_TRUSTED_ORIGINS = list(env("CSRF_TRUSTED_ORIGINS", NO_OTHER, words))
# On a ward: HTTPS=1 behind TLS. Off only for http://localhost.
HTTPS = env("HTTPS", False, flag)

# --- The house ------------------------------------------------------------------------------------------------------
RECORD = ["centres", "audit", "staff", "people", "episodes", "consent", "desk"]
CARE = [
    "alarms",
    "notes",
    "instruments",
    "monitoring",
    "events",
    "assessment",
    "safety",
    "supply",
    "taper",
    "medication",
    "planning",
    "flow",
]
FACES = ["shell", "ward", "handover", "printing"]

INSTALLED_APPS = [
    *(f"glidepath.faces.{room}" for room in FACES),  # first: its templates stand before those of the packages
    *(f"glidepath.record.{room}" for room in RECORD),
    *(f"glidepath.care.{room}" for room in CARE),
    "glidepath.centre",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "glidepath.centre.not_kept.NotKeptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "glidepath.record.audit.session.SessionDigestMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "glidepath.centre.session_limits.SessionLimitsMiddleware",
    "glidepath.care.instruments.tablet.TabletLockMiddleware",
    "glidepath.centre.typed_too_late.TypedTooLateMiddleware",
    "glidepath.centre.centre_clock.CentreClockMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "glidepath.centre.first_password.FirstPasswordMiddleware",
    "glidepath.centre.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "glidepath.centre.refusals.RefusalMiddleware",
    "glidepath.record.desk.denials.DenialMiddleware",
]

ROOT_URLCONF = "glidepath.centre.urls"
WSGI_APPLICATION = "glidepath.centre.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "glidepath.faces.shell.context.shell",
            ],
            "builtins": ["glidepath.faces.shell.templatetags.glidepath"],
        },
    }
]

# --- The record -----------------------------------------------------------------------------------------------------
LIVES_ON = 600  # seconds: a connection keeps the questions ready that were asked on it
SQLITE = "glidepath.record.sqlite"  # Django's own, and a little quicker
SQLITE_OPTIONS: dict[str, Any] = {
    # Every write takes the lock at its start: a read that turns into a write would else fail with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "cached_statements": 500,  # a page asks more different questions than Python keeps ready by itself (128)
    # FULL, not NORMAL: a recorded dose outlives a power cut.
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728;PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;"
    ),
}


def database(url: str) -> dict[str, Any]:
    """SQLite in var/ unless DATABASE_URL names another; both with the options they were measured with."""
    if not url:
        return {
            "ENGINE": SQLITE,
            "NAME": VAR / "glidepath.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": LIVES_ON,
            # A file, not memory: then two threads are two connections, as on the ward.
            "TEST": {"NAME": VAR / "test.sqlite3"},
        }
    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=LIVES_ON, conn_health_checks=True))
    if "sqlite" in parsed["ENGINE"]:  # a file needs no check
        parsed.update({"ENGINE": SQLITE, "OPTIONS": SQLITE_OPTIONS, "CONN_HEALTH_CHECKS": False})
    return parsed


DATABASES = {"default": database(env("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits and the replay guard of one-time codes count across processes, so they live in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

# --- Time and language: rows keep UTC, pages show the centre's clock ------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

# --- Signing in -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "glidepath.centre.accounts.StaffAccountAdapter"
ACCOUNT_FORMS = {"login": "glidepath.centre.accounts.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: the adapter refuses; allauth wants the list
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# One hospital address serves a whole ward: the limit that locks is account and address together, the one by address
# alone is far above what a shift change needs.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,8/5m/key",
    "reauthenticate": "20/m/user",
    "change_password": "5/m/user",
    "form_link": "30/m/ip",  # birth dates at the door of a form's link; each link counts its own too
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Glidepath"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # passkeys on http://localhost only; browsers refuse them elsewhere
SECOND_FACTOR_REQUIRED = env("REQUIRE_SECOND_FACTOR", False, flag)

SESSION_IDLE = timedelta(minutes=15)
SESSION_AT_MOST = timedelta(hours=12)
SESSION_COOKIE_NAME = "glidepath_session"
SESSION_COOKIE_AGE = int(SESSION_AT_MOST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "glidepath_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "glidepath.faces.shell.errors.stale_form"

# --- What leaves by post: calls to those on duty, with no name and no word of health ---------------------------------
EMAIL_HOST = env("EMAIL_HOST", "")  # empty: no mail server; a call by e-mail then says on the board that it failed
EMAIL_PORT = env("EMAIL_PORT", 587, whole)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env("EMAIL_USE_TLS", True, flag)
EMAIL_TIMEOUT = 10  # seconds: the worker waits no longer for a mail server
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", "glidepath@localhost")
# Push messages to devices: empty ones, signed with a key of this installation, to the push services of browsers alone.
PUSH_KEY = env("PUSH_KEY", "") or secret_key.kept_in(VAR, "push-key")
USUAL_BROWSERS: tuple[str, ...] = (
    "fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com",
)  # fmt: skip
PUSH_SERVICES = env("PUSH_SERVICES", USUAL_BROWSERS, words)

# --- What leaves in a response --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if env("BEHIND_PROXY", False, flag):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Logs carry record numbers, never names, notes or doses.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"glidepath": {"level": "INFO"}},
}
