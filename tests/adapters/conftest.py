"""Clouds for the adapters' contract tests: Moto in this process, and Amazon's DynamoDB Local where it can run."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from moto import mock_aws

from infra import dynamodb_local

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
REGION = "us-east-1"
MADE_UP = "testing"


@pytest.fixture(scope="session")
def dynamodb_local_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a DynamoDB Local that all workers of this test run share; skips where Java or npm is missing."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # each worker has a folder of its own in the run's
    try:
        with dynamodb_local.shared(folder) as endpoint:
            yield endpoint
    except dynamodb_local.ToolMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def no_aws_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in this test can reach a real account: credentials are made up, the machine's own settings unseen."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", MADE_UP)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", MADE_UP)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture(scope="session")
def desk_definition() -> dict[str, Any]:
    """What `create_table` takes, but the name: keys, indexes and billing of the template's resource `Desk`."""
    desk = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["Resources"]["Desk"]["Properties"]
    wanted = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    return {name: desk[name] for name in wanted}


@pytest.fixture(params=["moto", pytest.param("dynamodb-local", marks=pytest.mark.dynamodb_local)])
def any_cloud_table(
    request: pytest.FixtureRequest, no_aws_account: None, desk_definition: dict[str, Any]
) -> Iterator[tuple["DynamoDBClient", str]]:
    """A client and the name of an empty desk table, in each cloud in turn; the table goes when the test ends."""
    if request.param == "moto":
        with mock_aws(), _new_table(None, desk_definition) as table:
            yield table
    else:
        with _new_table(request.getfixturevalue("dynamodb_local_endpoint"), desk_definition) as table:
            yield table


@contextmanager
def _new_table(endpoint: str | None, definition: dict[str, Any]) -> Iterator[tuple["DynamoDBClient", str]]:
    client = boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=MADE_UP,
        aws_secret_access_key=MADE_UP,
    )
    name = f"desk-{uuid.uuid4()}"
    client.create_table(TableName=name, **definition)
    try:
        yield client, name
    finally:
        client.delete_table(TableName=name)
        client.close()
