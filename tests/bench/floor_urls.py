"""The bare view of the floor."""

import hashlib
import hmac

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

KEY = settings.SMARTCAR_MANAGEMENT_TOKENS[0].encode()


def receive(request):
    body = request.body
    given = request.headers.get("SC-Signature", "")
    if not hmac.compare_digest(hmac.new(KEY, body, hashlib.sha256).hexdigest(), given):
        return HttpResponse(status=401)
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute("INSERT INTO bench_floor (body, at) VALUES (%s, %s)", [body, moment])
    return HttpResponse(status=200)


urlpatterns = [path("webhooks/smartcar/", receive)]
