"""Lists of senders, as an owner writes them: an address, a domain, or everything below a domain."""

import re
from collections.abc import Iterable

from chalicelib.domain.mailbox import is_mailbox

_DOMAIN = re.compile(r"(?:[^\s@.*]{1,63}\.)+[^\s@.*]{2,63}")


def is_pattern(text: str) -> bool:
    """Whether `text` is `jo@example.com`, `example.com` (`@example.com` too), or `*.example.com`."""
    plain = text.strip()
    if "@" in plain.removeprefix("@"):
        return is_mailbox(plain) and "*" not in plain
    return (
        len(plain) <= 255 and _DOMAIN.fullmatch(plain.removeprefix("*." if plain.startswith("*") else "@")) is not None
    )


def listed(email: str, patterns: Iterable[str]) -> bool:
    """Whether an address is on a list.

    A domain stands for its own addresses only; `*.example.com` for those of every domain below it and of itself, since
    whoever blocks the one means the other. Case doesn't count.
    """
    address = email.lower()
    domain = address.rpartition("@")[2]
    return bool(address) and any(_fits(address, domain, pattern.strip().lower()) for pattern in patterns)


def _fits(address: str, domain: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return domain == pattern[2:] or domain.endswith(pattern[1:])
    return pattern.removeprefix("@") in (address, domain)
