"""An owner changes the words of mails: seen before, checked when saved, and undone when dropped."""

import pytest

from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.domain.mail_template import LANGUAGES, PLACEHOLDERS, MailTemplate
from chalicelib.domain.message import MessageKind
from chalicelib.usecases.answer_ticket import NewMessage, answer_ticket
from chalicelib.usecases.edit_template import (
    drop_template,
    edit_template,
    every_template,
    find_template,
    preview_template,
    sample_values,
)
from tests.usecases.fakes import FakeDesk

ANSWER = MailTemplate("answer", "en", "Re", "a\r\nb\rc")


def test_there_is_one_of_each_name_in_each_language(desk: FakeDesk) -> None:
    edit_template(desk, ANSWER, None)
    found = every_template(desk)
    assert {(one.name, one.language) for one in found} == {(name, each) for name in PLACEHOLDERS for each in LANGUAGES}
    assert [one.version for one in found if one.name == "answer"] == [1, 0]


def test_what_is_saved_is_used_in_lines_of_one_kind(desk: FakeDesk) -> None:
    assert edit_template(desk, ANSWER, 0).version == 1
    assert find_template(desk, "answer", "en").text == "a\nb\nc"


def test_an_older_version_is_refused(desk: FakeDesk) -> None:
    edit_template(desk, ANSWER, None)
    with pytest.raises(StaleVersion):
        edit_template(desk, ANSWER, 0)
    assert edit_template(desk, ANSWER, 1).version == 2


def test_a_broken_one_is_refused_and_the_last_stays(desk: FakeDesk) -> None:
    desk.templates.broken.add("broken")
    with pytest.raises(InvalidInput):
        edit_template(desk, MailTemplate("answer", "en", "x", "broken"), None)
    assert find_template(desk, "answer", "en").version == 0


def test_dropped_the_desks_own_is_back(desk: FakeDesk) -> None:
    drop_template(desk, "answer", "en")
    edit_template(desk, ANSWER, None)
    drop_template(desk, "answer", "en")
    assert find_template(desk, "answer", "en").version == 0


@pytest.mark.parametrize(("name", "language"), [("greeting", "en"), ("answer", "de"), ("", "")])
def test_a_template_that_no_mail_has_is_not_found(desk: FakeDesk, name: str, language: str) -> None:
    with pytest.raises(NotFound):
        find_template(desk, name, language)


@pytest.mark.parametrize("name", PLACEHOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_sample_for_everything_that_can_be_named(desk: FakeDesk, name: str, language: str) -> None:
    values = sample_values(desk, name, language)
    assert tuple(values) == PLACEHOLDERS[name]
    assert all(values.values())


def test_it_is_previewed_with_a_ticket_and_what_was_last_answered_on_it(desk: FakeDesk) -> None:
    ref = desk.settled(text="<b>", subject="Lamp").ref
    before = preview_template(desk, ANSWER, desk.ticket(ref))
    assert "message.text=<en:mail.sample.text" in before.text
    reply = NewMessage(origin="k", kind=MessageKind.REPLY, text="Try it.", author="agent:ada", author_name="Ada")
    answer_ticket(desk, ref, reply)
    after = preview_template(desk, ANSWER, desk.ticket(ref))
    assert "message.text=Try it." in after.text
    assert f"ticket.ref={ref} ticket.subject=Lamp" in after.text
    assert "<!doctype html>" in after.html


def test_a_preview_gives_no_genuine_link_away(desk: FakeDesk) -> None:
    ticket = desk.settled()
    survey = preview_template(desk, desk.templates.own("survey", "en"), ticket)
    assert "survey.link=https://desk.shop.example/s/preview " in survey.text
