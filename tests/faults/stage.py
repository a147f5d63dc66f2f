"""A desk on Moto that can be put back to where it stood; its functions fail by plan, its messages come again."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

import app as chalice_app
from chalicelib import wiring
from chalicelib.settings import read_environment
from chalicelib.usecases.wake_due import AHEAD
from infra.local.clock import MovableClock
from infra.local.cloud import REGION, LocalCloud
from infra.local.lambda_events import LocalContext, schedule_event, sqs_event
from tests.faults.faulty_aws import Died, FaultyAws, Plan

SERVICES = ("dynamodb", "sqs", "sesv2", "s3", "ssm")
QUEUES = {"on_mail": "INTAKE_QUEUE_URL", "on_work": "WORK_QUEUE_URL"}
DEAD_LETTERS = {"on_mail": "INTAKE_DEAD_LETTERS_URL", "on_work": "WORK_DEAD_LETTERS_URL"}
API = "api"
KEY = "pd_the-key-of-these-tests"
MOST_TRIES = 12
PAST_A_CLAIM = timedelta(seconds=130)
REMAINING_MS = 1
"""What an invocation has left: a request that died is then let through again a moment later, not after a minute."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a desk stood: its table's items, the mails that had left, and the time. Messages in queues are lost."""

    items: Any
    mails: tuple[Any, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        """Give the body as JSON values."""
        return json.loads(self.body)


class Stage:
    """One mocked cloud.

    `failing` are the functions whose calls meet a plan, `shuffle` orders the messages of a batch, `copies` says how
    often each is delivered, and `dress` changes the desk of every process that begins.
    """

    def __init__(self, cloud: LocalCloud) -> None:
        """`cloud` has been started."""
        self.cloud = cloud
        self.aws = FaultyAws(cloud.desk.aws.client(service) for service in SERVICES)
        self.failing: frozenset[str] = frozenset()
        self.shuffle: Callable[[list[Any]], None] = lambda messages: None
        self.copies = 1
        self.dress: Callable[[wiring.WiredDesk], None] = lambda desk: None
        self._stood: dict[Callable[[Stage], None], Snapshot] = {}

    # ---- where the desk stands

    def snapshot(self) -> Snapshot:
        """Give where the desk stands."""
        return Snapshot(deepcopy(self._table.items), tuple(self._mails), self.cloud.clock.now())

    def restore(self, snapshot: Snapshot) -> None:
        """Put the desk back to where it stood, in a process that has just begun."""
        self._table.items = deepcopy(snapshot.items)
        self._mails[:] = snapshot.mails
        for variable in (*QUEUES.values(), *DEAD_LETTERS.values()):
            queue = self._queue(variable)
            queue._messages, queue._pending_messages = [], set()
        self.cloud.clock = MovableClock(snapshot.at)
        self.begin_process()

    def at(self, before: "Callable[[Stage], None]") -> Snapshot:
        """Bring the desk from where it stands at first to where `before` leads; played once, remembered after."""
        if before in self._stood:
            self.restore(self._stood[before])
        else:
            before(self)
            self._stood[before] = self.snapshot()
        return self._stood[before]

    def begin_process(self) -> None:
        """Forget what the process had cached, as a new one does."""
        self.cloud.desk = wiring.WiredDesk(
            read_environment(self.cloud.environment), self.cloud.desk.aws, self.cloud.clock
        )
        self.dress(self.cloud.desk)
        wiring.use(self.cloud.desk)

    @property
    def desk(self) -> wiring.WiredDesk:
        """The desk of the present process."""
        return self.cloud.desk

    @property
    def _table(self) -> Any:
        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[self.cloud.environment["DESK_TABLE"]]

    @property
    def _mails(self) -> Any:
        return ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages

    @property
    def _sqs(self) -> Any:
        return self.desk.aws.client("sqs")

    def _queue(self, variable: str) -> Any:
        """Look behind the mock: asking it as AWS is asked takes milliseconds each time."""
        name = self.cloud.environment[variable].rpartition("/")[2]
        return sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name]

    def keys(self, prefix: str) -> list[tuple[str, str]]:
        """Give the keys of all items whose partition begins like this."""
        keys = ((item.hash_key.value, item.range_key.value) for item in self._items())
        return sorted((pk, sk) for pk, sk in keys if pk.startswith(prefix))

    def refs(self) -> list[str]:
        """Give the references of all tickets."""
        return [pk.removeprefix("ticket#") for pk, sk in self.keys("ticket#") if sk == "ticket"]

    @property
    def ref(self) -> str:
        """The reference of the one ticket there is."""
        (ref,) = self.refs()
        return ref

    # ---- functions, run as AWS runs them

    @contextmanager
    def failing_by(self, plan: Plan, *functions: str) -> Iterator[None]:
        """Let a plan befall the calls of these functions (`api` for requests)."""
        self.aws.begin(plan)
        self.failing = frozenset(functions)
        try:
            yield
        finally:
            self.aws.plan, self.failing = None, frozenset()

    def run(self, function: str, do: Callable[[], Any]) -> Any:
        """Run a function; when its process dies, the next begins afresh. Raises Died."""
        try:
            if function not in self.failing:
                return do()
            with self.aws.listening():
                return do()
        except Died:
            self.begin_process()
            raise

    def deliver(self, function: str) -> None:
        """Hand its queue's messages to a function until none is left; one that failed comes again."""
        variable = QUEUES[function]
        while received := self._received(variable):
            failed = self._handed(function, received)
            for message in received:
                handle = {"QueueUrl": self.cloud.environment[variable], "ReceiptHandle": message["ReceiptHandle"]}
                if message["MessageId"] in failed:
                    self._sqs.change_message_visibility(**handle, VisibilityTimeout=0)
                else:
                    self._sqs.delete_message(**handle)

    def _received(self, variable: str) -> list[Any]:
        if not any(message.visible and not message.delayed for message in self._queue(variable)._messages):
            return []
        url = self.cloud.environment[variable]
        answer = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        messages: list[Any] = answer.get("Messages", [])
        return messages

    def _handed(self, function: str, received: list[Any]) -> set[str]:
        messages = list(received)
        self.shuffle(messages)
        failed: set[str] = set()
        for _ in range(self.copies):
            event = sqs_event(messages, QUEUES[function])
            try:
                answer = self.run(function, partial(self.cloud.invoke, function, event)) or {}
                failed |= {failure["itemIdentifier"] for failure in answer.get("batchItemFailures", [])}
            except Died:
                failed |= {message["MessageId"] for message in messages}
        return failed

    def tick(self) -> None:
        """Let the schedule's minute come; one that fails is not repeated, the next finds what it left."""
        event = schedule_event(self.cloud.clock.now(), "every_minute")
        try:
            self.run("every_minute", lambda: self.cloud.invoke("every_minute", event))
        except (Died, Exception) as error:
            if "every_minute" not in self.failing:
                raise AssertionError("the schedule failed by itself") from error

    def settle(self) -> None:
        """Deliver everything."""
        self.deliver("on_mail")
        self.deliver("on_work")

    def wait(self, wait: timedelta) -> None:
        """Move the clock, let the schedule come unless it would come in vain, and deliver everything."""
        self.cloud.clock.move_to(self.cloud.clock.now() + wait)
        soon = (self.cloud.clock.now() + AHEAD).isoformat(timespec="milliseconds")
        if any(item.attrs["due_sk"].value < soon for item in self._items() if "due_sk" in item.attrs):
            self.tick()
        self.settle()

    def _items(self) -> Iterator[Any]:
        return (item for under in self._table.items.values() for item in under.values())

    def come_to_rest(self, rounds: int = 1) -> None:
        """Deliver everything, and go on past the end of what anybody may have claimed and left, so many times."""
        self.settle()
        for _ in range(rounds):
            self.wait(PAST_A_CLAIM)

    def redrive(self) -> None:
        """Put dead letters back into their queues, as an operator does."""
        for function, variable in DEAD_LETTERS.items():
            letters = self._queue(variable)._messages
            self._queue(variable)._messages = []
            for letter in letters:
                self._sqs.send_message(QueueUrl=self.cloud.environment[QUEUES[function]], MessageBody=letter.body)

    def lose_work(self) -> None:
        """Lose all messages of the queue `work`."""
        self._queue("WORK_QUEUE_URL")._messages = []

    def dead_letters(self) -> int:
        """Give how many messages were given up."""
        return sum(len(self._queue(variable)._messages) for variable in DEAD_LETTERS.values())

    # ---- what people do

    def mail(self, raw: bytes) -> None:
        """Let a customer's mail arrive in the bucket."""
        self.cloud.receive_mail(raw, "jo@customer.org", ["support@example.com"])

    def tell(self, event: str) -> None:
        """Let an event of SES's arrive on the queue `intake`."""
        self._sqs.send_message(QueueUrl=self.cloud.environment["INTAKE_QUEUE_URL"], MessageBody=event)

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Reply:
        """Send one request and give its answer; `path` is `/v1/tickets/{ref}=7K3F-92QX`. Raises Died."""
        event, context = http_event(method, path, content, headers), LocalContext("api", REMAINING_MS)
        answer = self.run(API, lambda: chalice_app.app(event, context))
        flat = {name: values[-1] for name, values in (answer.get("multiValueHeaders") or {}).items()}
        return Reply(answer["statusCode"], {**flat, **answer.get("headers", {})}, answer.get("body", ""))

    def insist(self, method: str, path: str, content: Any = None, **headers: str) -> Reply:
        """Send a request as a patient client does: the very same again until it is neither failed nor in progress."""
        for _ in range(MOST_TRIES):
            try:
                reply = self.ask(method, path, content, **headers)
            except Died:
                continue
            assert reply.status != 500, f"{method} {path} failed in a way that nobody foresaw: {reply.body}"
            if reply.status < 500 and not (reply.status == 409 and "being worked on" in reply.body):
                return reply
            time.sleep(0.003)
        raise AssertionError(f"{method} {path} never came through")


def http_event(method: str, path: str, content: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    """Give a request as API Gateway hands it over. A dict is sent as JSON, a list of pairs as a form.

    `path` is `/v1/tickets/{ref}=<ref>`, several values with commas between.
    """
    pattern, _, value = path.partition("=")
    names = re.findall(r"\{(\w+)\}", pattern)
    given = dict(zip(names, value.split(",", len(names) - 1), strict=True)) if names else {}
    form = isinstance(content, list)
    body = "" if content is None else urlencode(content) if form else json.dumps(content)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    sent = {"content-type": kind, "authorization": f"Bearer {KEY}"}
    sent |= {name.replace("_", "-"): text for name, text in headers.items()}
    return {
        "resource": pattern,
        "path": pattern.format(**given),
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [text] for name, text in sent.items()},
        "pathParameters": given or None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": False,
        "requestContext": {"resourcePath": pattern, "httpMethod": method, "path": pattern, "identity": {}},
    }
