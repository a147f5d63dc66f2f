"""API keys, as an admin makes and revokes them: the secret is shown once, and a form makes one key."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from chalicelib.domain.api_key import SCOPES
from chalicelib.web.console.keys import COOKIE, PURPOSE, SENTENCES, SHOWN_FOR
from infra.local.cloud import LocalCloud
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
HERE = "/console/settings/keys"


def secret_on(page: str) -> str:
    """Give the secret that a page shows, or an empty string."""
    _, _, rest = page.partition('id="secret" class="code" readonly value="')
    return unescape(rest.partition('"')[0])


def made(browser: Browser, name: str = "Shop", *scopes: str) -> str:
    browser.open(HERE)
    return secret_on(browser.send(HERE, name=name, scopes=list(scopes or ("tickets:read",))).body)


@pytest.mark.parametrize("name", ["sam", "lin"])
def test_only_admins_see_make_and_revoke_keys(signed_in: As, name: str) -> None:
    browser = signed_in(name)
    assert browser.open(HERE).status == 403
    browser.open("/console")
    token = browser.form("/console/sign-out").fields["form_token"]
    fields = {"form_token": token, "name": "x", "scopes": "tickets:read", "form": "x" * 20}
    assert browser.post(HERE, fields).status == 403
    assert browser.post(f"{HERE}/{'0' * 12}/revoke", {"form_token": token}).status == 403


def test_every_scope_says_what_it_lets_a_key_do() -> None:
    assert tuple(SENTENCES) == SCOPES
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_a_key_may_what_was_ticked_and_nothing_else(signed_in: As) -> None:
    client = Client(made(signed_in("ada"), "Shop", "tickets:read", "people:read"))
    assert (client.get("/v1/tickets").status, client.get("/v1/agents").status) == (200, 200)
    assert client.get("/v1/settings").status == 403


def test_the_secret_is_shown_once_and_a_reload_neither_shows_it_nor_makes_another(
    signed_in: As, desk: LocalCloud
) -> None:
    browser = signed_in("ada")
    secret = made(browser)
    count = len(desk.desk.api_keys.every())
    assert secret.startswith("pd_")
    assert browser.address == HERE
    again = browser.open(HERE).body
    assert (secret_on(again), secret in again) == ("", False)
    assert len(desk.desk.api_keys.every()) == count


def test_a_form_sent_twice_at_once_is_one_key_and_both_answers_show_its_secret(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    browser.open(HERE)
    fields = {**browser.form(HERE).fields, "name": "Twice", "scopes": "tickets:read"}
    first, second = (secret_on(browser.post(HERE, fields).body) for _ in range(2))
    assert first == second != ""
    assert [key.name for key in desk.desk.api_keys.every()].count("Twice") == 1


def test_a_form_that_is_sent_again_later_says_so_and_shows_nothing(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    browser.open(HERE)
    fields = {**browser.form(HERE).fields, "name": "Late", "scopes": "tickets:read"}
    secret = secret_on(browser.post(HERE, fields).body)
    desk.clock.move_by(timedelta(minutes=2))
    page = browser.post(HERE, fields).body
    assert "was sent before" in page
    assert secret not in page
    assert [key.name for key in desk.desk.api_keys.every()].count("Late") == 1


def test_what_leads_to_the_secret_works_for_a_minute_and_for_nobody_else(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    browser.open(HERE)
    fields = {**browser.form(HERE).fields, "name": "Kept", "scopes": "tickets:read", "form": "f" * 20}
    secret = secret_on(browser.post(HERE, fields).body)
    until = (desk.clock.now() + SHOWN_FOR).isoformat()
    sealed = {
        who: desk.desk.signer.seal(PURPOSE, {"form": "f" * 20, "agent": who, "until": until}) for who in ("ada", "lin")
    }
    for cookie, shown in ((sealed["ada"], secret), (sealed["lin"], ""), ("f" * 20, ""), (sealed["ada"] + "x", "")):
        browser.cookies[COOKIE] = cookie
        assert secret_on(browser.open(HERE).body) == shown
    desk.clock.move_by(SHOWN_FOR)
    browser.cookies[COOKIE] = sealed["ada"]
    assert secret_on(browser.open(HERE).body) == ""


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "scopes": "tickets:read"},
        {"name": "x" * 101, "scopes": "tickets:read"},
        {"name": "\x00\x1b", "scopes": "tickets:read"},
        {"name": "Shop", "scopes": "everything"},
        {"name": "Shop", "scopes": []},
        {"name": "Shop", "scopes": "tickets:read", "form": "short"},
        {"name": "Shop", "scopes": "tickets:read", "form": "密钥" * 20},
    ],
)
def test_what_can_t_be_makes_no_key_and_keeps_what_was_typed(
    signed_in: As, desk: LocalCloud, typed: dict[str, str | list[str]]
) -> None:
    browser = signed_in("ada")
    browser.open(HERE)
    count = len(desk.desk.api_keys.every())
    fields = {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in typed.items()
    }
    reply = browser.send(HERE, **fields)
    assert reply.status == 422
    assert len(desk.desk.api_keys.every()) == count
    assert ('value="Shop"' in reply.body) == (typed["name"] == "Shop")


def test_a_revoked_key_is_refused_and_the_log_says_who_revoked_it(signed_in: As, desk: LocalCloud, api: Client) -> None:
    browser = signed_in("ada")
    secret = made(browser, "Old shop")
    key = desk.desk.api_keys.find(secret)
    assert key is not None
    desk.clock.move_by(timedelta(seconds=1))
    browser.open(HERE)
    page = browser.send(f"{key.id}/revoke").body
    assert "It stops working" in page
    assert "Old shop" not in page
    assert Client(secret).get("/v1/tickets").status == 401
    (entry,) = api.get("/v1/audit", None, limit=1).json["items"]
    assert (entry["by"], entry["deed"], entry["name"]) == ("agent:ada", "removed", "Old shop")
    assert browser.send(HERE, form="y" * 20, name="", scopes=[]).status == 422


@pytest.mark.parametrize("key_id", ["x", "0" * 12, "..%2f", "0" * 500])
def test_a_key_that_isn_t_there_can_be_revoked_by_nobody(signed_in: As, key_id: str) -> None:
    browser = signed_in("ada")
    browser.open(HERE)
    token = browser.form(HERE).fields["form_token"]
    assert browser.post(f"{HERE}/{key_id}/revoke", {"form_token": token}).status in (200, 404)


def test_a_name_that_is_a_script_is_shown_as_text(signed_in: As) -> None:
    browser = signed_in("ada")
    made(browser, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.open(HERE).body
