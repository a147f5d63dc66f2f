"""Mail leaves through SES and is read from S3; what failed is told apart by whether another attempt could help."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.adapters.mail import HELD_UP, REFUSED, THROTTLED, S3MailStore, SesMailer
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.errors import DeskError, MailHeldUp, MailRefused, NotFound, TryAgain
from tests.adapters.unreliable_cloud import bad_day, refused

MAIL = OutboundEmail(
    sender=Address("support@shop.example", "客服"),
    to=(Address("jo@customer.org", "Jo"),),
    cc=(Address("ann@customer.org"),),
    subject="您的订单",
    text="你好",
    message_id="<m1@shop.example>",
    date=datetime(2026, 11, 23, 12, tzinfo=UTC),
)


@pytest.fixture
def moto(no_aws_account: None) -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def ses(moto: None) -> Any:
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity="support@shop.example")
    return client


@pytest.fixture
def s3(moto: None) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket="mail")
    return client


def test_a_mail_leaves_once_in_its_own_bytes(ses: Any) -> None:
    SesMailer(ses).send(MAIL)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert sent.source == "support@shop.example"
    assert {"ann@customer.org", "jo@customer.org"} <= set(sent.destinations)
    assert "Message-ID: <m1@shop.example>" in str(sent.raw_data)


def test_a_mail_that_can_not_be_written_is_refused_before_ses_is_asked(ses: Any) -> None:
    with bad_day({"ses": ses}, refused("Asked", 418)), pytest.raises(MailRefused, match="can't be written"):
        SesMailer(ses).send(OutboundEmail(**{**fields(MAIL), "message_id": "no brackets"}))


def fields(mail: OutboundEmail) -> dict[str, Any]:
    return {name: getattr(mail, name) for name in mail.__slots__}


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_ses_will_never_take_is_refused(ses: Any, code: str) -> None:
    with bad_day({"ses": ses}, refused(code, 400)), pytest.raises(MailRefused, match=code):
        SesMailer(ses).send(MAIL)


def trouble(ses: Any, code: str, said: str = "injected", mail: OutboundEmail = MAIL) -> DeskError:
    """Give what comes of a mail when SES says this."""
    with bad_day({"ses": ses}, refused(code, 400, said)), pytest.raises(DeskError) as raised:
        SesMailer(ses).send(mail)
    return raised.value


@pytest.mark.parametrize("code", [*sorted(THROTTLED), "InternalServiceErrorException", "SomethingNewException"])
def test_what_ses_may_take_in_a_moment_is_tried_again(ses: Any, code: str) -> None:
    assert type(trouble(ses, code, "Maximum sending rate exceeded.")) is TryAgain


@pytest.mark.parametrize(
    ("code", "said", "remedy"),
    [
        ("TooManyRequestsException", "Daily message quota exceeded.", "Service Quotas"),
        ("LimitExceededException", "Daily sending quota exceeded", "Service Quotas"),
        ("MessageRejected", "Email address is not verified. The following identities failed: x", "sandbox"),
        *((code, "no", remedy[-20:]) for code, remedy in HELD_UP.items()),
    ],
)
def test_what_an_owner_must_mend_waits_for_an_hour_and_says_so(ses: Any, code: str, said: str, remedy: str) -> None:
    held_up = trouble(ses, code, said)
    assert isinstance(held_up, MailHeldUp)
    assert remedy in held_up.message
    assert 3600 <= held_up.wait_seconds < 4500


def test_mails_that_wait_do_not_all_come_back_at_once(ses: Any) -> None:
    mails = [replace(MAIL, message_id=f"<m{number}@shop.example>") for number in range(5)]
    waits = {getattr(trouble(ses, "SendingPausedException", "", mail), "wait_seconds", 0) for mail in mails}
    assert len(waits) > 1


def test_those_in_blind_copy_get_it_and_are_named_nowhere(ses: Any) -> None:
    SesMailer(ses).send(replace(MAIL, bcc=(Address("boss@shop.example"),)))
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert "boss@shop.example" in sent.destinations
    assert "boss@shop.example" not in str(sent.raw_data)


def test_the_log_of_a_mail_masks_its_addresses(ses: Any, caplog: pytest.LogCaptureFixture) -> None:
    SesMailer(ses).send(MAIL)
    told = [repr(record.__dict__) for record in caplog.records]
    assert told
    assert not any("jo@customer.org" in text or "你好" in text for text in told)


def test_a_received_mail_is_read(s3: Any) -> None:
    s3.put_object(Bucket="mail", Key="inbound/1", Body="From: Jo <jo@x.org>\r\n\r\n你好".encode())
    mail = S3MailStore(s3, "mail").read("inbound/1")
    assert (mail.sender, mail.text.strip()) == (Address("jo@x.org", "Jo"), "你好")


def test_a_mail_that_is_gone_is_not_found(s3: Any) -> None:
    with pytest.raises(NotFound):
        S3MailStore(s3, "mail").read("inbound/none")
