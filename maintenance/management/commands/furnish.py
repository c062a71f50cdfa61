import os

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from maintenance import demo_starts, furnishing
from maintenance.orders import demo


class Command(BaseCommand):
    help = "Furnish the demo fleet through the real doors. Safe to run again: what is there stays."

    def add_arguments(self, parser) -> None:
        days = int(os.environ.get("FURNISH_DAYS") or 400)
        parser.add_argument("--days", type=int, default=days, help="how much past to deliver")

    def handle(self, *args, days: int, **options) -> None:
        password = os.environ.get("DEMO_PASSWORD")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set: ./run makes one.")
        fleet = furnishing.people(password)
        makers = furnishing.sandbox()
        vehicles = furnishing.consents(fleet, makers)
        furnishing.names(fleet)
        self.stdout.write(f"{vehicles} vehicles connected")
        furnishing.subscriptions(fleet)
        furnishing.completions(fleet, makers)
        if not furnishing.has_a_past():
            furnishing.past(makers, days=days, say=self.stdout.write)
            furnishing.completions(fleet, makers)
            self.stdout.write(f"{demo_starts.tell(fleet, now=timezone.now())} last services told")
        written = furnishing.forecasts(fleet, days=days)
        self.stdout.write(f"{written} forecasts of the past held against what happened")
        self.stdout.write(f"{demo.orders(fleet, now=timezone.now())} work orders")
        self.stdout.write("furnished")
