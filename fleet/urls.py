"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from maintenance.views import health, installed

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("favicon.ico", installed.favicon, name="favicon"),
    path("worker.js", installed.worker, name="worker"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("vehicles.urls")),
    path("", include("maintenance.urls")),
]
