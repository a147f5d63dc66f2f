"""Rules tried on the open tickets: what each would do, in order, with nothing written."""

from dataclasses import replace

import pytest

from chalicelib.domain.automation import Automation, Condition
from chalicelib.domain.ticket import Happening, Priority, Status
from chalicelib.usecases import preview_automations as usecase
from chalicelib.usecases.edit_ticket import TicketEdit, edit_ticket
from chalicelib.usecases.preview_automations import Change, Preview, Reading, preview_automations, tell_open_tickets
from tests.domain.samples import DAY
from tests.usecases.fakes import FakeDesk
from tests.usecases.test_follow_rules import having, rule


def tried(desk: FakeDesk, *rules: Automation) -> Preview:
    """Try rules, and see that nothing was written."""
    before, messages = dict(desk.tickets.kept), dict(desk.tickets.messages)
    found = preview_automations(desk, replace(desk.settings.load(), automations=rules))
    assert (desk.tickets.kept, desk.tickets.messages) == (before, messages)
    return found


def changes(found: Preview) -> list[tuple[str, str, str, str]]:
    return [(one.rule_id, each.field, each.before, each.after) for one in found.would for each in one.changes]


def test_it_says_what_would_be_what(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    found = tried(desk, rule("vip", "opened", ("priority", "high"), ("add_tags", "vip"), ("note", "Look.")))
    (would,) = found.would
    assert (would.ref, would.subject, would.event, would.due_at) == (ref, "My parcel", "opened", None)
    assert would.changes == (
        Change("priority", "normal", "high"),
        Change("tags", "", "vip"),
        Change("note", "", "Look."),
    )
    assert (found.looked_at, found.more, found.unread) == (1, False, 0)


def test_later_rules_see_what_earlier_ones_would_do(desk: FakeDesk) -> None:
    desk.settled()
    tag = rule("tag", "opened", ("add_tags", "vip"))
    hurry = rule("hurry", "opened", ("priority", "urgent"), only=(Condition("tag", ("vip",)),))
    assert changes(tried(desk, tag, hurry)) == [("tag", "tags", "", "vip"), ("hurry", "priority", "normal", "urgent")]
    assert changes(tried(desk, hurry, tag)) == [("tag", "tags", "", "vip")]


def test_what_fired_once_is_tried_all_the_same(desk: FakeDesk) -> None:
    saved = rule("tell", "opened", ("follow_up", "Call them"), ("webhook", "https://hooks.example.com/x"))
    having(desk, saved)
    desk.settled()
    told = changes(tried(desk, saved))
    assert told[-1] == ("tell", "webhook", "", "https://hooks.example.com/x")


def test_rules_that_would_change_nothing_are_not_told(desk: FakeDesk) -> None:
    desk.settled()
    off = replace(rule("off", "opened", ("priority", "low")), enabled=False)
    assert tried(desk, rule("same", "opened", ("priority", "normal")), off).would == ()
    assert tried(desk, rule("other", "rated", ("priority", "low"), rating=5)).would == ()


def test_silence_says_when_it_will_be_due(desk: FakeDesk) -> None:
    ref = desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    at = desk.clock.now()
    solve = rule("solve", "silent", ("status", "solved"), status="pending", seconds=DAY)
    (later,) = tried(desk, solve).would
    assert later.due_at is not None
    assert (later.due_at - at).total_seconds() == DAY
    desk.clock.move(days=2)
    (now,) = tried(desk, solve).would
    assert (now.due_at, now.changes) == (None, (Change("status", "pending", "solved"),))


def test_only_so_many_are_read(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        desk.settled()
    words = rule("words", "opened", ("add_tags", "x"), only=(Condition("words", ("arrive",)),))
    settings = replace(desk.settings.load(), automations=(words,))
    few = preview_automations(desk, settings, 3)
    assert (few.looked_at, few.more) == (3, True)
    monkeypatch.setattr(usecase, "Reading", lambda: Reading(2))
    found = preview_automations(desk, settings)
    assert (found.looked_at, found.more, found.unread, len(found.would)) == (5, False, 3, 2)


def test_tickets_that_were_silent_before_are_told_of_a_new_rule(desk: FakeDesk) -> None:
    ref, other = desk.settled().ref, desk.settled().ref
    edit_ticket(desk, ref, TicketEdit(status=Status.PENDING), "agent:ada", None)
    having(desk, rule("solve", "silent", ("status", "solved"), status="pending", seconds=DAY))
    desk.clock.move(hours=30)
    assert desk.ticket(ref).status is Status.PENDING
    told = tell_open_tickets(desk, 100)
    assert (told.looked_at, told.refs, told.after) == (2, (ref,), "")
    assert desk.run(ref).status is Status.SOLVED
    assert tell_open_tickets(desk, 100).refs == ()
    assert not desk.ticket(other).said(Happening.RULE_FIRED)
    assert desk.ticket(other).priority is Priority.NORMAL
