from django.apps import apps
from django.core.management.base import BaseCommand

from fleet.kit import sealing


def sealed() -> list[tuple]:
    """Every model that keeps secrets names their columns in `SEALED`."""
    return [(model, model.SEALED) for model in apps.get_models() if hasattr(model, "SEALED")]


class Command(BaseCommand):
    help = "Seal every secret with the newest of FIELD_KEYS; after that the older ones can be taken out."

    def handle(self, *args, **options) -> None:
        lost = done = 0
        for model, columns in sealed():
            for row in model.objects.only(*columns).iterator(chunk_size=500):
                held = {name: getattr(row, name) for name in columns if getattr(row, name)}
                if all(map(sealing.is_newest, held.values())):
                    continue
                try:
                    anew = {name: sealing.reseal(value) for name, value in held.items()}
                except sealing.Sealed:
                    lost += 1
                    continue
                # Renewed meanwhile: then it is under the newest key already.
                done += model.objects.filter(pk=row.pk, **held).update(**anew)
        self.stdout.write(f"{done} resealed.")
        if lost:
            self.stderr.write(f"{lost} cannot be opened by any key of FIELD_KEYS: their owners have to consent again.")
