"""The API's customers."""

import hashlib
import uuid
from dataclasses import asdict

from chalicelib.domain.customer import Identity, IdentityKind, Money
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.usecases.edit_customer import CustomerEdit, edit_customer, forget_note, load_customer, note_customer
from chalicelib.usecases.merge_customers import CUSTOMER_ID, merge_customers, separate_customer
from chalicelib.usecases.view_customer import view_customer
from chalicelib.web.api import taken
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import customer_note_view, customer_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted

MOST_SUMMED_UP = 100


def find(call: Call) -> Answer:
    """Find the customer of an address."""
    email = call.query.get("email", "").strip()
    if not is_mailbox(email):
        raise InvalidInput("name the address of the customer you look for, like name@example.com", "email")
    found = call.desk.customers.get(call.desk.customers.id_of(email))
    return Answer({"items": [customer_view(found)] if found else [], "next_cursor": None})


def get(call: Call) -> Answer:
    """Read a customer."""
    found = load_customer(call.desk, customer_id(call))
    return Answer(customer_view(found), headers=etag(found.version))


def change(call: Call) -> Answer:
    """Change a customer, with If-Match on the version that was seen."""
    body = body_of(call, taken.CustomerChange)
    others = body.identities
    edit = CustomerEdit(
        name=body.name,
        tier=body.tier,
        language=body.language,
        tags=None if body.tags is None else tuple(body.tags),
        fields=body.fields,
        identities=None if others is None else tuple(Identity(IdentityKind(one.kind), one.value) for one in others),
        value=None if body.value is None else Money(body.value.minor, body.value.currency),
        surveys=body.surveys,
    )
    changed = edit_customer(call.desk, customer_id(call), edit, version_wanted(call))
    return Answer(customer_view(changed), headers=etag(changed.version))


def merge(call: Call) -> Answer:
    """Make two customers one, with If-Match on the version of the one who stays."""
    body = body_of(call, taken.CustomerMerge)
    merged = merge_customers(call.desk, customer_id(call), body.other, call.by, version_wanted(call))
    return Answer(customer_view(merged), headers=etag(merged.version))


def separate(call: Call) -> Answer:
    """Undo that."""
    body = body_of(call, taken.CustomerSeparation)
    left = separate_customer(call.desk, customer_id(call), body.part, version_wanted(call))
    return Answer(customer_view(left), headers=etag(left.version))


def summary(call: Call) -> Answer:
    """Sum up a customer's latest tickets."""
    view = view_customer(call.desk, customer_id(call), MOST_SUMMED_UP)
    return Answer({**asdict(view.figures), "complete": not view.page.after})


def notes(call: Call) -> Answer:
    """Read what was written down about a customer."""
    found = load_customer(call.desk, customer_id(call))
    return Answer({"items": [customer_note_view(note) for note in call.desk.customers.notes(found.ids)]})


def note(call: Call) -> Answer:
    """Write something down about a customer."""
    body = body_of(call, taken.NewCustomerNote)
    chosen = call.headers.get("idempotency-key")
    origin = f"{call.by}:{chosen}:{hashlib.sha256(call.body).hexdigest()[:32]}" if chosen else uuid.uuid4().hex
    return Answer(customer_note_view(note_customer(call.desk, customer_id(call), body.text, call.by, origin)), 201)


def forget(call: Call) -> Answer:
    """Forget a note."""
    forget_note(call.desk, customer_id(call), call.path["note_id"])
    return Answer(None, 204)


def customer_id(call: Call) -> str:
    """Give the id that the address names. Raises NotFound for what can be none."""
    if not CUSTOMER_ID.fullmatch(call.path["customer_id"]):
        raise NotFound("there is no such customer", "customer_id")
    return call.path["customer_id"]
