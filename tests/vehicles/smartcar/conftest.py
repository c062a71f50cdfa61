import pytest

from tests.vehicles.smartcar.far_end import far_end


@pytest.fixture
def there():
    with far_end() as there:
        yield there
