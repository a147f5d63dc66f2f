"""What every test may use: a whole desk on a mocked cloud, with a clock that is moved by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.domain.people import Agent, Role, Team
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday morning within the default opening hours."""


@pytest.fixture
def empty_cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCloud]:
    """A desk on Moto where nobody works yet; its clock stands at a Monday, 10:00 UTC."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    cloud = LocalCloud(MovableClock(MONDAY), support_address="support@example.com", public_url="http://127.0.0.1:8000")
    cloud.start()
    yield cloud
    cloud.stop()


@pytest.fixture
def cloud(empty_cloud: LocalCloud) -> LocalCloud:
    """The same with a team `support`: its lead Lin, who takes no tickets, and Sam and Ada, who take ten each."""
    people = empty_cloud.desk.people
    people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD, ("support",), capacity=0))
    people.save_team(Team("support", "Support", ("lin",)))
    people.save_agent(Agent("sam", "Sam", "sam@example.com", Role.AGENT, ("support",), ("billing",)))
    people.save_agent(Agent("ada", "Ada", "ada@example.com", Role.ADMIN, ("support",)))
    empty_cloud.settle()
    return empty_cloud
