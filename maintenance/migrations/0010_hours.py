from django.db import migrations, models

TYPICAL = {
    "oil-change": 45,
    "full-service": 150,
    "tyre-rotation": 40,
    "brake-inspection": 40,
    "brake-fluid": 60,
    "cabin-filter": 15,
    "air-filter": 15,
    "spark-plugs": 75,
    "coolant": 75,
    "transmission-fluid": 75,
    "axle-fluid": 45,
    "fuel-filter": 40,
    "exhaust-fluid": 15,
    "door-tracks": 20,
    "hybrid-filter": 20,
    "battery-coolant": 120,
}


def estimate(apps, schema_editor):
    """Tasks of the library get what they take as a rule; one that a fleet has made its own is left alone."""
    tasks = apps.get_model("maintenance", "Task").objects
    for key, minutes in TYPICAL.items():
        tasks.filter(key=key, edited_at=None).update(minutes=minutes)


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0009_push")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="workshop_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="minutes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(estimate, migrations.RunPython.noop, elidable=True),
    ]
