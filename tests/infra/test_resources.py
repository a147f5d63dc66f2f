"""The laptop's cloud, made from the template that deployment uses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from boto3.session import Session
from moto import mock_aws

from infra.resources import TEMPLATE, Stack, create


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Session(aws_access_key_id="any", aws_secret_access_key="any", region_name="us-east-1")


def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    return loaded


def attributes(session: Session, url: str) -> dict[str, str]:
    found: dict[str, str] = session.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
        "Attributes"
    ]
    return found


def received(session: Session, url: str) -> list[dict[str, Any]]:
    messages = session.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
    return [json.loads(message["Body"]) for message in messages.get("Messages", [])]


def test_the_environment_has_the_very_names_that_the_functions_get(session: Session) -> None:
    assert set(create(session)) == set(template()["Globals"]["Function"]["Environment"]["Variables"])


def test_parameters_reach_the_environment(session: Session) -> None:
    made = create(session, stage="test", support_address="help@shop.example", public_url="http://127.0.0.1:9")
    assert made["SUPPORT_ADDRESS"] == "help@shop.example"
    assert made["PUBLIC_URL"] == "http://127.0.0.1:9"
    assert made["DESK_STAGE"] == "test"
    assert made["SIGNING_KEY_PARAMETER"] == "/pennydesk/test/signing-key"


def test_the_table_has_its_indexes_and_forgets_what_expired(session: Session) -> None:
    name = create(session)["DESK_TABLE"]
    dynamodb = session.client("dynamodb")
    indexes = {
        index["IndexName"] for index in dynamodb.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"]
    }
    assert indexes == {"queue", "customer", "due"}
    forgetting = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (forgetting["TimeToLiveStatus"], forgetting["AttributeName"]) == ("ENABLED", "expires_at")


@pytest.mark.parametrize("queue", ["INTAKE", "WORK"])
def test_what_fails_five_times_goes_to_the_dead_letters(session: Session, queue: str) -> None:
    made = create(session)
    redrive = json.loads(attributes(session, made[f"{queue}_QUEUE_URL"])["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == attributes(session, made[f"{queue}_DEAD_LETTERS_URL"])["QueueArn"]
    assert int(redrive["maxReceiveCount"]) == 5


def test_queues_get_their_times_from_the_template(session: Session) -> None:
    made = create(session)
    assert attributes(session, made["WORK_QUEUE_URL"])["VisibilityTimeout"] == "360"
    assert attributes(session, made["WORK_DEAD_LETTERS_URL"])["MessageRetentionPeriod"] == "1209600"


def test_a_mail_put_into_the_bucket_is_told_to_the_intake_queue(session: Session) -> None:
    made = create(session)
    session.client("s3").put_object(Bucket=made["MAIL_BUCKET"], Key="inbound/one", Body=b"Subject: Hello")
    session.client("s3").put_object(Bucket=made["MAIL_BUCKET"], Key="elsewhere/two", Body=b"Subject: Bye")
    told = [record for body in received(session, made["INTAKE_QUEUE_URL"]) for record in body.get("Records", [])]
    assert [record["s3"]["object"]["key"] for record in told] == ["inbound%2Fone"]


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://help.shop.example/desk", "https://help.shop.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", "https://*.execute-api.eu-central-1.amazonaws.com"),
    ],
)
def test_only_the_desks_own_pages_may_put_files(public_url: str, origin: str) -> None:
    with mock_aws():
        session = Session(region_name="eu-central-1")
        made = create(session, public_url=public_url)
        [rule] = session.client("s3").get_bucket_cors(Bucket=made["FILES_BUCKET"])["CORSRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([origin], ["PUT"])


def test_links_can_be_signed(session: Session) -> None:
    name = create(session)["SIGNING_KEY_PARAMETER"]
    key = session.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert key["Type"] == "SecureString"
    assert len(key["Value"]) >= 32


def test_mail_can_be_sent_from_the_support_address(session: Session) -> None:
    address = create(session)["SUPPORT_ADDRESS"]
    identities = session.client("sesv2").list_email_identities()["EmailIdentities"]
    assert [identity["IdentityName"] for identity in identities] == [address]


def test_a_second_call_finds_what_the_first_one_made(session: Session) -> None:
    first = create(session)
    key = session.client("ssm").get_parameter(Name=first["SIGNING_KEY_PARAMETER"])["Parameter"]["Value"]
    received(session, first["INTAKE_QUEUE_URL"])
    assert create(session) == first
    assert session.client("ssm").get_parameter(Name=first["SIGNING_KEY_PARAMETER"])["Parameter"]["Value"] == key
    assert received(session, first["INTAKE_QUEUE_URL"]) == [], "S3 greets a queue once only"


def test_a_changed_template_brings_queues_up_to_date(session: Session, tmp_path: Path) -> None:
    create(session)
    changed = template()
    changed["Resources"]["WorkQueue"]["Properties"]["VisibilityTimeout"] = 90
    (tmp_path / "template.yaml").write_text(yaml.safe_dump(changed), encoding="utf-8")
    made = create(session, template_path=tmp_path / "template.yaml")
    assert attributes(session, made["WORK_QUEUE_URL"])["VisibilityTimeout"] == "90"


def test_two_prefixes_are_two_desks(session: Session) -> None:
    one, other = create(session, prefix="one"), create(session, prefix="other")
    assert one["DESK_TABLE"] != other["DESK_TABLE"]
    assert one["WORK_QUEUE_URL"] != other["WORK_QUEUE_URL"]


def test_a_desk_can_stand_in_another_region() -> None:
    with mock_aws():
        session = Session(aws_access_key_id="any", aws_secret_access_key="any", region_name="eu-west-1")
        bucket = create(session)["FILES_BUCKET"]
        assert session.client("s3").get_bucket_location(Bucket=bucket)["LocationConstraint"] == "eu-west-1"


def test_an_unknown_name_in_the_template_is_an_error() -> None:
    with pytest.raises(KeyError, match="Nobody"):
        Stack({"Resources": {}}, "x", {}).resolve({"Fn::Sub": "${Nobody}/y"})


def test_a_condition_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="only CloudFormation understands"):
        Stack({"Resources": {}}, "x", {}).holds({"Fn::Or": []})
