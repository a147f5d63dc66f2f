"""A desk for each module of tests, with a client that may do everything and one that nobody knows."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.people import Agent, Role, Team
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud
from tests.conftest import MONDAY, quicken_moto
from tests.web.client import Client

SECRET = "pd_test_all_scopes"


@pytest.fixture(scope="module")
def desk() -> Iterator[LocalCloud]:
    """A desk at which Lin leads, and Sam and Ada answer; tests of one module share it, each with its own tickets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.delenv("AWS_PROFILE", raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        quicken_moto(patch)
        cloud = LocalCloud(MovableClock(MONDAY), support_address="support@example.com", public_url="")
        cloud.start()
        people = cloud.desk.people
        people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD, ("support",), capacity=0))
        people.save_team(Team("support", "Support", ("lin",)))
        people.save_agent(Agent("sam", "Sam", "sam@example.com", Role.AGENT, ("support",), capacity=400))
        people.save_agent(Agent("ada", "Ada", "ada@example.com", Role.ADMIN, ("support",), capacity=400))
        cloud.issue_key(SECRET)
        yield cloud
        cloud.stop()


@pytest.fixture
def api(desk: LocalCloud) -> Client:
    """A client whose key has every scope."""
    return Client(SECRET)


@pytest.fixture
def stranger(desk: LocalCloud) -> Client:
    """A client without a key."""
    return Client()
