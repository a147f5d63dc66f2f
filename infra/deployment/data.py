"""What outlives a desk's stack: table, buckets, staff's accounts, signing key; found by name, deleted for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.session import Session

TABLE, BUCKETS, POOL, KEY = "table", "bucket", "staff", "signing key"


@dataclass(frozen=True)
class Kept:
    """One thing that holds data: what it is, and the name by which AWS knows it."""

    kind: str
    name: str


def kept_data(session: "Session", stage: str, key: str = "") -> list[Kept]:
    """Give everything that holds data of this stage's desks, of earlier ones too. `key` names another signing key."""
    return [*_tables(session, stage), *_buckets(session, stage), *_pools(session, stage), *_keys(session, stage, key)]


def _tables(session: "Session", stage: str) -> Iterator[Kept]:
    for page in session.client("dynamodb").get_paginator("list_tables").paginate():
        yield from (Kept(TABLE, name) for name in page["TableNames"] if name.startswith(f"pennydesk-{stage}-Desk-"))


def _buckets(session: "Session", stage: str) -> Iterator[Kept]:
    names = [bucket["Name"] for bucket in session.client("s3").list_buckets()["Buckets"]]
    ours = (f"pennydesk-{stage}-mail-", f"pennydesk-{stage}-files-")
    yield from (Kept(BUCKETS, name) for name in names if name.startswith(ours))


def _pools(session: "Session", stage: str) -> Iterator[Kept]:
    client: Any = session.client("cognito-idp")
    for page in client.get_paginator("list_user_pools").paginate(MaxResults=60):
        yield from (Kept(POOL, pool["Id"]) for pool in page["UserPools"] if pool["Name"] == f"pennydesk-{stage}-staff")


def _keys(session: "Session", stage: str, key: str) -> Iterator[Kept]:
    name = key or f"/pennydesk/{stage}/signing-key"
    wanted: Any = [{"Key": "Name", "Values": [name]}]
    if session.client("ssm").describe_parameters(ParameterFilters=wanted)["Parameters"]:
        yield Kept(KEY, name)


def delete(session: "Session", kept: Kept) -> None:
    """Delete it and all that is in it, for good."""
    match kept.kind:
        case "table":
            dynamodb = session.client("dynamodb")
            dynamodb.update_table(TableName=kept.name, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=kept.name)
            dynamodb.delete_table(TableName=kept.name)
        case "bucket":
            _delete_bucket(session, kept.name)
        case "staff":
            client: Any = session.client("cognito-idp")
            client.update_user_pool(UserPoolId=kept.name, DeletionProtection="INACTIVE")
            client.delete_user_pool(UserPoolId=kept.name)
        case "signing key":
            session.client("ssm").delete_parameter(Name=kept.name)


def _delete_bucket(session: "Session", name: str) -> None:
    s3 = session.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        keys: Any = [{"Key": entry["Key"]} for entry in page.get("Contents", ())]
        if keys:
            s3.delete_objects(Bucket=name, Delete={"Objects": keys, "Quiet": True})
    s3.delete_bucket(Bucket=name)
