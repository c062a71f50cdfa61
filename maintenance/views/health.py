"""For machines that watch: is the process there, may it take traffic, does every part do its work?"""

from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.watch.models import Pulse
from maintenance.models import Notice
from vehicles.models import Delivery
from vehicles.post import doorwatch

BEAT_SILENT = timedelta(seconds=60)
STUCK = timedelta(minutes=5)

migrated = False  # once true it stays true while this process runs this code


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration. Redis and beat may be down: the webhook door must stay open."""
    try:
        ready = database_is_ready()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if not ready:
        return HttpResponse("migrations are missing\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def database_is_ready() -> bool:
    global migrated
    if migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    executor = MigrationExecutor(connection)
    migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return migrated


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Each part with its state; 503 when any is degraded."""
    now = timezone.now()
    try:
        parts = {"database": part(database_is_ready(), "migrations are missing"), **work(now), "broker": broker()}
    except DatabaseError:
        parts = {"database": part(False, "does not answer")}
    good = all(entry["ok"] for entry in parts.values())
    answer = {"ok": good, "at": now.isoformat(), "parts": parts}
    return JsonResponse(answer, status=200 if good else 503)


def part(ok: bool, trouble: str, **more) -> dict:
    return {"ok": bool(ok)} | ({} if ok else {"trouble": trouble}) | more


def work(now) -> dict:
    """What lies about for too long tells that nobody does it."""
    pulse = Pulse.objects.filter(name="beat").first()
    beat_age = None if pulse is None else (now - pulse.at).total_seconds()
    late = now - STUCK
    inbox = Delivery.objects.filter(open_after__lte=late).count()
    quarantined = Delivery.objects.filter(state=Delivery.State.QUARANTINED).count()
    outbox = Notice.objects.filter(state=Notice.State.WAITING, send_after__lte=late).count()
    failed = Notice.objects.filter(state=Notice.State.FAILED, created_at__gte=now - timedelta(days=1)).count()
    return {
        "beat": part(
            beat_age is not None and beat_age <= BEAT_SILENT.total_seconds(),
            "no heartbeat through beat, broker and worker",
            age_seconds=beat_age,
        ),
        "inbox": part(not inbox, "deliveries wait too long", late=inbox, quarantined=quarantined),
        "outbox": part(not outbox, "notices wait too long", late=outbox, failed_today=failed),
        "webhook": part(not doorwatch.failing(now), "every signature fails"),
    }


def broker() -> dict:
    if not settings.REDIS_URL:
        return part(True, "", kind="files")
    try:
        with current_app.connection_for_write(connect_timeout=1) as link:
            link.ensure_connection(max_retries=0, timeout=1)
    except Exception as error:  # whatever the broker's library raises, it means one thing here
        return part(False, type(error).__name__, kind="redis")
    return part(True, "", kind="redis")
