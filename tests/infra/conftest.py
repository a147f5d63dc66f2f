"""Desks that are left and moved into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.import_desk.loading import load
from infra.local.cloud import LocalCloud
from tests.conftest import MONDAY
from tests.infra.moving import (
    AWAY,
    WITH_KEY,
    Removal,
    copied,
    left,
    lived_in,
    silent,
)


@pytest.fixture
def removal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Removal]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in AWAY.items():
        monkeypatch.setenv(name, value)
    found = Removal(MONDAY)
    yield found
    found.close()


@pytest.fixture(scope="session")
def belongings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a desk with a little of everything left behind; made once, copied before it is loaded."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWAY.items():
            patch.setenv(name, value)
        removal = Removal(MONDAY)
        cloud = removal.open()
        lived_in(cloud)
        folder = left(cloud, tmp_path_factory.mktemp("left") / "desk")
        removal.close()
    return folder


@pytest.fixture
def moved_in(removal: Removal, belongings: Path, tmp_path: Path) -> LocalCloud:
    """That desk, on a new cloud."""
    cloud = removal.open()
    load(cloud.desk, copied(belongings, tmp_path), WITH_KEY, silent)
    return cloud
