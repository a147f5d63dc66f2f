"""How an address of the desk stands with the mail service: whether mail can leave from it, and is signed for it."""

from enum import StrEnum


class Standing(StrEnum):
    """What the mail service says of an address, or of its domain, where that is known to it.

    An address alone that is verified sends, but mail isn't signed for its domain, and none arrives.
    """

    READY = "ready"
    UNSIGNED = "unsigned"
    ADDRESS_ONLY = "address_only"
    PENDING = "pending"
    MISSING = "missing"
    UNKNOWN = "unknown"
