"""What the desk's workers do to a ticket shows in the API."""

from infra.local.cloud import LocalCloud
from tests.web.client import Client, new_ref
from tests.web.conftest import SECRET


def test_triage_and_routing_show_in_what_is_read(cloud: LocalCloud) -> None:
    cloud.issue_key(SECRET)
    api = Client(SECRET)
    ref = new_ref(api, text="This is urgent, my parcel is broken")
    cloud.settle()
    ticket = api.get(f"/v1/tickets/{ref}").json
    assert (ticket["priority"], ticket["team_id"]) == ("urgent", "support")
    assert ticket["assignee_id"] in ("sam", "ada")
    assert ticket["due_at"] is not None


def test_a_desk_without_people_still_lists_its_tickets(empty_cloud: LocalCloud) -> None:
    empty_cloud.issue_key(SECRET)
    api = Client(SECRET)
    ref = new_ref(api)
    empty_cloud.settle()
    assert [item["ref"] for item in api.get("/v1/tickets").json["items"]] == [ref]


def test_the_load_of_an_agent_is_what_they_hold(cloud: LocalCloud) -> None:
    cloud.issue_key(SECRET)
    api = Client(SECRET)
    assert api.get("/v1/agents/sam").json["load"] == 0
    new_ref(api, assignee_id="sam")
    cloud.settle()
    assert api.get("/v1/agents/sam").json["load"] == 1
