"""One settings module; what differs between places comes from the environment and defaults to the strict side."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ.get("PORTAL_ENV", "dev")
if ENV not in {"dev", "test", "production"}:
    raise ImproperlyConfigured("PORTAL_ENV must be dev, test or production.")
PRODUCTION = ENV == "production"
DEBUG = False
VAR_DIR = Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var")
SITE_URL = os.environ.get("PORTAL_SITE_URL", "http://127.0.0.1:8000").rstrip("/")


def _secret_key() -> str:
    key = os.environ.get("PORTAL_SECRET_KEY", "")
    if key or not PRODUCTION:
        return key or "only-for-a-machine-that-nobody-else-can-reach"
    raise ImproperlyConfigured("Set PORTAL_SECRET_KEY: production does not start without its own key.")


def _database(url: str) -> dict:
    """Return Django's settings for ``postgres://user:pw@host:port/name?host=/socket/folder``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres://: the portal runs on PostgreSQL only.")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": query.get("port", [str(parts.port or "")])[0],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


def _broker(url: str) -> str:
    return "redis+socket://" + url.removeprefix("unix://") if url.startswith("unix://") else url


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [h for h in os.environ.get("PORTAL_HOSTS", "").split(",") if h] or [
    urlsplit(SITE_URL).hostname or "localhost",
    *([] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
FORCE_SCRIPT_NAME = os.environ.get("PORTAL_PREFIX") or None

INSTALLED_APPS = [
    "portal",
    "applications",
    "review",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.Measured",
    "portal.middleware.Legible",
    "portal.middleware.Post",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.Access",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.punctuation"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "portal.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgres://portal@/portal?host=/var/run/postgresql"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# People
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.passwords.ThreeOfFourClasses"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"
# Tries are counted per typed name, known or not, so that both look alike.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "portal.views.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # counted per typed name on purpose: a name looks alike whether known or not
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IDLE_MINUTES = 30
IDLE_MINUTES_SIGNERS = 10
IDLE_WARNING_SECONDS = 120
SESSION_COOKIE_AGE = 12 * 3600

# Language and time
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
CLOCK_MAY_BE_SET = not PRODUCTION

# Static files and private files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV == "test"
MEDIA_ROOT = VAR_DIR / "uploads"
PRIVATE_ROOT = VAR_DIR / "private"
CLAMD = os.environ.get("PORTAL_CLAMD", "")  # /path/of/socket or host:port; empty: files are not scanned
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.uploads.incoming.IntoPrivateStore",
]
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
PLAN_FILES = 30
PLAN_BYTES = 500 * 1024 * 1024
PREVIEW_PAGES = 20  # of a PDF; whoever wants the rest downloads it
PREVIEW_SIDE = 1600  # pixels of the longer side
FILE_MEMORY = 1024 * 1024 * 1024  # of any program that works on a file
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Letters
SIGNING_KEY_DIR = Path(os.environ.get("PORTAL_SIGNING_KEY") or VAR_DIR / "keys")
SIGNING_KEY_IS_PRODUCTION = os.environ.get("PORTAL_SIGNING_KEY_IS_PRODUCTION") == "yes"

# Mail, tasks
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_mail = urlsplit(os.environ.get("PORTAL_EMAIL_URL", "smtp://127.0.0.1:1025"))
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "127.0.0.1", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_EMAIL_FROM", "portal@portal.example")
OUTBOX_HANDLERS = {
    "mail": "portal.mail.deliver",
    "copy": "review.file_notices.deliver_copy",
    "scan": "review.file_notices.deliver_scan",
    "preview": "portal.filework.previews.deliver",
    "letter": "review.letters_store.deliver",
    "export": "review.exports_store.deliver",
    "opinion": "review.opinions_store.deliver",
    "invitation": "review.invitation_mail.deliver",
}
CELERY_BROKER_URL = _broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
OUTBOX_SWEEP_SECONDS = 10  # then the next task goes on
LETTER_SECONDS = 36  # the most one letter may take; every limit around it follows from this
SCAN_SECONDS = 30  # of the scanner for one file
FILE_SECONDS = 15  # of any program that works on a file; with a look before, and time to spare, as a letter
OUTBOX_LEASE_SECONDS = LETTER_SECONDS + 9  # longer than any one piece of work
CELERY_TASK_SOFT_TIME_LIMIT = OUTBOX_SWEEP_SECONDS + LETTER_SECONDS + 4  # a sweep's own time and one letter more
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 10
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 90,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "health_check_interval": 5,
    "max_retries": 0,  # a request never waits for a broker that is away; the worker reconnects by its own rule
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {"task": "portal.tasks.sweep_outbox", "schedule": 5.0},
    "sweep the private store": {"task": "portal.tasks.sweep_files", "schedule": 3600.0},
    "scan older files": {"task": "portal.tasks.scan_the_rest", "schedule": 300.0},
    "write due reminders": {"task": "review.tasks.write_reminders", "schedule": 300.0},
}
# Which reminder is written when at most this share (percent) of a term's working days is left; overdue comes after.
REMINDER_RULES = {"remind_30": 30, "remind_15": 15}
QUIET_HOURS = (18, 30, 8, 30)  # reminders wait from 18:30 to 08:30 Beijing time

# Access: the rule tables, and how the object named in an address is found
ACCESS_RULES = ["portal.rules.RULES", "applications.rules.RULES", "review.rules.RULES"]
ACCESS_SUBJECTS = "review.access.subject"
ACT_WORDS = ["portal.acts.WORDS", "applications.acts.WORDS", "review.acts.WORDS"]
TYPED_FORMS = "applications.forms.by_address.form_of"

# The pages' own security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SITE_NAME = _("National E-commerce Demonstration City Portal")
