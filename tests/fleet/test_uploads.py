"""What is sent as a file: in memory, of a sane size, and from somebody we know."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from fleet.kit.pictures import MOST_BYTES
from fleet.kit.uploads import MOST_AT_ONCE


def asked(*, known: bool = True, **sent):
    files = {name: SimpleUploadedFile("x.jpg", b"\0" * size) for name, size in sent.items()}
    request = RequestFactory().post("/", {"first": "kept"} | files | {"zlast": "kept"})
    request.user = SimpleNamespace(is_authenticated=known)
    return request


def test_a_file_lies_in_memory_alone():
    request = asked(photo=MOST_BYTES)
    assert isinstance(request.FILES["photo"], InMemoryUploadedFile)
    assert request.FILES["photo"].size == MOST_BYTES
    assert request.too_heavy == set()


def test_one_that_is_too_heavy_is_read_past_and_named_and_the_rest_is_taken():
    request = asked(heavy=MOST_BYTES + 1, light=10)
    assert list(request.FILES) == ["light"]
    assert request.too_heavy == {"heavy"}
    assert request.POST["zlast"] == "kept"


def test_a_flood_is_left_where_it_is():
    request = asked(photo=MOST_AT_ONCE)
    assert (list(request.FILES), request.too_heavy, request.POST["first"]) == ([], {"photo"}, "kept")
    assert request.environ["wsgi.input"].read(1), "it was read to its end"


@pytest.mark.parametrize("size", [10, MOST_BYTES + 1])
def test_a_stranger_leaves_nothing(size):
    request = asked(known=False, photo=size)
    assert list(request.FILES) == []
    assert request.POST["zlast"] == "kept"
