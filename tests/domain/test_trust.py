"""What is believed of a sender."""

from dataclasses import replace

import pytest

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.trust import allowed, proven, suspicion
from tests.usecases.fakes import an_email

LISTS = DeskSettings(blocked_senders=("bad.example",), allowed_senders=("customer.example", "bad.example"))


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        ({}, ""),
        ({"spam": "pass", "virus": "pass", "dmarc": "pass"}, ""),
        ({"spam": "gray", "dmarc": "none", "spf": "fail"}, ""),
        ({"virus": "processing_failed"}, "virus"),
        ({"dmarc": "fail", "spam": "fail"}, "dmarc"),
        ({"spam": "fail"}, "spam_verdict"),
    ],
)
def test_what_ses_judged(verdicts: dict[str, str], reason: str) -> None:
    assert suspicion(an_email(verdicts=verdicts), DeskSettings()) == reason


def test_who_is_allowed_is_spared_the_verdict_of_spam_only() -> None:
    assert suspicion(an_email(verdicts={"spam": "fail"}), LISTS) == ""
    assert suspicion(an_email(verdicts={"spam": "fail", "dmarc": "fail"}), LISTS) == "dmarc"
    assert not allowed(an_email(verdicts={"dmarc": "fail"}), LISTS)


def test_who_is_on_both_lists_is_blocked() -> None:
    mail = an_email()
    assert mail.sender is not None
    assert suspicion(replace(mail, sender=replace(mail.sender, email="jo@bad.example")), LISTS) == "blocked_sender"


def test_mail_without_a_sender_is_on_no_list() -> None:
    assert suspicion(an_email(sender=None), LISTS) == ""
    assert not allowed(an_email(sender=None), LISTS)


@pytest.mark.parametrize(
    ("verdicts", "is_proven"),
    [({"dmarc": "pass"}, True), ({}, True), ({"spf": "pass"}, False), ({"dmarc": "gray", "dkim": "pass"}, False)],
)
def test_only_dmarc_proves_a_sender(verdicts: dict[str, str], is_proven: bool) -> None:
    assert proven(an_email(verdicts=verdicts)) is is_proven
