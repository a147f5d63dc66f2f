from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.adapters.mail import SesMailer
from chalicelib.domain.email import Address, OutboundEmail
from chalicelib.domain.errors import MailRefused


class Ses:
    """Remembers what it was asked to send."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def send_email(self, **asked: Any) -> None:
        self.asked = asked


def mail(to: str) -> OutboundEmail:
    return OutboundEmail(
        sender=Address("desk@bücher.example", "Desk"),
        to=(Address(to),),
        subject="Your order",
        text="Hello",
        message_id="<m1@example.com>",
        date=datetime(2026, 5, 4, 12, tzinfo=UTC),
    )


def test_an_internationalised_domain_leaves_in_punycode() -> None:
    ses = Ses()
    SesMailer(ses).send(mail("ann@例子.中国"))
    assert ses.asked["FromEmailAddress"] == "desk@xn--bcher-kva.example"
    assert ses.asked["Destination"] == {"ToAddresses": ["ann@xn--fsqu00a.xn--fiqs8s"], "CcAddresses": []}


def test_a_mailbox_that_ses_cannot_reach_is_refused_with_the_reason() -> None:
    ses = Ses()
    with pytest.raises(MailRefused, match="SMTPUTF8"):
        SesMailer(ses).send(mail("用户@example.com"))
    assert not ses.asked
