"""Telling another system by HTTPS: which addresses may be told, and the signature by which it knows us.

Signatures follow the Standard Webhooks specification (github.com/standard-webhooks), so that receivers find a
library for it: HMAC-SHA256 over `<id>.<unix seconds>.<body>` with a secret written `whsec_<base64>`. The secret
follows from the desk's signing key and the address, so that nothing further is kept, and no receiver can pose as
us towards another.
"""

import hmac
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from chalicelib.domain.errors import InvalidInput

LONGEST_URL = 500
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind NAT64 (RFC 6052): the address that counts is the one inside."""

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One POST: `id` is the same however often it is sent, by which a receiver knows a repetition."""

    id: str
    url: str
    body: bytes


def refuse_unsafe(url: str, field: str) -> None:
    """Raise InvalidInput unless the address is HTTPS on its usual port, at a public name, and without a password.

    Names only: what a name leads to is looked at when it is told (see `is_public`).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput("is not a web address", field) from None
    if parts.scheme != "https" or port not in (None, 443):
        raise InvalidInput("must begin with https:// and use its usual port", field)
    if parts.username or parts.password or parts.fragment:
        raise InvalidInput("must have no user, password or fragment", field)
    if not _HOST.fullmatch((parts.hostname or "").lower()):
        raise InvalidInput("must name a host by its full name, like hooks.example.com", field)
    if len(url) > LONGEST_URL or not url.isascii() or any(symbol <= " " for symbol in url):
        raise InvalidInput(
            f"must have at most {LONGEST_URL} characters, and neither spaces nor letters beyond ASCII", field
        )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's, and so none of the cloud's or of a private network."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED:
            inside = IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast


def secret_of(desk_secret: bytes, url: str) -> bytes:
    """Give the key with which what is sent to an address is signed."""
    return hmac.digest(desk_secret, f"webhook\0{url}".encode(), "sha256")


def secret_in_words(desk_secret: bytes, url: str) -> str:
    """Give that key as its receiver enters it."""
    return f"whsec_{b64encode(secret_of(desk_secret, url)).decode('ascii')}"


def signed(hook: Webhook, desk_secret: bytes, now: datetime) -> dict[str, str]:
    """Give the headers that go with a webhook at `now`."""
    at = str(int(now.timestamp()))
    content = b".".join((hook.id.encode(), at.encode(), hook.body))
    seal = b64encode(hmac.digest(secret_of(desk_secret, hook.url), content, "sha256")).decode("ascii")
    return {
        "Content-Type": "application/json",
        "Webhook-Id": hook.id,
        "Webhook-Timestamp": at,
        "Webhook-Signature": f"v1,{seal}",
    }
