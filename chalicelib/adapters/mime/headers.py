"""What single headers say: who a mail is from and for, when it was written, what SES thinks of it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import PARSER_FAILURES, Fields, all_of, first_of
from chalicelib.adapters.mime.limits import MAX_ADDRESSES
from chalicelib.domain.email import Address, address_parts, mailbox_in


def read_addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """The mailboxes in address headers (RFC 5322, 3.4), each once, in order, with decoded names."""
    found: dict[str, Address] = {}
    for part in islice((part for value in values for part in address_parts(value)), 4 * MAX_ADDRESSES):
        if part.strip():
            address = _address(part[:2_000]) or _address(decode_words(part[:2_000]))
            if address and len(found) < MAX_ADDRESSES:
                found.setdefault(address.email, address)
    return tuple(found.values())


_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)")


def _address(part: str) -> Address | None:
    plain = part if '"' in part else _COMMENT.sub("", part)
    before, bracket, inside = plain.rpartition("<")
    email = mailbox_in("".join(inside.split(">")[0].rpartition(":")[2].split()) if bracket else plain)
    if not email:
        return None
    comment = _COMMENT.search(part)
    name = before if bracket else (comment[0][1:-1] if comment else "")
    return Address(email, visible(decode_words(name.strip().strip("\"'").replace('\\"', '"'))))


def visible(text: str) -> str:
    """`text` without control characters and those that turn the direction of writing (Unicode, UAX #9)."""
    return re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", text).strip()


def read_date(value: str) -> datetime | None:
    """A Date header in UTC, or None. A date without a zone is taken to be in UTC (RFC 5322, 3.3: "-0000")."""
    try:
        date = parsedate_to_datetime(re.sub(r"\([^()]*\)|(?<=:) +| +(?=:)", "", value[:200]))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except PARSER_FAILURES:
        return None


def read_verdicts(fields: Fields) -> dict[str, str]:
    """What SES judged, from the header lines that it puts on top; later ones of the same name are the sender's.

    (AWS: "Amazon SES email receiving: email authentication and headers"; RFC 8601 for Authentication-Results.) Where
    a result is named twice, one may have come in through a quoted address: then the worse one counts, but for DKIM,
    where each signature has its own and one good one is enough.
    """
    verdicts = {kind: first_of(fields, f"x-ses-{kind}-verdict").strip().lower()[:40] for kind in ("spam", "virus")}
    results = next((v for v in all_of(fields, "authentication-results") if v.lower().startswith("amazonses.com;")), "")
    bare = re.sub(r'\([^()]*\)|"[^"]*"', "", results)
    for kind in ("spf", "dkim", "dmarc"):
        said = [each.lower() for each in re.findall(rf"(?i);\s*{kind}\s*=\s*([a-z]{{1,20}})", bare)]
        failed = [each for each in said if each != "pass"]
        verdicts[kind] = (
            ("pass" if "pass" in said else "".join(said[:1])) if kind == "dkim" else (failed or said or [""])[0]
        )
    return {kind: verdict for kind, verdict in verdicts.items() if verdict}
