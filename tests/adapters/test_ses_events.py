import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.ses_events import told_bounces
from chalicelib.domain.bounce import Bounce, BounceKind, BounceReason

MAIL: dict[str, Any] = {
    "messageId": "0100-1",
    "headers": [
        {"name": "Message-ID", "value": "<m1@help.example>"},
        {"name": "References", "value": "<a@shop.example> <b@shop.example>"},
    ],
}


def event(kind: str = "Permanent", sub_type: str = "General", name: str = "eventType", **recipient: Any) -> str:
    bounced = {"emailAddress": "Ann <ann@shop.example>", **recipient}
    bounce = {"bounceType": kind, "bounceSubType": sub_type, "bouncedRecipients": [bounced]}
    return json.dumps({name: "Bounce", "mail": MAIL, "bounce": bounce})


def only(body: str) -> Bounce:
    found = told_bounces(body)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["eventType", "notificationType"])
def test_a_permanent_bounce_is_hard_and_names_the_mail_that_we_sent(name: str) -> None:
    said = "smtp; 550 5.1.1 user unknown"

    assert only(event(name=name, status="5.1.1", diagnosticCode=said)) == Bounce(
        address="ann@shop.example",
        status="5.1.1",
        reason=BounceReason.UNKNOWN_USER,
        kind=BounceKind.HARD,
        diagnostic=said,
        original_id="<m1@help.example>",
        original_references=("<b@shop.example>", "<a@shop.example>"),
    )


def test_an_event_within_a_notification_of_a_topic_is_the_same() -> None:
    assert told_bounces(json.dumps({"Type": "Notification", "Message": event()})) == told_bounces(event())


@pytest.mark.parametrize(
    ("kind", "sub_type", "reason", "expected", "status"),
    [
        ("Permanent", "OnAccountSuppressionList", BounceReason.UNKNOWN_USER, BounceKind.HARD, "5.1.1"),
        ("Permanent", "NoEmail", BounceReason.UNKNOWN_USER, BounceKind.HARD, "5.1.1"),
        ("Transient", "MailboxFull", BounceReason.MAILBOX_FULL, BounceKind.SOFT, "5.2.2"),
        ("Transient", "MessageTooLarge", BounceReason.TOO_LARGE, BounceKind.SOFT, "5.3.4"),
        ("Undetermined", "Undetermined", BounceReason.UNDEFINED, BounceKind.SOFT, "5.0.0"),
    ],
)
def test_what_ses_calls_a_bounce_says_whether_to_write_again(
    kind: str, sub_type: str, reason: BounceReason, expected: BounceKind, status: str
) -> None:
    bounce = only(event(kind, sub_type))

    assert (bounce.reason, bounce.kind, bounce.status) == (reason, expected, status)


def test_our_own_identifier_is_told_where_ses_gave_the_mail_another() -> None:
    headers = [*MAIL["headers"], {"name": "X-Pennydesk-Message-ID", "value": "<ours@help.example>"}]

    assert only(json.dumps(json.loads(event()) | {"mail": {"headers": headers}})).original_id == "<ours@help.example>"


def test_a_complaint_has_no_status() -> None:
    complaint = {"complainedRecipients": [{"emailAddress": "ann@shop.example"}], "complaintFeedbackType": "abuse"}
    bounce = only(json.dumps({"eventType": "Complaint", "mail": MAIL, "complaint": complaint}))

    assert (bounce.address, bounce.reason, bounce.diagnostic) == ("ann@shop.example", BounceReason.COMPLAINT, "abuse")
    assert bounce.original_id == "<m1@help.example>"


def test_a_delay_is_soft() -> None:
    delay = {"delayedRecipients": [{"emailAddress": "ann@shop.example", "diagnosticCode": "451 4.3.2 busy"}]}
    bounce = only(json.dumps({"eventType": "DeliveryDelay", "mail": {}, "deliveryDelay": delay}))

    assert (bounce.kind, bounce.reason, bounce.status) == (BounceKind.SOFT, BounceReason.EXPIRED, "4.4.7")


@pytest.mark.parametrize(
    "body",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        '{"Records": []}',
        '{"eventType": "Delivery", "mail": {}}',
        '{"eventType": {}, "mail": 1}',
        '{"eventType": "Bounce", "bounce": []}',
        '{"eventType": "Bounce", "bounce": {"bouncedRecipients": [1, null]}}',
        "[" * 20_000,
    ],
)
def test_whatever_else_comes_tells_of_no_bounce(body: str) -> None:
    assert told_bounces(body) == ()


def test_the_common_headers_stand_in_for_headers_that_were_left_out() -> None:
    mail = {"commonHeaders": {"messageId": "<m2@help.example>"}}
    body = json.loads(event()) | {"mail": mail}

    assert only(json.dumps(body)).original_id == "<m2@help.example>"


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, json_values)
def test_no_event_makes_it_fail(bounce: Any, mail: Any) -> None:
    for kind in ("Bounce", "Complaint", "DeliveryDelay"):
        recipients = {"bouncedRecipients": [bounce], "complainedRecipients": [bounce], "delayedRecipients": [bounce]}
        body = {"eventType": kind, "mail": mail, "bounce": recipients, "complaint": recipients}
        assert isinstance(told_bounces(json.dumps(body | {"deliveryDelay": recipients})), tuple)
