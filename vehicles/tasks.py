"""Doorbells. A full batch is followed by the next."""

from celery import shared_task
from django.utils import timezone

from fleet.kit.turnstile import Turnstile
from vehicles import retention
from vehicles.asking import outages, polling, silence
from vehicles.consent import campaigning, enrolment, homecoming, mending, moving, parting, reconciling, subscribing
from vehicles.line import grants
from vehicles.post import inbox

open_all = Turnstile(lambda: inbox.sweep(now=timezone.now()) >= inbox.BATCH)

# It goes on for as long as a slow car keeps a thread waiting, and claims for the others meanwhile.
poll_all = Turnstile(lambda: polling.sweep(now=timezone.now()) > 0)


@shared_task
def open_deliveries() -> None:
    open_all()


@shared_task
def poll_vehicles() -> None:
    poll_all()


@shared_task
def subscribe_vehicles() -> None:
    enrolment.sweep(now=timezone.now())
    subscribing.sweep(now=timezone.now())
    homecoming.sweep(now=timezone.now())
    inbox.unpark_known(now=timezone.now())


@shared_task
def keep_grants() -> None:
    grants.sweep(now=timezone.now())


@shared_task
def move_connections() -> None:
    moving.sweep(now=timezone.now())
    mending.stand_in(now=timezone.now())


@shared_task
def part_with() -> None:
    parting.sweep(now=timezone.now())


@shared_task
def walk_lists() -> None:
    reconciling.sweep(now=timezone.now())


@shared_task
def write_to_owners() -> None:
    campaigning.sweep(now=timezone.now())


@shared_task
def forget_bodies() -> None:
    retention.sweep(now=timezone.now())


@shared_task
def heal_outages() -> None:
    outages.heal(now=timezone.now())


@shared_task
def watch_silence() -> None:
    if silence.sweep(now=timezone.now()) >= silence.BATCH:
        watch_silence.apply_async()
