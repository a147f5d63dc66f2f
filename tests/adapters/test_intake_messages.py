"""What a message of the queue `intake` tells: mails that arrived, and things that are none."""

import json
from typing import Any

import pytest

from chalicelib.adapters.queues import stored_objects
from infra.local.cloud import LocalCloud

BOUNCE = {
    "eventType": "Bounce",
    "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "gone@customer.org"}]},
    "mail": {"messageId": "0100", "destination": ["gone@customer.org"]},
}
COMPLAINT = {"eventType": "Complaint", "complaint": {"complainedRecipients": []}, "mail": {"messageId": "0101"}}
S3_TEST = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "mail"}
HELLO = "Successfully validated SNS topic for Amazon SES event publishing."


def told(*keys: str) -> dict[str, Any]:
    return {"Records": [{"s3": {"object": {"key": key}}} for key in keys]}


def test_keys_are_read_as_s3_writes_them() -> None:
    assert stored_objects(json.dumps(told("inbound/a+b%2Bc", "inbound/d"))) == ["inbound/a b+c", "inbound/d"]


@pytest.mark.parametrize("message", [BOUNCE, COMPLAINT, S3_TEST, {}, [], told("inbound/AMAZON_SES_SETUP_NOTIFICATION")])
def test_what_is_no_mail_names_none(message: Any) -> None:
    assert stored_objects(json.dumps(message)) == []


@pytest.mark.parametrize("message", [json.dumps(BOUNCE), json.dumps(COMPLAINT), json.dumps(S3_TEST), HELLO])
def test_what_ses_and_s3_tell_is_never_a_dead_letter(cloud: LocalCloud, message: str) -> None:
    sqs, url = cloud.desk.aws.client("sqs"), cloud.environment["INTAKE_QUEUE_URL"]
    sqs.send_message(QueueUrl=url, MessageBody=message)
    cloud.settle()
    state = cloud.state()
    assert state["queues"]["intake"] == {"visible": 0, "in_flight": 0, "delayed": 0}
    assert state["dead_letters"]["intake"] == []
