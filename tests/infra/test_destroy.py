"""A desk goes, its data stays until that was asked for twice."""

from typing import Any

import pytest
from botocore.exceptions import WaiterError

from infra import destroy
from infra.deployment.data import Kept, delete, kept_data
from infra.deployment.problems import DeploymentError
from infra.local.cloud import LocalCloud
from tests.infra.account import Account, a_stack, event, session

# ---- taking it away


KEPT = [Kept("table", "pennydesk-prod-Desk-1"), Kept("bucket", "pennydesk-prod-mail-1")]


@pytest.mark.parametrize(
    ("really", "typed", "goes"),
    [
        ("", None, False),
        ("", "yes", False),
        ("", "pennydesk-prod", True),
        ("pennydesk-prod", None, True),
        ("prod", "pennydesk-prod", False),
    ],
)
def test_data_goes_only_when_it_was_asked_for_twice(really: str, typed: str | None, goes: bool) -> None:
    ask = None if typed is None else (lambda _: typed)
    assert destroy.confirmed("pennydesk-prod", KEPT, really, ask) is goes


def test_a_stack_that_is_no_desk_is_not_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destroy, "read_stack", lambda *_: a_stack(outputs={}, tags={}))
    with pytest.raises(DeploymentError, match="is no Pennydesk"):
        destroy.destroy(session(Account()), "prod")


def test_a_stack_that_will_not_go_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    class Waiter:
        def wait(self, **_: Any) -> None:
            raise WaiterError("stack_delete_complete", "failed", {})

    monkeypatch.setattr(destroy, "read_stack", lambda *_: a_stack("ROLLBACK_COMPLETE", outputs={}))
    events = [event("Rules", "DELETE_FAILED", "the rule set is active")]
    account = Account(
        cloudformation__get_waiter=Waiter(), cloudformation__describe_stack_events={"StackEvents": events}
    )
    with pytest.raises(DeploymentError, match="the rule set is active"):
        destroy.destroy(session(account), "prod")


def test_what_is_kept_is_found_by_name_and_deleted(empty_cloud: LocalCloud) -> None:
    from boto3.session import Session

    here = Session(region_name="us-east-1")
    dynamodb, s3 = here.client("dynamodb"), here.client("s3")
    table = "pennydesk-prod-Desk-ABC"
    dynamodb.create_table(
        TableName=table, BillingMode="PAY_PER_REQUEST", DeletionProtectionEnabled=True,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )  # fmt: skip
    for name in ("pennydesk-prod-mail-1", "pennydesk-produce-mail-1"):
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="inbound/1", Body=b"x")
    here.client("ssm").put_parameter(Name="/pennydesk/prod/signing-key", Type="SecureString", Value="x")
    account = OnlySome(here)
    found = kept_data(session(account), "prod")  # type: ignore[arg-type]
    assert {(one.kind, one.name) for one in found} == {
        ("table", table), ("bucket", "pennydesk-prod-mail-1"), ("signing key", "/pennydesk/prod/signing-key"),
    }  # fmt: skip
    for one in found:
        delete(here, one)
    assert kept_data(session(account), "prod") == []  # type: ignore[arg-type]
    assert s3.list_objects_v2(Bucket="pennydesk-produce-mail-1")["KeyCount"] == 1


class OnlySome:
    """A session whose account has no user pools: the mock of Cognito isn't installed."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def client(self, service: str) -> Any:
        if service != "cognito-idp":
            return self._real.client(service)
        pages = type("Paginator", (), {"paginate": lambda *_, **__: [{"UserPools": []}]})
        return type("Client", (), {"get_paginator": lambda *_: pages()})()
