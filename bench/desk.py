"""A whole desk on a mocked cloud whose AWS calls are counted, function by function."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import yaml

from bench.meter import Meter
from bench.playback import API, MADE_UP_ACCOUNT, REGION, call
from bench.proxy_event import api_event, form_event
from bench.units import indexes_of
from chalicelib import wiring
from chalicelib.adapters.aws import Aws
from chalicelib.adapters.counting import NANOSECONDS, listen
from chalicelib.adapters.meter import Meter as OwnMeter
from chalicelib.domain.people import Agent, Role, Team
from chalicelib.usecases.build_index import build_index
from infra.local.clock import MovableClock
from infra.local.cloud import LocalCloud

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday morning within the default opening hours."""

API_KEY = "pd_bench"
LONGEST_DELAY_SECONDS = 900
MILLISECONDS = 20
"""What passes for the functions each time that they look."""
SERVICES = ("dynamodb", "sqs", "s3", "sesv2", "ssm")
TEMPLATE = Path(__file__).resolve().parents[1] / "infra" / "template.yaml"
TABLE_ARGUMENTS = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")


class BenchError(Exception):
    """The desk did not do what should have been measured; says what."""


class _AwsWithOtherTable(Aws):
    """AWS on Moto, but for DynamoDB, which is found at an endpoint of its own."""

    def __init__(self, endpoint_url: str, region: str) -> None:
        super().__init__(None, region)
        self._clients["dynamodb"] = _dynamodb(endpoint_url)
        listen(self._clients["dynamodb"])


class MeteredDesk(LocalCloud):
    """The cloud of one machine, counting what its functions do; its clock stands at a Monday, 10:00 UTC."""

    meter: Meter

    def __init__(self, *, table_endpoint: str | None = None) -> None:
        """`table_endpoint` names a DynamoDB Local, which is then also asked for its own figures."""
        super().__init__(MovableClock(MONDAY), support_address="support@example.com", public_url="https://desk.example")
        self._table_endpoint = table_endpoint

    def start(self) -> None:
        """Start, with a team of two agents and their lead, and an API key."""
        super().start()
        if self._table_endpoint:
            _make_table(self._table_endpoint, self.desk.environment.table)
        self.forget()
        self._hire()
        self.settle()
        self.meter.take()

    def stop(self) -> None:
        """Stop, and leave no table behind where others may want one of that name."""
        if self._table_endpoint:
            _dynamodb(self._table_endpoint).delete_table(TableName=self.desk.environment.table)
        super().stop()

    def forget(self) -> None:
        """Put a fresh copy of the functions in place: one that has cached nothing yet."""
        aws = _AwsWithOtherTable(self._table_endpoint, REGION) if self._table_endpoint else Aws(None, REGION)
        self.desk = wiring.WiredDesk(self.desk.environment, aws, self.clock)
        # what a ticket carries of its cost has so many bytes: the same in each run
        self.desk.meter = OwnMeter(count(step=MILLISECONDS * NANOSECONDS).__next__)
        wiring.use(self.desk)
        peek = _dynamodb(self._table_endpoint)
        self.meter = Meter(peek, self.desk.environment.table, INDEXES, ask=bool(self._table_endpoint))
        aws.client("sqs").meta.events.register("provide-client-params.sqs.SendMessage", _put_off)
        for service in SERVICES:
            self.meter.attach(aws.client(service))

    def warm_up(self) -> None:
        """Let the functions read what they keep for a while: API key, settings, signing key."""
        self.desk.api_keys.find(API_KEY)
        self.desk.settings.load()
        self.desk.signer.secret()

    def _hire(self) -> None:
        people = self.desk.people
        people.save_team(Team("support", "Support", ("lin",)))
        people.save_agent(Agent("lin", "Lin", "lin@example.com", Role.LEAD, ("support",), capacity=0))
        people.save_agent(Agent("sam", "Sam", "sam@example.com", Role.AGENT, ("support",), capacity=99))
        people.save_agent(Agent("ada", "Ada", "ada@example.com", Role.ADMIN, ("support",), capacity=99))
        self.issue_key(API_KEY)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call one of the queue or schedule functions, counting."""
        with self.meter.running(function):
            return super().invoke(function, event)

    def build_index(self) -> None:
        """Let the schedule build in what search doesn't know yet, without what it sends to workers, counting."""
        with self.meter.running("every_minute"):
            build_index(self.desk)

    def answer(self, event: Mapping[str, Any], status: int) -> dict[str, Any]:
        """Give the app's answer to an HTTP event, counting. Raises BenchError unless it has this status."""
        with self.meter.running(API):
            answer: dict[str, Any] = call(API, dict(event))
        if answer["statusCode"] != status:
            raise BenchError(f"{event['httpMethod']} {event['path']}: {answer['statusCode']} {answer['body'][:300]}")
        return answer

    def ask(self, method: str, resource: str, status: int, path: Mapping[str, str], **more: Any) -> dict[str, Any]:
        """Give the API's answer to a request; see `api_event`."""
        return self.answer(api_event(method, resource, path, API_KEY, **more), status)

    def fill_in(self, resource: str, status: int, path: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, Any]:
        """Give the answer to a form."""
        return self.answer(form_event(resource, path, fields), status)


@contextmanager
def metered_desk(table_endpoint: str | None = None) -> Iterator[MeteredDesk]:
    """A started desk, stopped with the block; nothing in it can reach a real account."""
    with made_up_account():
        desk = MeteredDesk(table_endpoint=table_endpoint)
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


@contextmanager
def made_up_account() -> Iterator[None]:
    """Nothing in this block can reach a real account; the environment is put back afterwards."""
    before = dict(os.environ)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ.update(MADE_UP_ACCOUNT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _put_off(params: dict[str, Any], **_: Any) -> dict[str, Any] | None:
    """Let a delayed message wait as long as SQS allows.

    SQS delays by the machine's own clock, so it would come in the midst of another use case; the sweep finds it too.
    """
    return {**params, "DelaySeconds": LONGEST_DELAY_SECONDS} if params.get("DelaySeconds") else None


def _dynamodb(endpoint_url: str | None) -> Any:
    return boto3.session.Session(region_name=REGION).client("dynamodb", endpoint_url=endpoint_url)


def _make_table(endpoint_url: str, name: str) -> None:
    client = _dynamodb(endpoint_url)
    client.create_table(TableName=name, **table_definition())


def table_definition() -> dict[str, Any]:
    """What `create_table` takes for the desk's table, but its name, as the template of deployment says it."""
    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    properties = template["Resources"]["Desk"]["Properties"]
    return {name: properties[name] for name in TABLE_ARGUMENTS}


INDEXES = indexes_of(table_definition())
