"""One customer: who they are, what was noted, their tickets and ratings, and whether they are somebody else as well."""

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision
from pydantic import ValidationError

from chalicelib.domain.customer import Customer, Identity, IdentityKind, Money
from chalicelib.domain.errors import Conflict, DeskError, InvalidInput
from chalicelib.usecases.edit_customer import CustomerEdit, edit_customer, forget_note, note_customer
from chalicelib.usecases.merge_customers import Joining, merge_customers, separate_customer, who_would_join
from chalicelib.usecases.view_customer import view_customer
from chalicelib.web.api.customers import customer_id
from chalicelib.web.api.taken import CustomerChange
from chalicelib.web.call import Answer, Call, cursor_for
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.ticket import typed_tags
from chalicelib.web.pages.typed import typed, typed_line

LIMIT = 50
JOINED_SHOWN = 3
"""Tickets by which an agent may see whom they are about to join."""

OTHER_KINDS = tuple(kind for kind in IdentityKind if kind is not IdentityKind.EMAIL)


def show(call: Call) -> Answer:
    """Show the customer; the id of a record that became a part of another leads to that one."""
    return _shown(call)


def change(call: Call) -> Answer:
    """Change what the form holds; what can't be is said beside its field, and nothing typed is lost."""
    form = call.form()
    given = _given(form)
    try:
        CustomerChange.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = frozenset(str(problem["loc"][0]) for problem in error.errors())
        return _shown(call, form=form, wrong=wrong, status=422)
    identities = tuple(Identity(IdentityKind(one["kind"]), one["value"]) for one in given.pop("identities"))
    worth, tags = given.pop("value"), tuple(given.pop("tags"))
    value = Money(worth["minor"], worth["currency"])
    edit_customer(call.desk, customer_id(call), CustomerEdit(**given, identities=identities, value=value, tags=tags))
    return seen_elsewhere(call, f"{_address(customer_id(call))}?said=saved")


def note(call: Call) -> Answer:
    """Write something down about the customer, or forget it again."""
    form = call.form()
    if form.get("forget"):
        forget_note(call.desk, customer_id(call), form["forget"])
        return seen_elsewhere(call, f"{_address(customer_id(call))}#notes")
    text = typed(form.get("text", ""))
    origin = f"{call.by}:{form.get('form') or uuid.uuid4().hex}"
    try:
        note_customer(call.desk, customer_id(call), text, call.by, origin)
    except InvalidInput:
        return _shown(call, form=form, wrong=frozenset({"note"}), status=422)
    return seen_elsewhere(call, f"{_address(customer_id(call))}#notes")


def merge(call: Call) -> Answer:
    """Make somebody a part of this customer; where that can't be, say why."""
    form = call.form()
    other = typed_line(form.get("other", ""))
    try:
        merged = merge_customers(call.desk, customer_id(call), other, call.by)
    except Conflict:
        return _shown(call, form={"join": other}, wrong=frozenset({"joined"}), status=409)
    except DeskError:
        return _shown(call, form={"join": other}, wrong=frozenset({"join"}), status=422)
    return seen_elsewhere(call, f"{_address(merged.id)}?said={merged.parts[-1].id if merged.parts else ''}")


def separate(call: Call) -> Answer:
    """Make a part a customer of its own again."""
    left = separate_customer(call.desk, customer_id(call), call.form().get("part", ""))
    return seen_elsewhere(call, f"{_address(left.id)}?said=separated")


def _address(of: str) -> str:
    return f"/console/customers/{of}"


def _shown(
    call: Call, *, form: dict[str, str] | None = None, wrong: frozenset[str] = frozenset(), status: int = 200
) -> Answer:
    asked = customer_id(call)
    seen = view_customer(call.desk, asked, LIMIT, call.cursor())
    if seen.customer.id != asked and not wrong:
        return seen_elsewhere(call, _address(seen.customer.id))
    said, customer = call.query.get("said", ""), seen.customer
    join = typed_line((form or {}).get("join", call.query.get("join", "")))
    joining, wrong = _joining(call, customer, join, wrong)
    values: dict[str, Any] = {
        "customer": customer,
        "seen": seen,
        "more": cursor_for(seen.page.after),
        "first": not call.query.get("cursor"),
        "said": said,
        "merged": customer.part(said),
        "form": form if form is not None and "join" not in form and "text" not in form else _as_typed(customer),
        "note_text": (form or {}).get("text", ""),
        "wrong": wrong,
        "join": join,
        "joining": joining,
        "joining_cards": _cards_of(call, joining),
        "form_id": uuid.uuid4().hex,
        "kinds": [kind.value for kind in OTHER_KINDS],
        "me_now": signed_in(call).agent,
    }
    return page(call, "customer.html", status, **values)


def _joining(call: Call, customer: Customer, join: str, wrong: frozenset[str]) -> tuple[Joining | None, frozenset[str]]:
    if not join or wrong:
        return None, wrong
    try:
        return who_would_join(call.desk, customer.id, customer, join), wrong
    except DeskError:
        return None, frozenset({"join"})


def _cards_of(call: Call, joining: Joining | None) -> Any:
    if joining is None or not joining.known:
        return ()
    own, *parts = joining.customer.ids
    return call.desk.tickets.of_customer(own, JOINED_SHOWN, "", parts).cards


def _as_typed(customer: Customer) -> dict[str, str]:
    """Give what the form holds before anybody types."""
    by_kind = {
        kind.value: ", ".join(one.value for one in customer.identities if one.kind is kind) for kind in OTHER_KINDS
    }
    value = customer.value
    return {
        "name": customer.name,
        "tier": customer.tier,
        "language": customer.language,
        "tags": ", ".join(customer.tags),
        "fields": "\n".join(f"{name}: {text}" for name, text in customer.fields.items()),
        "value": str(Decimal(value.minor).scaleb(-get_currency_precision(value.currency))) if value else "",
        "currency": value.currency if value else "",
        "surveys": "" if customer.surveys_refused_at else "1",
        **by_kind,
    }


def _given(form: dict[str, str]) -> dict[str, Any]:
    lines = (line.partition(":") for line in typed(form.get("fields", "")).split("\n") if line.strip())
    return {
        "name": typed_line(form.get("name", "")),
        "tier": typed_line(form.get("tier", "")),
        "language": typed_line(form.get("language", "")).lower(),
        "tags": list(typed_tags(form.get("tags", ""))),
        "fields": {name.strip(): text.strip() for name, _, text in lines},
        "identities": [
            {"kind": kind.value, "value": value} for kind in OTHER_KINDS for value in typed_tags(form.get(kind, ""))
        ],
        "value": _worth(typed_line(form.get("value", "")), typed_line(form.get("currency", "")).upper()),
        "surveys": bool(form.get("surveys")),
    }


def _worth(amount: str, currency: str) -> dict[str, Any]:
    """Give an amount as typed in minor units; what is no number is one that no model takes."""
    if not amount:
        return {"minor": 0, "currency": "XXX"}
    try:
        minor = Decimal(amount.replace(",", ".")).scaleb(get_currency_precision(currency))
        return {"minor": int(minor) if minor == minor.to_integral_value() else -1, "currency": currency}
    except (InvalidOperation, ValueError, OverflowError):
        return {"minor": -1, "currency": currency}
