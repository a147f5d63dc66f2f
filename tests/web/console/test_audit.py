"""The audit log, as an admin reads it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from infra.local.cloud import LocalCloud
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]


@pytest.mark.parametrize("name", ["sam", "lin"])
def test_only_admins_read_the_log(signed_in: As, name: str) -> None:
    assert signed_in(name).open("/console/settings/audit").status == 403


def test_what_an_admin_set_is_in_the_log_under_their_name(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    browser.open("/console/settings/surveys")
    desk.clock.move_by(timedelta(seconds=1))
    browser.send("/settings/surveys", **{"survey-delay_seconds": "2", "survey-enabled": "1"})
    page = browser.open("/console/settings/audit?area=survey&by=agent:ada").body
    assert "Hours after the solution <code>survey.delay_seconds</code>" in page
    assert "<td>86400</td><td>7200</td>" in page
    assert '<span class="quiet">by Ada</span>' in page


def test_older_entries_are_a_page_further(signed_in: As, desk: LocalCloud, api: Client) -> None:
    for number in range(30):
        desk.clock.move_by(timedelta(seconds=1))
        api.patch("/v1/settings", {"name": f"Desk {number}"})
    browser = signed_in("ada")
    first = browser.open("/console/settings/audit?area=settings").body
    older = first.split('<p class="more"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    assert ("Desk 29" in first, "<td>Desk 3</td>" in first) == (True, False)
    assert "<td>Desk 3</td>" in browser.open(older).body


@pytest.mark.parametrize("asked", ["from=soon", "to=9999-12-31", "from=2026-12-02&to=2026-12-01", "area=x", "cursor=!"])
def test_a_filter_that_can_t_be_is_said_and_the_page_stays(signed_in: As, asked: str) -> None:
    page = signed_in("ada").open(f"/console/settings/audit?{asked}")
    assert page.status == 422
    assert 'role="alert"' in page.body
    assert 'name="area"' in page.body


def test_days_without_a_change_say_what_would_stand_there(signed_in: As) -> None:
    assert (
        "Nothing was changed in these days."
        in signed_in("ada").open("/console/settings/audit?from=2020-01-01&to=2020-01-02").body
    )
