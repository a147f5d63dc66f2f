import pytest

from chalicelib.domain.automatic_mail import (
    AUTO_SUBMITTED,
    AUTOREPLY_HEADER,
    BULK,
    CALENDAR_ANSWER,
    CHALLENGE,
    MAILING_LIST,
    NULL_SENDER,
    OUT_OF_OFFICE,
    REPORT,
    RESPONSE_SUPPRESSED,
    SYSTEM_SENDER,
    TICKET_SYSTEM,
    automatic_reason,
)
from chalicelib.domain.email import Address

ANN = Address("ann@example.com", "Ann")


def reason(
    headers: dict[str, str] | None = None,
    sender: Address | None = ANN,
    envelope_sender: str | None = "ann@example.com",
    subject: str = "My order",
    content_type: str = "text/plain",
    reply_to: Address | None = None,
) -> str | None:
    return automatic_reason(headers or {}, sender, envelope_sender, subject, content_type, reply_to)


def test_a_persons_mail_has_no_reason() -> None:
    assert reason() is None


def test_an_unknown_envelope_sender_says_nothing() -> None:
    assert reason(envelope_sender=None) is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("auto-submitted", "auto-replied; owner-email=x", AUTO_SUBMITTED),
        ("auto-submitted", "auto-generated", AUTO_SUBMITTED),
        ("auto-submitted", "no", None),
        ("precedence", "Bulk", BULK),
        ("precedence", "auto_reply", BULK),
        ("precedence", "first-class", None),
        ("x-auto-response-suppress", "DR, OOF, AutoReply", RESPONSE_SUPPRESSED),
        ("x-auto-response-suppress", "All", RESPONSE_SUPPRESSED),
        ("x-auto-response-suppress", "RN, NRN", None),
        ("x-autoreply", "yes", AUTOREPLY_HEADER),
        ("x-autorespond", "Re: hello", AUTOREPLY_HEADER),
        ("x-auto-reply", "no", None),
        ("list-id", "<news.example.com>", MAILING_LIST),
        ("list-unsubscribe", "<https://example.com/leave>", MAILING_LIST),
        ("list-id", " ", None),
        ("x-loop", "desk@shop.example", TICKET_SYSTEM),
        ("x-rt-loop-prevention", "rt", TICKET_SYSTEM),
        ("x-auto-reply-from", "ann@example.com", AUTOREPLY_HEADER),
        ("x-mailer", "vacation 1.2", AUTOREPLY_HEADER),
        ("x-mailer", "Thunderbird", None),
        ("delivered-to", "autoresponder@example.com", AUTOREPLY_HEADER),
        ("delivered-to", "ann@vacation.example", None),
        ("x-challenge", "prove it", CHALLENGE),
    ],
)
def test_a_header_tells_who_wrote(name: str, value: str, expected: str | None) -> None:
    assert reason({name: value}) == expected


def test_the_null_sender_is_never_answered() -> None:
    assert reason(envelope_sender="") == NULL_SENDER
    assert reason(envelope_sender="<>") == NULL_SENDER


@pytest.mark.parametrize(
    "mailbox",
    [
        "MAILER-DAEMON@example.com",
        "postmaster@example.com",
        "no-reply@shop.example",
        "noreply+7@shop.example",
        "bounce-17-ann=x.example@lists.example",
        "orders-noreply@shop.example",
        "donotreply@shop.example",
    ],
)
def test_mailboxes_that_nobody_reads_are_known(mailbox: str) -> None:
    assert reason(sender=Address(mailbox)) == SYSTEM_SENDER
    assert reason(envelope_sender=mailbox) == SYSTEM_SENDER


@pytest.mark.parametrize("mailbox", ["reply@example.com", "norepa@example.com", "bouncer.bob@example.com"])
def test_people_with_similar_names_are_people(mailbox: str) -> None:
    assert reason(sender=Address(mailbox)) is None


def test_a_delivery_report_is_automatic() -> None:
    assert reason(content_type="Multipart/Report; report-type=delivery-status") == REPORT


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: My order",
        "Automatic reply: My order",
        "Re: Out of office",
        "自动回复：我的订单",
        "自動回覆: 訂單",
        "Automatische Antwort: Bestellung",
        "Abwesenheitsnotiz",
        "Réponse automatique : commande",
        "Respuesta automática: pedido",
        "Resposta automática: pedido",
        "Risposta automatica: ordine",
        "Automatisch antwoord: bestelling",
        "Automatyczna odpowiedź: zamówienie",
        "Autosvar: beställning",
        "自動応答: 注文",
        "Автоответ: заказ",
    ],
)
def test_out_of_office_subjects_of_twelve_languages_are_known(subject: str) -> None:
    assert reason(subject=subject) == OUT_OF_OFFICE


@pytest.mark.parametrize(
    "subject",
    [
        "Out of the office until 5 May",
        "OOO: Your order",
        "[Auto-Reply] Your order",
        "Auto: your order",
        "AUTO: Ann Smith is out of the office (returning 05/08/2024)",
        "Ann Smith is out of the office",
        "Ann Schmidt ist außer Haus bis Montag",
        "Your order (Auto-Reply)",
        "Abwesend bis 5. Mai",
        "Absence : votre commande",
        "Automatisk svar: ordre",
        "Fraværsmelding",
        "Automaattinen vastaus: tilaus",
        "Automatická odpověď: objednávka",
        "Otomatik yanıt: sipariş",
        "자동 회신: 주문",
        "Автоматический ответ: заказ",
    ],
)
def test_responders_write_their_subjects_in_many_ways(subject: str) -> None:
    assert reason(subject=subject) == OUT_OF_OFFICE


@pytest.mark.parametrize(
    "subject",
    [
        "Question about your automatic reply",
        "Re: Out of office printer",
        "Out of office chair, broken leg",
        "Auto parts are missing",
        "Away team shirt arrived torn",
        "Absent buttons on the coat",
        "Automatic reply does not work in your shop",
        "Is your support out of the office?",
        "Abwesenheitsnotizen einrichten",
    ],
)
def test_a_person_may_write_of_such_things(subject: str) -> None:
    assert reason(subject=subject) is None


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ('text/calendar; charset="utf-8"; method="REPLY"', CALENDAR_ANSWER),
        ("Text/Calendar; METHOD=REPLY", CALENDAR_ANSWER),
        ("text/calendar; method=REQUEST", None),
        ("text/plain; method=reply", None),
    ],
)
def test_a_calendar_answers_invitations_by_itself(content_type: str, expected: str | None) -> None:
    assert reason(content_type=content_type) == expected


def test_a_shops_contact_form_writes_for_a_person() -> None:
    form, envelope = Address("no-reply@shop.example"), "bounces+7@mailer.example"

    assert reason(sender=form, envelope_sender=envelope, reply_to=ANN) is None
    assert reason(sender=form, envelope_sender=envelope) == SYSTEM_SENDER
    assert reason(sender=form, reply_to=form) == SYSTEM_SENDER
    assert reason(sender=form, reply_to=Address("noreply@other.example")) == SYSTEM_SENDER
    assert reason(sender=Address("mailer-daemon@shop.example"), reply_to=ANN) == SYSTEM_SENDER
    assert reason({"precedence": "bulk"}, sender=form, reply_to=ANN) == BULK
