"""Merging tickets, believing mail, marks on addresses and several addresses, through the API."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.deliverability import AddressMark, Trouble
from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref


@pytest.fixture
def pair(api: Client) -> tuple[str, str]:
    return new_ref(api, text="First"), new_ref(api, text="Second")


class TestMerging:
    def test_two_tickets_become_one_and_two_again(self, api: Client, desk: LocalCloud, pair: tuple[str, str]) -> None:
        into, ref = pair
        merged = api.post(f"/v1/tickets/{ref}/merge", {"into": into.lower().replace("-", "")})
        assert (merged.status, merged.json["merged_into"], merged.json["status"]) == (200, into, "closed")
        desk.settle()
        assert api.get(f"/v1/tickets/{into}").json["merged_from"] == [ref]
        said = api.get(f"/v1/tickets/{into}/messages").json["items"]
        assert [(one["text"], one["ticket_ref"]) for one in said] == [("First", into), ("Second", ref)]
        apart = api.post(f"/v1/tickets/{ref}/separate")
        assert (apart.status, apart.json["merged_into"]) == (200, None)
        desk.settle()
        assert api.get(f"/v1/tickets/{into}").json["merged_from"] == []

    def test_only_the_version_that_was_seen(self, api: Client, pair: tuple[str, str]) -> None:
        path = f"/v1/tickets/{pair[1]}/merge"
        assert api.post(path, {"into": pair[0]}, {"If-Match": '"99"'}).status == 412

    @pytest.mark.parametrize(("into", "status"), [("no ticket", 422), ("7K3F-92QX", 404)])
    def test_into_nothing(self, api: Client, pair: tuple[str, str], into: str, status: int) -> None:
        reply = api.post(f"/v1/tickets/{pair[1]}/merge", {"into": into})
        assert (reply.status, reply.field) == (status, "into")

    def test_what_is_not_merged_can_not_be_separated(self, api: Client, pair: tuple[str, str]) -> None:
        assert api.post(f"/v1/tickets/{pair[1]}/separate").status == 409


AWAY = (
    b"From: Jo <jo@customer.org>\r\nTo: support@example.com\r\nSubject: Re: It broke\r\n"
    b"Auto-Submitted: auto-replied\r\n"
    b"Message-ID: <away@customer.org>\r\nReferences: <it-broke@customer.org>\r\n\r\nI am away, it is still broken.\r\n"
)
BROKEN = (
    b"From: Jo <jo@customer.org>\r\nTo: support@example.com\r\nSubject: It broke\r\n"
    b"Message-ID: <it-broke@customer.org>\r\n\r\nPlease help.\r\n"
)


def test_an_agent_says_that_a_person_wrote_it(api: Client, desk: LocalCloud) -> None:
    for raw in (BROKEN, AWAY):
        desk.receive_mail(raw, "jo@customer.org", ["support@example.com"])
        desk.settle()
    ref = next(one["ref"] for one in api.get("/v1/tickets").json["items"] if one["subject"] == "It broke")
    api.patch(f"/v1/tickets/{ref}", {"status": "pending"})
    automatic = api.get(f"/v1/tickets/{ref}/messages").json["items"][-1]
    assert automatic["kind"] == "system"
    for _ in range(2):
        believed = api.post(f"/v1/tickets/{ref}/messages/{automatic['id']}/by-person")
        assert (believed.status, believed.json["status"]) == (200, "open")
    assert api.get(f"/v1/tickets/{ref}/messages").json["items"][-1]["kind"] == "customer"
    happened = [one["what"] for one in api.get(f"/v1/tickets/{ref}/events").json["items"]]
    assert (happened.count("person_confirmed"), happened.count("customer_wrote")) == (1, 1)


class TestMarks:
    def test_one_is_read_and_lifted(self, api: Client, desk: LocalCloud) -> None:
        now = desk.clock.now()
        desk.desk.deliverability.keep(AddressMark("gone@customer.org", Trouble.BOUNCED, now, "unknown_user", "5.1.1"))
        found = api.get("/v1/addresses/Gone%40customer.org")
        assert (found.json["trouble"], found.json["takes_answers"]) == ("bounced", False)
        assert api.send("DELETE", "/v1/addresses/gone%40customer.org").status == 204
        assert api.get("/v1/addresses/gone%40customer.org").status == 404

    def test_one_that_has_passed_is_none(self, api: Client, desk: LocalCloud) -> None:
        at = desk.clock.now() - timedelta(days=4)
        mark = AddressMark("full@customer.org", Trouble.FAILING, at, expires_at=at + timedelta(days=3))
        desk.desk.deliverability.keep(mark)
        assert api.get("/v1/addresses/full%40customer.org").status == 404


class TestAddressesOfTheDesk:
    def change(self, api: Client, **changes: Any) -> Any:
        return api.patch("/v1/settings", changes)

    def test_each_is_saved_and_used(self, api: Client) -> None:
        sales = {"address": "sales@example.com", "team_id": "support", "signature": {"en": "{name}"}}
        saved = self.change(api, addresses=[sales])
        assert saved.status == 200
        assert saved.json["addresses"][0]["address"] == "sales@example.com"
        assert "warnings" not in saved.json
        assert self.change(api, addresses=[]).status == 200

    def test_a_team_that_does_not_exist_is_refused_by_its_line(self, api: Client) -> None:
        reply = self.change(api, addresses=[{"address": "sales@example.com", "team_id": "sales"}])
        assert (reply.status, reply.field) == (422, "addresses[sales@example.com].team_id")

    def test_what_may_be_a_mistake_is_saved_and_said(self, api: Client) -> None:
        reply = self.change(api, addresses=[{"address": "help@elsewhere.org"}], default_team="later")
        assert reply.status == 200
        assert [one["field"] for one in reply.json["warnings"]] == [
            "default_team",
            "addresses[help@elsewhere.org].address",
        ]
        assert self.change(api, addresses=[], default_team="support").status == 200

    def test_a_wrong_line_is_named(self, api: Client) -> None:
        reply = self.change(api, addresses=[{"address": "a@example.com"}, {"address": "nobody"}])
        assert (reply.status, reply.field) == (422, "addresses[nobody].address")
