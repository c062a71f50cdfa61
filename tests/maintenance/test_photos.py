"""Photos on a work order: who adds, sees and removes them, and what is left when something goes wrong."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fleet.kit.pictures import MOST_BYTES
from fleet.owners.models import Role
from maintenance.domain.orders import Move
from maintenance.models import OrderLine, OrderStep, Photo, WorkOrder
from maintenance.orders import moving, photos
from tests.pictures import claiming, from_a_phone, jpeg
from tests.scenes import a_car, a_fleet, a_member, unique

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def fleet():
    return a_fleet()


@pytest.fixture
def order(fleet):
    return an_order(fleet)


@pytest.fixture
def hand(client, fleet):
    return sign_in(client, fleet)


def an_order(fleet) -> WorkOrder:
    number = 1_001 + WorkOrder.objects.for_fleet(fleet).count()
    about = {"vehicle": a_car(fleet), "number": number, "created_by": "Ana", "created_at": timezone.now()}
    order = WorkOrder.objects.create(fleet=fleet, key=unique("form"), **about)
    OrderLine.objects.create(order=order, title="Oil change")
    return order


def sign_in(client, fleet, role=Role.TECHNICIAN):
    member = a_member(fleet, role)
    client.force_login(member.user)
    return member


def send(client, order, sent: bytes | None = None, *, name="photo", called="IMG_0001.JPG", **more):
    file = SimpleUploadedFile(called, jpeg() if sent is None else sent, "image/jpeg")
    return client.post(f"/orders/{order.pk}/work/", {"act": "photo", name: file} | more, follow=True)


def files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_photo_is_kept_without_the_place_and_shown(client, hand, order, media):
    answer = send(client, order, from_a_phone(orientation=6))

    photo = Photo.objects.get()
    assert (photo.by, photo.width, photo.height) == (hand.user, 480, 640)
    assert "The photo is kept." in words(answer)
    assert f"/photos/{photo.pk}/small.jpg" in words(answer)
    assert len(files(media)) == 2
    assert photo.size == sum(path.stat().st_size for path in files(media))
    for path in files(media):
        assert b"Exif" not in path.read_bytes()
        assert "IMG" not in path.name
        assert path.stat().st_mode & 0o077 == 0
    assert f"by {hand.user}" in words(client.get(f"/photos/{photo.pk}/"))


@pytest.mark.parametrize("which", ["large", "small"])
def test_it_is_handed_out_as_a_picture_and_nothing_else(client, hand, order, which):
    send(client, order)
    answer = client.get(f"/photos/{Photo.objects.get().pk}/{which}.jpg")

    assert answer.content.startswith(b"\xff\xd8")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(answer.request["PATH_INFO"], headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_folder_has_no_address(client, hand, order, media):
    send(client, order)
    for path in files(media):
        below = path.relative_to(media)
        for where in (f"/media/{below}", f"/{below}", f"/static/{below}"):
            assert client.get(where).status_code == 404


def test_what_is_typed_is_kept_with_the_photo(client, hand, order):
    line = order.lines.get()
    send(client, order, name=f"photo-{line.pk}", line=line.pk, **{f"n-{line.pk}": "Filter was loose"})

    assert order.lines.get().note == "Filter was loose"
    assert Photo.objects.get().line == line
    assert f"Photo of Oil change by {hand.user}" in words(client.get(f"/orders/{order.pk}/"))


def test_the_same_picture_sent_twice_is_one_photo(client, hand, order, media):
    for _ in range(2):
        send(client, order, jpeg(colour="teal"))
    assert (Photo.objects.count(), len(files(media))) == (1, 2)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"<html><script>alert(1)</script></html>", "neither a JPEG nor a PNG"),
        (b"GIF89a" + b"\0" * 50, "neither a JPEG nor a PNG"),
        (claiming(20_000, 20_000), "too many pixels"),
        (jpeg()[:2_000], "cut off or damaged"),
        (jpeg() + b"\0" * MOST_BYTES, "larger than 12 MB"),
    ],
    ids=["a page", "a gif", "a bomb", "half a file", "too heavy"],
)
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_what_is_not_taken_is_told_beside_the_field_and_leaves_nothing(client, hand, order, media, sent, said, htmx):
    line = order.lines.get()
    name = f"photo-{line.pk}"
    typed = {"line": line.pk, f"n-{line.pk}": "Slight weep", "field": name}
    file = SimpleUploadedFile("photo.jpg", sent, "image/jpeg")
    headers = {"HX-Request": "true"} if htmx else {}
    answer = client.post(f"/orders/{order.pk}/work/", typed | {"act": "photo", name: file}, headers=headers)

    assert answer.status_code == 422
    assert said in words(answer).split(f'id="{name}-e"')[1]
    assert f'aria-describedby="{name}-e"' in words(answer)
    assert ("<h1>" in words(answer)) is not htmx
    assert order.lines.get().note == "Slight weep"
    assert (Photo.objects.count(), files(media)) == (0, [])


def test_sending_no_photo_is_not_said_to_have_kept_one(client, hand, order):
    answer = client.post(f"/orders/{order.pk}/work/", {"act": "photo"})
    assert answer.status_code == 422
    assert "Choose a photo first." in words(answer)


def test_a_flood_is_not_read_to_its_end(client, hand, order, media):
    answer = send(client, order, b"\xff\xd8" + b"\0" * (5 * MOST_BYTES))
    assert answer.status_code == 422
    assert "larger than 12 MB" in words(answer)
    assert files(media) == []


@pytest.mark.parametrize("trouble", ["a file in its place", "no disk behind it"])
def test_where_it_cannot_be_stored_that_is_said_and_nothing_stays(client, hand, order, media, trouble):
    media.mkdir()
    if trouble == "no disk behind it":
        (media / "photos").symlink_to("/dev/full/photos")
    else:
        (media / "photos").write_text("somebody put this here")
    answer = send(client, order)

    assert answer.status_code == 422
    assert "its disk is full or closed" in words(answer)
    assert Photo.objects.count() == 0
    assert [path for path in files(media) if path.name != "photos"] == []


def test_a_viewer_sees_and_does_not_add(client, fleet, hand, order):
    send(client, order)
    photo = Photo.objects.get()
    client.logout()
    sign_in(client, fleet, Role.VIEWER)

    assert send(client, order, jpeg(colour="red")).status_code == 403
    assert client.post(f"/photos/{photo.pk}/remove/").status_code == 403
    assert client.get(f"/photos/{photo.pk}/large.jpg").status_code == 200
    sheet = words(client.get(f"/orders/{order.pk}/"))
    assert f"/photos/{photo.pk}/small.jpg" in sheet
    assert 'type="file"' not in sheet
    assert "Remove this photo" not in words(client.get(f"/photos/{photo.pk}/"))


def test_another_fleet_and_another_technicians_order_are_404(client, fleet, hand, order):
    send(client, order)
    order.assignee = hand.user
    order.save()
    where = [f"/photos/{Photo.objects.get().pk}/{tail}" for tail in ("", "large.jpg", "small.jpg")]
    assert {client.get(one).status_code for one in where} == {200}

    for other in (a_member(a_fleet("Theirs"), Role.MANAGER), a_member(fleet, Role.TECHNICIAN)):
        client.force_login(other.user)
        assert {client.get(one).status_code for one in where} == {404}
        assert send(client, order, jpeg(colour="red")).status_code == 404


@pytest.mark.parametrize(("role", "may"), [(Role.MANAGER, True), (Role.TECHNICIAN, False)])
def test_it_is_removed_by_who_took_it_or_a_manager_and_that_is_told(client, fleet, hand, order, media, role, may):
    send(client, order)
    photo = Photo.objects.get()
    other = sign_in(client, fleet, role)
    assert ("Remove this photo" in words(client.get(f"/photos/{photo.pk}/"))) is may
    answer = client.post(f"/photos/{photo.pk}/remove/", follow=True)

    if not may:
        assert "took this photo. They or a manager can remove it." in words(answer)
        client.force_login(hand.user)
        answer, other = client.post(f"/photos/{photo.pk}/remove/", follow=True), hand
    assert Photo.objects.count() == 0
    step = OrderStep.objects.get(what="photo gone")
    assert (step.what, step.by_name) == ("photo gone", str(other.user))
    assert f"taken by {hand.user}" in step.note
    assert "Photo removed" in words(answer)


def test_the_files_go_when_the_row_is_gone_for_good(client, hand, order, media, django_capture_on_commit_callbacks):
    send(client, order)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/photos/{Photo.objects.get().pk}/remove/")
    assert files(media) == []


def test_an_order_takes_so_many_and_no_more(client, hand, order, monkeypatch, media):
    monkeypatch.setattr(photos, "MOST", 2)
    for colour in ("red", "green"):
        send(client, order, jpeg(colour=colour))
    assert "has 2 photos, which is the most" in words(send(client, order, jpeg(colour="blue")))
    assert len(files(media)) == 4


@pytest.mark.parametrize(("state", "taken"), [("done", 1), ("cancelled", 0)])
def test_a_photo_may_come_after_the_work_but_not_to_what_was_cancelled(client, fleet, hand, order, state, taken, media):
    if state == "cancelled":
        moving.move(order, Move.CANCEL, member=a_member(fleet), now=timezone.now(), reason="Sold")
    else:
        WorkOrder.objects.filter(pk=order.pk).update(state=state, ended_at=timezone.now())
    sheet = words(client.get(f"/orders/{order.pk}/"))
    assert ('type="file"' in sheet) is bool(taken)
    answer = send(client, order)
    assert Photo.objects.count() == taken
    assert len(files(media)) == 2 * taken
    assert ("WO-1001 is cancelled, so it takes no photos." in words(answer)) is (not taken)


def test_what_lost_its_row_is_swept_and_what_is_young_is_left(client, hand, order, media):
    send(client, order)
    kept = files(media)
    left = media / "photos" / str(order.fleet_id) / "0a.jpg"
    young = media / "photos" / str(order.fleet_id) / "0b-s.jpg"
    for path, hours in ((left, 7), (young, 1), (kept[0], 900), (kept[1], 900)):
        path.touch()
        os.utime(path, (time.time() - hours * 3_600,) * 2)

    assert photos.sweep(now=timezone.now()) == 1
    assert files(media) == sorted([*kept, young])
    order.delete()
    assert photos.sweep(now=timezone.now() + timedelta(hours=8)) == 3
    assert files(media) == []


def test_where_nobody_ever_took_a_photo_there_is_nothing_to_sweep():
    assert photos.sweep(now=timezone.now()) == 0
