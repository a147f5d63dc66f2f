"""How mail finds its ticket again: a signed reply address, and Message-IDs that carry the ticket's reference.

Amazon SES replaces the Message-ID of what it sends by its own (SES developer guide, "Header fields"), so the
ticket is named in two further places that mail programs keep: the plus-address in Reply-To, and the root of
References. Both are signed; quoting somebody else's number is no way in.
"""

import hmac
import re

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.reference import derived_code, parse_reference

_TAGGED = re.compile(r"\+([0-9a-z]{4}-[0-9a-z]{4})\.([0-9a-z]{8})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([0-9a-z]{4}-[0-9a-z]{4})\.([0-9a-z]{8})(?:\.[^@>]*)?@[^>]*>", re.IGNORECASE)


def _tag(secret: bytes, ref: str) -> str:
    return derived_code(secret, "reply", ref, 8).lower()


def reply_address(secret: bytes, ref: str, address: str) -> str:
    """Give the address that answers to a ticket go to: `support+7k3f-92qx.<tag>@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{ref.lower()}.{_tag(secret, ref)}@{domain}"


def plain_address(address: str) -> str:
    """Give an address without the plus part: where mail to `support+anything@example.com` belongs."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def root_id(secret: bytes, ref: str, address: str) -> str:
    """Give the Message-ID-like root of a ticket's References, with angle brackets."""
    return f"<{ref.lower()}.{_tag(secret, ref)}@{address.rpartition('@')[2]}>"


def message_id(secret: bytes, ref: str, what: str, address: str) -> str:
    """Give the stable Message-ID of one outgoing mail of a ticket, `what` being the message or the occasion."""
    occasion = re.sub(r"[^a-z0-9_-]", "-", what.lower())
    return f"<{ref.lower()}.{_tag(secret, ref)}.{occasion}@{address.rpartition('@')[2]}>"


def ticket_in_address(secret: bytes, address: str) -> str | None:
    """Give the reference that a reply address names and signs, or None."""
    return _genuine(secret, _TAGGED.search(address))


def ticket_in_message_id(secret: bytes, email_id: str) -> str | None:
    """Give the reference that one of our own Message-IDs names and signs, or None."""
    return _genuine(secret, _MESSAGE_ID.fullmatch(email_id.strip()))


def _genuine(secret: bytes, match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    try:
        ref = parse_reference(match[1])
    except InvalidInput:
        return None
    return ref if hmac.compare_digest(_tag(secret, ref), match[2].lower()) else None
