"""Opening hours by their form: windows, own days, holidays from elsewhere, and what they look like."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.web.client import Client
from tests.web.console.browser import Browser

As = Callable[..., Browser]
LIST = "/console/settings/calendars"
OWN = f"{LIST}/default"
SHOP: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "hours": {
        "mon": [["09:00", "12:30"], ["13:30", "18:00"]],
        "sat": [["22:00", "06:00"]],
        "sun": [["20:00", "24:00"]],
    },
    "holidays": [
        {"date": "2026-12-24", "hours": [["09:00", "12:00"]], "name": "Eve", "yearly": True},
        {"date": "2026-12-31", "hours": [], "name": "", "yearly": False},
        {"date": "2026-12-25", "hours": [], "name": "Christmas", "yearly": False, "source": "public:DE"},
    ],
}


@pytest.fixture(autouse=True)
def shop(api: Client) -> Iterator[None]:
    """The desk's hours are a shop's, and what tests set is taken back."""
    before = api.get("/v1/settings").json
    api.patch("/v1/settings", {"calendar": SHOP})
    yield
    names = ("calendar", "calendars", "sla_policies", "quiet_hours")
    api.patch("/v1/settings", {name: before[name] for name in names})


def calendar(api: Client, name: str = "default") -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/v1/calendars/{name}").json
    return found


def test_saving_what_is_shown_changes_nothing(signed_in: As, api: Client) -> None:
    before, browser = calendar(api), signed_in("ada")
    browser.open(OWN)
    assert browser.press(OWN, "save").status == 200
    assert {**calendar(api), "version": 0} == {**before, "version": 0}


def test_hours_are_set_as_they_were_typed(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(OWN)
    typed: dict[str, str | list[str]] = {
        "timezone": "Asia/Shanghai",
        "hours-mon-1-opens": "",
        "hours-mon-1-closes": "",
        "hours-tue-0-opens": "9:05",
        "hours-tue-0-closes": "00:00",
        "hours-wed-5-opens": "00:00",
        "hours-wed-5-closes": "00:00",
        "holidays-2-date": "2027-01-02",
        "holidays-2-hours": "10:00 - 14:00；16:00至18:00",
        "holidays-2-name": "盘点",
    }
    assert browser.press(OWN, "save", **typed).status == 200
    found = calendar(api)
    assert found["timezone"] == "Asia/Shanghai"
    assert found["hours"]["mon"] == [["09:00", "12:30"]]
    assert found["hours"]["tue"] == [["09:05", "24:00"]]
    assert found["hours"]["wed"] == [["00:00", "24:00"]]
    day = next(one for one in found["holidays"] if one["name"] == "盘点")
    assert day["hours"] == [["10:00", "14:00"], ["16:00", "18:00"]]
    assert [one["source"] for one in found["holidays"]].count("public:DE") == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "x" * 50_000),
        ("hours-mon-0-opens", "25:00"),
        ("hours-mon-1-opens", "12:00"),
        ("hours-mon-0-closes", "\x00nine"),
        ("hours-mon-1-closes", ""),
        ("hours-fri-0-opens", "<b>"),
        ("holidays-0-date", "2026-02-30"),
        ("holidays-0-date", ""),
        ("holidays-0-hours", "all day"),
        ("holidays-0-hours", "10:00-12:00-14:00"),
        ("holidays-0-hours", "10:00-14:00, 12:00-16:00"),
        ("holidays-0-name", "n" * 201),
    ],
)
def test_hours_that_can_t_be_are_refused_beside_their_field_and_kept_in_it(
    signed_in: As, api: Client, field: str, typed: str
) -> None:
    browser, before = signed_in("ada"), calendar(api)
    browser.open(OWN)
    reply = browser.press(OWN, "save", **{field: typed})
    assert reply.status == 422
    assert 'class="wrong"' in reply.body
    assert "<b>" not in reply.body.partition("<form")[2].partition("Holidays from elsewhere")[0]
    assert calendar(api) == before


def test_mondays_hours_are_copied_without_saving(signed_in: As, api: Client) -> None:
    browser, before = signed_in("ada"), calendar(api)
    browser.open(OWN)
    assert 'name="hours-fri-1-opens" value="13:30"' in browser.press(OWN, "week").body
    assert calendar(api) == before
    assert browser.press(OWN, "save").status == 200
    assert calendar(api)["hours"]["fri"] == SHOP["hours"]["mon"]


def test_the_coming_days_are_drawn_and_said_in_words(signed_in: As, api: Client) -> None:
    body = signed_in("ada").open(OWN).body
    # the tests' clock stands at Monday, 23 November 2026, 10:00 UTC: eleven in Berlin
    assert "Open now, until 12:30" in body
    assert "09:00–12:30, 13:30–18:00" in body
    assert 'x="37.5%" width="14.58%"' in body
    assert "22:00–24:00" in body
    assert "00:00–06:00, 20:00–24:00" in body


def test_a_preview_draws_what_was_typed_and_saves_nothing(signed_in: As, api: Client) -> None:
    browser, before = signed_in("ada"), calendar(api)
    browser.open(OWN)
    reply = browser.press(OWN, "preview", **{"hours-mon-0-opens": "11:30"})
    assert "Closed now, until 11:30" in reply.body
    assert "What saving would change" in reply.body
    assert calendar(api) == before


def test_a_calendar_is_made_used_and_only_removed_when_nothing_counts_by_it(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(f"{LIST}/~new")
    assert browser.press(f"{LIST}/~new", "save", id="store", timezone="UTC").status == 200
    assert calendar(api, "store")["hours"]["fri"] == [["09:00", "17:00"]]
    browser.open(f"{LIST}/~new")
    assert browser.press(f"{LIST}/~new", "save", id="store").status == 422
    assert browser.press(f"{LIST}/~new", "save", id="No/Id!").status == 422
    assert browser.press(f"{LIST}/~new", "save", id="default").status == 422
    api.patch("/v1/settings", {"quiet_hours": {"calendar": "store"}})
    browser.open(f"{LIST}/store")
    assert "quiet_hours" in browser.page.body
    assert browser.press(f"{LIST}/store", "remove").status == 409
    api.patch("/v1/settings", {"quiet_hours": {"calendar": ""}})
    assert browser.press(f"{LIST}/store", "remove").status == 200
    assert api.get("/v1/calendars/store").status == 404
    assert browser.open(f"{LIST}/store").status == 404


def test_the_desks_own_calendar_stays(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(OWN)
    browser.press(OWN, "remove")
    assert calendar(api)["timezone"] == "Europe/Berlin"


def test_two_who_change_a_calendar_at_once_don_t_overwrite_each_other(signed_in: As, api: Client) -> None:
    one, other = signed_in("ada"), signed_in("ada")
    one.open(OWN)
    other.open(OWN)
    assert one.press(OWN, "save", timezone="Europe/Paris").status == 200
    reply = other.press(OWN, "save", timezone="Europe/Rome")
    assert (reply.status, calendar(api)["timezone"]) == (409, "Europe/Paris")
    assert 'value="Europe/Rome"' in reply.body


def test_a_regions_holidays_are_seen_before_they_are_taken_and_dropped_again(signed_in: As, api: Client) -> None:
    browser, path = signed_in("ada"), f"{OWN}/holidays"
    reply = browser.open(f"{OWN}?country=DE&region=BY")
    assert "Epiphany" in reply.body
    assert "public:DE-BY" not in {one["source"] for one in calendar(api)["holidays"]}
    token = browser.form(path).fields["form_token"]
    take = {"form_token": token, "do": "take", "country": "DE", "region": "BY"}
    assert browser.post(path, take).status == 200
    assert "public:DE-BY" in {one["source"] for one in calendar(api)["holidays"]}
    drop = {"form_token": token, "do": "drop", "source": "public:DE-BY"}
    assert browser.post(path, drop).status == 200
    assert {one["source"] for one in calendar(api)["holidays"]} == {"", "public:DE"}
    assert browser.post(path, {"form_token": token, "do": "drop", "source": ""}).status == 200
    assert len(calendar(api)["holidays"]) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"do": "take", "country": "XX"},
        {"do": "take", "country": "DE", "region": "<script>"},
        {"do": "import", "ical": "no calendar", "ical_name": "school"},
        {"do": "import", "ical": "BEGIN:VCALENDAR", "ical_name": "Not A Name!"},
        {"do": "import", "ical": "\x00" * 1000},
        {},
    ],
)
def test_holidays_from_nowhere_are_refused(signed_in: As, api: Client, given: dict[str, str]) -> None:
    browser, before = signed_in("ada"), calendar(api)
    browser.open(OWN)
    token = browser.form(f"{OWN}/holidays").fields["form_token"]
    reply = browser.post(f"{OWN}/holidays", {"form_token": token, **given})
    assert reply.status == 422
    assert "<script>" not in reply.body
    assert calendar(api) == before


def test_the_days_of_a_file_are_taken(signed_in: As, api: Client) -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261228\r\nSUMMARY:Stocktaking\r\nEND:VEVENT\r\n"
    file = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n"
    browser = signed_in("ada")
    browser.open(OWN)
    token = browser.form(f"{OWN}/holidays").fields["form_token"]
    reply = browser.post(f"{OWN}/holidays", {"form_token": token, "do": "import", "ical": file, "ical_name": "shop"})
    assert reply.status == 200
    assert "1 day was added" in reply.body
    assert "ical:shop" in {one["source"] for one in calendar(api)["holidays"]}


def test_an_unknown_country_in_the_address_is_said(signed_in: As, api: Client) -> None:
    reply = signed_in("ada").open(f"{OWN}?country=%3Cb%3E&region=x")
    assert reply.status == 200
    assert "ISO 3166" in reply.body
