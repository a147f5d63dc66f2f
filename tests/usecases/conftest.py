import pytest

from tests.usecases.fakes import FakeDesk, staffed


@pytest.fixture
def desk() -> FakeDesk:
    """A desk in memory where Lin leads and Ada and Sam answer."""
    return staffed()
