"""Doorbells of the ground floor."""

from celery import shared_task
from django.utils import timezone

from fleet.owners import inviting


@shared_task
def send_invitations() -> None:
    inviting.sweep(now=timezone.now())
