"""The whole loop: asked by mail, answered, answered back, solved, asked how it went, rated, summed up."""

from tests.story.narrator import DAY, HOUR, Narrator


def test_a_ticket_lives_from_its_first_mail_to_its_rating(story: Narrator) -> None:
    story.jo_mails("My parcel is broken", "Hello, please help.")
    ref = story.only_ticket()["ref"]

    message = story.api(
        "POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "So sorry!", "author_id": "ada"}
    )
    assert message["kind"] == "reply"
    reply = story.mails_to("jo@customer.org")[-1]
    story.jo_replies_to(reply, "Thank you, a new one please.\n\nOn Monday, Pennydesk wrote:\n> So sorry!")
    kinds = [message["kind"] for message in story.api("GET", f"/v1/tickets/{ref}/messages")["items"]]
    assert kinds == ["customer", "reply", "customer"]

    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "It is on its way.", "status": "solved"})
    assert story.ticket(ref)["status"] == "solved"

    story.cloud.advance(DAY)
    survey = story.mails_to("jo@customer.org")[-1]
    path = story.survey_path(survey)
    status, html = story.page("GET", path)
    assert (status, "My parcel is broken" in html) == (200, True)
    assert story.events(ref, "rated") == []

    status, _ = story.page("POST", path, rating="5", comment="Quick!")
    assert status == 200
    assert [event["detail"]["rating"] for event in story.events(ref, "rated")] == ["5"]

    story.cloud.advance(14 * DAY)
    assert story.ticket(ref)["status"] == "closed"
    assert story.events(ref, "survey_reminded") == []
    summary = story.api("GET", "/v1/reports/summary?from=2026-11-23T00:00:00Z&to=2026-12-01T00:00:00Z")
    assert (summary["opened"], summary["solved"], summary["backlog"], summary["csat"]) == (1, 1, 0, 1.0)


def test_the_answer_threads_in_the_customers_mail_program(story: Narrator) -> None:
    asked = story.jo_mails("Where is my order?", "Hello?")
    ref = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "On its way."})
    answer = story.mails_to("jo@customer.org")[-1]
    assert answer["In-Reply-To"] == asked["Message-ID"]
    assert str(asked["Message-ID"]) in str(answer["References"])
    assert ref.lower() in str(answer["Reply-To"])
    assert answer["Auto-Submitted"] is None
    assert ref in str(answer["Subject"])


def test_an_answer_finds_its_ticket_by_references_alone(story: Narrator) -> None:
    story.jo_mails("Hello", "First words.")
    ref = story.only_ticket()["ref"]
    acknowledgement = story.mails_to("jo@customer.org")[-1]
    own_root = str(acknowledgement["References"]).split()[0]
    story.jo_mails("A quite different subject", "More words.", References=f"{own_root} <replaced-by-ses@amazonses.com>")
    assert len(story.api("GET", f"/v1/tickets/{ref}/messages")["items"]) == 2


def test_a_second_mail_that_answers_the_first_joins_it_before_anybody_answered(story: Narrator) -> None:
    first = story.jo_mails("Hello", "First words.")
    second = story.jo_mails("Re: Hello", "I forgot to say…", In_Reply_To=str(first["Message-ID"]))
    story.jo_mails("Re: Hello", "And another thing.", In_Reply_To=str(second["Message-ID"]))
    ref = story.only_ticket()["ref"]
    assert len(story.api("GET", f"/v1/tickets/{ref}/messages")["items"]) == 3


def test_quoting_somebody_elses_number_is_no_way_into_a_ticket(story: Narrator) -> None:
    story.jo_mails("Hello", "My secret is 42.")
    ref = story.only_ticket()["ref"]
    story.jo_mails(f"Re: Hello [#{ref}]", "Let me in", From="Mallory <mallory@evil.example>")
    assert len(story.api("GET", f"/v1/tickets/{ref}/messages")["items"]) == 1


def test_a_solved_ticket_opens_again_when_the_customer_writes_and_its_survey_is_off(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("POST", f"/v1/tickets/{ref}/messages", {"kind": "reply", "text": "Done.", "status": "solved"})
    reply = story.mails_to("jo@customer.org")[-1]
    story.cloud.advance(HOUR)
    story.jo_replies_to(reply, "It is still broken.")
    assert story.ticket(ref)["status"] == "open"
    story.cloud.advance(3 * DAY)
    assert story.events(ref, "survey_sent") == []
    numbers = [(clock["metric"], clock["number"]) for clock in story.api("GET", f"/v1/tickets/{ref}/sla")["clocks"]]
    assert ("resolution", 2) in numbers


def test_after_the_reopening_time_a_linked_follow_up_opens(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    acknowledgement = story.mails_to("jo@customer.org")[0]
    story.cloud.advance(8 * DAY)
    story.jo_replies_to(acknowledgement, "It broke again.")
    customer = story.ticket(ref)["customer_id"]
    newest = story.api("GET", f"/v1/tickets?customer={customer}")["items"][0]["ref"]
    assert newest != ref
    assert story.ticket(newest)["follows"] == ref
    assert [event["detail"]["ticket"] for event in story.events(ref, "continued_as")] == [newest]


def test_the_acknowledgement_leaves_once_and_never_to_automatic_mail(story: Narrator) -> None:
    story.jo_mails("Out of office", "I am away.", Auto_Submitted="auto-replied")
    story.cloud.advance(HOUR)
    assert story.mails_to("jo@customer.org") == []
    story.jo_mails("Hello", "Help.")
    story.cloud.advance(HOUR)
    assert len(story.mails_to("jo@customer.org")) == 1


def test_an_out_of_office_answer_is_kept_and_reopens_nothing(story: Narrator) -> None:
    story.jo_mails("Hello", "Help.")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"status": "solved"})
    acknowledgement = story.mails_to("jo@customer.org")[0]
    story.jo_mails(
        "Out of office", "Back on Monday.", to=str(acknowledgement["Reply-To"]), Auto_Submitted="auto-replied"
    )
    assert story.ticket(ref)["status"] == "solved"
    assert [message["kind"] for message in story.api("GET", f"/v1/tickets/{ref}/messages")["items"]] == [
        "customer",
        "system",
    ]


def test_the_public_form_and_the_api_open_tickets_that_are_acknowledged_too(story: Narrator) -> None:
    fields = {"name": "Jo", "email": "jo@customer.org", "subject": "Form", "text": "Hello", "form": "f1"}
    status, html = story.page("POST", "/help", **fields)
    ref = story.only_ticket()["ref"]
    assert (status, ref in html) == (201, True)
    body = {"subject": "API", "text": "Hello", "customer": {"email": "kim@customer.org", "name": "Kim"}}
    assert story.api("POST", "/v1/tickets", body)["channel"] == "api"
    assert [len(story.mails_to(address)) for address in ("jo@customer.org", "kim@customer.org")] == [1, 1]


def test_spam_is_kept_on_its_shelf_and_answered_by_nobody(story: Narrator) -> None:
    raw = b"From: x@evil.example\r\nTo: support@example.com\r\nSubject: Win!\r\nMessage-ID: <s@evil>\r\n\r\nClick\r\n"
    story.cloud.receive_mail(raw, "x@evil.example", ["support@example.com"], {"spam": "fail"})
    story.cloud.settle()
    shelved = story.api("GET", "/v1/tickets?queue=spam")["items"]
    assert [ticket["subject"] for ticket in shelved] == ["Win!"]
    assert story.cloud.sent_mail() == []
    assert story.api("GET", f"/v1/tickets/{shelved[0]['ref']}/sla")["clocks"] == []


def test_mail_that_names_no_sender_waits_among_the_unparsed(story: Narrator) -> None:
    story.cloud.receive_mail(b"\xff\xfe nonsense", "", ["support@example.com"])
    story.cloud.settle()
    assert len(story.api("GET", "/v1/tickets?queue=unparsed")["items"]) == 1


def test_a_machine_that_writes_and_writes_is_not_acknowledged_for_ever(story: Narrator) -> None:
    for number in range(8):
        story.jo_mails(f"Alert {number}", "Disk full")
    assert len(story.mails_to("jo@customer.org")) == 5
    story.cloud.advance(2 * HOUR)
    story.jo_mails("Hello", "A person after all.")
    assert len(story.mails_to("jo@customer.org")) == 6


def test_nobody_opens_tickets_in_somebody_elses_name_by_reply_to(story: Narrator) -> None:
    story.jo_mails("Hello", "Mail the victim!", Reply_To="victim@elsewhere.example")
    assert story.mails_to("victim@elsewhere.example") == []
    assert story.only_ticket()["requester"]["email"] == "jo@customer.org"


def test_a_contact_forms_mail_is_answered_to_the_person_it_names(story: Narrator) -> None:
    headers = {"From": "Shop <no-reply@shop.example>", "Reply_To": "Kim <kim@customer.example>"}
    story.jo_mails("Contact form", "Hello", **headers)
    kim = story.api("GET", "/v1/customers?email=kim@customer.example")["items"][0]
    assert len(story.api("GET", f"/v1/tickets?customer={kim['id']}")["items"]) == 1


def test_a_mail_that_a_filter_took_for_spam_is_rescued_and_begins_its_life(story: Narrator) -> None:
    raw = b"From: jo@customer.org\r\nTo: support@example.com\r\nSubject: Hi\r\nMessage-ID: <r@x>\r\n\r\nurgent\r\n"
    story.cloud.receive_mail(raw, "jo@customer.org", ["support@example.com"], {"spam": "fail"})
    story.cloud.settle()
    ref = story.only_ticket()["ref"]
    rescued = story.api("PATCH", f"/v1/tickets/{ref}", {"shelf": ""})
    assert rescued["shelf"] == ""
    ticket = story.ticket(ref)
    assert (ticket["assignee_id"], ticket["priority"]) == ("ada", "urgent")
    assert story.api("GET", f"/v1/tickets/{ref}/sla")["clocks"][0]["started_at"] == ticket["created_at"]


def test_a_ticket_put_on_the_spam_shelf_leaves_the_hands_and_owes_nothing(story: Narrator) -> None:
    story.jo_mails("Win!", "Click here")
    ref = story.only_ticket()["ref"]
    story.api("PATCH", f"/v1/tickets/{ref}", {"shelf": "spam"})
    story.cloud.advance(10 * DAY)
    assert story.events(ref, "sla_breached") == []
    assert story.api("GET", "/v1/agents/ada")["load"] == 0
    assert [ticket["ref"] for ticket in story.api("GET", "/v1/tickets?queue=spam")["items"]] == [ref]
