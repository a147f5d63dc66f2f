"""Amazon's DynamoDB Local for the bench's tests, where it can run."""

import os
from collections.abc import Iterator

import pytest

from infra import dynamodb_local


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A DynamoDB Local that all workers of this run share; skips where Java or npm is missing."""
    folder = tmp_path_factory.getbasetemp()
    try:
        with dynamodb_local.shared(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) as url:
            yield url
    except dynamodb_local.ToolMissing as missing:
        pytest.skip(str(missing))
