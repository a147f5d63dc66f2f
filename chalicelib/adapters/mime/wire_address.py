"""Addresses in the form in which Amazon SES takes them: it has no SMTPUTF8 (RFC 6531), so ASCII throughout."""

import re
import unicodedata
from stringprep import in_table_b1
from typing import Final

_LONGEST_LOCAL: Final = 64  # octets (RFC 5321, 4.5.3.1.1)
_LONGEST_DOMAIN: Final = 253  # characters: 255 octets with the lengths of its labels (RFC 1035, 2.3.4)
_LONGEST_LABEL: Final = 63
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+", re.ASCII)
_QUOTED_LOCAL = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])+"')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LITERAL = re.compile(r"\[[A-Za-z0-9.:]{2,60}\]")
_DOTS = re.compile("[.。．｡]")
_NOT_AS_IN_2003 = frozenset("ßς")  # letters of their own since IDNA 2008 (RFC 5894, 7.2); the idna codec replaces them


def wire_address(email: str) -> str:
    """`email` with its domain in Punycode (RFC 5891); a quoted local part stays quoted (RFC 5321, 4.1.2).

    Raises ValueError when it is no address, and when its local part has letters beyond ASCII: no mail can be sent
    there through Amazon SES.
    """
    local, at, domain = email.rpartition("@")
    if not local.isascii():
        raise ValueError(f"mail can't be sent to {email!r}: letters beyond ASCII before the @ need SMTPUTF8")
    well_formed = _LOCAL.fullmatch(local) or _QUOTED_LOCAL.fullmatch(local)
    if not at or not well_formed or len(local) > _LONGEST_LOCAL:
        raise ValueError(f"not an address that mail can be sent to: {email!r}")
    return f"{local}@{domain_on_the_wire(domain)}"


def domain_on_the_wire(domain: str) -> str:
    """A domain in ASCII, its labels in Punycode where they need it; an address literal ("[192.0.2.1]") as it is.

    Raises ValueError when no mail can be sent there.
    """
    if _LITERAL.fullmatch(domain):
        return domain
    labels = [label if label.isascii() else _label_on_the_wire(label) for label in _DOTS.split(domain)]
    found = ".".join(labels)
    if len(found) > _LONGEST_DOMAIN or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"not a domain that mail can be sent to: {domain[:300]!r}")
    return found


def _label_on_the_wire(label: str) -> str:
    dropped = any(in_table_b1(char) for char in label)  # by the idna codec, which leaves another domain
    if dropped or len(label) > _LONGEST_LABEL:
        raise ValueError(f"not a domain that mail can be sent to: {label[:300]!r}")
    try:
        ascii_label = label.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"not a domain that mail can be sent to: {label!r}") from error
    if not _NOT_AS_IN_2003 & set(label):
        return ascii_label
    return "xn--" + unicodedata.normalize("NFKC", label).lower().encode("punycode").decode("ascii")
