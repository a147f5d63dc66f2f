"""The only place that joins adapters to use cases: a desk, each part of which is made when it is first asked for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib import telemetry
from chalicelib.adapters.aws import Aws
from chalicelib.adapters.catalogue import Catalogue
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.customers import DynamoCustomers
from chalicelib.adapters.desk_settings import DynamoSettings
from chalicelib.adapters.meter import Meter
from chalicelib.adapters.people import DynamoPeople
from chalicelib.adapters.table import Table
from chalicelib.adapters.tickets import DynamoTickets
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import DeskError
from chalicelib.domain.usage import Usage
from chalicelib.settings import Environment, read_environment
from chalicelib.usecases.ports import Accounts, Clock

if TYPE_CHECKING:
    from chalicelib.adapters.allowances import DynamoAllowances
    from chalicelib.adapters.api_keys import DynamoApiKeys
    from chalicelib.adapters.audit import DynamoAudit
    from chalicelib.adapters.changes import DynamoChanges
    from chalicelib.adapters.chats import DynamoChats
    from chalicelib.adapters.checkups import DynamoCheckups
    from chalicelib.adapters.deliverability import DynamoDeliverability
    from chalicelib.adapters.drafts import DynamoDrafts
    from chalicelib.adapters.files import S3Files
    from chalicelib.adapters.mail import S3MailStore, SesMailer
    from chalicelib.adapters.mail_templates import DynamoTemplates
    from chalicelib.adapters.markup import SafeMarkup
    from chalicelib.adapters.once import Once
    from chalicelib.adapters.public_holidays import PackagedHolidays
    from chalicelib.adapters.queues import SqsWorkQueue
    from chalicelib.adapters.saved_views import DynamoSavedViews
    from chalicelib.adapters.search_index import S3SearchIndex
    from chalicelib.adapters.sender_identities import SesIdentities
    from chalicelib.adapters.signer import ParameterSigner
    from chalicelib.adapters.spam_memory import DynamoSpamMemory
    from chalicelib.adapters.spending import DynamoSpending
    from chalicelib.adapters.webhook import HttpsWebhooks


QUEUED = Usage(lambda_requests=1, sqs_requests=2)
"""What a batch of messages comes to by itself: an invocation, and the poller's receiving and deleting."""

REQUESTED = Usage(lambda_requests=1, api_requests=1)
"""The same of an HTTP request."""

WORKER_BOOKS, API_BOOKS = timedelta(minutes=1), timedelta(minutes=5)
"""How often a process adds what it used to the month's account, at most."""


class WiredDesk:
    """A desk on AWS, or on whatever answers like it."""

    def __init__(self, environment: Environment, aws: Aws | None = None, clock: Clock | None = None) -> None:
        """`clock` is the machine's unless the local cloud or a test brings another."""
        self.environment = environment
        self.aws = aws or Aws()
        self.clock: Clock = clock or SystemClock()

    @cached_property
    def table(self) -> Table:
        """The table `desk`."""
        return Table(self.aws.client("dynamodb"), self.environment.table)

    @cached_property
    def meter(self) -> Meter:
        """What this process uses of AWS."""
        return Meter()

    @cached_property
    def spending(self) -> "DynamoSpending":
        """See ports.Desk."""
        from chalicelib.adapters.spending import DynamoSpending

        return DynamoSpending(self.table, self.meter)

    @cached_property
    def tickets(self) -> DynamoTickets:
        """See ports.Desk."""
        return DynamoTickets(self.table, self.environment.shards, self.meter)

    @cached_property
    def customers(self) -> DynamoCustomers:
        """See ports.Desk."""
        return DynamoCustomers(self.table, self.signer.secret, lambda: self.audit)

    @cached_property
    def people(self) -> DynamoPeople:
        """See ports.Desk."""
        return DynamoPeople(self.table, lambda: self.audit)

    @cached_property
    def settings(self) -> DynamoSettings:
        """See ports.Desk."""
        defaults = DeskSettings(
            support_address=self.environment.support_address, public_url=self.environment.public_url.rstrip("/")
        )
        return DynamoSettings(self.table, defaults, lambda: self.audit)

    @cached_property
    def work(self) -> "SqsWorkQueue":
        """See ports.Desk."""
        from chalicelib.adapters.queues import SqsWorkQueue

        return SqsWorkQueue(self.aws.client("sqs"), self.environment.work_queue_url)

    @cached_property
    def mailer(self) -> "SesMailer":
        """See ports.Desk."""
        from chalicelib.adapters.mail import SesMailer

        return SesMailer(self.aws.client("sesv2"))

    @cached_property
    def webhooks(self) -> "HttpsWebhooks":
        """See ports.Desk."""
        from chalicelib.adapters.webhook import HttpsWebhooks

        return HttpsWebhooks()

    @cached_property
    def mail(self) -> "S3MailStore":
        """See ports.Desk."""
        from chalicelib.adapters.mail import S3MailStore

        return S3MailStore(self.aws.client("s3"), self.environment.mail_bucket)

    @cached_property
    def files(self) -> "S3Files":
        """See ports.Desk."""
        from chalicelib.adapters.files import S3Files

        return S3Files(self.aws.client("s3"), self.environment.files_bucket)

    @cached_property
    def files_origin(self) -> str:
        """Where pages send files to: the origin of the files bucket's links."""
        return self.aws.origin_of(self.environment.files_bucket)

    @cached_property
    def deliverability(self) -> "DynamoDeliverability":
        """See ports.Desk."""
        from chalicelib.adapters.deliverability import DynamoDeliverability

        return DynamoDeliverability(self.table)

    @cached_property
    def spam(self) -> "DynamoSpamMemory":
        """See ports.Desk."""
        from chalicelib.adapters.spam_memory import DynamoSpamMemory

        return DynamoSpamMemory(self.table)

    @cached_property
    def changes(self) -> "DynamoChanges":
        """See ports.Desk."""
        from chalicelib.adapters.changes import DynamoChanges

        return DynamoChanges(self.table)

    @cached_property
    def search(self) -> "S3SearchIndex":
        """See ports.Desk."""
        from chalicelib.adapters.search_index import S3SearchIndex

        return S3SearchIndex(self.aws.client("s3"), self.environment.files_bucket)

    @cached_property
    def signer(self) -> "ParameterSigner":
        """See ports.Desk."""
        from chalicelib.adapters.signer import ParameterSigner

        return ParameterSigner(self.aws.client("ssm"), self.environment.signing_key_parameter)

    @cached_property
    def drafts(self) -> "DynamoDrafts":
        """See ports.Desk."""
        from chalicelib.adapters.drafts import DynamoDrafts

        return DynamoDrafts(self.table)

    @cached_property
    def allowances(self) -> "DynamoAllowances":
        """See ports.Desk."""
        from chalicelib.adapters.allowances import DynamoAllowances

        return DynamoAllowances(self.table, self.signer.secret)

    @cached_property
    def views(self) -> "DynamoSavedViews":
        """See ports.Desk."""
        from chalicelib.adapters.saved_views import DynamoSavedViews

        return DynamoSavedViews(self.table)

    @cached_property
    def chats(self) -> "DynamoChats":
        """See ports.Desk."""
        from chalicelib.adapters.chats import DynamoChats

        return DynamoChats(self.table)

    @cached_property
    def texts(self) -> Catalogue:
        """See ports.Desk."""
        return Catalogue()

    @cached_property
    def accounts(self) -> Accounts:
        """See ports.Desk."""
        from chalicelib.adapters.accounts import CognitoAccounts, NoAccounts

        pool, client = self.environment.staff_pool_id, self.environment.staff_client_id
        if not pool or not client:
            return NoAccounts()
        public = self.aws.client("cognito-idp", signed=False)
        return CognitoAccounts(public, self.aws.client("cognito-idp"), pool, client)

    @cached_property
    def templates(self) -> "DynamoTemplates":
        """See ports.Desk."""
        from chalicelib.adapters.mail_templates import DynamoTemplates

        return DynamoTemplates(self.table, self.texts, lambda: self.audit)

    @cached_property
    def markup(self) -> "SafeMarkup":
        """See ports.Desk."""
        from chalicelib.adapters.markup import SafeMarkup

        return SafeMarkup()

    @cached_property
    def public_holidays(self) -> "PackagedHolidays":
        """See ports.Desk."""
        from chalicelib.adapters.public_holidays import PackagedHolidays

        return PackagedHolidays()

    @cached_property
    def api_keys(self) -> "DynamoApiKeys":
        """Who may use the API."""
        from chalicelib.adapters.api_keys import DynamoApiKeys

        return DynamoApiKeys(self.table, lambda: self.audit)

    @cached_property
    def identities(self) -> "SesIdentities":
        """What Amazon SES knows of the desk's addresses."""
        from chalicelib.adapters.sender_identities import SesIdentities

        return SesIdentities(self.aws.client("sesv2"))

    @cached_property
    def checkups(self) -> "DynamoCheckups":
        """What the doctor said last."""
        from chalicelib.adapters.checkups import DynamoCheckups

        return DynamoCheckups(self.table)

    @cached_property
    def audit(self) -> "DynamoAudit":
        """See ports.AuditedDesk."""
        from chalicelib.adapters.audit import DynamoAudit

        return DynamoAudit(self.table, self.clock.now, _acting.get, lambda: self.settings.load().audit_kept)

    @contextmanager
    def acting(self, by: str) -> Iterator[None]:
        """Let the audit log say, of what is changed in this block, that it was they: `agent:<id>`, `key:<id>`, …"""
        before = _acting.set(by)
        try:
            yield
        finally:
            _acting.reset(before)

    @cached_property
    def once(self) -> "Once":
        """Answers a repeated request with what the first was answered."""
        from chalicelib.adapters.once import Once

        return Once(self.table)


_acting: ContextVar[str] = ContextVar("acting", default="desk")
_desk: WiredDesk | None = None


def desk() -> WiredDesk:
    """Give the desk that the environment describes, made once for all invocations of this process."""
    global _desk
    if _desk is None:
        _desk = WiredDesk(read_environment())
    return _desk


def use(another: WiredDesk | None) -> None:
    """Make handlers use this desk from now on: the local cloud's, or a test's. None means the environment's again."""
    global _desk
    _desk = another


def take_in_mail(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Take in the mails whose arrival an event of the queue `intake` tells; gives SQS the messages to deliver again."""
    from chalicelib.adapters.queues import stored_objects, work_through
    from chalicelib.adapters.ses_events import told_bounces
    from chalicelib.usecases.receive_email import receive_email
    from chalicelib.usecases.record_bounces import record_bounces

    def take_in(body: str) -> None:
        for key in stored_objects(body):
            ref = receive_email(desk(), key)
            telemetry.logger().info("mail taken in", extra={"ticket": ref, "mail": key})
            telemetry.measure("MailReceived")
        if bounces := told_bounces(body):
            record_bounces(desk(), bounces, sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:20])

    with telemetry.metrics_of("on_mail", context), desk().meter.handling(QUEUED, context):
        return work_through(event, context, _settled(take_in))


def do_work(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Run the agendas of the tickets that an event of the queue `work` names; gives SQS those to deliver again."""
    from chalicelib.adapters.queues import asked_for, work_through
    from chalicelib.usecases.run_agenda import run_agenda

    def run(body: str) -> None:
        ref, assign = asked_for(body)
        telemetry.logger().append_keys(ticket=ref)
        run_agenda(desk(), ref, assign=assign)

    with telemetry.metrics_of("on_work", context), desk().meter.handling(QUEUED, context):
        desk().meter.may_book(desk().clock.now(), WORKER_BOOKS, keeps=True)
        answer = work_through(event, context, _settled(run))
        _book(tells=True)
        return answer


def wake_what_is_due(context: Any) -> int:
    """Put what is due by now, or within the next minute, on the work queue; gives how many tickets that is."""
    from chalicelib.usecases.wake_due import wake_due

    with telemetry.metrics_of("every_minute", context):
        count = wake_due(desk())
        telemetry.measure("TicketsDue", count)
        return count


@contextmanager
def answering(context: Any) -> Iterator[None]:
    """Meter what happens in this block as one HTTP request; now and then it ends by adding to the month's account."""
    with desk().meter.handling(REQUESTED, context):
        desk().meter.may_book(desk().clock.now(), API_BOOKS, keeps=False)
        yield
        _book(tells=False)


def _settled(do: Callable[[str], None]) -> Callable[[str], None]:
    """What `do` leaves after its last save, of time above all, belongs to what it did, not to the next message."""

    def settled(body: str) -> None:
        try:
            do(body)
        finally:
            desk().meter.settle()

    return settled


def _book(*, tells: bool) -> None:
    """Add to the month's account, if it is time; the API may not send mail, and so tells nobody of it.

    Nothing that was done fails because it could not be booked yet.
    """
    from chalicelib.usecases.watch_spending import book_spending

    try:
        book_spending(desk(), tells=tells)
    except DeskError as error:
        telemetry.logger().warning("what was spent is booked later", extra={"reason": error.message})
