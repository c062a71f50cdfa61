"""Fettle: looks after a fleet of connected cars."""

from fleet.celery import app as celery_app

__all__ = ["celery_app"]
