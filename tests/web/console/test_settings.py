"""Settings and people, as an admin changes them by forms."""

from collections.abc import Callable

import pytest

from chalicelib.web.console.setting_fields import SECTIONS
from infra.local.cloud import LocalCloud
from tests.usecases.fake_accounts import FakeAccounts
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.mark.parametrize("path", ["/console/settings/desk", "/console/settings/people"])
@pytest.mark.parametrize("name", ["sam", "lin"])
def test_only_admins_set_things(signed_in: As, path: str, name: str) -> None:
    assert signed_in(name).open(path).status == 403


@pytest.mark.parametrize("section", SECTIONS)
def test_saving_a_section_unchanged_changes_nothing(signed_in: As, api: Client, section: str) -> None:
    browser = signed_in("ada")
    before = api.get("/v1/settings").json
    browser.open(f"/console/settings/{section}")
    texts = {field.name: field.shown(before) for field in SECTIONS[section][1]}
    assert browser.send(f"/settings/{section}", **texts).status == 200
    after = api.get("/v1/settings").json
    assert {**after, "version": 0} == {**before, "version": 0}


def test_what_was_typed_is_what_is_set(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/surveys")
    assert browser.send("/settings/surveys", **{"survey-delay_seconds": "1,5", "survey-enabled": "1"}).status == 200
    assert api.get("/v1/settings").json["survey"]["delay_seconds"] == 5400


def test_recommendation_and_effort_are_asked_when_their_switches_are_on(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/surveys")
    for typed in ({"survey-ask_nps": "1"}, {"survey-ask_ces": "1"}):
        assert browser.send("/settings/surveys", **{"survey-ask_nps": "", "survey-ask_ces": "", **typed}).status == 200
        asked = api.get("/v1/settings").json["survey"]
        assert {name: asked[name] for name in ("ask_nps", "ask_ces")} == {
            "ask_nps": "survey-ask_nps" in typed,
            "ask_ces": "survey-ask_ces" in typed,
        }


@pytest.mark.parametrize(
    ("section", "field", "typed"),
    [
        ("desk", "support_address", "nonsense"),
        ("desk", "acknowledgements_per_hour", "many"),
        ("surveys", "survey-low_rating", "9"),
        ("desk", "public_url", "ftp://example.com"),
        ("mail", "mail_size_limit", "0"),
        ("mail", "file_link_seconds", "1e999"),
        ("mail", "blocked_senders", "not a sender"),
        ("alerts", "quiet_hours-calendar", "nowhere"),
    ],
)
def test_what_can_t_be_is_said_beside_its_field_and_nothing_is_saved(
    signed_in: As, api: Client, section: str, field: str, typed: str
) -> None:
    browser = signed_in("ada")
    before = api.get("/v1/settings").json
    browser.open(f"/console/settings/{section}")
    texts = {one.name: one.shown(before) for one in SECTIONS[section][1]}
    reply = browser.send(f"/settings/{section}", **{**texts, field: typed})
    assert reply.status == 422
    assert f'id="{field}-wrong"' in reply.body
    assert api.get("/v1/settings").json == before


def test_two_who_change_settings_at_once_don_t_overwrite_each_other(signed_in: As, api: Client) -> None:
    one, other = signed_in("ada"), signed_in("ada")
    for browser in (one, other):
        browser.open("/console/settings/desk")
    assert one.send("/settings/desk", name="Lamps & Co", acknowledge="1").status == 200
    assert other.send("/settings/desk", name="Lamps and more", acknowledge="1").status == 409
    assert api.get("/v1/settings").json["name"] == "Lamps & Co"


def test_somebody_is_invited_changed_and_switched_off(signed_in: As, api: Client, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/people")
    path = "/console/settings/people/agents"
    token = browser.form(path).fields["form_token"]
    new: dict[str, str | list[str]] = {
        "form_token": token,
        "name": "Ned",
        "email": "ned@example.com",
        "capacity": "3",
        "team_ids": ["support"],
    }
    assert browser.post(path, {**new, "available": "1"}).status == 200
    agent = api.get("/v1/agents/ned").json
    assert (agent["name"], agent["team_ids"], agent["capacity"]) == ("Ned", ["support"], 3)
    assert browser.post(path, {**new, "id": "ned", "role": "lead"}).status == 200
    agent = api.get("/v1/agents/ned").json
    assert (agent["role"], agent["active"], agent["available"]) == ("lead", False, False)


def test_an_invitation_is_sent_again_where_that_is_wished(signed_in: As, accounts: FakeAccounts) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/people")
    path = "/console/settings/people/agents"
    fields: dict[str, str | list[str]] = {
        "form_token": browser.form(path).fields["form_token"],
        "id": "lin",
        "name": "Lin",
        "email": "lin@example.com",
        "role": "lead",
        "capacity": "3",
        "active": "1",
    }
    assert browser.post(path, fields).status == 200
    assert accounts.invited == []
    assert browser.post(path, {**fields, "invite": "1"}).status == 200
    assert accounts.invited == ["lin@example.com"]


def test_a_team_is_founded(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/people")
    path = "/console/settings/people/teams"
    token = browser.form(path).fields["form_token"]
    assert browser.post(path, {"form_token": token, "name": "Billing", "lead_ids": ["lin"]}).status == 200
    assert api.get("/v1/teams/billing").json["lead_ids"] == ["lin"]
    assert browser.post(path, {"form_token": token, "name": "", "new_id": "x"}).status == 422


@pytest.mark.parametrize("given", [{"email": "nonsense"}, {"capacity": "many"}, {"team_ids": "nobody"}, {"name": ""}])
def test_an_invitation_that_can_t_be_is_refused_with_its_reason(signed_in: As, given: dict[str, str]) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/people")
    path = "/console/settings/people/agents"
    token = browser.form(path).fields["form_token"]
    fields = {"form_token": token, "name": "Zoe", "email": "zoe@example.com", "capacity": "3", **given}
    reply = browser.post(path, fields)
    assert reply.status == 422
    assert 'role="alert"' in reply.body
