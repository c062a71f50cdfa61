"""Beat rings, a worker writes: a fresh heartbeat proves both alive."""

from celery import shared_task
from django.utils import timezone

from fleet.watch.models import Pulse


@shared_task
def heartbeat() -> None:
    Pulse.beat("beat", timezone.now())
