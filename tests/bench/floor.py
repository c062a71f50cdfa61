"""The floor: a bare Django view without middleware that checks the HMAC and inserts one row. A WSGI application."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")
django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "tests.bench.floor_urls"
application = WSGIHandler()
