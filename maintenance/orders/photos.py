"""Photos on an order: the files are written before the row, so that a row never lacks them."""

import logging
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from fleet.kit.pictures import NotTaken, Picture, redraw
from fleet.owners.models import Membership
from maintenance.domain.orders import State
from maintenance.models import OrderLine, Photo, WorkOrder
from maintenance.orders import moving
from maintenance.refusals import Refused

log = logging.getLogger(__name__)

MOST = 40  # of one order
ROOM = "photos"
YOUNG = timedelta(hours=6)  # a file without a row may still be about to get one
NO_ROOM = "The portal could not store it: its disk is full or closed. Keep the photo, and tell whoever runs the portal."


def add(order: WorkOrder, sent: bytes, *, member: Membership, now: datetime, line: OrderLine | None = None) -> Photo:
    """The same picture of the same job sent twice is one photo. Refused with what the person can do about it."""
    digest = sha256(f"{line.pk if line else 0} ".encode() + sent).hexdigest()
    if known := order.photos.filter(digest=digest).first():
        return known
    try:
        picture = redraw(sent)
    except NotTaken as not_taken:
        raise Refused("photo", str(not_taken)) from None
    place = f"{ROOM}/{order.fleet_id}/{secrets.token_hex(20)}"
    photo = Photo(fleet_id=order.fleet_id, order=order, line=line, place=place, digest=digest, at=now)
    photo.width, photo.height, photo.size = picture.width, picture.height, len(picture.large) + len(picture.small)
    photo.by, photo.by_name = member.user, str(member.user)[:120]
    try:
        store(photo, picture)
        return put(photo, member)
    except BaseException:
        discard(photo)
        raise


def store(photo: Photo, picture: Picture) -> None:
    try:
        default_storage.save(photo.large, ContentFile(picture.large))
        default_storage.save(photo.small, ContentFile(picture.small))
    except OSError as error:
        log.error("a photo of order %s could not be stored: %s", photo.order_id, error)
        raise Refused("photo", NO_ROOM) from None


def put(photo: Photo, member: Membership) -> Photo:
    try:
        with transaction.atomic():
            order = moving.locked(photo.order, member)
            if State(order.state) is State.CANCELLED:
                raise Refused("photo", f"{order.called} is cancelled, so it takes no photos.")
            if order.photos.count() >= MOST:
                raise Refused("photo", f"{order.called} has {MOST} photos, which is the most. Remove one first.")
            photo.save(force_insert=True)
            moving.note_down(order, "photo", by=member.user, now=photo.at, note=photo.line.title if photo.line else "")
            return photo
    except IntegrityError:  # the same picture, sent twice in this very moment
        discard(photo)
        return Photo.objects.get(order=photo.order_id, digest=photo.digest)


def may_remove(photo: Photo, member: Membership) -> bool:
    return member.plans or (member.works and photo.by_id == member.user_id)


@transaction.atomic
def remove(photo: Photo, *, member: Membership, now: datetime) -> None:
    """By who took it, or by a manager; that there was one stays in the order's past."""
    order = moving.locked(photo.order, member)
    if not may_remove(photo, member):
        raise Refused("photo", f"{photo.by_name} took this photo. They or a manager can remove it.")
    taken = f"{photo.at.astimezone(order.fleet.zone):%-d %b %H:%M}"
    moving.note_down(order, "photo gone", by=member.user, now=now, note=f"taken by {photo.by_name[:120]}, {taken}")
    Photo.objects.filter(pk=photo.pk).delete()
    transaction.on_commit(lambda: discard(photo))


def discard(photo: Photo) -> None:
    for name in (photo.large, photo.small):
        try:
            default_storage.delete(name)
        except OSError as error:  # the sweep comes by again
            log.warning("a file of a photo could not be removed: %s", error)


def sweep(*, now: datetime) -> int:
    """Remove files whose row is gone, with its order or its fleet, or never came. Returns how many."""
    gone = 0
    for folder in folders(ROOM):
        known = set(Photo.objects.filter(place__startswith=f"{folder}/").values_list("place", flat=True))
        for name in default_storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            is_known = path.removesuffix(".jpg").removesuffix("-s") in known
            if not is_known and default_storage.get_modified_time(path) < now - YOUNG:
                default_storage.delete(path)
                gone += 1
    return gone


def folders(room: str) -> list[str]:
    return [f"{room}/{name}" for name in default_storage.listdir(room)[0]] if default_storage.exists(room) else []
