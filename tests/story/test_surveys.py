"""Customers are asked how it went; silence and anger reach a person."""

from tests.story.narrator import DAY, Narrator, text_of


def _solved(story: Narrator) -> str:
    story.jo_mails("Hello", "Help.")
    ref: str = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Done.", "status": "solved"})
    return ref


def test_a_survey_waits_its_delay_and_reminds_once(story: Narrator) -> None:
    _solved(story)
    before = len(story.mails_to("jo@customer.org"))
    story.cloud.advance(DAY - 60)
    assert len(story.mails_to("jo@customer.org")) == before
    story.cloud.advance(60)
    assert len(story.mails_to("jo@customer.org")) == before + 1
    story.cloud.advance(20 * DAY)
    assert len(story.mails_to("jo@customer.org")) == before + 2


def test_silence_becomes_a_follow_up(story: Narrator) -> None:
    ref = _solved(story)
    story.cloud.advance(9 * DAY)
    assert [task["reason"] for task in story.ticket(ref)["follow_ups"]] == ["survey_unanswered"]
    assert [ticket["ref"] for ticket in story.api("GET", "/v1/tickets?queue=follow-ups")["items"]] == [ref]


def test_a_low_rating_becomes_a_follow_up_that_a_person_ticks_off(story: Narrator) -> None:
    ref = _solved(story)
    story.cloud.advance(DAY)
    story.page("POST", story.survey_path(story.mails_to("jo@customer.org")[-1]), rating="1", comment="Bad.")
    follow_up = story.ticket(ref)["follow_ups"][0]
    assert follow_up["reason"] == "low_rating"
    assert any("follow up" in str(mail["Subject"]) for mail in story.mails_to("lin@example.com"))
    story.api("POST", f"/v1/tickets/{ref}/follow-ups/{follow_up['id']}/done")
    assert story.ticket(ref)["open_follow_ups"] == 0
    assert story.api("GET", "/v1/tickets?queue=follow-ups")["items"] == []


def test_an_answer_may_be_changed_until_the_survey_expires(story: Narrator) -> None:
    ref = _solved(story)
    story.cloud.advance(DAY)
    path = story.survey_path(story.mails_to("jo@customer.org")[-1])
    for rating in ("4", "4", "2"):
        assert story.page("POST", path, rating=rating)[0] == 200
    assert [event["detail"]["rating"] for event in story.events(ref, "rated")] == ["4", "2"]
    story.cloud.advance(15 * DAY)
    assert story.page("POST", path, rating="5")[0] == 410
    assert story.page("GET", path)[0] == 410


def test_a_forged_link_is_nothing(story: Narrator) -> None:
    _solved(story)
    story.cloud.advance(DAY)
    path = story.survey_path(story.mails_to("jo@customer.org")[-1])
    assert story.page("GET", path[:-2] + "xx")[0] == 404


def test_a_reader_of_chinese_is_asked_in_chinese(story: Narrator) -> None:
    story.jo_mails("水壶坏了", "您好，水壶坏了，请帮忙。")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    story.cloud.advance(DAY)
    survey = story.mails_to("jo@customer.org")[-1]
    assert "满意" in text_of(survey)
    assert "您满意吗" in story.page("GET", story.survey_path(survey))[1]
