"""Customers by the API: what is known of them, notes, and two who are one."""

from tests.web.client import Client, new_ref, new_ticket


def customer_of(api: Client, email: str) -> str:
    found: str = new_ticket(api, customer={"email": email, "name": "Jo"}).json["customer_id"]
    return found


def test_what_another_system_knows_of_a_customer_is_kept(api: Client) -> None:
    path = f"/v1/customers/{customer_of(api, 'kept@customer.org')}"
    phone = {"kind": "phone", "value": "+49 30 1234"}
    said = {"fields": {"plan": "pro"}, "value": {"minor": 12_345, "currency": "EUR"}, "identities": [phone]}
    changed = api.patch(path, said).json
    assert (changed["fields"], changed["value"]) == (said["fields"], said["value"])
    assert changed["identities"] == [{"kind": "email", "value": "kept@customer.org"}, phone]
    assert api.get(path).json == changed
    assert api.patch(path, {"value": {"minor": 0, "currency": "EUR"}}).json["value"] is None


def test_two_who_are_one_person_are_one_customer_by_either_id_and_address(api: Client) -> None:
    one, other = customer_of(api, "one@customer.org"), customer_of(api, "other@customer.org")
    merged = api.post(f"/v1/customers/{one}/merge", {"other": "Other@customer.org"})
    assert (merged.status, merged.json["id"], [part["id"] for part in merged.json["parts"]]) == (200, one, [other])
    assert api.get(f"/v1/customers/{other}").json == merged.json
    assert api.get("/v1/customers", email="other@customer.org").json["items"] == [merged.json]
    assert len(api.get("/v1/tickets", customer=one).json["items"]) == 2
    assert len(api.get("/v1/tickets", customer=other, limit=1).json["items"]) == 1
    assert api.get(f"/v1/customers/{one}/summary").json["tickets"] == 2
    left = api.post(f"/v1/customers/{one}/separate", {"part": other}, {"If-Match": merged.etag})
    assert (left.status, left.json["parts"]) == (200, [])
    assert api.get(f"/v1/customers/{other}").json["id"] == other


def test_a_page_of_both_goes_on_where_it_ended(api: Client) -> None:
    one, other = "pages1@customer.org", "pages2@customer.org"
    refs = {new_ref(api, customer={"email": email}) for email in (one, other, one, other, one)}
    customer = api.get("/v1/customers", email=one).json["items"][0]["id"]
    api.post(f"/v1/customers/{customer}/merge", {"other": other})
    found: list[str] = []
    query: dict[str, str | int] = {"customer": customer, "limit": 2}
    while True:
        page = api.get("/v1/tickets", **query).json
        found += [ticket["ref"] for ticket in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert (len(found), set(found)) == (5, refs)


def test_a_customer_is_not_merged_with_themselves_or_with_nobody(api: Client) -> None:
    one = customer_of(api, "alone@customer.org")
    assert api.post(f"/v1/customers/{one}/merge", {"other": "alone@customer.org"}).status == 422
    assert api.post(f"/v1/customers/{one}/merge", {"other": "c0000000000"}).status == 404
    assert api.post(f"/v1/customers/{one}/merge", {"other": "b@c.org"}, {"If-Match": '"99"'}).status == 412


def test_notes_are_written_once_read_and_forgotten(api: Client) -> None:
    path = f"/v1/customers/{customer_of(api, 'noted@customer.org')}/notes"
    notes = [api.post(path, {"text": "Calls at noon."}, {"Idempotency-Key": "note-1"}).json for _ in range(2)]
    assert notes[0] == notes[1]
    assert api.get(path).json == {"items": [notes[0]]}
    assert api.delete(f"{path}/{notes[0]['id']}").status == 204
    assert api.get(path).json == {"items": []}
