import pytest

from vehicles.domain import makes


@pytest.mark.parametrize(
    ("told", "said"),
    [("FORD", "Ford"), ("GMC", "GMC"), ("BMW", "BMW"), ("ALFA ROMEO", "Alfa Romeo"), ("smart", "smart"), ("", "")],
)
def test_a_make_is_written_as_its_maker_does(told, said):
    assert makes.said(told) == said
