"""The console of the web tests' desk, as browsers of its people see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from infra.local.cloud import LocalCloud
from tests.usecases.fake_accounts import FakeAccounts
from tests.web.console.browser import Browser


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
