import pytest

from tests.vehicles.smartcar.sandbox import scene


@pytest.fixture
def sink():
    door = scene.Sink()
    yield door
    door.shutdown()
    door.server_close()


@pytest.fixture
def guest(tmp_path):
    """Signed in at a sandbox without a webhook."""
    with scene.running(scene.told(tmp_path)) as guest:
        guest.sign_in()
        yield guest


@pytest.fixture
def delivered(tmp_path, sink):
    """Signed in at a sandbox that delivers to the sink."""
    with scene.running(scene.told(tmp_path, webhook_url=sink.url)) as guest:
        guest.sign_in()
        yield guest
