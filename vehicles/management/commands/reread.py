from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vehicles.models import Delivery
from vehicles.post import rereading


def moment(text: str) -> datetime:
    """A day or a moment; UTC where it does not say otherwise."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Read kept bodies again, after a translator was mended. What is known already stays as it is."

    def add_arguments(self, parser) -> None:
        states = [state for state in Delivery.State.values if state != Delivery.State.WAITING]
        parser.add_argument("--since", type=moment, help="received at or after, such as 2026-11-01 or 2026-11-01T12:00")
        parser.add_argument("--until", type=moment, help="received before")
        parser.add_argument("--state", action="append", choices=states, default=[])
        parser.add_argument("--kind", action="append", default=[], help="such as STATE or ERROR")
        parser.add_argument("--error", default="", help="the reason that it was given")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, and change nothing")

    def handle(self, *args, since, until, state, kind, error, dry_run, **options) -> None:
        if not any((since, until, state, kind, error)):
            raise CommandError("Say which: --since, --until, --state, --kind or --error.")
        found = rereading.chosen(since=since, until=until, states=state, kinds=kind, error=error)
        report = rereading.reread(found, now=timezone.now(), dry_run=dry_run)
        for line in report.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("nothing was changed")
        if report.failed:
            raise CommandError(f"{report.failed.total()} bodies could not be taken in.")
