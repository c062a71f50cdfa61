"""What the address of the vehicle list asks for: which vehicles. A view of the list is its address alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.db.models import QuerySet
from django.http import QueryDict

from fleet.owners.models import Membership
from maintenance.boards import grouped, health, pages
from maintenance.domain.health import Light
from maintenance.faulting.rulebook import Rulebook
from vehicles.models import Vehicle


@dataclass(frozen=True, slots=True)
class Asked:
    """`group` is the key of a group of vehicles, of whatever fleet."""

    q: str = ""
    light: str = ""
    group: int = 0

    @classmethod
    def read(cls, query: QueryDict, q: str) -> Self:
        """Whatever a strange address says, something can be shown."""
        light = query.get("light", "")
        return cls(q=q, light=light if light in set(Light) else "", group=grouped.read(query.get("group", "")))

    @property
    def keep(self) -> dict:
        """The query of this view, without the page."""
        return {"q": self.q, "light": self.light, "group": self.group or ""}

    @property
    def here(self) -> str:
        return pages.address(self.keep, 0) or "?"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.light or self.group)

    def but(self, **changed) -> str:
        """The address of this view with something else about it."""
        return replace(self, **changed).here

    def cars(self, member: Membership, book: Rulebook, now: datetime) -> QuerySet[Vehicle]:
        """All that this view shows, by name."""
        found = Vehicle.objects.seen_by(member).active().called(self.q)
        if self.group:
            found = found.filter(pk__in=grouped.vehicles(self.group, member))
        if self.light:
            found = health.in_light(found, Light(self.light), member.fleet, book, now)
        return found.order_by("name", "pk")
