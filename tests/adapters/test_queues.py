"""Work is asked for in few calls, and worked through message by message."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.queues import SqsWorkQueue, asked_for, stored_objects, work_through
from chalicelib.domain.errors import TryAgain
from infra.local.lambda_events import LocalContext, sqs_event


@pytest.fixture
def sqs(no_aws_account: None) -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("sqs")


@pytest.fixture
def url(sqs: Any) -> str:
    made: str = sqs.create_queue(QueueName="work")["QueueUrl"]
    return made


@pytest.fixture
def calls(sqs: Any) -> list[str]:
    """The operations that reached SQS so far."""
    made: list[str] = []
    sqs.meta.events.register("before-call.sqs", lambda model, **_: made.append(model.name))
    return made


def bodies(sqs: Any, url: str) -> list[str]:
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return found


def depth(sqs: Any, url: str) -> tuple[int, int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])


# ---- asking


def test_what_is_asked_for_arrives(sqs: Any, url: str) -> None:
    queue = SqsWorkQueue(sqs, url)
    queue.nudge("7K3F-92QX")
    queue.nudge("7K3F-92QY", assign=True)
    assert [asked_for(body) for body in bodies(sqs, url)] == [("7K3F-92QX", False), ("7K3F-92QY", True)]


def test_what_is_due_later_arrives_later(sqs: Any, url: str) -> None:
    queue = SqsWorkQueue(sqs, url)
    queue.nudge("7K3F-92QX", 900)
    queue.nudge_all([("7K3F-92QY", 60), ("7K3F-92QZ", 0)])
    assert depth(sqs, url) == (1, 2)


@pytest.mark.parametrize(("count", "made"), [(0, 0), (1, 1), (10, 1), (11, 2), (25, 3)])
def test_many_are_asked_for_ten_in_a_call(sqs: Any, url: str, calls: list[str], count: int, made: int) -> None:
    SqsWorkQueue(sqs, url).nudge_all((f"7K3F-{number:04}", 0) for number in range(count))
    assert calls == ["SendMessageBatch"] * made
    assert [asked_for(body)[0] for body in bodies(sqs, url)] == [f"7K3F-{number:04}" for number in range(count)]


class TakesOnlyHalf:
    """An SQS client that refuses one message of a batch."""

    def send_message_batch(self, **_: Any) -> Any:
        return {"Successful": [{"Id": "0"}], "Failed": [{"Id": "1", "Code": "InternalError", "SenderFault": False}]}


def test_a_batch_that_was_taken_in_part_is_tried_again() -> None:
    with pytest.raises(TryAgain):
        SqsWorkQueue(TakesOnlyHalf(), "any").nudge_all([("A", 0), ("B", 0)])


# ---- working through


def event(*texts: str) -> dict[str, Any]:
    messages = [{"MessageId": f"id-{text}", "ReceiptHandle": text, "Body": text} for text in texts]
    return sqs_event(messages, "work")


def ask(body: str) -> None:
    asked_for(body)


def failures(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_one_message_that_fails_takes_no_other_with_it() -> None:
    done: list[str] = []

    def do(body: str) -> None:
        if body == "b":
            raise TryAgain("briefly unable")
        done.append(body)

    assert failures(work_through(event("a", "b", "c"), LocalContext("on_work"), do)) == ["id-b"]
    assert done == ["a", "c"]


def test_a_batch_of_which_nothing_succeeds_is_delivered_again_and_not_an_error() -> None:
    def fail(body: str) -> None:
        raise ValueError(body)

    assert failures(work_through(event("a", "b"), LocalContext("on_work"), fail)) == ["id-a", "id-b"]


def test_a_failure_is_logged_without_what_the_message_says(caplog: pytest.LogCaptureFixture) -> None:
    work_through(event("jo@customer.org"), LocalContext("on_work"), ask)
    assert "will be delivered again" in caplog.text


def test_a_batch_that_succeeds_names_no_failures() -> None:
    assert failures(work_through(event("a"), LocalContext("on_work"), lambda _: None)) == []


# ---- what messages say


def test_the_keys_of_mails_that_arrived_are_read_from_s3s_event() -> None:
    records = [{"s3": {"object": {"key": key}}} for key in ("inbound/a+b%2Bc", "inbound/%E9%82%AE")]
    assert stored_objects(json.dumps({"Records": records})) == ["inbound/a b+c", "inbound/邮"]


def test_s3s_greeting_names_no_mail() -> None:
    assert stored_objects('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "mail"}') == []


def test_a_message_that_nobody_here_wrote_fails_and_so_becomes_a_dead_letter() -> None:
    assert failures(work_through(event("hello", "{}"), LocalContext("on_work"), ask)) == ["id-hello", "id-{}"]
