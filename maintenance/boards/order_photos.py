"""The photos of an order, sorted to its jobs, each place with its camera."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.owners.models import Membership
from maintenance.domain.orders import State
from maintenance.models import OrderLine, Photo, WorkOrder

WHOLE = "photo"  # the field of photos that belong to no single job


@dataclass(slots=True)
class Shown:
    photo: Photo
    words: str  # for whoever does not see it


@dataclass(slots=True)
class Camera:
    """A place for photos: what is there, and whether one can be added. `name` is the field of the form."""

    name: str
    of: str
    may_add: bool
    photos: list[Shown] = field(default_factory=list)
    wrong: str = ""


def cameras(
    order: WorkOrder, lines: Iterable[OrderLine], photos: Iterable[Photo], member: Membership, wrong: dict[str, str]
) -> dict[int | None, Camera]:
    """One for each job by its key, and one for the order as a whole under None."""
    may_add = member.works and State(order.state) is not State.CANCELLED
    may_add_to_jobs = may_add and not State(order.state).is_over
    found: dict[int | None, Camera] = {
        line.pk: Camera(named(line), line.title, may_add_to_jobs, wrong=wrong.get(named(line), "")) for line in lines
    }
    found[None] = Camera(WHOLE, "", may_add, wrong=wrong.get(WHOLE, ""))
    for photo in photos:
        camera = found.get(photo.line_id) or found[None]
        camera.photos.append(Shown(photo, words(photo, camera.of, member)))
    return found


def named(line: OrderLine) -> str:
    return f"{WHOLE}-{line.pk}"


def words(photo: Photo, of: str, member: Membership) -> str:
    at = f"{photo.at.astimezone(member.fleet.zone):%-d %b %Y %H:%M}"
    return f"Photo{f' of {of}' if of else ''} by {photo.by_name}, {at}"
