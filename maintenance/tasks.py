"""Doorbells. A sweep that wrote rows rings the next; a full batch rings itself again."""

from celery import shared_task
from django.utils import timezone

from maintenance import notices, review
from maintenance.forecasts import pacing
from maintenance.orders import photos, sending
from maintenance.plans import rechecks
from maintenance.proving import proposals
from maintenance.watching import folding


@shared_task
def review_vehicles() -> None:
    count = review.sweep(now=timezone.now())
    if count >= review.batch():
        review_vehicles.apply_async()
    elif count:
        send_notices.apply_async()


@shared_task
def send_notices() -> None:
    if notices.sweep(now=timezone.now()) >= notices.BATCH:
        send_notices.apply_async()


@shared_task
def tell_paces() -> None:
    if pacing.sweep(now=timezone.now()) >= pacing.BATCH:
        tell_paces.apply_async()


@shared_task
def go_on_rechecking() -> None:
    if rechecks.sweep(now=timezone.now()):
        review_vehicles.apply_async()


@shared_task
def watch_thresholds() -> None:
    if folding.sweep(now=timezone.now()) >= folding.BATCH:
        watch_thresholds.apply_async()


@shared_task
def look_for_services() -> None:
    if proposals.sweep(now=timezone.now()) >= proposals.BATCH:
        look_for_services.apply_async()


@shared_task
def tidy_orders() -> None:
    photos.sweep(now=timezone.now())
    sending.forget(now=timezone.now())
