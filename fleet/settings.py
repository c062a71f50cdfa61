"""Every knob, read from the environment once. What cannot be read refuses to start and says the remedy."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()


def needed(name: str, remedy: str) -> str:
    """The value of a setting that has no sane default."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {remedy}")
    return value


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env.str(name, default=default).split(",") if part.strip()]


# ── the place ──
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # furnished by ./run: shows the demo sign-ins, nothing else
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / "var"))).resolve()
SECRET_KEY = needed("SECRET_KEY", "put 50 random characters there; ./run makes one for the demo.")
FIELD_KEYS = listed("FIELD_KEYS")
if not FIELD_KEYS:
    raise ImproperlyConfigured("FIELD_KEYS is not set: one or more Fernet keys, newest first, separated by commas.")
for _place, _key in enumerate(FIELD_KEYS, start=1):
    try:
        Fernet(_key)
    except ValueError:
        raise ImproperlyConfigured(
            f"FIELD_KEYS holds no Fernet key in place {_place}: a key is 32 random bytes in URL-safe base64."
        ) from None
PUBLIC_ORIGIN = env.str("PUBLIC_ORIGIN", default="http://localhost:8000").rstrip("/")
HTTPS = PUBLIC_ORIGIN.startswith("https://")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]

# ── Smartcar ──
SMARTCAR_CREDENTIALS = {
    name: env.str(name, default="").strip()
    for name in ("SMARTCAR_APPLICATION_ID", "SMARTCAR_CLIENT_ID", "SMARTCAR_CLIENT_SECRET", "SMARTCAR_WEBHOOK_ID")
}
SMARTCAR_MANAGEMENT_TOKENS = listed("SMARTCAR_MANAGEMENT_TOKENS")
SMARTCAR_LEGACY_CLIENT_SECRET = env.str("SMARTCAR_LEGACY_CLIENT_SECRET", default="").strip()
SMARTCAR_APPLICATION_ID = SMARTCAR_CREDENTIALS["SMARTCAR_APPLICATION_ID"]
SMARTCAR_CLIENT_ID = SMARTCAR_CREDENTIALS["SMARTCAR_CLIENT_ID"]
SMARTCAR_CLIENT_SECRET = SMARTCAR_CREDENTIALS["SMARTCAR_CLIENT_SECRET"]
SMARTCAR_WEBHOOK_ID = SMARTCAR_CREDENTIALS["SMARTCAR_WEBHOOK_ID"]
SMARTCAR_MODE = env.str("SMARTCAR_MODE", default="live")
BODIES_KEPT_DAYS = env.int("BODIES_KEPT_DAYS", default=35)
ODD_BODIES_KEPT_DAYS = env.int("ODD_BODIES_KEPT_DAYS", default=90)  # in quarantine, or for a car not known yet

_given = [name for name, value in SMARTCAR_CREDENTIALS.items() if value]
_absent = [name for name, value in SMARTCAR_CREDENTIALS.items() if not value]
if not SMARTCAR_MANAGEMENT_TOKENS:
    _absent.append("SMARTCAR_MANAGEMENT_TOKENS")
else:
    _given.append("SMARTCAR_MANAGEMENT_TOKENS")
if SMARTCAR_LEGACY_CLIENT_SECRET:  # v2 stands on the same application, tokens and webhook
    _given.append("SMARTCAR_LEGACY_CLIENT_SECRET")
if _given and _absent:
    raise ImproperlyConfigured(f"Smartcar is half set: add {', '.join(_absent)}, or unset {', '.join(_given)}.")

# Four secrets that look alike. One in the place of another fails only at Smartcar, hours later, and says little.
_names: dict[str, list[str]] = {}
for _name, _value in (
    *SMARTCAR_CREDENTIALS.items(),
    ("SMARTCAR_LEGACY_CLIENT_SECRET", SMARTCAR_LEGACY_CLIENT_SECRET),
    *(("SMARTCAR_MANAGEMENT_TOKENS", token) for token in SMARTCAR_MANAGEMENT_TOKENS),
):
    if _value:
        _names.setdefault(_value, []).append(_name)
for _same in _names.values():
    if len(set(_same)) > 1:
        raise ImproperlyConfigured(f"{' and '.join(_same)} hold the same value: copy both anew from the dashboard.")
if SMARTCAR_MODE not in ("live", "simulated"):
    raise ImproperlyConfigured("SMARTCAR_MODE is neither live nor simulated.")

SMARTCAR_ORIGINS = {
    "connect": env.str("SMARTCAR_CONNECT_ORIGIN", default="https://connect.smartcar.com").rstrip("/"),
    "auth": env.str("SMARTCAR_AUTH_ORIGIN", default="https://auth.smartcar.com").rstrip("/"),
    "iam": env.str("SMARTCAR_IAM_ORIGIN", default="https://iam.smartcar.com").rstrip("/"),
    "api": env.str("SMARTCAR_API_ORIGIN", default="https://api.smartcar.com").rstrip("/"),
    "vehicle": env.str("SMARTCAR_VEHICLE_ORIGIN", default="https://vehicle.api.smartcar.com").rstrip("/"),
    "management": env.str("SMARTCAR_MANAGEMENT_ORIGIN", default="https://management.smartcar.com").rstrip("/"),
    "management_v3": env.str("SMARTCAR_MANAGEMENT_V3_ORIGIN", default="https://management.api.smartcar.com").rstrip(
        "/"
    ),
}

# ── how much we may ask, and how much at once ──
_bucket = env.str("SMARTCAR_BUCKET", default="").strip() or "120:2"
try:
    SMARTCAR_BUCKET = None if _bucket == "off" else tuple(float(part) for part in _bucket.split(":"))
except ValueError:
    SMARTCAR_BUCKET = ()
if SMARTCAR_BUCKET is not None and not (
    len(SMARTCAR_BUCKET) == 2 and SMARTCAR_BUCKET[0] >= 3 and SMARTCAR_BUCKET[1] > 0
):
    raise ImproperlyConfigured("SMARTCAR_BUCKET is neither calls:refilled-a-minute, such as 120:2, nor off.")
SMARTCAR_CALLS_A_MONTH = env.int("SMARTCAR_CALLS_A_MONTH", default=500)
if SMARTCAR_CALLS_A_MONTH < 1:
    raise ImproperlyConfigured("SMARTCAR_CALLS_A_MONTH is the number of calls per vehicle: at least 1.")
POLL_THREADS = env.int("POLL_THREADS", default=32)
if not 1 <= POLL_THREADS <= 500:
    raise ImproperlyConfigured("POLL_THREADS is how many cars are asked at once: 1 to 500.")

# ── the house ──
INSTALLED_APPS = [
    "fleet.owners",
    "fleet.watch",
    "vehicles",
    "maintenance",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads by chance, so that a length tells nothing of a token
    "csp.middleware.CSPMiddleware",
    "fleet.kit.failures.FailureMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "fleet.owners.access.MemberMiddleware",
]
ROOT_URLCONF = "fleet.urls"
WSGI_APPLICATION = "fleet.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "maintenance.views.frame.frame",
            ],
        },
    }
]

# ── what is kept, and where ──
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'fettle.sqlite3'}"
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # or two writers who read first deadlock at once
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # a file needs no reconnecting, and each opening costs the pragmas
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=12), "timeout": 10},
        "connect_timeout": 3,
    }
else:
    raise ImproperlyConfigured("DATABASE_URL names neither SQLite nor PostgreSQL.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="").strip()
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.bool("PLAIN_STATIC", default=False):  # tests and development serve the files as they lie
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "media"  # has no address: a view looks who asks, and hands out one file
FILE_UPLOAD_HANDLERS = ["fleet.kit.uploads.Capped"]

# ── mail ──
EMAIL_URL = env.str("EMAIL_URL", default="") or f"filemail:///{DATA_DIR / 'mail'}"
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Fettle <fettle@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ── push ──
# 32 random bytes in URL-safe base64, kept for ever: with another key every device has to be turned on again.
VAPID_KEY = env.str("VAPID_KEY", default="").strip()
if VAPID_KEY:
    try:
        _length = len(urlsafe_b64decode(VAPID_KEY + "=" * (-len(VAPID_KEY) % 4)))
    except ValueError:
        _length = 0
    if _length != 32:
        raise ImproperlyConfigured("VAPID_KEY is not 32 bytes in URL-safe base64.")
PUSH_CONTACT = f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"  # whom a push service writes to when we misbehave
PUSH_SINK = env.str("PUSH_SINK", default="").rstrip("/") if DEMO else ""  # the demo's own stand-in for such a service

# ── who comes in ──
AUTH_USER_MODEL = "owners.User"
AUTHENTICATION_BACKENDS = ["fleet.owners.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "fleet.owners.signup.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an admin, who knows the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: nobody signs up with the address of somebody else
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ── the web ──
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_FAILURE_VIEW = "fleet.kit.failures.old_form"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        # Connect answers a form with a redirect, and a browser holds the redirect to this list as well.
        "form-action": ["'self'", "{0.scheme}://{0.netloc}".format(urlsplit(SMARTCAR_ORIGINS["connect"]))],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# ── the bells ──
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 900,
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
    }
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
else:
    _bells = DATA_DIR / "bells"
    TRANSPORT_ALIASES["bells"] = "fleet.kit.bells:Transport"
    CELERY_BROKER_URL = "bells://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_bells),
        "data_folder_out": str(_bells),
        "polling_interval": 0.25,
    }
    _bells.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "care"
CELERY_TIMEZONE = "UTC"


def bell(task: str, seconds: float, queue: str) -> dict:
    """Ring a sweep every so often. A ring that nobody heard is worth nothing once the next has sounded."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds * 0.95}}


CELERY_TASK_ROUTES = {
    "vehicles.tasks.open_deliveries": {"queue": "ingest"},
    "vehicles.tasks.poll_vehicles": {"queue": "poll"},
    "vehicles.tasks.subscribe_vehicles": {"queue": "poll"},
    "vehicles.tasks.move_connections": {"queue": "poll"},
    "vehicles.tasks.part_with": {"queue": "poll"},
    "vehicles.tasks.walk_lists": {"queue": "poll"},
}
CELERY_BEAT_SCHEDULE = {
    "heartbeat": bell("fleet.watch.tasks.heartbeat", 10, "care"),
    "invite": bell("fleet.owners.tasks.send_invitations", 5, "care"),
    "open deliveries": bell("vehicles.tasks.open_deliveries", 2, "ingest"),
    "poll": bell("vehicles.tasks.poll_vehicles", 15, "poll"),
    "subscribe": bell("vehicles.tasks.subscribe_vehicles", 10, "poll"),
    "keep grants": bell("vehicles.tasks.keep_grants", 5, "care"),  # a dead worker's renewal waits for a minute at most
    "move connections": bell("vehicles.tasks.move_connections", 30, "poll"),
    "part": bell("vehicles.tasks.part_with", 15, "poll"),
    "write to owners": bell("vehicles.tasks.write_to_owners", 20, "care"),
    "walk the lists": bell("vehicles.tasks.walk_lists", 60, "poll"),
    "forget bodies": bell("vehicles.tasks.forget_bodies", 600, "care"),
    "heal outages": bell("vehicles.tasks.heal_outages", 10, "care"),
    "watch silence": bell("vehicles.tasks.watch_silence", 60, "care"),
    "review": bell("maintenance.tasks.review_vehicles", 2, "care"),
    "send": bell("maintenance.tasks.send_notices", 5, "care"),
    "look for services": bell("maintenance.tasks.look_for_services", 30, "care"),
    "watch thresholds": bell("maintenance.tasks.watch_thresholds", 10, "care"),
    "recheck": bell("maintenance.tasks.go_on_rechecking", 2, "care"),
    "tell paces": bell("maintenance.tasks.tell_paces", 30, "care"),
    "tidy orders": bell("maintenance.tasks.tidy_orders", 21_600, "care"),
}

# ── what is written down: never bodies, secrets or VINs ──
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "fleet.kit.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
