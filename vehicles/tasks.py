"""Doorbells. A full batch rings itself again."""

from celery import shared_task
from django.utils import timezone

from vehicles import enrolment, inbox, polling, subscribing


@shared_task
def open_deliveries() -> None:
    if inbox.sweep(now=timezone.now()) >= inbox.BATCH:
        open_deliveries.apply_async(queue="ingest")


@shared_task
def poll_vehicles() -> None:
    polling.sweep(now=timezone.now())


@shared_task
def subscribe_vehicles() -> None:
    enrolment.sweep(now=timezone.now())
    subscribing.sweep(now=timezone.now())
    inbox.unpark_known(now=timezone.now())
