"""The API's customers."""

import re
from dataclasses import replace
from typing import Any

from chalicelib.domain.customer import Customer
from chalicelib.domain.errors import InvalidInput, NotFound, StaleVersion
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.web.api import taken
from chalicelib.web.api.validation import body_of
from chalicelib.web.api.views import customer_view
from chalicelib.web.call import Answer, Call
from chalicelib.web.preconditions import etag, version_wanted


def find(call: Call) -> Answer:
    """Find the customer of an address."""
    email = call.query.get("email", "").strip()
    if not is_mailbox(email):
        raise InvalidInput("name the address of the customer you look for, like name@example.com", "email")
    found = call.desk.customers.get(call.desk.customers.id_of(email))
    return Answer({"items": [customer_view(found)] if found else [], "next_cursor": None})


def get(call: Call) -> Answer:
    """Read a customer."""
    found = _customer(call)
    return Answer(customer_view(found), headers=etag(found.version))


def change(call: Call) -> Answer:
    """Change a customer."""
    body = body_of(call, taken.CustomerChange)
    known, wanted = _customer(call), version_wanted(call)
    if wanted is not None and wanted != known.version:
        raise StaleVersion(f"it is at version {known.version} by now; read it again", "If-Match")
    changes: dict[str, Any] = body.model_dump(exclude_none=True)
    if "tags" in changes:
        changes["tags"] = tuple(changes["tags"])
    if "surveys" in changes:
        wanted_again = changes.pop("surveys")
        changes["surveys_refused_at"] = None if wanted_again else known.surveys_refused_at or call.desk.clock.now()
    changed = call.desk.customers.save(replace(known, **changes))
    return Answer(customer_view(changed), headers=etag(changed.version))


def _customer(call: Call) -> Customer:
    customer_id = call.path["customer_id"]
    found = call.desk.customers.get(customer_id) if re.fullmatch(r"c[0-9a-z]{10}", customer_id) else None
    if found is None:
        raise NotFound("there is no such customer", "customer_id")
    return found
