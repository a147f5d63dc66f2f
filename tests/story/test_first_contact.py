"""A mail arrives and becomes a ticket: acknowledged once, triaged, and in somebody's hands."""

from infra.local.cloud import LocalCloud

MAIL = b"""From: Jo <jo@customer.org>\r
To: support@example.com\r
Subject: My parcel is broken\r
Message-ID: <first@customer.org>\r
\r
Hello, this is urgent.\r
"""


def test_a_mail_becomes_one_ticket_in_an_agents_hands(cloud: LocalCloud) -> None:
    cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    cards = cloud.desk.tickets.queue(["agent:ada", "agent:sam", "team:support"], 10).cards
    assert [(card.subject, card.priority, card.assignee_id) for card in cards] == [
        ("My parcel is broken", "urgent", "ada")
    ]


def test_the_same_mail_delivered_twice_is_one_ticket_with_one_acknowledgement(cloud: LocalCloud) -> None:
    for _ in range(2):
        cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
        cloud.settle()
    assert len(cloud.desk.tickets.queue(["agent:ada", "agent:sam"], 10).cards) == 1
    assert sum("jo@customer.org" in mail.recipients[0] for mail in cloud.sent_mail()) == 1
