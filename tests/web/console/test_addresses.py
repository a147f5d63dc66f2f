"""Mail addresses, as an admin adds, changes and removes them, and how each stands with Amazon SES."""

from collections.abc import Callable, Iterable

import pytest

from chalicelib.domain.checkup import Checkup, Verdict
from chalicelib.domain.sender_identity import Standing
from chalicelib.web.console.addresses import STANDINGS
from infra.local.cloud import LocalCloud
from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
HERE = "/console/settings/addresses"


class FakeIdentities:
    """Every address stands the same; it counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def standing(self, addresses: Iterable[str]) -> dict[str, Standing]:
        self.asked += 1
        return dict.fromkeys(addresses, Standing.UNSIGNED)


def add(browser: Browser, **typed: str) -> int:
    browser.open(f"{HERE}/~new")
    return browser.send("/~new", do="save", **typed).status


@pytest.mark.parametrize("name", ["sam", "lin"])
def test_only_admins_see_and_change_addresses(signed_in: As, name: str) -> None:
    browser = signed_in(name)
    assert [browser.open(path).status for path in (HERE, f"{HERE}/~new")] == [403, 403]


def test_an_address_is_added_changed_and_removed(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    typed = {"address": "sales@example.com", "name": "Sales", "team_id": "support", "tags": "sales, new"}
    assert add(browser, **typed, **{"signature-en": "Yours\n{name}", "signature-zh": "此致"}) == 200
    (kept,) = api.get("/v1/settings").json["addresses"]
    assert (kept["address"], kept["team_id"], kept["tags"]) == ("sales@example.com", "support", ["sales", "new"])
    assert kept["signature"] == {"en": "Yours\n{name}", "zh": "此致"}
    assert "sales@example.com" in browser.open(HERE).body
    browser.open(f"{HERE}/sales%40example.com")
    assert browser.send("sales%40example.com", do="save", name="The shop", **{"signature-en": ""}).status == 200
    assert api.get("/v1/settings").json["addresses"][0]["name"] == "The shop"
    browser.open(f"{HERE}/sales%40example.com")
    browser.send("sales%40example.com", do="remove")
    assert api.get("/v1/settings").json["addresses"] == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"address": "nonsense"}, "address"),
        ({"address": "a+b@example.com"}, "address"),
        ({"address": "a@example.com", "name": "x" * 101}, "name"),
        ({"address": "a@example.com", "language": "klingon!"}, "language"),
        ({"address": "a@example.com", "team_id": "nobody"}, "team_id"),
        ({"address": "a@example.com", "signature-en": "x" * 3000}, "signature-en"),
    ],
)
def test_what_can_t_be_is_said_beside_its_field_and_nothing_is_saved(
    signed_in: As, api: Client, typed: dict[str, str], field: str
) -> None:
    browser = signed_in("ada")
    assert add(browser, **typed) == 422
    assert f'id="{field}-wrong"' in browser.page.body
    assert api.get("/v1/settings").json["addresses"] == []


def test_amazon_ses_is_asked_when_somebody_wants_to_know_and_not_before(signed_in: As, desk: LocalCloud) -> None:
    desk.desk.__dict__["identities"] = told = FakeIdentities()
    browser = signed_in("ada")
    assert "not signed" not in browser.open(HERE).body
    assert told.asked == 0
    page = browser.open(f"{HERE}?look=1").body
    assert ("not signed" in page, told.asked) == (True, 1)
    assert "python -m infra.doctor" in page


def test_every_standing_has_its_word_and_sentence() -> None:
    assert STANDINGS.keys() == set(Standing)
    assert all(sentence.endswith(".") for _word, sentence in STANDINGS.values())


@pytest.mark.parametrize("address", ["nobody%40example.com", "x", "%00", "x" * 400])
def test_an_address_that_there_is_not_is_not_found(signed_in: As, address: str) -> None:
    assert signed_in("ada").open(f"{HERE}/{address}").status == 404


def test_what_the_doctor_said_last_is_shown_with_what_to_do(signed_in: As, desk: LocalCloud) -> None:
    browser = signed_in("ada")
    assert "What the doctor said" not in browser.open(HERE).body
    wrong = Verdict("MX record", "fail", "points <elsewhere>", "Enter 10 inbound-smtp.…")
    checkup = Checkup(desk.clock.now().replace(microsecond=0), (Verdict("stack", "ok", "is complete"), wrong))
    desk.desk.checkups.keep(checkup)
    assert desk.desk.checkups.latest() == checkup
    page = browser.open(HERE).body
    assert "points &lt;elsewhere&gt;" in page
    assert "Enter 10 inbound-smtp" in page
