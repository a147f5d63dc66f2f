"""On a bad day every adapter says TryAgain and no more; indexes that lag behind mislead nobody into losing a change."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from inspect import isfunction
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.adapters.api_keys import DynamoApiKeys
from chalicelib.adapters.aws import brief_failures
from chalicelib.adapters.catalogue import Catalogue
from chalicelib.adapters.customers import DynamoCustomers
from chalicelib.adapters.desk_settings import DynamoSettings
from chalicelib.adapters.drafts import DynamoDrafts
from chalicelib.adapters.files import S3Files
from chalicelib.adapters.mail import S3MailStore, SesMailer
from chalicelib.adapters.mail_templates import DynamoTemplates
from chalicelib.adapters.once import Once
from chalicelib.adapters.people import DynamoPeople
from chalicelib.adapters.queues import SqsWorkQueue
from chalicelib.adapters.saved_views import DynamoSavedViews
from chalicelib.adapters.signer import ParameterSigner
from chalicelib.adapters.table import Table
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.customer import Customer, CustomerNote
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.draft import Draft
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.errors import DeskError, StaleVersion, TryAgain
from chalicelib.domain.inbox_view import SavedViews
from chalicelib.domain.mail_template import PLACEHOLDERS, MailTemplate
from chalicelib.domain.message import Attachment, MessageKind
from chalicelib.domain.people import Agent, Team
from chalicelib.domain.presence import Presence
from chalicelib.domain.ticket import Status
from infra import resources
from infra.local.lambda_events import LocalContext
from tests.adapters.noted import noting
from tests.adapters.sample_tickets import NOON, a_message, a_ticket, card_for, entry, kept, ref_of, refs
from tests.adapters.unreliable_cloud import BAD_DAYS, StaleIndexes, bad_day, refused

REF = ref_of(1)
OUTBOUND = OutboundEmail(
    sender=Address("support@example.com"),
    to=(Address("jo@customer.org"),),
    subject="x",
    text="x",
    message_id="<m1@example.com>",
    date=datetime(2026, 11, 23, 12, tzinfo=UTC),
)


@dataclass
class World:
    """Every adapter, on Moto."""

    clients: Mapping[str, Any]
    environment: Mapping[str, str]

    def __post_init__(self) -> None:
        table = Table(self.clients["dynamodb"], self.environment["DESK_TABLE"])
        self.signer = ParameterSigner(self.clients["ssm"], self.environment["SIGNING_KEY_PARAMETER"])
        self.tickets = DynamoTickets(table, shards=2)
        self.customers = DynamoCustomers(table, lambda: b"secret", noting(table))
        self.drafts = DynamoDrafts(table)
        self.views = DynamoSavedViews(table)
        self.people = DynamoPeople(table, noting(table))
        self.settings = DynamoSettings(table, DeskSettings(), noting(table))
        self.templates = DynamoTemplates(table, Catalogue(), noting(table))
        self.keys = DynamoApiKeys(table, noting(table))
        self.once = Once(table)
        self.work = SqsWorkQueue(self.clients["sqs"], self.environment["WORK_QUEUE_URL"])
        self.mailer = SesMailer(self.clients["sesv2"])
        self.mail = S3MailStore(self.clients["s3"], self.environment["MAIL_BUCKET"])
        self.files = S3Files(self.clients["s3"], self.environment["FILES_BUCKET"])


UPLOADED = Attachment("attachments/1", "a", "text/plain", 1)
TEMPLATE = MailTemplate("answer", "en", "{{ reply.subject }}", "{{ message.text }}")
EVERYTHING = dict.fromkeys(PLACEHOLDERS["answer"], "x")
CUSTOMER = Customer("cjo", "Jo", "jo@customer.org", NOON, NOON, version=1)
OTHER = Customer("cbo", "Bo", "bo@customer.org", NOON, NOON, version=1)
DRAFT = Draft(id="1", agent_id="sam", kind=MessageKind.REPLY, text="Hello", saved_at=NOON)
CALLS: Mapping[str, Callable[[World], object]] = {
    "DynamoTickets.get": lambda world: world.tickets.get(REF),
    "DynamoTickets.get_many": lambda world: world.tickets.get_many([REF]),
    "DynamoTickets.conversation": lambda world: world.tickets.conversation(REF),
    "DynamoTickets.opened": lambda world: world.tickets.opened(REF),
    "DynamoTickets.message": lambda world: world.tickets.message(REF, "m1"),
    "DynamoTickets.write_messages": lambda world: world.tickets.write_messages(REF, [a_message()]),
    "DynamoTickets.add": lambda world: world.tickets.add(a_ticket(), card_for(a_ticket())),
    "DynamoTickets.save": lambda world: world.tickets.save(a_ticket(version=1), card_for(a_ticket())),
    "DynamoTickets.queue": lambda world: world.tickets.queue(["team:"], 5),
    "DynamoTickets.standing": lambda world: world.tickets.standing(5),
    "DynamoTickets.of_customer": lambda world: world.tickets.of_customer("cjo", 5),
    "DynamoTickets.due": lambda world: list(world.tickets.due(NOON)),
    "DynamoTickets.ticket_of_email": lambda world: world.tickets.ticket_of_email("<1@x.org>"),
    "DynamoTickets.file_email": lambda world: world.tickets.file_email("<1@x.org>", REF),
    "DynamoCustomers.meet": lambda world: world.customers.meet("jo@customer.org", "Jo", NOON),
    "DynamoCustomers.meet_visitor": lambda world: world.customers.meet_visitor("v1", "Jo", NOON),
    "DynamoCustomers.get": lambda world: world.customers.get("cjo"),
    "DynamoCustomers.save": lambda world: world.customers.save(CUSTOMER),
    "DynamoCustomers.record": lambda world: world.customers.record("cjo"),
    "DynamoCustomers.save_both": lambda world: world.customers.save_both(CUSTOMER, OTHER),
    "DynamoCustomers.notes": lambda world: world.customers.notes(["cjo"]),
    "DynamoCustomers.add_note": lambda world: world.customers.add_note("cjo", CustomerNote("n1", "VIP", "desk", NOON)),
    "DynamoCustomers.remove_note": lambda world: world.customers.remove_note("cjo", "n1"),
    "DynamoDrafts.get": lambda world: world.drafts.get(REF, "sam"),
    "DynamoDrafts.every": lambda world: world.drafts.every(REF),
    "DynamoDrafts.around": lambda world: world.drafts.around(REF),
    "DynamoDrafts.look": lambda world: world.drafts.look(REF, Presence("sam", NOON)),
    "DynamoDrafts.leave": lambda world: world.drafts.leave(REF, "sam"),
    "DynamoDrafts.save": lambda world: world.drafts.save(REF, DRAFT),
    "DynamoDrafts.discard": lambda world: world.drafts.discard(REF, "sam"),
    "DynamoSavedViews.of": lambda world: world.views.of(["sam"]),
    "DynamoSavedViews.save": lambda world: world.views.save(SavedViews("sam")),
    "DynamoPeople.roster": lambda world: world.people.roster(),
    "DynamoPeople.hold": lambda world: world.people.hold("sam", REF),
    "DynamoPeople.release": lambda world: world.people.release("sam", REF),
    "DynamoPeople.mention": lambda world: world.people.mention("sam", REF),
    "DynamoPeople.forget_mention": lambda world: world.people.forget_mention("sam", REF),
    "DynamoPeople.save_agent": lambda world: world.people.save_agent(Agent("sam", "Sam", "sam@example.com")),
    "DynamoPeople.save_team": lambda world: world.people.save_team(Team("support", "Support")),
    "DynamoSettings.load": lambda world: world.settings.load(),
    "DynamoSettings.latest": lambda world: world.settings.latest(),
    "DynamoSettings.save": lambda world: world.settings.save(DeskSettings()),
    "DynamoApiKeys.issue": lambda world: world.keys.issue("shop", [], NOON),
    "DynamoApiKeys.find": lambda world: world.keys.find("pd_x"),
    "DynamoApiKeys.every": lambda world: world.keys.every(),
    "DynamoApiKeys.revoke": lambda world: world.keys.revoke(world.keys.issue("x", [], NOON)[0].id),
    "Once.answer": lambda world: world.once.answer("key", {}, dict, LocalContext("api")),
    "SqsWorkQueue.nudge": lambda world: world.work.nudge(REF),
    "SqsWorkQueue.nudge_all": lambda world: world.work.nudge_all([(REF, 0)]),
    "SesMailer.send": lambda world: world.mailer.send(OUTBOUND),
    "S3MailStore.read": lambda world: world.mail.read("inbound/1"),
    "S3Files.keep": lambda world: world.files.keep(REF, "m1", 0, "a", "text/plain", b"x"),
    "S3Files.read": lambda world: world.files.read(UPLOADED),
    "S3Files.take": lambda world: world.files.take("uploads/1", "text/plain", b"x"),
    "S3Files.claim": lambda world: world.files.claim("uploads/1", REF, "m1", 0, "a", "text/plain"),
    "DynamoTemplates.find": lambda world: world.templates.find("answer", "en"),
    "DynamoTemplates.customised": lambda world: world.templates.customised(),
    "DynamoTemplates.save": lambda world: world.templates.save(TEMPLATE),
    "DynamoTemplates.remove": lambda world: world.templates.remove("answer", "en"),
    "DynamoTemplates.write": lambda world: world.templates.write("answer", "en", EVERYTHING),
    "ParameterSigner.secret": lambda world: world.signer.secret(),
    "ParameterSigner.seal": lambda world: world.signer.seal("survey", {}),
    "ParameterSigner.unseal": lambda world: world.signer.unseal("survey", "x.y"),
}
CALL_NO_CLOUD = {
    *("DynamoCustomers.id_of", "S3Files.link", "S3Files.upload_link", "S3MailStore.understand"),
    *("DynamoTemplates.own", "DynamoTemplates.check", "DynamoTemplates.preview"),
}


@pytest.fixture
def world(no_aws_account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        environment = resources.create(boto3.session.Session(), support_address="support@example.com")
        services = ("dynamodb", "sqs", "s3", "ssm", "sesv2")
        yield World({service: boto3.client(service) for service in services}, environment)


def test_every_call_of_every_adapter_is_tried_below(world: World) -> None:
    adapters = [value for value in vars(world).values() if type(value).__module__.startswith("chalicelib.adapters.")]
    kinds = [type(adapter) for adapter in adapters]
    calls = {
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, value in vars(kind).items()
        if isfunction(value) and not name.startswith("_")
    }
    assert calls == CALLS.keys() | CALL_NO_CLOUD


def test_no_call_of_any_adapter_scans_the_table(world: World) -> None:
    made: list[str] = []
    world.clients["dynamodb"].meta.events.register("before-call", lambda model, **_: made.append(model.name))
    for call in CALLS.values():
        with suppress(DeskError):
            call(world)
    assert set(made) == {
        *("GetItem", "BatchGetItem", "Query"),
        *("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"),
    }


@pytest.mark.parametrize("kind", BAD_DAYS)
def test_on_a_bad_day_every_adapter_says_try_again(world: World, kind: str) -> None:
    with bad_day(world.clients, BAD_DAYS[kind]):
        for name, call in CALLS.items():
            with pytest.raises(TryAgain):
                pytest.fail(f"{name} gave {call(world)!r} on a bad day")
    assert world.tickets.get(REF) is None
    assert world.people.roster().agents == ()


def test_what_is_wrong_for_good_is_not_called_brief() -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutItem")
    with pytest.raises(ClientError), brief_failures():
        raise denied


def test_a_refusal_is_no_bad_day(world: World) -> None:
    with bad_day(world.clients, refused("ValidationException", 400)), pytest.raises(ClientError):
        world.tickets.get(REF)


# ---- indexes that lag behind


@pytest.fixture
def stale(any_cloud_table: tuple[Any, str], desk_definition: dict[str, Any]) -> Iterator[StaleIndexes]:
    client, name = any_cloud_table
    client.create_table(TableName=f"{name}-lagging", **desk_definition)
    yield StaleIndexes(client, name, f"{name}-lagging")
    client.delete_table(TableName=f"{name}-lagging")


@pytest.fixture
def tickets(stale: StaleIndexes, any_cloud_table: tuple[Any, str]) -> DynamoTickets:
    return DynamoTickets(Table(stale, any_cloud_table[1]))


def test_a_new_ticket_that_no_list_shows_yet_can_be_opened_and_appears_later(
    tickets: DynamoTickets, stale: StaleIndexes
) -> None:
    added = kept(tickets, a_ticket(agenda=(entry(0),)))
    assert (tickets.queue(["team:"], 5).cards, tickets.of_customer("cjo", 5).cards) == ((), ())
    assert list(tickets.due(NOON)) == []
    assert tickets.get(REF) == added
    stale.catch_up()
    assert refs(tickets.queue(["team:"], 5).cards) == refs(tickets.of_customer("cjo", 5).cards) == [REF]
    assert list(tickets.due(NOON)) == [(REF, NOON)]


def test_who_acts_on_an_old_card_is_refused_and_overwrites_nothing(tickets: DynamoTickets, stale: StaleIndexes) -> None:
    first = kept(tickets, a_ticket(team_id="a"))
    stale.catch_up()
    second = kept(tickets, replace(first, assignee_id="sam"))
    (shown,) = tickets.queue(["team:a"], 5).cards
    assert (shown.version, shown.assignee_id) == (1, "")
    with pytest.raises(StaleVersion):
        kept(tickets, replace(first, assignee_id="ada", version=shown.version))
    assert tickets.get(REF) == second


def test_a_sweep_that_sees_what_is_done_already_finds_nothing_due_on_the_ticket_itself(
    tickets: DynamoTickets, stale: StaleIndexes
) -> None:
    busy = kept(tickets, a_ticket(agenda=(entry(0),)))
    stale.catch_up()
    kept(tickets, replace(busy, agenda=()))
    assert [ref for ref, _ in tickets.due(NOON)] == [REF]
    found = tickets.get(REF)
    assert found is not None
    assert found.next_due is None
    stale.catch_up()
    assert list(tickets.due(NOON)) == []


def test_pages_of_a_lagging_list_repeat_nothing_when_it_catches_up_between_them(
    tickets: DynamoTickets, stale: StaleIndexes
) -> None:
    for number in range(6):
        kept(tickets, a_ticket(number, created_at=NOON + timedelta(minutes=number)))
    stale.catch_up()
    first = tickets.queue(["team:"], 3)
    solved = tickets.get(ref_of(1))
    assert solved is not None
    kept(tickets, replace(solved, status=Status.SOLVED, solved_at=NOON))
    kept(tickets, a_ticket(7, created_at=NOON - timedelta(minutes=1)))
    stale.catch_up()
    second = tickets.queue(["team:"], 3, first.after)
    assert refs([*first.cards, *second.cards]) == [ref_of(number) for number in range(6)]


def test_a_whole_conversation_never_comes_from_an_index(tickets: DynamoTickets) -> None:
    ticket = kept(tickets, a_ticket())
    tickets.write_messages(REF, [a_message()])
    tickets.file_email("<1@x.org>", REF)
    assert tickets.conversation(REF) == (ticket, ())
    assert tickets.ticket_of_email("<1@x.org>") == REF
