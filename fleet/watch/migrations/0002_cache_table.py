"""The cache table of an installation without Redis. Made everywhere: it costs nothing, and Redis can leave again."""

from django.core.management import call_command
from django.db import migrations

TABLE = "django_cache"


def make(apps, schema_editor):
    if TABLE in schema_editor.connection.introspection.table_names():
        return
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("watch", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
