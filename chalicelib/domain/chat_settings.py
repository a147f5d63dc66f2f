"""What an owner sets of the chat box: where it may stand, how it greets, what it asks for."""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import InvalidInput

STRICT: dict[str, Any] = {"extra": "forbid"}
MOST_SITES, GREETING_LIMIT = 20, 300
ASKS = ("optional", "required", "never")

_HOST = r"(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
_SITE = re.compile(rf"https://{_HOST}(?::[0-9]{{1,5}})?|http://(?:localhost|127\.0\.0\.1)(?::[0-9]{{1,5}})?")
"""A host source of a policy (CSP 3, 2.3.1), safe in its header: TLS, but for a shop that is tried out on a laptop."""


@dataclass(frozen=True)
class ChatSettings:
    """`sites` are the origins whose pages may hold the box (`https://shop.example`, `https://*.shop.example`).

    `ask_email` says whether visitors are asked for their mail address: `optional`, `required` or `never`. An empty
    greeting is the desk's own. `show_hours` tells visitors when somebody is there again.
    """

    __pydantic_config__ = STRICT
    enabled: bool = False
    sites: tuple[str, ...] = ()
    greeting_en: str = ""
    greeting_zh: str = ""
    ask_email: str = "optional"
    show_hours: bool = True

    def __post_init__(self) -> None:
        if len(self.sites) > MOST_SITES:
            raise InvalidInput(f"at most {MOST_SITES} of them", "chat.sites")
        for index, site in enumerate(self.sites):
            if len(site) > 200 or not _SITE.fullmatch(site):
                raise InvalidInput("must be like https://shop.example, without a path", f"chat.sites[{index}]")
        if self.ask_email not in ASKS:
            raise InvalidInput(f"is not one of {', '.join(ASKS)}", "chat.ask_email")
        for name in ("greeting_en", "greeting_zh"):
            if len(getattr(self, name)) > GREETING_LIMIT:
                raise InvalidInput(f"must have at most {GREETING_LIMIT} characters", f"chat.{name}")

    def greeting(self, language: str) -> str:
        """Give the owner's greeting in a language, or an empty string."""
        return self.greeting_zh if language == "zh" else self.greeting_en

    @property
    def frame_ancestors(self) -> str:
        """Give whose pages may frame the box, as a policy says it (CSP 3, 6.4.2)."""
        return " ".join(self.sites) or "'none'"
