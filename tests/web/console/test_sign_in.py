"""Signing in, staying signed in, and everything that must not let anybody in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.cloud import LocalCloud
from tests.usecases.fake_accounts import PASSWORD, FakeAccounts
from tests.web.console.browser import HOST, Browser

As = Callable[..., Browser]


def test_whoever_isn_t_signed_in_is_asked_to_and_comes_back_to_where_they_wanted_to_go(browser: Browser) -> None:
    browser.open("/console?view=spam")
    assert browser.address == "/console/sign-in?next=/console"
    reply = browser.send("/console/sign-in", email="sam@example.com", password=PASSWORD)
    assert reply.status == 200
    assert "Mine" in reply.body


def test_an_address_is_taken_in_any_case(browser: Browser) -> None:
    assert browser.sign_in("SAM@example.com").status == 200


@pytest.mark.parametrize(
    ("email", "password", "status"),
    [
        ("sam@example.com", "not it at all", 401),
        ("nobody@example.com", PASSWORD, 401),
        ("", PASSWORD, 422),
        ("sam@example.com", "", 422),
    ],
)
def test_what_does_not_fit_lets_nobody_in_and_keeps_the_address(
    browser: Browser, email: str, password: str, status: int
) -> None:
    reply = browser.sign_in(email, password)
    assert reply.status == status
    assert 'role="alert"' in reply.body
    assert f'value="{email}"' in reply.body
    assert password not in reply.body or not password
    assert browser.cookies == {}


def test_a_temporary_password_asks_for_one_s_own_and_refuses_a_poor_one(browser: Browser) -> None:
    browser.sign_in("sam@example.com", "a temporary one")
    assert "Choose a password" in browser.page.body
    assert browser.send("/challenge", answer="short").status == 422
    assert browser.send("/challenge", answer="long enough for anybody").status == 200
    assert browser.address == "/console"


def test_an_authenticator_s_digits_are_asked_for(browser: Browser) -> None:
    browser.sign_in("sam@example.com", "with authenticator")
    assert "Six digits" in browser.page.body
    assert browser.send("/challenge", answer="654321").status == 401
    browser.sign_in("sam@example.com", "with authenticator")
    assert browser.send("/challenge", answer="123456").status == 200


def test_a_challenge_that_nobody_was_set_is_refused(browser: Browser) -> None:
    browser.sign_in("sam@example.com", "with authenticator")
    assert browser.send("/challenge", challenge="made-up", answer="123456").status == 401


def test_a_forgotten_password_is_set_anew_and_nobody_learns_who_has_an_account(
    browser: Browser, accounts: FakeAccounts
) -> None:
    said = []
    for email in ("sam@example.com", "nobody@example.com"):
        browser.open("/console/password")
        said.append(browser.send("/console/password", email=email).body.replace(email, "…"))
    assert said[0] == said[1]
    assert accounts.codes == ["sam@example.com", "nobody@example.com"]
    assert browser.send("/password/new", code="111111", password="another long one").status == 422
    assert "Your new password is set" in browser.send("/password/new", code="000000", password="another long one").body


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/console:x", "/v1/health", "/console\\x"]
)
def test_signing_in_leads_nowhere_else(browser: Browser, wanted: str) -> None:
    browser.open("/console/sign-in")
    browser.send("/console/sign-in", email="sam@example.com", password=PASSWORD, next=wanted)
    assert browser.address == "/console"


def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(browser: Browser) -> None:
    over_tls = {"X-Forwarded-Proto": "https"}
    browser.open("/console/sign-in", over_tls)
    form = browser.form("/console/sign-in")
    fields = {**form.fields, "email": "sam@example.com", "password": PASSWORD}
    browser.post("/console/sign-in", fields, over_tls)
    assert list(browser.cookies) == ["__Host-pennydesk"]


def test_signing_out_ends_it_here_and_everywhere_ends_it_everywhere(signed_in: As, desk: LocalCloud) -> None:
    here, there = signed_in("ada"), signed_in("ada")
    here.send("/console/sign-out")
    assert "/console/sign-in" in _opened(here)
    assert _opened(there) == "/console"
    desk.clock.move_by(timedelta(seconds=1))
    there.send("/console/sign-out", everywhere="1")
    assert "/console/sign-in" in _opened(there)


def test_a_stolen_cookie_is_worth_nothing_after_signing_out_everywhere(signed_in: As, desk: LocalCloud) -> None:
    owner = signed_in("ada")
    thief = Browser()
    thief.cookies = dict(owner.cookies)
    assert _opened(thief) == "/console"
    desk.clock.move_by(timedelta(seconds=1))
    owner.send("/console/sign-out", everywhere="1")
    assert "/console/sign-in" in _opened(thief)


def test_somebody_who_left_the_desk_is_out_at_once(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("lin")
    people = desk.desk.people
    lin = people.roster().agent("lin")
    assert lin is not None
    gone = people.save_agent(replace(lin, active=False))
    assert "/console/sign-in" in _opened(browser)
    people.save_agent(replace(gone, active=True))
    assert _opened(browser) == "/console"


@pytest.mark.parametrize("cookie", ["", "made-up", "e30.made-up", "a" * 5000])
def test_a_cookie_that_we_did_not_seal_is_nobody(browser: Browser, cookie: str) -> None:
    browser.cookies = {"pennydesk": cookie}
    assert "/console/sign-in" in _opened(browser)


def test_a_form_without_its_page_s_token_changes_nothing(signed_in: As) -> None:
    browser = signed_in("sam")
    assert browser.post("/console/bulk", {"do": "status:solved"}).status == 403
    assert browser.post("/console/bulk", {"do": "status:solved", "form_token": "guessed"}).status == 403


@pytest.mark.parametrize("said", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_changes_nothing(signed_in: As, said: dict[str, str]) -> None:
    browser = signed_in("sam")
    assert browser.send("/console/bulk", said, do="status:solved").status == 403
    browser.open("/console")
    assert browser.send("/console/sign-out", {"Origin": f"https://{HOST}"}).status == 200


def test_under_a_stage_s_path_everything_stays_there(accounts: FakeAccounts) -> None:
    browser = Browser(stage="/api")
    assert browser.sign_in("sam@example.com").status == 200
    assert 'href="/api/static/console.' in browser.page.body


def test_no_page_of_the_console_may_be_framed_or_kept(signed_in: As) -> None:
    headers = {name.lower(): value for name, value in signed_in("sam").page.headers.items()}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def _opened(browser: Browser) -> str:
    browser.open("/console")
    return browser.address
