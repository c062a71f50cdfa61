import pytest

from vehicles.smartcar.sandbox import settings

ENOUGH = {"SMARTCAR_CLIENT_SECRET": "s", "SMARTCAR_MANAGEMENT_TOKENS": "new, old"}


def test_the_newest_management_token_stands_first():
    assert settings.from_environment(ENOUGH).management_tokens == ("new", "old")


def test_the_secret_of_v2_is_taken_from_the_environment_of_the_portal():
    told = settings.from_environment(ENOUGH | {"SMARTCAR_LEGACY_CLIENT_SECRET": " l "})

    assert (told.legacy_client_secret, settings.from_environment(ENOUGH).legacy_client_secret) == ("l", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"SANDBOX_HOST": "0.0.0.0"},
        {"SANDBOX_PORT": "eighty"},
        {"SANDBOX_TIME_SCALE": "0"},
        {"SANDBOX_BUCKET": "many:2"},
        {"SMARTCAR_CLIENT_SECRET": ""},
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(wrong):
    with pytest.raises(settings.Refused, match=r"\A[^\n]+\Z"):
        settings.from_environment(ENOUGH | wrong)
