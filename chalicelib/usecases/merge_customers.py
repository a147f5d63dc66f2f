"""Two customers turn out to be one person and become one, or an address is said to be theirs; and it is undone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.customer import Customer, joined, separated
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.usecases.change_ticket import MOST_TRIES
from chalicelib.usecases.edit_customer import load_customer
from chalicelib.usecases.ports import Desk

CUSTOMER_ID = re.compile(r"c[0-9a-z]{10}")


@dataclass(frozen=True, slots=True)
class Joining:
    """Who would become a part of a customer. `known` is False for an address from which nobody wrote yet; with
    `joined` they are one already."""

    customer: Customer
    known: bool
    joined: bool


def who_would_join(desk: Desk, customer_id: str, customer: Customer, other: str) -> Joining:
    """Give whom an id or a mail address would make a part of this customer, who was named by `customer_id`.

    Raises InvalidInput for that very id, or its address; NotFound for an id that nobody has, or what is neither.
    """
    if not is_mailbox(other):
        found = desk.customers.get(other) if CUSTOMER_ID.fullmatch(other) else None
        if found is None:
            raise NotFound("there is no such customer; name one by a mail address or an id", "other")
        named = other
    else:
        named = desk.customers.id_of(other)
        found = desk.customers.get(named)
    if named == customer_id:
        raise InvalidInput("that is this very customer", "other")
    if found is None:
        now = desk.clock.now()
        return Joining(Customer(named, "", other.strip().lower(), now, now), known=False, joined=False)
    return Joining(found, known=True, joined=found.id == customer.id)


def merge_customers(desk: Desk, customer_id: str, other: str, by: str, version: int | None = None) -> Customer:
    """Make the customer of an id or a mail address a part of another, and give that: mail from either meets the one.

    Both are written at once or neither; merged again, they are merged. No ticket is written. An address from which
    nobody wrote yet will be this customer's. Raises NotFound, InvalidInput, Conflict, or StaleVersion where the
    customer isn't at `version`.
    """

    def decide(customer: Customer) -> tuple[Customer, Customer] | None:
        joining = who_would_join(desk, customer_id, customer, other)
        return None if joining.joined else joined(customer, joining.customer, desk.clock.now(), by)

    return _both_kept(desk, customer_id, version, decide)


def separate_customer(desk: Desk, customer_id: str, part_id: str, version: int | None = None) -> Customer:
    """Undo a merge, and give the customer without that part; done already, it is done.

    Tickets that came meanwhile stay with whom they came to. Raises NotFound, StaleVersion, or Conflict when it is too
    late.
    """

    def decide(customer: Customer) -> tuple[Customer, Customer] | None:
        part = desk.customers.record(part_id) if CUSTOMER_ID.fullmatch(part_id) else None
        if part is None:
            raise NotFound("there is no such part", "part")
        apart = customer.part(part_id) is None and not part.merged_into
        return None if apart else separated(customer, part, desk.clock.now())

    return _both_kept(desk, customer_id, version, decide)


def _both_kept(
    desk: Desk, customer_id: str, version: int | None, decide: Callable[[Customer], tuple[Customer, Customer] | None]
) -> Customer:
    """Keep the two records that were decided on, where there are any, and give the customer; when somebody else was
    quicker, they are read and decided on again."""
    for attempt in range(MOST_TRIES):
        customer = load_customer(desk, customer_id, version)
        both = decide(customer)
        if both is None:
            return customer
        try:
            desk.customers.save_both(*both)
        except StaleVersion:
            if version is not None or attempt == MOST_TRIES - 1:
                raise
            continue
        return load_customer(desk, customer.id)
    raise AssertionError("unreachable")
