"""A request of the public form becomes a ticket: weighed, counted, with its files, and never lost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidInput, TooLarge, TooManyRequests
from chalicelib.domain.help_form import HelpForm, Topic
from chalicelib.domain.spam import ENOUGH, SpamModel, taught, tokens_of
from chalicelib.domain.ticket import Happening, Shelf
from chalicelib.domain.upload import UploadSettings
from chalicelib.usecases.offer_upload import Enclosed, offer_place, offer_upload, take_file, waiting_files
from chalicelib.usecases.take_request import UNPROVEN, FormRequest, stamp_form, take_request
from tests.usecases.fakes import FakeDesk, happened

BODY: Mapping[str, Any] = {"email": "jo@customer.org", "name": "Jo", "subject": "A lamp", "text": "It is dark."}
HOLDER = "form:f1"


def request(**given: Any) -> FormRequest:
    return FormRequest(**{"form": "f1", "stamp": "", "numbers": "", "network": "192.0.2.7", **BODY, **given})


def uploaded(desk: FakeDesk, holder: str = HOLDER) -> Enclosed:
    place = offer_place(desk, "lamp.jpg", "image/jpeg", 3, holder)
    desk.files.kept[place.url.partition("?")[0].removeprefix("https://files.example/")] = b"jpg"
    return Enclosed(place.id, holder=holder)


def test_a_topic_says_where_a_request_goes(desk: FakeDesk) -> None:
    topic = Topic("broken", {"en": "It is broken"}, team_id="repairs", priority="high")
    desk.settings.change(help_form=HelpForm(topics=(topic,)))
    ticket = take_request(desk, request(topic="broken"))
    assert (ticket.category, ticket.team_id, ticket.priority.value, ticket.channel) == (
        "broken",
        "repairs",
        "high",
        "form",
    )
    assert take_request(desk, request(topic="unheard of")).category == ""


def test_files_go_along_and_sent_twice_it_is_one_ticket(desk: FakeDesk) -> None:
    file = uploaded(desk)
    refs = {take_request(desk, request(attachments=(file,))).ref for _ in range(2)}
    [ref] = refs
    [fact] = happened(desk.ticket(ref), Happening.OPENED)
    message = desk.tickets.message(ref, fact.detail["message"])
    assert message is not None
    assert [(one.filename, one.size) for one in message.attachments] == [("lamp.jpg", 3)]
    assert message.attachments[0].key in desk.files.kept


def test_nobody_can_name_a_file_that_another_was_offered(desk: FakeDesk) -> None:
    for foreign in (
        uploaded(desk, "form:f2"),
        uploaded(desk, "agent:ada"),
        Enclosed(offer_upload(desk, "a", "b/c", 1).id),
    ):
        mine = replace(foreign, holder=HOLDER)
        assert waiting_files(desk, [foreign.upload], HOLDER) == ()
        with pytest.raises(InvalidInput) as refusal:
            take_request(desk, request(attachments=(mine,)))
        assert refusal.value.field == "attachments[0].upload"
    assert desk.tickets.kept == {}


def test_the_same_file_sent_with_a_form_again_is_the_same(desk: FakeDesk) -> None:
    ids = {take_file(desk, "a.txt", "text/plain", content, HOLDER) for content in (b"x", b"x", b"y")}
    assert len(ids) == 2
    assert [file.filename for file in waiting_files(desk, [*ids, *ids, "made.up"], HOLDER)] == ["a.txt"] * 2


def test_customers_are_held_to_what_the_desk_takes_and_agents_are_not(desk: FakeDesk) -> None:
    desk.settings.change(uploads=UploadSettings(most_bytes=1_000_000))
    with pytest.raises(TooLarge):
        offer_place(desk, "a.zip", "application/zip", 1_000_001, HOLDER)
    with pytest.raises(InvalidInput) as refusal:
        take_file(desk, "a.exe", "", b"MZ", HOLDER)
    assert refusal.value.field == "filename"
    assert offer_place(desk, "a.exe", "", 1_000_001, "agent:ada").content_type == "application/octet-stream"


@pytest.mark.parametrize(("links", "shelf"), [(2, Shelf.NONE), (3, Shelf.SPAM)])
def test_many_links_of_which_nothing_proves_that_somebody_wrote_them_are_put_aside(
    desk: FakeDesk, links: int, shelf: Shelf
) -> None:
    ticket = take_request(desk, request(text="Look: " + "https://a.example " * links))
    assert ticket.shelf is shelf
    assert [fact.detail["reason"] for fact in happened(ticket, Happening.SHELVED)] == [UNPROVEN] * (shelf is Shelf.SPAM)
    desk.run(ticket.ref)
    assert len(desk.mailer.to("jo@customer.org")) == (shelf is Shelf.NONE)


def test_what_was_proven_may_hold_links(desk: FakeDesk) -> None:
    desk.settings.change(help_form=HelpForm(proof_bits=0, least_seconds=0))
    stamped = request(stamp=stamp_form(desk, "f1"), text="https://a.example " * 9)
    assert take_request(desk, stamped).shelf is Shelf.NONE


def test_a_stamp_of_another_form_proves_nothing(desk: FakeDesk) -> None:
    desk.settings.change(help_form=HelpForm(proof_bits=0, least_seconds=0))
    foreign = request(stamp=stamp_form(desk, "f2"), text="https://a.example " * 9)
    assert take_request(desk, foreign).shelf is Shelf.SPAM


def test_what_looks_like_spam_goes_to_its_shelf_unless_they_were_helped_before(desk: FakeDesk) -> None:
    lessons = SpamModel()
    for number in range(ENOUGH + 20):
        lessons = taught(
            lessons, f"s{number}", "spam", tokens_of("Prize", "casino pills winner jackpot", "a@b.example")
        )
        lessons = taught(lessons, f"h{number}", "ham", tokens_of("Cup", "broken lamp", "jo@customer.org"))
    desk.spam.kept = lessons
    spam = {"subject": "Prize", "text": "casino pills winner jackpot"}
    assert take_request(desk, request(**spam)).shelf is Shelf.SPAM
    desk.settings.change(learn_spam=False)
    assert take_request(desk, request(**spam, form="f9")).shelf is Shelf.NONE


def test_one_machine_and_its_network_have_their_share_of_an_hour(desk: FakeDesk) -> None:
    desk.settings.change(help_form=HelpForm(per_address_hourly=2, per_network_hourly=3))
    for number, network in enumerate(("192.0.2.7", "192.0.2.7", "192.0.2.8")):
        take_request(desk, request(form=str(number), network=network))
    for network in ("192.0.2.7", "192.0.2.9"):
        with pytest.raises(TooManyRequests):
            take_request(desk, request(form="more", network=network))
    take_request(desk, request(form="elsewhere", network="198.51.100.1"))
    desk.clock.move(hours=1)
    take_request(desk, request(form="later"))


def test_without_limits_nothing_is_counted(desk: FakeDesk) -> None:
    desk.settings.change(help_form=HelpForm(per_address_hourly=0, per_network_hourly=0))
    take_request(desk, request())
    assert not desk.allowances.taken
