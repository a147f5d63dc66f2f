"""Clocks run, warn and break at their true times; whoever should know hears of it once."""

from tests.story.narrator import HOUR, Narrator


def test_a_breach_is_warned_of_and_told_once_with_its_true_time(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.cloud.advance(4 * HOUR + 600)
    warned, breached = story.events(ref, "sla_warned"), story.events(ref, "sla_breached")
    assert [(event["at"], event["detail"]["clock"]) for event in warned] == [
        ("2026-11-23T13:00:00.000Z", "first_response:1")
    ]
    assert [event["at"] for event in breached] == ["2026-11-23T14:00:00.000Z"]
    for address in ("ada@example.com", "lin@example.com"):
        subjects = [str(mail["Subject"]) for mail in story.mails_to(address)]
        assert sum("due soon" in subject for subject in subjects) == 1
        assert sum("overdue" in subject for subject in subjects) == 1


def test_a_second_sweep_over_the_same_instant_changes_nothing(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.cloud.advance(5 * HOUR)
    before = story.ticket(ref)["version"]
    for _ in range(3):
        story.cloud.tick()
        story.cloud.settle()
    assert story.ticket(ref)["version"] == before


def test_a_late_sweep_records_what_happened_unnoticed(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.cloud.clock.move_to(story.cloud.clock.now().replace(hour=20))  # nobody swept in between
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Here at last."})
    story.cloud.tick()
    story.cloud.settle()
    assert [event["at"] for event in story.events(ref, "sla_breached")] == ["2026-11-23T14:00:00.000Z"]
    clock = story.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][0]
    assert (clock["state"], clock["fulfilled_at"]) == ("breached", "2026-11-23T20:00:00.000Z")


def test_a_changed_priority_moves_the_deadline(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"priority": "urgent"})
    first = story.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][0]
    assert (first["target_seconds"], first["due_at"]) == (1800, "2026-11-23T10:30:00.000Z")


def test_the_resolution_clock_rests_while_the_customer_is_awaited(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Which one?", "status": "pending"})
    story.cloud.advance(48 * HOUR)
    resolution = story.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][1]
    assert (resolution["state"], resolution["used_seconds"], resolution["due_at"]) == ("paused", 0, None)
