"""SLA policies by their form: shown, changed, moved, previewed on the open tickets."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
LIST = "/console/settings/policies"
STANDARD = f"{LIST}/standard"
RICH: dict[str, Any] = {
    "id": "rich / 富",
    "name": "Everything, <b>",
    "match": {
        "channel": ["phone", "pager"],
        "priority": ["high"],
        "category": ["a, b", "c"],
        "team": ["support", "gone"],
        "tag": ["vip"],
        "tier": ["gold"],
        "language": ["zh"],
        "address": ["old@example.com"],
    },
    "targets": {"first_response": {"urgent": 90, "low": 172800}, "resolution": {"normal": 93784}},
    "business_time": {"resolution": False, "recovery": True},
    "calendar": "",
    "pauses": {"first_response": ["pending"], "resolution": []},
    "warn_at_percent": 60,
    "warnings": {
        "first_response": [
            {"percent": 50, "seconds_before": 0, "notify": ["assignee"]},
            {"percent": 0, "seconds_before": 600, "notify": ["agent:ada", "leads:gone", "leads"]},
        ],
        "resolution": [],
    },
    "escalations": {
        "first_response": [
            {"after": 0, "notify": ["leads"], "priority": "", "team": "", "webhook": ""},
            {
                "after": 1800,
                "notify": [],
                "priority": "urgent",
                "team": "gone",
                "webhook": "https://hooks.example.com/a",
            },
        ],
        "recovery": [],
    },
}


@pytest.fixture(autouse=True)
def as_before(api: Client) -> Any:
    """What tests set is taken back."""
    before = api.get("/v1/sla/policies").json["items"]
    yield
    api.put("/v1/sla/policies", {"items": before})


def policies(api: Client) -> dict[str, Any]:
    return {one["id"]: one for one in api.get("/v1/sla/policies").json["items"]}


def test_saving_what_is_shown_changes_nothing_even_of_what_no_form_would_make(signed_in: As, api: Client) -> None:
    assert api.put("/v1/sla/policies", {"items": [RICH, *policies(api).values()]}).status == 200
    before, browser = policies(api), signed_in("ada")
    for address in (f"{LIST}/rich%20%2F%20%E5%AF%8C", STANDARD, f"{LIST}/complaint"):
        assert browser.open(address).status == 200
        browser.page = browser.page.__class__(200, {}, browser.page.body)
        assert browser.press(address, "save").status == 200
        assert browser.address.startswith(f"{LIST}?saved=1")
    after = policies(api)
    for policy_id, policy in before.items():
        for name, value in policy.items():
            assert _in_any_order(after[policy_id][name]) == _in_any_order(value), name
    assert list(after) == list(before)


def _in_any_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_any_order(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(one, str) for one in value) else [_in_any_order(one) for one in value]
    return value


def test_lengths_conditions_and_steps_are_set_as_they_were_typed(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(STANDARD)
    typed: dict[str, str | list[str]] = {
        "targets-first_response-urgent": "1 h 30 min",
        "targets-resolution-low": "",
        "match-tag": "vip\r\nbeta\r\nvip",
        "match-channel": ["phone", "chat"],
        "business_time-resolution": "passing",
        "pauses-resolution": ["pending"],
        "warnings-resolution-0-when": "75 %",
        "warnings-resolution-0-notify": ["assignee", "agent:sam"],
        "warnings-resolution-3-when": "10 min",
        "warnings-resolution-3-notify": ["leads"],
        "escalations-resolution-0-after": "0",
        "escalations-resolution-0-priority": "urgent",
        "escalations-next_response-else": "nobody",
    }
    assert browser.press(STANDARD, "save", **typed).status == 200
    found = policies(api)["standard"]
    assert found["targets"]["first_response"]["urgent"] == 5400
    assert "low" not in found["targets"]["resolution"]
    assert found["match"] == {"channel": ["phone", "chat"], "tag": ["vip", "beta"]}
    assert found["business_time"]["resolution"] is False
    assert found["pauses"] == {"resolution": ["pending"]}
    assert found["warnings"]["resolution"] == [
        {"percent": 75, "seconds_before": 0, "notify": ["assignee", "agent:sam"]},
        {"percent": 0, "seconds_before": 600, "notify": ["leads"]},
    ]
    assert found["escalations"]["resolution"][0]["priority"] == "urgent"
    assert found["escalations"]["next_response"] == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("targets-first_response-urgent", "soon"),
        ("targets-first_response-urgent", "0"),
        ("targets-resolution-low", "9" * 5000 + " h"),
        ("warn_at_percent", "many"),
        ("warn_at_percent", "100"),
        ("match-nothing", ""),
        ("warnings-resolution-0-when", "100 %"),
        ("warnings-resolution-0-when", "<script>"),
        ("escalations-resolution-0-after", "31 d"),
        ("escalations-resolution-0-webhook", "http://169.254.169.254/"),
        ("escalations-resolution-0-priority", "panic"),
        ("calendar", "nowhere"),
        ("name", "\x00\x1b" + "x" * 300_000),
    ],
)
def test_what_can_t_be_is_refused_beside_its_field_and_kept_in_it(
    signed_in: As, api: Client, field: str, typed: str
) -> None:
    browser, before = signed_in("ada"), policies(api)
    browser.open(STANDARD)
    reply = browser.press(STANDARD, "save", **{field: typed})
    if field == "match-nothing":
        assert reply.status == 200
        return
    assert reply.status == 422
    assert "<script>" not in reply.body
    assert 'role="alert"' in reply.body
    if field != "name":
        assert 'class="wrong"' in reply.body
        assert typed.replace("<", "&lt;").replace(">", "&gt;") in reply.body
    assert policies(api) == before


def test_a_policy_is_made_before_the_one_that_matches_everything_moved_and_removed(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(f"{LIST}/~new")
    given: dict[str, str | list[str]] = {"id": "vip", "name": "VIP", "match-tier": "gold"}
    assert browser.press(f"{LIST}/~new", "save", **given).status == 200
    assert list(policies(api)) == ["complaint", "chat", "phone", "social", "vip", "standard"]
    browser.open(LIST)
    assert browser.press(LIST, "up-4").status == 200
    assert list(policies(api)) == ["complaint", "chat", "phone", "vip", "social", "standard"]
    browser.open(f"{LIST}/vip")
    assert browser.press(f"{LIST}/vip", "remove").status == 200
    assert "vip" not in policies(api)


def test_an_id_that_another_policy_has_is_refused(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(f"{LIST}/~new")
    reply = browser.press(f"{LIST}/~new", "save", id="chat", name="Another")
    assert reply.status == 422
    assert "an id of its own" in reply.body
    assert browser.press(f"{LIST}/~new", "save", id="", name="None").status == 422


def test_two_who_change_the_same_policy_are_told_and_two_who_change_others_never_meet(
    signed_in: As, api: Client
) -> None:
    one, other, third = signed_in("ada"), signed_in("ada"), signed_in("ada")
    one.open(STANDARD)
    other.open(STANDARD)
    third.open(f"{LIST}/chat")
    assert one.press(STANDARD, "save", name="First").status == 200
    assert third.press(f"{LIST}/chat", "save", name="Chats").status == 200
    reply = other.press(STANDARD, "save", name="Second")
    assert reply.status == 409
    assert 'value="Second"' in reply.body
    assert policies(api)["standard"]["name"] == "First"
    assert other.press(STANDARD, "save").status == 200
    assert (policies(api)["standard"]["name"], policies(api)["chat"]["name"]) == ("Second", "Chats")


def test_a_move_of_what_was_moved_meanwhile_moves_nothing(signed_in: As, api: Client) -> None:
    one, other = signed_in("ada"), signed_in("ada")
    one.open(LIST)
    other.open(LIST)
    assert one.press(LIST, "down-0").status == 200
    assert other.press(LIST, "down-0").status == 409
    assert list(policies(api))[:2] == ["chat", "complaint"]
    for button in ("up-0", "down-99", "down--1", "up-x", "sideways-1", ""):
        assert other.press(LIST, button).status == 200


def test_a_preview_says_which_open_tickets_would_change_and_saves_nothing(signed_in: As, api: Client) -> None:
    ref = new_ref(api, channel="phone", subject="Call me")
    browser, before = signed_in("ada"), policies(api)
    browser.open(f"{LIST}/phone")
    reply = browser.press(f"{LIST}/phone", "preview", **{"targets-first_response-normal": "15 min"})
    assert reply.status == 200
    assert ref in reply.body
    assert 'value="15 min"' in reply.body
    assert policies(api) == before


def test_open_tickets_follow_at_once_when_asked_to(signed_in: As, api: Client) -> None:
    ref = new_ref(api, channel="social")
    browser = signed_in("ada")
    browser.open(f"{LIST}/social")
    browser.press(f"{LIST}/social", "save", **{"match-channel": "pager", "match-tag": "nobody has it"})
    browser.open(LIST)
    reply = browser.press(LIST, "apply")
    assert reply.status == 200
    assert "looked at" in reply.body
    assert api.get(f"/v1/tickets/{ref}/sla").json["policy_id"] == "standard"


def test_more_lines_keep_what_was_typed(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(STANDARD)
    reply = browser.press(STANDARD, "more", **{"targets-first_response-urgent": "nonsense"})
    assert reply.status == 200
    assert 'value="nonsense"' in reply.body
    assert reply.body.count("warnings-resolution-2-when") > 0


def test_a_policy_that_nobody_has_isn_t_found(signed_in: As, api: Client) -> None:
    assert signed_in("ada").open(f"{LIST}/nothing").status == 404


def test_what_is_wrong_with_a_step_is_said_once_beside_it(signed_in: As, api: Client) -> None:
    browser, before = signed_in("ada"), policies(api)
    browser.open(STANDARD)
    when: dict[str, str | list[str]] = {
        "warnings-resolution-0-when": "50 %",
        "warnings-resolution-0-notify": ["agent:"],
    }
    reply = browser.press(STANDARD, "save", **when)
    assert (reply.status, reply.body.count('id="warnings-resolution-0-notify-wrong"')) == (422, 1)
    assert reply.body.count("must be assignee, leads, agent:&lt;id&gt; or leads:&lt;team&gt;") == 2
    assert policies(api) == before
