"""The queues: asking for work, and working through what was asked, message by message."""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from chalicelib import telemetry
from chalicelib.adapters.aws import brief_failures
from chalicelib.domain.errors import TryAgain

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

BATCH = 10
"""Most messages that SQS takes in one call."""

SES_TRIAL = "AMAZON_SES_SETUP_NOTIFICATION"
SES_GREETING = "Successfully validated SNS topic"
"""What SES writes when a rule, or a topic for events, is set up: an object in the bucket, and a plain line of text."""


class SqsWorkQueue:
    """Asks workers to run tickets' agendas, by the queue `work`."""

    def __init__(self, client: Any, url: str) -> None:
        """`client` is a boto3 SQS client."""
        self._client = client
        self._url = url

    def nudge(self, ref: str, delay_seconds: int = 0, *, assign: bool = False) -> None:
        """See ports.WorkQueue."""
        body = {"ticket": ref, **({"assign": True} if assign else {})}
        with brief_failures():
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body), DelaySeconds=delay_seconds)

    def nudge_all(self, refs: Iterable[tuple[str, int]]) -> None:
        """See ports.WorkQueue. Ten in each call; what SQS didn't take is found by the next sweep."""
        waiting = iter(refs)
        while batch := list(islice(waiting, BATCH)):
            entries = [
                {"Id": str(number), "MessageBody": json.dumps({"ticket": ref}), "DelaySeconds": delay}
                for number, (ref, delay) in enumerate(batch)
            ]
            with brief_failures():
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            if answer.get("Failed"):
                raise TryAgain("the work queue did not take every message; the next sweep sends them again")


def work_through(event: Mapping[str, Any], context: Any, do: Callable[[str], None]) -> dict[str, Any]:
    """Hand each message's body of an SQS event to `do`, and give SQS those that failed, to deliver them again.

    One that fails takes no other with it (AWS Lambda developer guide, "partial batch responses").
    """
    # where pydantic is loaded, this import brings all of Powertools' event models: who only asks for work pays none
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def handle(record: "SQSRecord") -> None:
        try:
            do(record.body)
        except Exception:
            telemetry.logger().exception(
                "a message failed; it will be delivered again", extra={"id": record.message_id}
            )
            telemetry.measure("MessageFailed")
            raise

    return dict(process_partial_response(dict(event), handle, processor, context))


def stored_objects(body: str) -> list[str]:
    """Give the keys of the S3 objects whose arrival a message of the queue `intake` tells.

    S3's test message, sent when the notification is set up, names none (S3 user guide, "event message structure"); nor
    do bounces and complaints, which SES tells by the same queue. The object by which SES tries whether it may write to
    the bucket, when a receipt rule is made, is no mail.
    """
    if body.startswith(SES_GREETING):
        return []
    content = json.loads(body)
    records = content.get("Records", []) if isinstance(content, dict) else []
    keys = [unquote_plus(record["s3"]["object"]["key"]) for record in records if "s3" in record]
    return [key for key in keys if key.rpartition("/")[2] != SES_TRIAL]


def asked_for(body: str) -> tuple[str, bool]:
    """Give the ticket that a message of the queue `work` names, and whether it should look for an agent now."""
    content = json.loads(body)
    return content["ticket"], bool(content.get("assign"))
