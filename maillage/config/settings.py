"""Settings, each read from the environment and described in docs/operations.md under its own heading."""

import hashlib
import secrets
import tomllib
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(env.str("MAILLAGE_DATA", str(PACKAGE.parent / ".run")))

DEBUG = env.bool("MAILLAGE_DEBUG", False)
DEMO = env.bool("MAILLAGE_DEMO", False)
"""Demonstration: nothing is sent outside, mails are read on a page, doors of meetings are always open."""


def _secret_key() -> str:
    """Return the configured key; in a demonstration or in debug, one made once and kept beside the data."""
    given: str = env.str("MAILLAGE_SECRET_KEY", "")
    if given:
        return given
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured("Set MAILLAGE_SECRET_KEY to a long random text: it signs every link.")
    kept = DATA / "secret_key"
    if not kept.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    return kept.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("MAILLAGE_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("MAILLAGE_BASE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "maillage.config",
    "maillage.portal",
    "maillage.concierge",
    "maillage.station",
    "maillage.usage",
    "maillage.conference",
    "maillage.booking",
    "maillage.points",
    "maillage.actors",
    "maillage.territory",
    "maillage.accounts",
    "maillage.core",
    "channels",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "maillage.config.urls"
ASGI_APPLICATION = "maillage.config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.core.theme.network",
                "maillage.core.navigation.navigation",
            ]
        },
    }
]

# Data
DATABASES = {"default": env.db_url("MAILLAGE_DATABASE_URL", f"sqlite:///{DATA / 'maillage.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = (
        600  # opening the file again for each message of a page costs more than its queries
    )
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("MAILLAGE_DATABASE_POOL", 16)}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("MAILLAGE_REDIS_URL", "")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "maillage.core.channel_layer.PubSubLayer",
            "CONFIG": {  # Redis tells subscribers of all its databases: two installations are told apart by their key
                "hosts": [REDIS_URL],
                "prefix": hashlib.blake2b(SECRET_KEY.encode(), digest_size=6, person=b"channels").hexdigest(),
            },
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAILLAGE_PROXIES = env.int("MAILLAGE_PROXIES", 0)
MAILLAGE_THROTTLE = env.bool("MAILLAGE_THROTTLE", True)

# Signing in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "maillage.accounts.adapters.AgentAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_request_login_code"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Languages and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
TIME_ZONE = env.str("MAILLAGE_TIME_ZONE", "Europe/Paris")
USE_TZ = True

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = DATA / "media"
PRIVATE_FILES = Path(env.str("MAILLAGE_PRIVATE_FILES", str(DATA / "private")))
"""Documents shown in meetings and recordings: never served as files, removed on their date."""

# Mail
_mail = env.email_url("MAILLAGE_EMAIL_URL", "consolemail://")
vars().update(_mail)
if DEMO:
    EMAIL_BACKEND = "maillage.portal.mailbox.DemoMailbox"
DEFAULT_FROM_EMAIL = env.str("MAILLAGE_MAIL_FROM", "Maillage <ne-pas-repondre@maillage.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCES_TO = env.str("MAILLAGE_BOUNCES_TO", "")
BOUNCES_MAILDIR = env.str("MAILLAGE_BOUNCES_MAILDIR", "")
METRICS_TOKEN = env.str("MAILLAGE_METRICS_TOKEN", "")
HELP_PHONE = env.str("MAILLAGE_HELP_PHONE", "")

# Text messages
SMS_URL = env.str("MAILLAGE_SMS_URL", "")
SMS_TOKEN = env.str("MAILLAGE_SMS_TOKEN", "")
SMS_SENDER = env.str("MAILLAGE_SMS_SENDER", "Maillage")
SMS_COUNTRY = env.str("MAILLAGE_SMS_COUNTRY", "+33")
SMS_MOBILES = env.list("MAILLAGE_SMS_MOBILES", default=["6", "7"])
SMS_GATEWAY = "maillage.core.sms.HttpSms" if SMS_URL else ""
if DEMO:
    SMS_GATEWAY = "maillage.portal.mailbox.DemoTelephone"

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "maillage.core.views.csrf_failure"
SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if env.bool("MAILLAGE_BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Meetings
HOLD_MINUTES = env.int("MAILLAGE_HOLD_MINUTES", 15)
ASSISTED_NOTICE_MINUTES = env.int("MAILLAGE_ASSISTED_NOTICE_MINUTES", 60)
MULTIPOINT_NOTICE_MINUTES = env.int("MAILLAGE_MULTIPOINT_NOTICE_MINUTES", 60)
NO_SHOW_MINUTES = env.int("MAILLAGE_NO_SHOW_MINUTES", 0)
ANSWER_DAYS = env.int("MAILLAGE_ANSWER_DAYS", 2)
DESK_EMAIL = env.str("MAILLAGE_DESK_EMAIL", "agent@demonstration.invalid" if DEMO else "")
DOOR_OPENS_MINUTES = env.int("MAILLAGE_DOOR_OPENS_MINUTES", 60 * 24 * 400 if DEMO else 30)
CALENDAR_PRIVATE_NETWORKS = env.list("MAILLAGE_CALENDAR_PRIVATE_NETWORKS", default=[])
DOOR_CLOSES_MINUTES = env.int("MAILLAGE_DOOR_CLOSES_MINUTES", 30)
CHAT_KEPT_DAYS = env.int("MAILLAGE_CHAT_KEPT_DAYS", 7)
HELP_RING_SECONDS = env.int("MAILLAGE_HELP_RING_SECONDS", 45)
RECORDING = env.bool("MAILLAGE_RECORDING", False)
RECORDINGS_KEPT_DAYS = env.int("MAILLAGE_RECORDINGS_KEPT_DAYS", 30)
JANUS_RECORDINGS = env.str("MAILLAGE_JANUS_RECORDINGS", "")
DOCUMENTS_KEPT_HOURS = env.int("MAILLAGE_DOCUMENTS_KEPT_HOURS", 24)
FALLBACK_URL = env.str("MAILLAGE_FALLBACK_URL", "")
STUN_URLS = env.list("MAILLAGE_STUN_URLS", default=[])
TURN_URLS = env.list("MAILLAGE_TURN_URLS", default=[])
TURN_SECRET = env.str("MAILLAGE_TURN_SECRET", "")

# Bridge: Janus servers, SIP gateway
BRIDGES_FILE = env.str("MAILLAGE_BRIDGES_FILE", "")
JANUS_SECRETS = {
    "admin_secret": env.str("MAILLAGE_JANUS_ADMIN_SECRET", ""),
    "token_secret": env.str("MAILLAGE_JANUS_TOKEN_SECRET", ""),
    "plugin_key": env.str("MAILLAGE_JANUS_PLUGIN_KEY", ""),
}
SIP_ADDRESS = env.str("MAILLAGE_SIP_ADDRESS", "")
SIP_MEDIA_PORTS = env.str("MAILLAGE_SIP_MEDIA_PORTS", "40000-40999")
SIP_REALM = env.str("MAILLAGE_SIP_REALM", "maillage")
SIP_OPEN = env.bool("MAILLAGE_SIP_OPEN", True)
SIP_TRUSTED = env.list("MAILLAGE_SIP_TRUSTED", default=[])
SIP_ACCOUNTS = env.dict("MAILLAGE_SIP_ACCOUNTS", default={})
SIP_LINE = env.str("MAILLAGE_SIP_LINE", "")
DIAL_IN_PHONE = env.str("MAILLAGE_DIAL_IN_PHONE", "")

# The network's own face and figures: name, logo, colours, region, see docs/operations.md
_network_file = env.str("MAILLAGE_NETWORK_FILE", "")
NETWORK: dict[str, Any] = tomllib.loads(Path(_network_file).read_text()) if _network_file else {}
KEPT_DAYS: dict[str, int] = {
    **NETWORK.get("kept_days", {}),
    **env.dict("MAILLAGE_KEPT_DAYS", cast={"value": int}, default={}),
}
DETOUR_FACTOR = env.float("MAILLAGE_DETOUR_FACTOR", 1.3)
ROAD_SPEED_KMH = env.float("MAILLAGE_ROAD_SPEED_KMH", 75.0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("MAILLAGE_LOG_LEVEL", "INFO")},
}
