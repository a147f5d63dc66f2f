"""Tickets find agents with room and skill, wait when there are none, and go out when room appears."""

from typing import Any

from tests.story.narrator import HOUR, Narrator


def _open(story: Narrator, number: int) -> str:
    body = {"subject": f"Request {number}", "text": "Hello", "customer": {"email": f"c{number}@customer.org"}}
    ref: str = story.api("POST", "/v1/tickets", body)["ref"]
    return ref


def _agent(story: Narrator, agent_id: str) -> Any:
    return story.api("GET", f"/v1/agents/{agent_id}")


def test_the_least_loaded_agent_is_first(story: Narrator) -> None:
    for number in range(6):
        _open(story, number)
    assert (_agent(story, "ada")["load"], _agent(story, "sam")["load"], _agent(story, "lin")["load"]) == (3, 3, 0)


def test_nobody_holds_more_than_they_can_and_the_rest_waits_in_the_teams_queue(story: Narrator) -> None:
    for agent in ("ada", "sam"):
        story.api("PATCH", f"/v1/agents/{agent}", {"capacity": 1})
    refs = [_open(story, number) for number in range(4)]
    waiting = story.api("GET", "/v1/tickets?queue=team:support")["items"]
    assert {ticket["ref"] for ticket in waiting} == set(refs[2:])


def test_a_waiting_ticket_goes_out_when_another_is_solved(story: Narrator) -> None:
    story.api("PATCH", "/v1/agents/sam", {"available": False})
    story.api("PATCH", "/v1/agents/ada", {"capacity": 1})
    first, second = _open(story, 1), _open(story, 2)
    assert story.ticket(second)["assignee_id"] is None
    story.api("PATCH", f"/v1/tickets/{first}", {"status": "solved"})
    assert story.ticket(second)["assignee_id"] == "ada"
    assert _agent(story, "ada")["load"] == 1


def test_a_waiting_ticket_goes_out_when_somebody_comes_to_work(story: Narrator) -> None:
    for agent in ("ada", "sam"):
        story.api("PATCH", f"/v1/agents/{agent}", {"available": False})
    ref = _open(story, 1)
    assert story.ticket(ref)["assignee_id"] is None
    story.api("PATCH", "/v1/agents/sam", {"available": True})
    assert story.ticket(ref)["assignee_id"] == "sam"


def test_a_ticket_goes_only_to_somebody_with_the_skill(story: Narrator) -> None:
    rule = {"words": ["invoice"], "category": "billing", "skills": ["billing"]}
    story.api("PATCH", "/v1/settings", {"triage": [rule]})
    for number in range(3):
        body = {"subject": "invoice", "text": "Please", "customer": {"email": f"i{number}@customer.org"}}
        story.api("POST", "/v1/tickets", body)
    assert (_agent(story, "sam")["load"], _agent(story, "ada")["load"]) == (3, 0)


def test_a_ticket_moved_by_hand_frees_the_one_and_fills_the_other(story: Narrator) -> None:
    ref = _open(story, 1)
    story.api("PATCH", f"/v1/tickets/{ref}", {"assignee_id": "sam"})
    assert (_agent(story, "ada")["load"], _agent(story, "sam")["load"]) == (0, 1)


def test_a_pending_ticket_leaves_the_hands_and_comes_back_with_the_customers_answer(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Which?", "status": "pending"})
    assert _agent(story, "ada")["load"] == 0
    story.jo_replies_to(story.mails_to("jo@customer.org")[-1], "The red one.")
    assert (story.ticket(ref)["status"], _agent(story, "ada")["load"]) == ("open", 1)


def test_a_missed_wake_is_made_good_by_the_waiting_ticket_itself(story: Narrator) -> None:
    for agent in ("ada", "sam"):
        story.api("PATCH", f"/v1/agents/{agent}", {"available": False})
    ref = _open(story, 1)
    people = story.cloud.desk.people
    sam = people.roster().agent("sam")
    assert sam is not None
    from dataclasses import replace

    people.save_agent(replace(sam, available=True))  # behind the desk's back: nobody is woken
    story.cloud.advance(HOUR)
    assert story.ticket(ref)["assignee_id"] == "sam"


def test_a_ticket_that_nobody_free_can_take_does_not_hold_up_the_next(story: Narrator) -> None:
    story.api("PATCH", "/v1/settings", {"triage": [{"words": ["tax"], "priority": "urgent", "skills": ["tax"]}]})
    for agent in ("ada", "sam"):
        story.api("PATCH", f"/v1/agents/{agent}", {"capacity": 1})
    first, _ = _open(story, 1), _open(story, 2)
    urgent = story.api("POST", "/v1/tickets", {"subject": "tax", "text": "!", "customer": {"email": "t@customer.org"}})
    plain = _open(story, 3)
    story.api("PATCH", f"/v1/tickets/{first}", {"status": "solved"})
    assert story.ticket(urgent["ref"])["assignee_id"] is None
    assert story.ticket(plain)["assignee_id"] is not None


def test_the_tickets_of_somebody_who_leaves_go_to_the_others(story: Narrator) -> None:
    ref = _open(story, 1)
    assert story.ticket(ref)["assignee_id"] == "ada"
    story.api("PATCH", "/v1/agents/ada", {"active": False})
    assert story.ticket(ref)["assignee_id"] == "sam"
    assert _agent(story, "ada")["load"] == 0


def test_whoever_gets_a_ticket_again_is_told_again_in_a_mail_of_its_own(story: Narrator) -> None:
    ref = _open(story, 1)
    for agent in ("sam", "ada"):
        story.api("PATCH", f"/v1/tickets/{ref}", {"assignee_id": agent})
    ids = [str(mail["Message-ID"]) for mail in story.mails_to("ada@example.com")]
    assert len(set(ids)) == len(ids) == 2
