"""Where the web server comes in."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")

house = get_wsgi_application()
application = import_string("vehicles.views.door.Street")(house)
# A quiet night has no requests, and the web is alive all the same: each process says so from its fork on.
os.register_at_fork(after_in_child=import_string("vehicles.post.doorwatch.watchman").wake)
