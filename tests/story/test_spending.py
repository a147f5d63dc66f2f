"""As a month nears the owner's cap, the desk does without courtesies, visibly, and a month later they are back."""

import re
from dataclasses import replace

from chalicelib.domain.spending import SpendingSettings
from tests.story.narrator import DAY, Narrator


def test_with_the_cap_reached_the_story_goes_on_without_courtesies_and_says_so(story: Narrator) -> None:
    cloud = story.cloud
    cloud.desk.settings.save(replace(cloud.desk.settings.load(), spending=SpendingSettings(monthly_cap_cents=20)))
    story.jo_mails("My cup is broken", "Help!")
    told = str(story.mails_to("ada@example.com")[-1]["Subject"])
    assert re.fullmatch("Pennydesk has spent 2[0-9]{2} % of this month's cap", told)
    ref = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "A new one.", "status": "solved"})
    cloud.advance(2 * DAY)
    subjects = [str(mail["Subject"]) for mail in story.mails_to("jo@customer.org")]
    assert subjects == [f"Re: My cup is broken [#{ref}]"]
    held = [event["detail"] for event in story.events(ref, "held_back")]
    assert held == [
        {"task": "acknowledge", "reason": "monthly cap"},
        {"task": "survey", "about": "1", "reason": "monthly cap"},
    ]
    spending = story.api("GET", "/v1/spending")
    assert spending["off"] == ["bot", "surveys", "acknowledgements"]


def test_when_the_month_is_over_everything_is_back(story: Narrator) -> None:
    cloud = story.cloud
    cloud.desk.settings.save(replace(cloud.desk.settings.load(), spending=SpendingSettings(monthly_cap_cents=20)))
    cloud.advance(8 * DAY)
    story.jo_mails("My cup is broken", "Help!")
    assert len(story.mails_to("jo@customer.org")) == 1
    assert story.api("GET", "/v1/spending")["off"] == []
