"""A whole cloud in one process: the desk's resources on Moto (or on an emulator), and what AWS does between functions.

Which function a queue or schedule calls is read from the Chalice app's own registry, never from a second list.
"""

import os
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3

import app as chalice_app
from chalicelib import wiring
from chalicelib.adapters.aws import Aws
from chalicelib.domain.api_key import SCOPES
from chalicelib.settings import read_environment
from infra import resources
from infra.local.clock import MovableClock
from infra.local.lambda_events import LocalContext, as_ses_stores_it, schedule_event, sqs_event

REGION = "us-east-1"
QUEUE_VARIABLES = {"pennydesk-intake": "INTAKE_QUEUE_URL", "pennydesk-work": "WORK_QUEUE_URL"}
DEAD_LETTER_VARIABLES = {"intake": "INTAKE_DEAD_LETTERS_URL", "work": "WORK_DEAD_LETTERS_URL"}
RETRY_SECONDS = 2
"""When a message that failed is seen again; on AWS that takes the queue's visibility timeout."""

MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that left: its id in SES, envelope, and raw source."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class LocalCloud:
    """Everything between the functions. One lock lets one function run at a time, as mocks need."""

    def __init__(
        self, clock: MovableClock | None = None, *, support_address: str, public_url: str, staff: bool = False
    ) -> None:
        """Nothing is started yet; see `start`. With `staff`, people can sign in; mocks are slow to make that."""
        self._staff = staff
        self.clock = clock or MovableClock()
        self.lock = threading.RLock()
        self.endpoint_url = os.environ.get("AWS_ENDPOINT_URL") or None
        self._support_address = support_address
        self._public_url = public_url
        self._mock: Any = None
        self._handed_over: list[SentMail] = []
        self.environment: dict[str, str] = {}
        self.desk: wiring.WiredDesk

    def start(self) -> None:
        """Start the mock (unless AWS_ENDPOINT_URL names an emulator), make the resources, and wire the desk to them."""
        if self.endpoint_url is None:
            from moto import mock_aws

            self._mock = mock_aws()
            self._mock.start()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            os.environ.setdefault(name, "local")
        session = boto3.session.Session(region_name=REGION)
        self.environment = resources.create(
            session, support_address=self._support_address, public_url=self._public_url, staff=self._staff
        )
        aws = Aws(self.endpoint_url, REGION)
        self.desk = wiring.WiredDesk(read_environment(self.environment), aws, self.clock)
        wiring.use(self.desk)
        if self._mock is None:  # emulators don't show a mail's source
            aws.client("sesv2").meta.events.register("before-parameter-build.sesv2.SendEmail", self._hand_over)

    def _hand_over(self, params: Mapping[str, Any], **_: Any) -> None:
        to = params["Destination"]
        recipients = (*to.get("ToAddresses", ()), *to.get("CcAddresses", ()), *to.get("BccAddresses", ()))
        raw = params["Content"]["Raw"]["Data"]
        self._handed_over.append(SentMail(str(len(self._handed_over)), params["FromEmailAddress"], recipients, raw))

    def stop(self) -> None:
        """Leave the environment's desk in place again, and end the mock."""
        wiring.use(None)
        if self._mock is not None:
            self._mock.stop()

    def issue_key(self, secret: str, scopes: Sequence[str] = SCOPES, name: str = "local") -> None:
        """Make a known API key."""
        self.desk.api_keys.issue(name, scopes, self.clock.now(), secret)

    def give_password(self, email: str, password: str) -> None:
        """Let somebody of the desk sign in to the console."""
        pool = self.environment["STAFF_POOL_ID"]
        resources.give_password(self.desk.aws.client("cognito-idp"), pool, email, password)

    # ---- mail

    def receive_mail(
        self, raw: bytes, sender: str, recipients: Sequence[str], verdicts: Mapping[str, str] | None = None
    ) -> str:
        """Store a mail as SES does, whose bucket then tells the queue `intake`; gives its key."""
        key = f"inbound/{uuid.uuid4().hex}"
        stored = as_ses_stores_it(raw, sender, recipients, self.clock.now(), verdicts or {})
        with self.lock:
            self.desk.aws.client("s3").put_object(Bucket=self.environment["MAIL_BUCKET"], Key=key, Body=stored)
        return key

    def sent_mail(self) -> list[SentMail]:
        """Give the mails that left, oldest first: as Moto kept them, or as they were handed to an emulator."""
        if self._mock is None:
            return list(self._handed_over)
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.ses.models import ses_backends

        with self.lock:
            backend = ses_backends[DEFAULT_ACCOUNT_ID][REGION]
            return [
                SentMail(mail.id, mail.source, tuple(mail.destinations), _as_bytes(mail.raw_data))
                for mail in backend.sent_messages
            ]

    # ---- queues and schedules

    def pump(self) -> int:
        """Hand what is visible in the queues to their functions, once; gives how many messages were handed over."""
        return sum(self._pump_queue(source) for source in self._sources("queue"))

    def _sources(self, attribute: str) -> Iterator[Any]:
        return (source for source in chalice_app.app.event_sources if getattr(source, attribute, None))

    def _pump_queue(self, source: Any) -> int:
        url = self.environment[QUEUE_VARIABLES[source.queue]]
        sqs = self.desk.aws.client("sqs")
        with self.lock:
            received = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=source.batch_size, AttributeNames=["All"], WaitTimeSeconds=0
            ).get("Messages", [])
            if not received:
                return 0
            answer = self.invoke(source.name, sqs_event(received, source.queue)) or {}
            failed = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", [])}
            for message in received:
                handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
                if message["MessageId"] in failed:
                    sqs.change_message_visibility(**handle, VisibilityTimeout=RETRY_SECONDS)
                else:
                    sqs.delete_message(**handle)
            return len(received) - len(failed)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call one of the app's queue or schedule functions."""
        with self.lock:
            return chalice_app.app.handler_map[function](dict(event), LocalContext(function))

    def tick(self) -> None:
        """Let every schedule's moment come once."""
        for source in self._sources("schedule_expression"):
            self.invoke(source.name, schedule_event(self.clock.now(), source.name))

    def settle(self) -> None:
        """Let the queues run until nothing is visible in them."""
        for _ in range(MOST_ROUNDS):
            if not self.pump():
                return
        raise RuntimeError("the queues never came to rest")

    def advance(self, seconds: float) -> None:
        """Move the clock, everything that falls due in between happening at its time and in order."""
        with self.lock:
            self.settle()
            target = self.clock.now() + timedelta(seconds=seconds)
            for _ in range(MOST_ROUNDS):
                due = self.next_due(target)
                if due is None:
                    break
                self.clock.move_to(due)
                self.tick()
                self.settle()
            self.clock.move_to(target)
            self.tick()
            self.settle()

    def next_due(self, until: datetime) -> datetime | None:
        """Give when the earliest agenda entry up to an instant is due."""
        return min((at for _, at in self.desk.tickets.due(until)), default=None)

    def state(self) -> dict[str, Any]:
        """Give queue depths, dead letters and due entries."""
        with self.lock:
            now = self.clock.now()
            due = [{"ref": ref, "at": at.isoformat()} for ref, at in self.desk.tickets.due(now + timedelta(days=400))]
            return {
                "now": now.isoformat(),
                "queues": {name: self._depth(variable) for name, variable in _short(QUEUE_VARIABLES).items()},
                "dead_letters": {name: self._letters(variable) for name, variable in DEAD_LETTER_VARIABLES.items()},
                "due": due,
            }

    def _depth(self, variable: str) -> dict[str, int]:
        names = {
            "visible": "ApproximateNumberOfMessages",
            "in_flight": "ApproximateNumberOfMessagesNotVisible",
            "delayed": "ApproximateNumberOfMessagesDelayed",
        }
        found = self.desk.aws.client("sqs").get_queue_attributes(
            QueueUrl=self.environment[variable], AttributeNames=list(names.values())
        )["Attributes"]
        return {name: int(found.get(attribute, 0)) for name, attribute in names.items()}

    def _letters(self, variable: str) -> list[dict[str, Any]]:
        received = (
            self.desk.aws.client("sqs")
            .receive_message(
                QueueUrl=self.environment[variable],
                MaxNumberOfMessages=10,
                VisibilityTimeout=0,
                AttributeNames=["All"],
            )
            .get("Messages", [])
        )
        return [{"id": message["MessageId"], "body": message["Body"]} for message in received]


def _short(variables: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("pennydesk-"): variable for name, variable in variables.items()}


def _as_bytes(raw: Any) -> bytes:
    return raw if isinstance(raw, bytes) else str(raw).encode("utf-8", "surrogateescape")
