from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fleet.owners.models import Fleet
from vehicles.consent import moving


class Command(BaseCommand):
    help = "Say how far each fleet is on its way from v2 to v3; with --begin, start those that have not begun."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--fleet", type=int, help="the number of one fleet; all without")
        parser.add_argument("--begin", action="store_true")

    def handle(self, *args, fleet: int | None, begin: bool, **options) -> None:
        fleets = Fleet.objects.order_by("pk")
        if fleet is not None and not (fleets := fleets.filter(pk=fleet)):
            raise CommandError(f"There is no fleet {fleet}.")
        for one in fleets:
            if begin and moving.progress(one):
                moving.begin(one, now=timezone.now())
            self.stdout.write(f"{one.pk} {one.name}: {said(moving.progress(one))}")


def said(progress: dict | None) -> str:
    if progress is None:
        return "nothing on v2"
    counts = [("moved", "moved"), ("proving", "reading by v3, v2 kept"), ("waiting", "waiting"), ("on_v2", "not begun")]
    held_up = [f"{one['car']}: {one['why']}" for one in progress["held_up"]]
    return ", ".join(f"{progress[name]} {word}" for name, word in counts) + "".join(f"\n    {line}" for line in held_up)
