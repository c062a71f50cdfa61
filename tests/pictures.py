"""Pictures as cameras and attackers make them."""

import struct
import zlib
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PLACE = (51.0, 30.0, 26.0)


def jpeg(size=(640, 480), colour="navy", **more) -> bytes:
    return drawn(size, colour, "JPEG", **more)


def png(size=(64, 48), colour="navy", mode="RGB") -> bytes:
    return drawn(size, colour, "PNG", mode)


def drawn(size, colour, kind: str, mode="RGB", **more) -> bytes:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def from_a_phone(size=(640, 480), *, orientation: int = 1) -> bytes:
    """With the place, the maker and a comment in it."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Orientation] = "Acme Phones", orientation
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = PLACE
    return jpeg(size, exif=exif, comment=b"taken at home", xmp=b"<x:xmpmeta>home</x:xmpmeta>")


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unpacks into as many pixels as it says."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def in_passes(size=(64, 64), passes: int = 100) -> bytes:
    """A JPEG that asks the decoder to go over the whole picture again and again."""
    whole = jpeg(size, progressive=True)
    start = whole.rindex(b"\xff\xda")
    return whole[:start] + whole[start:-2] * passes + whole[-2:]
