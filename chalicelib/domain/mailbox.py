"""What an address must look like that somebody types into a form: the part of RFC 5322 that people have."""

import re

LONGEST = 254
"""Characters of a whole address (RFC 3696 erratum 1690)."""

_LABEL = r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f.]"
_LOCAL = r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f-\U0010ffff]"
_MAILBOX = re.compile(rf"{_LOCAL}{{1,64}}@(?:{_LABEL}{{1,63}}\.)+{_LABEL}{{2,63}}")


def is_mailbox(text: str) -> bool:
    """Whether `text` can be somebody's mail address, one that SES can reach: in ASCII before the @."""
    return len(text) <= LONGEST and _MAILBOX.fullmatch(text) is not None
