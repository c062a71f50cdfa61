"""What is kept of a photo, and what is not taken at all."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from fleet.kit import pictures
from fleet.kit.pictures import LONGEST, SMALL, NotTaken, redraw
from tests.pictures import claiming, from_a_phone, in_passes, jpeg, png


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_the_place_the_phone_and_every_word_are_gone():
    sent = from_a_phone()
    assert b"taken at home" in sent
    assert opened(sent).getexif()

    for kept in (redraw(sent).large, redraw(sent).small):
        assert not opened(kept).getexif()
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        for word in (b"Exif", b"GPS", b"Acme", b"home", b"xmp"):
            assert word not in kept


@pytest.mark.parametrize(("orientation", "size"), [(1, (640, 480)), (3, (640, 480)), (6, (480, 640)), (8, (480, 640))])
def test_it_stands_upright(orientation, size):
    picture = redraw(from_a_phone(orientation=orientation))
    assert (picture.width, picture.height) == opened(picture.large).size == size


@pytest.mark.parametrize("size", [(6_000, 4_000), (4_000, 6_000), (30_000, 100), (2_049, 2_049)])
def test_the_longest_side_is_capped(size):
    picture = redraw(jpeg(size))
    assert max(opened(picture.large).size) == LONGEST
    assert max(opened(picture.small).size) == SMALL
    assert abs(picture.width / picture.height / (size[0] / size[1]) - 1) < 0.2 or min(size) < 1_000


def test_a_small_picture_is_not_blown_up():
    assert opened(redraw(jpeg((40, 30))).large).size == (40, 30)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_becomes_a_jpeg(mode):
    assert opened(redraw(png(mode=mode, colour=0)).large).format == "JPEG"


def test_what_was_transparent_is_white():
    kept = opened(redraw(png(mode="RGBA", colour=(0, 0, 0, 0))).large)
    assert min(kept.getpixel((5, 5))) > 250


def test_a_picture_with_four_inks_is_taken():
    out = BytesIO()
    Image.new("CMYK", (30, 30)).save(out, "JPEG")
    assert opened(redraw(out.getvalue()).large).mode == "RGB"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "PDF"])
def test_another_format_is_not_taken(kind):
    out = BytesIO()
    Image.new("RGB", (30, 30)).save(out, kind)
    with pytest.raises(NotTaken, match="neither a JPEG nor a PNG"):
        redraw(out.getvalue())


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg/>",
        b"\xff\xd8\xff",
        b"GIF89a/*",
    ],
)
def test_what_is_no_picture_is_not_taken(sent):
    with pytest.raises(NotTaken):
        redraw(sent)


def test_what_hides_behind_a_picture_is_left_behind():
    kept = redraw(jpeg() + b"<html><script>alert(1)</script></html>" + b"PK\x03\x04")
    assert b"<script>" not in kept.large + kept.small
    assert b"PK\x03\x04" not in kept.large + kept.small


@pytest.mark.parametrize(
    "sent", [claiming(5_000, 5_000), claiming(50_000, 50_000), claiming(2_000_000_000, 2_000_000_000), in_passes()]
)
def test_a_bomb_is_known_before_it_is_decoded(sent):
    """It would be called damaged, had the decoder seen it: none of them holds what it claims."""
    assert len(sent) < 200_000
    with pytest.raises(NotTaken, match="too many pixels"):
        redraw(sent)


def test_too_many_bytes_are_not_even_opened():
    with pytest.raises(NotTaken, match="larger than 12 MB"):
        redraw(jpeg() + b"\0" * pictures.MOST_BYTES)


def test_half_a_picture_is_told_as_such():
    whole = jpeg((2_000, 1_500), colour="teal")
    with pytest.raises(NotTaken, match="cut off or damaged"):
        redraw(whole[: len(whole) // 2])


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_whatever_is_broken_in_a_picture_ends_in_a_picture_or_a_sentence():
    chance = random.Random(20_261_123)
    wholes = [from_a_phone((96, 64)), png((96, 64), mode="RGBA", colour=(9, 9, 9, 9)), in_passes((32, 32), 3)]
    for _ in range(400):
        sent = bytearray(chance.choice(wholes))
        for _ in range(chance.randint(1, 12)):
            sent[chance.randrange(len(sent))] = chance.randrange(256)
        try:
            kept = redraw(bytes(sent[: chance.randint(1, len(sent))] if chance.random() < 0.3 else sent))
        except NotTaken as not_taken:
            assert str(not_taken)
        else:
            assert opened(kept.large).format == "JPEG"


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="asks Linux for the memory in use")
def test_the_largest_sensor_costs_little_memory():
    sent = jpeg((9_200, 6_900), colour="teal", quality=30)

    def peak() -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    redraw(sent)
    assert peak() - before < 120_000
