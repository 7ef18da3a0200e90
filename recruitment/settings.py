"""Settings, all from the environment. Every variable has a line in docs/configuration.md.

Without any variable this is production: no debug, no demo, and no start without real secrets. ``make run`` and the
tests set ``QUORUM_MODE`` to ``demo`` and ``test``.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from recruitment import env as checks
from recruitment.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("QUORUM_MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("QUORUM_MODE must be production, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = env.bool("DEBUG", False)

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", "") or checks.local_secret(DATA_DIR / "secret.key", allowed=not PRODUCTION)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[]) or [
    checks.local_fernet_key(DATA_DIR / "field.key", allowed=not PRODUCTION)
]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
UPSTREAM_ALLOWED_HOSTS = env.list("UPSTREAM_ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", "" if PRODUCTION else f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
SANDBOX_PORT = env.int("SANDBOX_PORT", 9100)
if DEMO:
    UPSTREAM_ALLOWED_HOSTS = [*UPSTREAM_ALLOWED_HOSTS, f"127.0.0.1:{SANDBOX_PORT}"]
PUSH_UNDO_SECONDS = env.int("PUSH_UNDO_SECONDS", 6)
IMPORT_LEASE_SECONDS = env.int("IMPORT_LEASE_SECONDS", 90)
UPSTREAM_CEILINGS = env.bool("UPSTREAM_CEILINGS", MODE not in ("demo", "test"))
IMPORT_SLICE_SECONDS = env.int("IMPORT_SLICE_SECONDS", 60)

if PRODUCTION:
    checks.refuse_unsafe(
        debug=DEBUG,
        secret_key=SECRET_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        site_url=SITE_URL,
        encryption_keys=FIELD_ENCRYPTION_KEYS,
    )

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "template_partials",
    "rest_framework",
    "drf_standardized_errors",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "recruitment",
    "candidates",
    "integrations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "recruitment.middleware.MemberMiddleware",
    "recruitment.middleware.PrivateResponseMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "recruitment.urls"
WSGI_APPLICATION = "recruitment.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "recruitment.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{DATA_DIR / 'quorum.sqlite3'}")}
DATABASES["default"].update(checks.database_options(DATABASES["default"], test_dir=DATA_DIR))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", f"filecache://{DATA_DIR / 'cache'}")}

AUTH_USER_MODEL = "recruitment.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}
LOGIN_URL = "recruitment:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "recruitment:login"
PASSWORD_RESET_TIMEOUT = 60 * 60

# Ten wrong passwords for one account from one address, then a pause of ten minutes; never a lock for good.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # the field of both sign-in forms, whatever the model calls it
AXES_USERNAME_CALLABLE = "recruitment.views.session.account"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "recruitment.views.session.locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_IPWARE_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0) or None
AXES_ENABLED = env.bool("AXES_ENABLED", True)

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "quorum_session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "quorum_csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "recruitment.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXIES", 0) else None
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture", "fullscreen")
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
MEDIA_URL = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "recruitment.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 10 * 1024 * 1024)

EMAIL_CONFIG = env.email_url("EMAIL_URL", "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Quorum <quorum@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "recruitment.api.authentication.TokenAuthentication",
        "recruitment.api.authentication.MemberSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["recruitment.api.permissions.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["recruitment.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "recruitment.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "recruitment.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "recruitment.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["recruitment.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("API_RATE", "1200/min")},
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", 0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Quorum API",
    "DESCRIPTION": "Everything a Quorum screen can do. Authenticate with `Authorization: Bearer <token>`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "candidates.enums.Answer",
        "AttachmentKindEnum": "candidates.enums.AttachmentKind",
        "AttachmentStateEnum": "candidates.enums.AttachmentState",
        "BulkStateEnum": "candidates.enums.BulkState",
        "ConflictStateEnum": "candidates.enums.ConflictState",
        "MergeChoiceEnum": "candidates.domain.combining.CHOICES",
        "DuplicateStateEnum": "candidates.enums.DuplicateState",
        "JobStatusEnum": "candidates.enums.JobStatus",
        "ProblemStateEnum": "integrations.enums.ProblemState",
        "PushKindEnum": "candidates.enums.PushKind",
        "PushStateEnum": "candidates.enums.PushState",
        "RecordStateEnum": "candidates.enums.RecordState",
        "SyncStateEnum": "integrations.enums.SyncState",
        "TextStateEnum": "candidates.enums.TextState",
        "VerdictEnum": "candidates.enums.Verdict",
    },
}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "files://")
CELERY_BROKER_TRANSPORT_OPTIONS = checks.broker_options(CELERY_BROKER_URL, DATA_DIR)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "integrations.push.*": {"queue": "push"},
    "integrations.import.*": {"queue": "import"},
    "candidates.files.*": {"queue": "files"},
    "integrations.files.*": {"queue": "files"},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver-due-pushes": {"task": "integrations.push.deliver_due", "schedule": 5.0, "options": {"expires": 10}},
    "start-due-syncs": {"task": "integrations.import.start_due", "schedule": 30.0, "options": {"expires": 60}},
    "go-on-with-bulk-actions": {"task": "candidates.bulk.sweep", "schedule": 20.0, "options": {"expires": 40}},
    "forget-old-webhooks": {"task": "integrations.import.forget_hooks", "schedule": 86400.0},
    "fetch-files": {"task": "integrations.files.fetch_due", "schedule": 20.0, "options": {"expires": 40}},
    "read-files": {"task": "candidates.files.read_due", "schedule": 20.0, "options": {"expires": 40}},
    "look-for-duplicates": {"task": "candidates.duplicates.search", "schedule": 30.0, "options": {"expires": 60}},
    "look-for-all-duplicates": {"task": "candidates.duplicates.go_through_all", "schedule": crontab(hour=3, minute=20)},
    "pick-up-abandoned-work": {"task": "integrations.import.sweep", "schedule": 20.0, "options": {"expires": 40}},
}

LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO"), json=PRODUCTION or env.bool("LOG_JSON", False))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []
