import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.reading import read_email
from chalicelib.domain.bounce import Bounce, BounceKind, BounceReason
from chalicelib.domain.delivery_notice import DeliveryNotice
from chalicelib.domain.returned_mail import bounces_in

DATA = Path(os.environ.get("PENNYDESK_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
ANN, BOB = "ann@shop.example", "bob@shop.example"
RETURNED = (
    "From: Desk <desk@help.example>\nTo: Ann <ann@shop.example>\nSubject: Your order\n"
    "Message-ID: <m1@help.example>\nReferences: <a@shop.example> <b@shop.example>\n"
)
COPY = f"\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@help.example>\n{RETURNED}\nHello Ann\n"


def bounces(
    text: str = "",
    *,
    reports: tuple[str, ...] = (),
    sender: str = "mailer-daemon@mx.example",
    subject: str = "Undelivered Mail Returned to Sender",
    path: str = "<>",
    returned: str = "",
    feedback: str = "",
    **headers: str,
) -> tuple[Bounce, ...]:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return bounces_in(
        DeliveryNotice(
            sender=sender,
            subject=subject,
            headers={"return-path": path, "to": "desk@help.example", **more},
            text=text,
            reports=reports,
            feedback=feedback,
            returned=returned,
        )
    )


def only(found: tuple[Bounce, ...]) -> Bounce:
    assert len(found) == 1, found
    return found[0]


def report(*recipients: str) -> str:
    return "Reporting-MTA: dns; mx.example\n\n" + "\n".join(recipients)


def recipient(address: str = ANN, status: str = "5.1.1", said: str = "", action: str = "failed") -> str:
    lines = [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
    return "\n".join([*lines, *([f"Diagnostic-Code: smtp; {said}"] if said else []), ""])


def test_a_report_names_the_recipient_the_status_and_the_mail_that_came_back() -> None:
    bounce = only(bounces(reports=(report(recipient(said="550 5.1.1 User unknown")),), returned=RETURNED))

    assert bounce == Bounce(
        address=ANN,
        status="5.1.1",
        reason=BounceReason.UNKNOWN_USER,
        kind=BounceKind.HARD,
        diagnostic="550 5.1.1 User unknown",
        original_id="<m1@help.example>",
        original_references=("<b@shop.example>", "<a@shop.example>"),
    )


def test_our_own_identifier_is_told_where_the_mail_got_another_on_its_way() -> None:
    returned = f"{RETURNED}X-Pennydesk-Message-ID: <ours@help.example>\n"

    assert only(bounces(reports=(report(recipient()),), returned=returned)).original_id == "<ours@help.example>"


def test_every_recipient_of_a_report_counts_but_those_who_were_reached() -> None:
    lines = (recipient(ANN), recipient(BOB, "2.0.0", action="delivered"), recipient("cy@shop.example", "5.2.2"))

    assert [(each.address, each.kind) for each in bounces(reports=(report(*lines),))] == [
        (ANN, BounceKind.HARD),
        ("cy@shop.example", BounceKind.SOFT),
    ]


def test_a_report_of_success_is_no_bounce() -> None:
    assert bounces("Delivered to ann@shop.example", reports=(report(recipient(action="delivered")),)) == ()


def test_a_mail_that_is_late_is_not_lost() -> None:
    late = only(bounces(reports=(report(recipient(status="4.4.1", said="connect timed out", action="delayed")),)))
    no_status = only(bounces(reports=(report(f"Final-Recipient: rfc822; {ANN}\nAction: delayed\n"),)))

    assert (late.kind, late.status, late.reason) == (BounceKind.SOFT, "4.4.1", BounceReason.EXPIRED)
    assert (no_status.kind, no_status.status) == (BounceKind.SOFT, "4.4.7")


def test_an_address_keeps_the_name_under_which_it_was_written_to() -> None:
    group = f"Final-Recipient: rfc822; {BOB}\nOriginal-Recipient: rfc822;{ANN}\nAction: failed\nStatus: 5.1.1\n"
    bounce = only(bounces(reports=(report(group),)))

    assert (bounce.address, bounce.also) == (BOB, (ANN,))


def test_a_blank_line_within_a_recipients_fields_does_not_part_them() -> None:
    group = f"Final-Recipient: rfc822; {ANN}\n\nAction: failed\nStatus: 5.2.2\n\nFinal-Recipient: rfc822; {BOB}\n"

    assert [(each.address, each.status) for each in bounces(reports=(report(group),))] == [
        (ANN, "5.2.2"),
        (BOB, "5.0.0"),
    ]


def test_what_the_report_leaves_out_is_told_by_the_words_beside_it() -> None:
    words = f"The following address failed:\n\n<{ANN}>: 552 mailbox full\n<{BOB}>: 550 no such user\n"
    lines = (f"Final-Recipient: rfc822; {each}\nAction: failed\nStatus: 5.0.0\n" for each in (ANN, BOB))
    found = bounces(words, reports=(report(*lines),))

    assert [each.reason for each in found] == [BounceReason.MAILBOX_FULL, BounceReason.UNKNOWN_USER]


def test_a_report_that_lost_its_type_is_read_from_the_text() -> None:
    assert only(bounces(f"This message could not be delivered.\n\n{recipient()}{COPY}")).address == ANN


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("5.0.0", "550 5.1.1 unknown", "5.1.1"),
        ("5.1.1", "552 5.0.0 who knows", "5.1.1"),
        ("5.1.0", "550 '5.2.2 mailbox full'", "5.2.2"),
        ("4.4.7", "450 4.7.1 rejected", "4.7.1"),
        ("", "550 mailbox full at 5.1.1.9", "5.2.2"),
        ("", "450 mailbox full", "4.2.2"),
        ("", "relaying denied", "5.7.1"),
        ("5.3", "no words", "5.0.0"),
    ],
)
def test_the_status_is_the_one_that_tells_most(status: str, said: str, expected: str) -> None:
    assert only(bounces(reports=(report(recipient(status=status, said=said)),))).status == expected


@pytest.mark.parametrize(
    ("said", "reason", "kind"),
    [
        ("550 No such user here", BounceReason.UNKNOWN_USER, "hard"),
        ("550 Recipient address rejected: User unknown in virtual mailbox table", BounceReason.UNKNOWN_USER, "hard"),
        ("550 Requested action not taken: mailbox unavailable", BounceReason.UNKNOWN_USER, "hard"),
        ("RESOLVER.ADR.RecipNotFound; not found", BounceReason.UNKNOWN_USER, "hard"),
        ("550 Mailbox not found", BounceReason.UNKNOWN_USER, "hard"),
        ("收件人不存在", BounceReason.UNKNOWN_USER, "hard"),
        ("550 нет такого пользователя", BounceReason.UNKNOWN_USER, "hard"),
        ("Host or domain name not found", BounceReason.UNKNOWN_HOST, "hard"),
        ("551 User has moved; please try elsewhere", BounceReason.MOVED, "hard"),
        ("556 This host does not accept mail", BounceReason.TAKES_NO_MAIL, "hard"),
        ("552 Mailbox is full", BounceReason.MAILBOX_FULL, "soft"),
        ("552 The email account that you tried to reach is over quota", BounceReason.MAILBOX_FULL, "soft"),
        ("对方邮箱已满", BounceReason.MAILBOX_FULL, "soft"),
        ("550 This account has been disabled", BounceReason.MAILBOX_DISABLED, "soft"),
        ("552 Message size exceeds fixed maximum message size", BounceReason.TOO_LARGE, "soft"),
        ("554 Message looks like spam", BounceReason.SPAM, "soft"),
        ("554 Virus found", BounceReason.VIRUS, "soft"),
        ("550 SPF check failed", BounceReason.AUTHENTICATION, "soft"),
        ("554 blocked using zen.spamhaus.example", BounceReason.REPUTATION, "soft"),
        ("553 Sender address rejected: Domain not found", BounceReason.SENDER_REFUSED, "soft"),
        ("550 Relaying denied", BounceReason.RELAYING, "soft"),
        ("451 Greylisted, come back later", BounceReason.THROTTLED, "soft"),
        ("connection refused", BounceReason.NETWORK, "soft"),
        ("the delivery time expired", BounceReason.EXPIRED, "soft"),
        ("qqqq", BounceReason.UNDEFINED, "soft"),
    ],
)
def test_the_words_of_servers_say_why_and_whether_to_write_again(said: str, reason: BounceReason, kind: str) -> None:
    bounce = only(bounces(reports=(report(f"Final-Recipient: rfc822; {ANN}\nDiagnostic-Code: smtp; {said}\n"),)))

    assert (bounce.reason, bounce.kind) == (reason, kind)


def test_a_server_that_took_the_recipient_and_refuses_the_mail_says_nothing_of_the_address() -> None:
    after_data = recipient(status="5.0.0", said="550 : User unknown (in reply to end of DATA command)")
    after_rcpt = recipient(status="5.0.0", said="550 : Unknown user (in reply to RCPT TO command)")

    assert only(bounces(reports=(report(after_data),))).kind is BounceKind.SOFT
    assert only(bounces(reports=(report(after_rcpt),))).kind is BounceKind.HARD


def test_an_unknown_user_who_may_be_known_tomorrow_is_soft() -> None:
    assert only(bounces(reports=(report(recipient(status="4.1.1", said="450 User unknown")),))).kind is BounceKind.SOFT


@pytest.mark.parametrize(
    "text",
    [
        "Hi. This is the mail program at mx.example.\nI wasn't able to deliver your message to the following "
        "addresses.\n"
        f"\n<{ANN}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no mailbox here\n{COPY}",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. The following address(es) failed:\n\n"
        f"  {ANN}\n    SMTP error from remote mail server after RCPT TO:<{ANN}>:\n    550 5.1.1 unknown user\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}",
        f"   ----- The following addresses had permanent fatal errors -----\n<{ANN}>\n\n   ----- Transcript of session "
        f"follows -----\n... while talking to mx.example:\n>>> RCPT To:<{ANN}>\n<<< 550 {ANN}... User unknown\n\n"
        f"   ----- Original message follows -----\n{RETURNED}",
        f"Your message\n\n  To: sales@shop.example\n  Subject: Hello\n\ndid not reach the following recipient(s):\n\n"
        f"{ANN} on Mon, 4 May 2026 10:00:00 +0200\n    The recipient name is not recognized\n",
        f"------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\n{ANN}\n\n"
        f"------- Returned Message --------\n{RETURNED}",
        f"Sorry, your mail could not be delivered.\n\nRecipient: {ANN}\nReason: 550 user not found{COPY}",
        f"抱歉，您的邮件被退回来了……\n收件人：{ANN}\n退信原因：收件人邮箱地址不存在\n{COPY}",
        f"Письмо не может быть доставлено получателю:\n\n  {ANN}\n    550 нет такого пользователя\n{COPY}",
        f"Diese Nachricht konnte nicht zugestellt werden (undelivered):\n\n{ANN}\n  Empfänger unbekannt\n{COPY}",
        f"宛先へ送信できませんでした。\n\n<{ANN}>\n  宛先のユーザーが見つかりません\n{COPY}",
    ],
)
def test_notices_in_plain_words_name_the_recipient_too(text: str) -> None:
    bounce = only(bounces(text))

    assert (bounce.address, bounce.kind) == (ANN, BounceKind.HARD)


def test_the_returned_mail_tells_whom_it_was_for_where_nothing_else_does() -> None:
    bounce = only(bounces(f"The following mail could not be delivered: 552 mailbox full.{COPY}"))

    assert (bounce.address, bounce.original_id) == (ANN, "<m1@help.example>")


def test_a_header_may_name_whom_the_words_do_not() -> None:
    bounce = only(bounces("Delivery failed: no such user", path="x@y.example", x_failed_recipients=ANN))

    assert (bounce.address, bounce.kind) == (ANN, BounceKind.HARD)


def test_whom_to_ask_for_help_is_no_recipient() -> None:
    text = f"Could not be delivered:\n<{ANN}>: user unknown\n\nFor help please contact helpers@mx.example.\n"

    assert only(bounces(text)).address == ANN


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("abuse", BounceReason.COMPLAINT),
        ("opt-out", BounceReason.COMPLAINT),
        ("auth-failure", BounceReason.AUTHENTICATION),
    ],
)
def test_a_complaint_names_who_complained_of_what(kind: str, reason: BounceReason) -> None:
    feedback = f"Feedback-Type: {kind}\nVersion: 1\nOriginal-Rcpt-To: <{ANN}>\nOriginal-Rcpt-To: {BOB}\n"
    found = bounces(feedback=feedback, returned=RETURNED, subject="complaint", sender="fbl@isp.example")

    assert [(each.address, each.reason, each.kind, each.status) for each in found] == [
        (ANN, reason, BounceKind.SOFT, ""),
        (BOB, reason, BounceKind.SOFT, ""),
    ]
    assert found[0].original_id == "<m1@help.example>"


def test_a_complaint_without_a_name_is_of_whom_the_mail_was_for() -> None:
    assert only(bounces(feedback="Feedback-Type: abuse\n", returned=RETURNED)).address == ANN


def test_a_mail_taken_out_of_the_junk_is_no_complaint() -> None:
    assert bounces(feedback="Feedback-Type: not-spam\n", returned=RETURNED) == ()


@pytest.mark.parametrize(
    ("subject", "sender", "path"),
    [
        ("Re: Undelivered Mail Returned to Sender", "bob@shop.example", "<bob@shop.example>"),
        ("Fwd: failure notice", "bob@shop.example", "<bob@shop.example>"),
        ("My parcel was not delivered", "bob@shop.example", "<bob@shop.example>"),
        ("Automatic reply: Your order", "bob@shop.example", "<>"),
        ("Abwesend bis Montag", "bob@shop.example", "<>"),
    ],
)
def test_what_a_person_writes_or_a_responder_answers_is_no_bounce(subject: str, sender: str, path: str) -> None:
    text = f"I could not be reached, mail to {ANN} was returned: 550 user unknown. I am away."

    assert bounces(text, subject=subject, sender=sender, path=path) == ()


@given(st.text(max_size=400), st.text(max_size=200), st.text(max_size=200))
def test_nothing_that_is_written_makes_it_fail(text: str, fields: str, returned: str) -> None:
    given_fields = f"Final-Recipient: {fields}\nDiagnostic-Code: {text}"
    for each in (*bounces(text, returned=returned), *bounces(text, reports=(given_fields,)), *bounces(feedback=fields)):
        assert each.kind in BounceKind


def test_real_bounces_are_judged_as_those_who_collect_them_do() -> None:
    folder = DATA / "bounces"
    if not folder.is_dir():
        pytest.skip(f"no real bounces: {folder} is missing (set PENNYDESK_DATA)")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    found = {name: read_email((folder / name).read_bytes()).bounces for name in expected}
    told = [name for name in expected if found[name]]
    kinds = [name for name in told if (found[name][0].kind is BounceKind.HARD) == expected[name][0]["hard"]]
    numbers = [name for name in told if found[name][0].status == expected[name][0]["dsn"]]

    assert len(told) >= len(expected) - 2, sorted(expected.keys() - set(told))
    assert len(kinds) >= 0.84 * len(expected), sorted(set(told) - set(kinds))
    assert len(numbers) >= 0.7 * len(expected), sorted(set(told) - set(numbers))
