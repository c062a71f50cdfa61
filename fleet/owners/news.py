"""What the floors above may want to know of a fleet and its people. Told within the transaction that wrote it."""

from django.dispatch import Signal

settled = Signal()  # a fleet was named, or its zone or units changed: fleet, before (a Fleet), by (a User), now
parted = Signal()  # somebody works in a fleet no more: fleet, user, by (a User), now
