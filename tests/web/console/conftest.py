"""The console of the web tests' desk, as browsers of its people see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidInput, SignInRefused
from chalicelib.domain.sign_in import Asked, Challenge, Proven
from infra.local.cloud import LocalCloud
from tests.web.console.browser import PASSWORD, Browser


class FakeAccounts:
    """Everybody's password is PASSWORD; one account's is temporary, and one has an authenticator."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def sign_in(self, email: str, password: str) -> Proven | Challenge:
        if password == "a temporary one":
            return Challenge(Asked.TEMPORARY, email, "token-1")
        if password == "with authenticator":
            return Challenge(Asked.AUTHENTICATOR, email, "token-2")
        if password != PASSWORD:
            raise SignInRefused("no")
        return Proven(email)

    def answer(self, challenge: Challenge, given: str) -> Proven | Challenge:
        if challenge.asked is Asked.TEMPORARY and len(given) < 12:
            raise InvalidInput("too short", "password")
        if challenge.asked is Asked.AUTHENTICATOR and given != "123456":
            raise SignInRefused("no")
        return Proven(challenge.email)

    def send_code(self, email: str) -> None:
        self.codes.append(email)

    def reset_password(self, email: str, code: str, password: str) -> None:
        if code != "000000":
            raise InvalidInput("wrong", "code")

    def invite(self, email: str) -> bool:
        return True


@pytest.fixture
def accounts(desk: LocalCloud) -> FakeAccounts:
    """The accounts that people sign in with."""
    found = FakeAccounts()
    desk.desk.__dict__["accounts"] = found
    return found


@pytest.fixture
def browser(desk: LocalCloud, accounts: FakeAccounts) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser()


@pytest.fixture
def signed_in(desk: LocalCloud, accounts: FakeAccounts) -> Callable[[str], Browser]:
    """Gives the browser of somebody of the desk, signed in."""

    desk.clock.move_by(timedelta(seconds=1))

    def as_(name: str, **more: Any) -> Browser:
        browser = Browser(**more)
        browser.sign_in(f"{name}@example.com")
        return browser

    return as_
