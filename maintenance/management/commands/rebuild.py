from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from maintenance import rebuilding
from vehicles.models import Vehicle


class Command(BaseCommand):
    help = "Make gauges, faults, capabilities and verdicts anew from stored readings and kept bodies."

    def add_arguments(self, parser) -> None:
        parser.add_argument("vehicle", nargs="?", type=int, help="number of the vehicle")
        parser.add_argument("--all", action="store_true", help="every vehicle")
        parser.add_argument("--check", action="store_true", help="change nothing; fail where something differs")

    def handle(self, *args, vehicle: int | None, check: bool, **options) -> None:
        if (vehicle is None) == (not options["all"]):
            raise CommandError("Name one vehicle, or say --all.")
        vehicles = Vehicle.objects.order_by("pk")
        if vehicle is not None:
            vehicles = vehicles.filter(pk=vehicle)
            if not vehicles:
                raise CommandError(f"There is no vehicle {vehicle}.")
        deed = rebuilding.check if check else rebuilding.rebuild
        seen = differing = 0
        for pk in list(vehicles.values_list("pk", flat=True)):
            one = Vehicle.objects.select_related("fleet").filter(pk=pk).first()
            if one is None:
                continue
            differences = deed(one, now=timezone.now())
            seen, differing = seen + 1, differing + bool(differences)
            for difference in differences:
                self.stdout.write(f"vehicle {pk}: {difference}")
        self.stdout.write(f"{seen} vehicles, {differing} with differences")
        if check and differing:
            raise CommandError("What is stored is not what follows from the readings.", returncode=1)
