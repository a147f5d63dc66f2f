"""The desk, packaged once for all tests, as deployment would."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.package import Package, build


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package for prod; whichever test process comes first makes it, others wait for it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    out = shared / "package"
    with _alone(shared / "package.lock"):
        made = Package(template=out / "sam.yaml", archive=out / "deployment.zip")
        return made if made.template.exists() else build("prod", out)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def template(package: Package) -> dict[str, Any]:
    """Chalice's template with infra/template.yaml merged in."""
    loaded: dict[str, Any] = yaml.safe_load(package.template.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    """The merged template's resources by logical id."""
    found: dict[str, Any] = template["Resources"]
    return found


@pytest.fixture(scope="session")
def functions(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of every Lambda function by logical id."""
    kind = "AWS::Serverless::Function"
    return {name: body["Properties"] for name, body in resources.items() if body["Type"] == kind}
