"""The floor: a bare Django view without middleware that checks the HMAC and inserts one row. A WSGI application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "tests.bench.floor_urls"
application = get_wsgi_application()
