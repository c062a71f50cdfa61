"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from maintenance.views import health, installed

handler400 = "fleet.kit.failures.not_understood"
handler403 = "fleet.kit.failures.not_yours"
handler404 = "fleet.kit.failures.not_here"
handler429 = "fleet.kit.failures.too_often"
handler500 = "fleet.kit.failures.broken"

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.healthz, name="healthz"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("favicon.ico", installed.favicon, name="favicon"),
    path("worker.js", installed.worker, name="worker"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("fleet.owners.urls")),
    path("", include("vehicles.urls")),
    path("", include("maintenance.urls")),
]
