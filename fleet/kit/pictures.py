"""A photo that somebody sent is drawn anew: what the eye sees is kept, and nothing that the camera wrote beside it."""

import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 64_000_000  # of a JPEG, which is decoded at a fraction of its size
MOST_WHOLE = 20_000_000  # of what can only be decoded whole: PNG, and a JPEG that comes in passes
MOST_PASSES = 64  # each goes over the whole picture, and costs a few bytes to ask for
LONGEST, SMALL = 2_048, 320
PASS = b"\xff\xda"

NO_PICTURE = "This is neither a JPEG nor a PNG picture. Take a photo, or save the picture as JPEG first."
TOO_HEAVY = f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Take the photo with a lower resolution."
TOO_LARGE = "This picture has too many pixels. Take the photo with a lower resolution."
BROKEN = "This picture is cut off or damaged. Take the photo again."

# A decoded picture takes fifty megabytes or more, and a process has many threads.
one_at_a_time = threading.Lock()


class NotTaken(Exception):
    """The text tells the person why, and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """JPEG twice, upright: as large as a screen needs it, and small for a list."""

    large: bytes
    small: bytes
    width: int
    height: int


def redraw(sent: bytes) -> Picture:
    """Judged by what it holds, never by its name. Raises NotTaken; how large it is, is known before it is decoded."""
    if len(sent) > MOST_BYTES:
        raise NotTaken(TOO_HEAVY)
    try:
        image = Image.open(BytesIO(sent), formats=["JPEG", "PNG"])
    except Image.DecompressionBombError:
        raise NotTaken(TOO_LARGE) from None
    except Exception:  # whatever a strange file makes the reader raise, it means one thing here
        raise NotTaken(NO_PICTURE) from None
    if image.width * image.height > most_of(image) or sent.count(PASS) > MOST_PASSES:
        raise NotTaken(TOO_LARGE)
    try:
        with one_at_a_time:
            return drawn(image)
    except Exception:  # as above: half a file, a wrong checksum, a number out of range
        raise NotTaken(BROKEN) from None


def most_of(image: Image.Image) -> int:
    in_one_pass = image.format != "PNG" and not image.info.get("progressive")
    return MOST_PIXELS if in_one_pass else MOST_WHOLE


def drawn(image: Image.Image) -> Picture:
    share = LONGEST / max(image.size)
    if share < 1:  # lets the decoder leave out what would only be shrunk away
        image.draft("RGB", (max(1, int(image.width * share)), max(1, int(image.height * share))))
    image.load()
    image = ImageOps.exif_transpose(image)
    image.thumbnail((LONGEST, LONGEST), reducing_gap=None)
    clean = on_white(image)
    small = clean.copy()
    small.thumbnail((SMALL, SMALL))
    return Picture(as_jpeg(clean, 84), as_jpeg(small, 76), *clean.size)


def on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, on a sheet that never carried a comment, a place or a name."""
    sheet = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        sheet.paste(image, mask=image.getchannel("A"))
    else:
        sheet.paste(image.convert("RGB"))
    return sheet


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
