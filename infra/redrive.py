"""What landed in a dead-letter queue goes back to where it failed: `python -m infra.redrive intake|work|both`.

A message lands there after five failed receives. Mend what made it fail, see what waits with `--dry-run`, then move it:
handlers may safely meet a message twice. Queues are found
- by the functions' own variables (INTAKE_QUEUE_URL, INTAKE_DEAD_LETTERS_URL, WORK_…) where the environment has them,
- else, or with `--stage`, in the outputs of the CloudFormation stack pennydesk-<stage> (prod unless it is named),
- under AWS_ENDPOINT_URL, without `--stage`, by the names that a local desk gives them on that emulator.
A desk under `make run` without an emulator keeps its cloud in its own process: `POST /_local/redrive` there.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from chalicelib.adapters.queues import asked_for, stored_objects

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

NAMES = ("intake", "work")
LOCAL_PREFIX, LOCAL_REGION = "pennydesk-local", "us-east-1"
SHOWN = 10
"""Most messages that are shown; also the most that SQS gives in one call."""

HIDDEN_SECONDS = 60
"""How long a message is kept from others while it is being moved by hand."""

MOST_WAIT_SECONDS = 600
POLL_SECONDS = 1.0
"""How long, and how often, a move that SQS makes by itself is watched."""


class RedriveError(Exception):
    """The queues can't be found, or a move ended early; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True)
class QueuePair:
    """A queue of the desk and the one where its failures land, by their URLs."""

    name: str
    queue_url: str
    dead_letters_url: str


def redrive(sqs_client: "SQSClient", dead_letters_url: str, queue_url: str) -> int:
    """Move every dead letter back to its queue, and give how many that were.

    By SQS's own StartMessageMoveTask where the cloud knows it and allows it; else message by message, each sent before
    it is deleted: whoever dies in between leaves it in both places, never in none. Raises RedriveError when SQS breaks
    a move off or is not done after ten minutes.
    """
    source, target = _arn(sqs_client, dead_letters_url), _arn(sqs_client, queue_url)
    try:
        sqs_client.start_message_move_task(SourceArn=source, DestinationArn=target)
    except (ClientError, NotImplementedError):  # the latter is what mocks in this process say
        return _move_by_hand(sqs_client, dead_letters_url, queue_url)
    return _watch_move(sqs_client, source)


def _arn(sqs: "SQSClient", url: str) -> str:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _watch_move(sqs: "SQSClient", source_arn: str) -> int:
    deadline = time.monotonic() + MOST_WAIT_SECONDS
    while time.monotonic() < deadline:
        task: Any = sqs.list_message_move_tasks(SourceArn=source_arn, MaxResults=1)["Results"][0]
        moved = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        if task["Status"] == "COMPLETED":
            return moved
        if task["Status"] != "RUNNING":
            reason = task.get("FailureReason", "no reason given")
            raise RedriveError(f"SQS ended the move as {task['Status']} after {moved} messages: {reason}")
        time.sleep(POLL_SECONDS)
    raise RedriveError(f"SQS is still moving after {MOST_WAIT_SECONDS} s; it goes on by itself, look again later")


def _move_by_hand(sqs: "SQSClient", source: str, target: str) -> int:
    """Move until nothing is visible, or until something comes back that failed again meanwhile."""
    sent: set[str] = set()
    while messages := _received(sqs, source, HIDDEN_SECONDS):
        fresh = [message for message in messages if message["MessageId"] not in sent]
        for message in fresh:
            attributes: Any = message.get("MessageAttributes", {})
            answer = sqs.send_message(QueueUrl=target, MessageBody=message["Body"], MessageAttributes=attributes)
            sent.add(answer["MessageId"])
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
        if len(fresh) < len(messages):
            break
    return len(sent)


def _received(sqs: "SQSClient", url: str, hidden_seconds: int) -> list["MessageTypeDef"]:
    """Receive what is visible; only where the queue says that there is something, SQS is asked to look everywhere."""
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=SHOWN,
        VisibilityTimeout=hidden_seconds,
        WaitTimeSeconds=1 if _depth(sqs, url) else 0,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=["All"],
    )
    return answer.get("Messages", [])


def _depth(sqs: "SQSClient", url: str) -> int:
    asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(asked["Attributes"]["ApproximateNumberOfMessages"])


def described(body: str) -> str:
    """Give what a dead letter is about by keys and references only: no subject, no text, no address."""
    try:
        keys = stored_objects(body)
        return "mail " + ", ".join(_plain(key) for key in keys) if keys else f"ticket {_plain(asked_for(body)[0])}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{len(body)} characters that name neither a mail nor a ticket"


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9/._-]", "?", name)[:120]


def show(sqs: "SQSClient", pair: QueuePair) -> list[str]:
    """Give lines that say how many dead letters a queue has, and what the first ones are about."""
    depth, first = _depth(sqs, pair.dead_letters_url), _received(sqs, pair.dead_letters_url, 0)
    count = max(depth, len(first))
    head = f"{pair.name}: {count or 'no'} dead letter{'' if count == 1 else 's'}"
    return [head, *(f"  {described(message['Body'])}, sent {_sent_at(message)}" for message in first)]


def _sent_at(message: "MessageTypeDef") -> str:
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000
    return f"{datetime.fromtimestamp(sent, UTC):%Y-%m-%d %H:%M} UTC"


def find_queues(names: Sequence[str], stage: str, environment: Mapping[str, str], session: Session) -> list[QueuePair]:
    """Give the named queues of a desk, found as the head of this module says; `stage` may be empty.

    Raises RedriveError where the environment or the stack names only some of them.
    """
    if not stage and any(environment.get(f"{name.upper()}_QUEUE_URL") for name in names):
        return [_pair(name, environment, "the environment", *_variables(name)) for name in names]
    if not stage and environment.get("AWS_ENDPOINT_URL"):
        return [_local_pair(name, session) for name in names]
    stack = f"pennydesk-{stage or 'prod'}"
    outputs = _outputs(stack, session)
    return [_pair(name, outputs, f"the stack {stack}", *_output_names(name)) for name in names]


def _variables(name: str) -> tuple[str, str]:
    return f"{name.upper()}_QUEUE_URL", f"{name.upper()}_DEAD_LETTERS_URL"


def _output_names(name: str) -> tuple[str, str]:
    return f"{name.title()}QueueUrl", f"{name.title()}DeadLettersUrl"


def _pair(name: str, found: Mapping[str, str], where: str, queue: str, dead_letters: str) -> QueuePair:
    for wanted in (queue, dead_letters):
        if not found.get(wanted):
            raise RedriveError(f"{where} doesn't name {wanted}; set the variables of infra/template.yaml by hand")
    return QueuePair(name, found[queue], found[dead_letters])


def _local_pair(name: str, session: Session) -> QueuePair:
    sqs = session.client("sqs")
    queue, dead_letters = (f"{LOCAL_PREFIX}-{name}-{kind}" for kind in ("queue", "dead-letters"))
    return QueuePair(
        name,
        sqs.get_queue_url(QueueName=queue)["QueueUrl"],
        sqs.get_queue_url(QueueName=dead_letters)["QueueUrl"],
    )


def _outputs(stack: str, session: Session) -> dict[str, str]:
    described_stacks = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = described_stacks[0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Show and move, or with `--dry-run` only show. Gives the exit code: 0, or 1 after one line on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.redrive", description="Put dead letters back to work.")
    parser.add_argument("queue", choices=(*NAMES, "both"), help="whose dead letters")
    parser.add_argument("--stage", default="", help="the desk of this stage: stack pennydesk-<stage> (default: prod)")
    parser.add_argument("--dry-run", action="store_true", help="only show what there is")
    options = parser.parse_args(arguments)
    names = NAMES if options.queue == "both" else (options.queue,)
    try:
        session = _session(environment)
        sqs = session.client("sqs")
        for pair in find_queues(names, options.stage, environment, session):
            print("\n".join(show(sqs, pair)))
            if not options.dry_run:
                print(f"{pair.name}: {redrive(sqs, pair.dead_letters_url, pair.queue_url)} put back")
    except (RedriveError, BotoCoreError, ClientError) as error:
        print(_in_one_line(error), file=sys.stderr)
        return 1
    return 0


def _session(environment: Mapping[str, str]) -> Session:
    """Give a session; an emulator gets a region and made-up credentials where there are none, as a local desk does."""
    session = Session(region_name=environment.get("AWS_REGION") or None)  # which boto3 passes over
    if not environment.get("AWS_ENDPOINT_URL"):
        return session
    made_up = None if session.get_credentials() else "local"
    region = session.region_name or LOCAL_REGION
    return Session(aws_access_key_id=made_up, aws_secret_access_key=made_up, region_name=region)


def _in_one_line(error: Exception) -> str:
    match error:
        case NoCredentialsError():
            return (
                "there are no AWS credentials: set AWS_PROFILE, or AWS_ENDPOINT_URL for an emulator; "
                "for a desk under `make run`: curl -X POST http://127.0.0.1:8000/_local/redrive"
            )
        case NoRegionError():
            return "no AWS region is set: set AWS_REGION to where the desk is deployed"
        case ClientError():
            said = error.response.get("Error", {})
            return " ".join(f"{error.operation_name}: {said.get('Message') or said.get('Code')}".split())
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
