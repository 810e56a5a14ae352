"""Settings by environment with safe defaults: nothing set means one machine, SQLite, files on disk, loopback only.

DATA_DIR, PORT, SECRET_KEY, ALLOWED_HOSTS, PUBLIC_URL, TLS_CERT, DEBUG, DATABASE_URL, REDIS_URL, S3_BUCKET, S3_ENDPOINT_URL,
S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION, IDLE_MINUTES, EMAIL_URL, DEFAULT_FROM_EMAIL. docs/howto/configure.md says what each does.
"""

import os
import secrets
import sqlite3
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from teledent.service_workers import add_headers

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PUBLIC_URL = env.str("PUBLIC_URL", default="")
TLS_CERT = env.str("TLS_CERT", default="")  # `serve` itself speaks TLS with this file
SCHEME = "https" if TLS_CERT else "http"
ORIGIN = PUBLIC_URL or f"{SCHEME}://localhost:{env.int('PORT', default=8000)}"  # where links in mails lead
SERVED_OVER_TLS = PUBLIC_URL.startswith("https://") or bool(TLS_CERT)


def secret_key() -> str:
    """SECRET_KEY from the environment, else one made on first start and kept in DATA_DIR, readable by its owner only."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = DATA_DIR / "keys" / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process of the same start was faster; its key counts
    return kept.read_text()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "teledent.accounts",
    "teledent.files",
    "teledent.jobs",
    "cases",
    "billing",
    "teledent",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    # these only dress the response, so they stand outside: refusals of the next ones carry every header too
    "teledent.middleware.request_id",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "teledent.middleware.private_pages",
    "django.middleware.security.SecurityMiddleware",
    "teledent.middleware.body_cap",  # before anything may read a body: CSRF parses forms of anonymous callers
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "teledent.middleware.loopback_only_while_demonstrating",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "teledent.accounts.middleware.idle_sign_out",
    "teledent.accounts.middleware.acting",
    "django_htmx.middleware.HtmxMiddleware",
    "teledent.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "teledent.urls"
WSGI_APPLICATION = "teledent.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["teledent.templatetags.ui"],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "teledent.context.shell",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------
SQLITE_SAFE_FOR_WAL = sqlite3.sqlite_version_info >= (3, 51, 3)  # older ones can corrupt a WAL file with two writers
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;PRAGMA journal_size_limit=67108864;",
}


def database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "teledent.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    parsed = dict(environ.Env.db_url_config(url))
    if "sqlite" in parsed["ENGINE"]:
        return {**parsed, "OPTIONS": SQLITE_OPTIONS}
    return {**parsed, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")

# --- files --------------------------------------------------------------------------------------------------------
S3_BUCKET = env.str("S3_BUCKET", default="")


def private_storage() -> dict[str, Any]:
    """Where originals and derivatives live: the disk below DATA_DIR, or a private S3 bucket when one is named."""
    if not S3_BUCKET:
        return {"BACKEND": "teledent.files.storage.PrivateDisk", "OPTIONS": {"location": DATA_DIR / "files"}}
    return {
        "BACKEND": "teledent.files.bucket.PrivateBucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "region_name": env.str("S3_REGION", default=None),
        },
    }


STORAGES = {
    "default": private_storage(),
    "staticfiles": {"BACKEND": "teledent.statics.ModuleManifestStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "teledent.statics.PackagesFinder"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["teledent.files.receiver.NoFormFiles"]  # files come through the resumable receiver only
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_SIZE_MAX = env.int("FILE_SIZE_MAX_MB", default=300) << 20  # bytes of one original
IMAGING_INBOX = Path(env.str("IMAGING_INBOX", default=str(DATA_DIR / "inbox")))  # below it lie the watched folders
DICOM_AE_TITLE = env.str("DICOM_AE_TITLE", default="TELEDENT")  # as imaging programs call this installation
FREE_DISK_FLOOR = (
    env.int("FREE_DISK_FLOOR_MB", default=1024) << 20
)  # below this no file is taken, so that the database can write

# --- background work ----------------------------------------------------------------------------------------------
JOB_LEASE = timedelta(seconds=env.float("JOB_LEASE_SECONDS", default=60))  # a dead worker's job comes back after this
SCRATCH_DIR = DATA_DIR / "scratch"  # decoders may write here and nowhere else
HEAVY_LANES = env.int("HEAVY_LANES", default=max(1, min(4, (os.cpu_count() or 2) - 1)))  # pictures decoded at once
DECODER_PRELOAD = [
    "cases.imaging.process",
    "cases.report.render",
    "cases.letters.render",
    "billing.packet.render",
    "teledent.printing.typesetting:warm",
]  # loaded once, forked per file

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["teledent.accounts.hashing.Argon2Modest"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name children: not in a cookie
SESSION_COOKIE_AGE = 60 * 60 * 12
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # never the name alone: that would lock a dentist out from afar
AXES_USERNAME_FORM_FIELD = (
    "username"  # what our form and Django's credentials call it; by default axes looks for "email"
)
AXES_USERNAME_CALLABLE = "teledent.accounts.locking.countable_name"
AXES_DISABLE_ACCESS_LOG = True  # the trail of access has it
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "teledent.pages.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "teledent.accounts.middleware.peer_address"
AXES_VERBOSE = False
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
MAIL_IS_SET_UP = bool(env.str("EMAIL_URL", default=""))  # without a server no notice is mailed, and the page says so
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="teledent@localhost")

# --- the browser --------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer" browsers send "Origin: null" and CSRF refuses every form
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SESSION_COOKIE_NAME = "__Host-session" if SERVED_OVER_TLS else "teledent-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SERVED_OVER_TLS else "teledent-csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "teledent.pages.csrf_failure"
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
# a school's laptop has no name of its own for good: a browser told to insist would lock its people out once it ends
SECURE_HSTS_SECONDS = 31536000 if PUBLIC_URL.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = bool(SECURE_HSTS_SECONDS)
WHITENOISE_MAX_AGE = 300
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers

# --- language, logs -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "teledent.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},  # its lines carry the e-mail that was typed
        "pydicom": {"level": "ERROR"},
        "PIL": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = [
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]  # set with PUBLIC_URL https
