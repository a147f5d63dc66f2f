"""Ticket references: `7K3F-92QX`, eight symbols of Crockford's base32.

They look random, so nobody can enumerate tickets and no counter is queued at, yet each is derived
from what the ticket came from (a Message-ID, an Idempotency-Key), so that the same mail delivered
twice makes the same ticket. Alphabet and the forgiving reading of I, L and O: Douglas Crockford,
"Base 32" (crockford.com/base32.html).
"""

import hashlib
import hmac
import re

from chalicelib.domain.errors import InvalidInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVING = str.maketrans("ILO", "110")
_IN_TEXT = re.compile(r"\[#([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\]", re.IGNORECASE)


def base32(number: int, length: int) -> str:
    """Give the lowest `5 * length` bits of `number` as `length` Crockford symbols."""
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def derived_code(secret: bytes, purpose: str, origin: str, length: int) -> str:
    """Give `length` symbols that follow from `origin` and that nobody without `secret` can foresee.

    `purpose` keeps codes for different uses apart: a code for one never equals one for another by design.
    """
    digest = hmac.digest(secret, f"{purpose}\0{origin}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base32(int.from_bytes(digest, "big"), length)


def reference_for(secret: bytes, origin: str, attempt: int = 0) -> str:
    """Give the ticket reference that follows from `origin`.

    `attempt` counts the collisions met so far: 40 bits meet about once among a million tickets, and
    the next attempt gives another reference, the same for everybody who meets the same collision.
    """
    code = derived_code(secret, "reference", f"{origin}\0{attempt}" if attempt else origin, 8)
    return f"{code[:4]}-{code[4:]}"


def parse_reference(text: str) -> str:
    """Give the canonical form of a reference as people type it (`7k3f92qx`, `7K3F-92QX`).

    Raises InvalidInput when it can't be one.
    """
    code = text.strip().upper().replace("-", "").translate(_FORGIVING)
    if len(code) != 8 or any(symbol not in ALPHABET for symbol in code):
        raise InvalidInput("is not a ticket reference; these look like 7K3F-92QX", "ref")
    return f"{code[:4]}-{code[4:]}"


def references_in(text: str) -> tuple[str, ...]:
    """Give the references that a subject line quotes as `[#7K3F-92QX]`, in order."""
    return tuple(match.upper() for match in _IN_TEXT.findall(text))
