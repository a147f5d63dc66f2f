"""What single headers say: who a mail is from and for, when it was written, what SES thinks of it."""

import contextlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from chalicelib.adapters.mime.encodings import decode_words
from chalicelib.adapters.mime.header_lines import PARSER_FAILURES, Head
from chalicelib.adapters.mime.limits import MAX_ADDRESSES
from chalicelib.domain.email import Address, address_parts, mailbox_in

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*+\)")
_QUOTED = re.compile(r'"[^"]*"')
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60\b")
_ZONE_NAME = re.compile(r"\b[A-Za-z]{3,4}\Z")
_AFTER_GMT = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d{4}\b)")
_ZONES = {
    **dict.fromkeys(("WEST", "BST", "CET", "MEZ"), "+0100"),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST"), "+0200"),
    **dict.fromkeys(("EEST", "MSK"), "+0300"),
    "HKT": "+0800",
    "SGT": "+0800",
    "JST": "+0900",
    "KST": "+0900",
    "AEST": "+1000",
    "AEDT": "+1100",
    "NZST": "+1200",
    "NZDT": "+1300",
}
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})((?: \d{2}:\d{2}(?::\d{2})?)?)")
_FOR = re.compile(r"\bfor\s{1,20}([^\s;]{3,330})")


def read_addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """The mailboxes in address headers (RFC 5322, 3.4), each once, in order, with decoded names."""
    found: dict[str, Address] = {}
    for part in islice((part for value in values for part in address_parts(value)), 4 * MAX_ADDRESSES):
        if part.strip():
            address = _address(part[:2_000]) or _address(decode_words(part[:2_000]))
            if address and len(found) < MAX_ADDRESSES:
                found.setdefault(address.email, address)
    return tuple(found.values())


def _address(part: str) -> Address | None:
    plain = part if '"' in part else _COMMENT.sub("", part)
    before, bracket, inside = plain.rpartition("<")
    email = mailbox_in(_in_brackets(inside) if bracket else plain)
    if not email:
        return None
    comment = _COMMENT.search(part)
    name = before if bracket else (comment[0][1:-1] if comment else plain[: max(0, plain.lower().find(email))])
    return Address(email, visible(decode_words(name.strip().strip("\"'").replace('\\"', '"'))))


def _in_brackets(inside: str) -> str:
    """Without a route (RFC 5322, 4.4) and the spaces of folding; a quoted local part keeps its own."""
    quoted = _QUOTED.match(inside.lstrip())
    if quoted:
        return inside.strip().split(">")[0]
    return "".join(inside.split(">")[0].rpartition(":")[2].split())


def visible(text: str) -> str:
    """`text` without control characters, invisible ones and those that turn the direction of writing (UAX #9)."""
    return _UNSEEN.sub(" ", text).strip()


def read_date(value: str) -> datetime | None:
    """A Date header in UTC, or None. A date without a zone is taken to be in UTC (RFC 5322, 3.3: "-0000").

    Dates as programs write them are read too: in ISO 8601, with day, month and year between dots, with the zone's name.
    A year that no mail was written in is none.
    """
    plain = re.sub(r"\([^()]*\)|(?<=:) +| +(?=:)", "", decode_words(value[:200])).strip()
    plain = _LEAP_SECOND.sub(":59", _ZONE_NAME.sub(lambda found: _ZONES.get(found[0].upper(), found[0]), plain))
    for read in (parsedate_to_datetime, _numeric_date):
        with contextlib.suppress(*PARSER_FAILURES):
            date = read(_AFTER_GMT.sub("", plain))
            date = (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
            return date if _FIRST_YEAR <= date.year <= _LAST_YEAR else None
    return None


def _numeric_date(text: str) -> datetime:
    """From `2026-05-04T14:00:00+02:00` and its like, or `04.05.2026 14:00`. Raises ValueError."""
    if dotted := _DOTTED.fullmatch(text):
        day, month, year, rest = dotted.groups()
        text = f"{year}-{int(month):02}-{int(day):02}{rest}"
    return datetime.fromisoformat(re.sub(r" (?=[+-]\d{2}:?\d{2}$)|(?<=\d) UTC$", "", text.replace("/", "-")))


def read_recipients(head: Head) -> tuple[str, ...]:
    """Whom the mail was delivered to, as the receiving server says last in its trace line (RFC 5321, 4.4)."""
    named = _FOR.findall(head.first("received")[:4_000])
    return tuple(filter(None, (mailbox_in(each) for each in named[-1:])))


def read_verdicts(head: Head) -> dict[str, str]:
    """What SES judged, from the header lines that it puts on top; later ones of the same name are the sender's.

    (AWS: "Amazon SES email receiving: email authentication and headers"; RFC 8601 for Authentication-Results.) Where
    a result is named twice, one may have come in through a quoted address: then the worse one counts, but for DKIM,
    where each signature has its own and one good one is enough.
    """
    verdicts = {kind: head.first(f"x-ses-{kind}-verdict").strip().lower()[:40] for kind in ("spam", "virus")}
    results = _results(head)
    for kind in ("spf", "dkim", "dmarc"):
        said = [each.lower() for each in re.findall(rf"(?i);\s*{kind}\s*=\s*([a-z]{{1,20}})", results)]
        failed = [each for each in said if each != "pass"]
        verdicts[kind] = (
            ("pass" if "pass" in said else "".join(said[:1])) if kind == "dkim" else (failed or said or [""])[0]
        )
    return {kind: verdict for kind, verdict in verdicts.items() if verdict}


def judged_domains(head: Head) -> tuple[str, ...]:
    """The sender's domain that SES judged by DMARC, in lower case: none when it says none, several when forged."""
    found = re.findall(r"(?i);\s*dmarc\s*=[^;]{0,200}?\bheader\.from\s*=\s*([^\s;]{1,255})", _results(head))
    return tuple(dict.fromkeys(each.lower().strip(".<>") for each in found))


def _results(head: Head) -> str:
    """What SES put into Authentication-Results, without comments and quoted strings."""
    values = (value for value in head.all("authentication-results") if value.lower().startswith("amazonses.com;"))
    return re.sub(r'\([^()]*\)|"[^"]*"', "", next(values, ""))
