import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from vehicles.smartcar.auth import ApplicationToken
from vehicles.smartcar.errors import OurFault, SmartcarProblem, TryLater, Unreadable
from vehicles.smartcar.wire import new_session

LINE = "POST /iam/oauth2/token"


def slowly():
    time.sleep(0.2)
    return b""


def token_of(there, secret="hush-secret"):
    return ApplicationToken(f"{there.origin}/iam", "client_1", secret, new_session())


def test_eight_threads_fetch_one_token(there):
    there.token_seconds = 0.1
    token = token_of(there)
    with ThreadPoolExecutor(8) as threads:
        bearers = list(threads.map(lambda _: token.bearer(), range(8)))
    assert bearers == ["token-1"] * 8
    assert [line for line, _, _ in there.asked] == [LINE]
    assert there.asked[0][2] == "grant_type=client_credentials&client_id=client_1&client_secret=hush-secret"


def test_a_forgotten_token_is_fetched_again_but_only_the_one_meant(there):
    token = token_of(there)
    assert token.bearer() == "token-1"
    token.forget("an older one")
    assert token.bearer() == "token-1"
    token.forget("token-1")
    assert token.bearer() == "token-2"


def test_a_token_about_to_end_is_renewed(there):
    token = token_of(there)
    token.bearer()
    token._good_until -= 3600 - 60
    assert token.bearer() == "token-2"


def test_wrong_credentials_are_our_fault_and_stay_secret(there):
    there.will(LINE, 401, {"error": "invalid_client", "error_description": "hush-secret"})
    with pytest.raises(OurFault) as told:
        token_of(there).bearer()
    assert "hush" not in f"{told.value} {told.value!r} {told.value.__cause__} {vars(told.value)}"


def test_threads_share_one_failure(there):
    there.will(LINE, 503, slowly)
    token = token_of(there)

    def problem(_):
        with pytest.raises(SmartcarProblem) as told:
            token.bearer()
        return type(told.value)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(problem, range(8))) == {TryLater}
    assert len(there.asked) < 4
    with pytest.raises(TryLater):
        token.bearer()


@pytest.mark.parametrize(
    "body", [{}, {"access_token": ""}, {"access_token": 5}, {"access_token": "a\r\nb"}, [], b"<p>"]
)
def test_an_answer_without_a_token_is_unreadable(there, body):
    there.will(LINE, 200, body)
    with pytest.raises(Unreadable):
        token_of(there).bearer()
