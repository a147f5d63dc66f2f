"""A stage per module: one mocked cloud, put back to where it stood before each attempt."""

import logging
from collections.abc import Iterator

import pytest

from chalicelib.domain.people import Agent, Role, Team
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud
from tests.conftest import MONDAY, quicken_moto
from tests.faults.stage import KEY, Snapshot, Stage


@pytest.fixture(scope="module")
def theatre() -> Iterator[tuple[Stage, Snapshot]]:
    """A stage, and where it stands at first: a team of Lin, who leads, Ada and Sam, and nothing to do."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        quicken_moto(patch)
        logging.disable(logging.CRITICAL)
        cloud = LocalCloud(
            MovableClock(MONDAY), support_address="support@example.com", public_url="http://127.0.0.1:8000"
        )
        cloud.start()
        stage = Stage(cloud)
        staff(cloud)
        yield stage, stage.snapshot()
        cloud.stop()
        logging.disable(logging.NOTSET)


def staff(cloud: LocalCloud) -> None:
    """Let people come to work."""
    people = cloud.desk.people
    people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD, ("support",), capacity=0))
    people.save_team(Team("support", "Support", ("lin",)))
    people.save_agent(Agent("sam", "Sam", "sam@example.com", Role.AGENT, ("support",)))
    people.save_agent(Agent("ada", "Ada", "ada@example.com", Role.ADMIN, ("support",)))
    cloud.issue_key(KEY)


@pytest.fixture
def stage(theatre: tuple[Stage, Snapshot]) -> Iterator[Stage]:
    """The stage as it stands at first."""
    stage, beginning = theatre
    stage.restore(beginning)
    yield stage
    stage.copies, stage.shuffle, stage.dress = 1, lambda messages: None, lambda desk: None
