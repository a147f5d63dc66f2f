"""A customer wants no more surveys: one click in their mail program, or the link in the mail, and as easily undone."""

from dataclasses import replace

from chalicelib.domain.customer import Customer
from chalicelib.domain.errors import NotFound, StaleVersion
from chalicelib.usecases.change_ticket import MOST_TRIES
from chalicelib.usecases.ports import Desk

PURPOSE = "unsubscribe"


def unsubscribe_link(desk: Desk, customer_id: str) -> str:
    """Give the signed link by which a customer refuses surveys. It has no end: so does the wish."""
    token = desk.signer.seal(PURPOSE, {"customer": customer_id})
    return f"{desk.settings.load().public_url}/u/{token}"


def refuses_surveys(desk: Desk, customer_id: str) -> bool:
    """Whether a customer wants no surveys: one read."""
    customer = desk.customers.get(customer_id)
    return customer is not None and customer.surveys_refused_at is not None


def who_unsubscribes(desk: Desk, token: str) -> Customer:
    """Give the customer of a signed link, recording nothing: mail scanners follow links.

    Raises NotFound for a link that isn't genuine, or a customer who is gone.
    """
    content = desk.signer.unseal(PURPOSE, token)
    customer = desk.customers.get(content["customer"]) if content else None
    if customer is None:
        raise NotFound("this link is not one of ours, or was cut short; open it from the mail again", "token")
    return customer


def set_surveys(desk: Desk, token: str, *, wanted: bool) -> Customer:
    """Record that a customer wants surveys or doesn't; the same twice is once. Raises NotFound or StaleVersion."""
    for _ in range(MOST_TRIES):
        customer = who_unsubscribes(desk, token)
        if wanted is (customer.surveys_refused_at is None):
            return customer
        try:
            return desk.customers.save(replace(customer, surveys_refused_at=None if wanted else desk.clock.now()))
        except StaleVersion:
            continue
    raise StaleVersion("the customer keeps changing; try again in a moment", "version")
