"""The addresses that a desk is written to: which of them a mail was for, and how answers leave from there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail_thread import plain_address
from chalicelib.domain.mailbox import is_mailbox

NO_LANGUAGE = "must be a language as ISO 639 names it: en, zh, de…"
SIGNATURE_LIMIT = 2_000
"""Most characters of a signature."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class SupportAddress:
    """One address of the desk, and what mail to it begins with; what is empty is as elsewhere at the desk.

    `name` is shown as the sender of answers. A new ticket gets `team_id` and `tags`, and `language` where its text
    doesn't tell its own. `signature` is what answers end with, by language; `{name}` and `{desk}` stand for who answers
    and for the name that is shown. An SLA policy may match on the address.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    address: str
    name: str = ""
    team_id: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    signature: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"addresses[{self.address}]"
        plain = is_mailbox(self.address) and plain_address(self.address) == self.address
        _refuse_unless(plain, f"{where}.address", "must be a mail address, without a + and what follows it")
        object.__setattr__(self, "address", self.address.lower())
        shown = len(self.name) <= 100 and self.name.isprintable()
        _refuse_unless(shown, f"{where}.name", "must have at most 100 characters, on one line")
        known = not self.language or _LANGUAGE.fullmatch(self.language) is not None
        _refuse_unless(known, f"{where}.language", NO_LANGUAGE)
        for language, text in self.signature.items():
            place = f"{where}.signature.{language}"
            _refuse_unless(_LANGUAGE.fullmatch(language) is not None, place, NO_LANGUAGE)
            fits = len(text) <= SIGNATURE_LIMIT
            _refuse_unless(fits, place, f"must have at most {SIGNATURE_LIMIT:,} characters")

    def signed(self, language: str, name: str, desk: str) -> str:
        """Give the signature under an answer by `name` in a language, in another where that has none, or ""."""
        text = self.signature.get(language) or next(iter(self.signature.values()), "")
        return text.replace("{desk}", self.name or desk).replace("{name}", name)


def _refuse_unless(right: bool, where: str, remedy: str) -> None:
    if not right:
        raise InvalidInput(remedy, where)


def written_to(own: Sequence[str], recipients: Iterable[str]) -> str:
    """Give which of the desk's `own` addresses a mail was for: the first that its recipients name, or "".

    Recipients come in the order To, Cc, envelope, so that every copy of a mail to several of our addresses says the
    same, whichever arrives first.
    """
    return next((plain for each in recipients if (plain := plain_address(each.lower())) in own), "")
