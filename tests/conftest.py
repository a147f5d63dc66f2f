"""What every test may use: a whole desk on a mocked cloud, with a clock that is moved by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto.core.serialize import ResponseSerializer

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
    quicken_moto(monkeypatch)
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


def quicken_moto(patch: pytest.MonkeyPatch) -> None:
    """Spare Moto half its work: each DynamoDB value is searched for eleven types under three names, and has one."""
    thorough = ResponseSerializer._serialize_structure_member

    def one_type_only(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.parent.name != "AttributeValue" or not isinstance(value, dict) or key in value:
            thorough(serializer, serialized, value, shape, key)

    patch.setattr(ResponseSerializer, "_serialize_structure_member", one_type_only)
