from django.core.management.base import BaseCommand

from vehicles.smartcar.sandbox.server import main


class Command(BaseCommand):
    help = "Serve Smartcar's protocol on loopback, with a fleet that drives."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        main()
