"""A request and its answer, free of any framework, and the checks that every request passes."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs

from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.errors import InvalidInput, MalformedRequest, TooLarge, UnsupportedMediaType
from chalicelib.usecases.ports import AuditedDesk
from chalicelib.web.strict_json import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.checkup import Checkup
    from chalicelib.domain.sender_identity import Standing
    from chalicelib.web.console.session import Visitor
    from chalicelib.web.multipart_form import SentFile

BODY_LIMIT = 1_000_000
"""Bytes that a request's body may have; attachments travel another way."""

MULTIPART = "multipart/form-data"
FIELDS_LIMIT = 2_000
"""Fields that a form may have: a policy with all the warnings and steps that it can have comes to some 700."""

CURSOR_LIMIT = 500
WORD_LIMIT = 100
"""Characters of a cursor, and of any other value in a query."""


class ApiKeys(Protocol):
    """Who may use the API."""

    def find(self, secret: str) -> ApiKey | None:
        """Give the key with this secret, or None."""

    def every(self) -> tuple[ApiKey, ...]:
        """Give all keys, without their secrets."""

    def issue(self, name: str, scopes: Any, now: Any, secret: str = "", by: str = "") -> tuple[ApiKey, str]:
        """Make a key, and give it with the secret that is never shown again; the same `secret` is the same key."""

    def revoke(self, key_id: str) -> bool:
        """Remove a key; gives whether there was one."""


class Once(Protocol):
    """Answers a repeated request with what the first was answered."""

    def answer(self, key: str, payload: Any, do: Any, context: Any) -> dict[str, Any]:
        """Give what `do` gives, or what it gave when it was first asked under `key`."""


class Identities(Protocol):
    """Knows how addresses stand with the mail service."""

    def standing(self, addresses: "Iterable[str]") -> "Mapping[str, Standing]":
        """Give how each of these addresses stands now; UNKNOWN where nobody says so. Changes nothing."""


class Checkups(Protocol):
    """Knows what the doctor said."""

    def latest(self) -> "Checkup | None":
        """Give what it said last, or None where it said nothing yet."""


class WebDesk(AuditedDesk, Protocol):
    """What the web needs beside what the use cases need."""

    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def once(self) -> Once: ...
    @property
    def identities(self) -> Identities: ...
    @property
    def checkups(self) -> Checkups: ...
    @property
    def files_origin(self) -> str: ...
    def acting(self, by: str) -> AbstractContextManager[None]:
        """Let the audit log say who does what is done in this block."""


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. Header names are lower-case; `path` holds the path's parameters, decoded.

    `address` is the path as the client asked for it, with the API's stage in front of it; `root` is that stage alone
    (`/api`), empty under a host name of the desk's own: every link begins with it. `network` is where it came from,
    as API Gateway saw it. `visitor` is who is signed in.
    """

    desk: WebDesk
    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    context: Any = None
    key: ApiKey | None = None
    address: str = "/"
    root: str = ""
    network: str = ""
    visitor: "Visitor | None" = None

    @property
    def by(self) -> str:
        """Who asks, as the timeline names them."""
        if self.visitor:
            return f"agent:{self.visitor.agent.id}"
        return f"key:{self.key.id}" if self.key else "desk"

    @property
    def secure(self) -> bool:
        """Whether the client came over TLS, as whatever stands before the desk says."""
        return self.headers.get("x-forwarded-proto", "").lower() == "https"

    def cookie(self, name: str) -> str:
        """Give the value of a cookie (RFC 6265, 5.4), or an empty string."""
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return next((value for known, _, value in pairs if known == name), "")

    @property
    def media_type(self) -> str:
        """The body's media type without parameters, lower-case; empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """Give the body as JSON. Raises UnsupportedMediaType, TooLarge, MalformedRequest or InvalidInput."""
        if self.media_type != "application/json":
            raise UnsupportedMediaType("send the body as application/json", "Content-Type")
        self._refuse_too_large()
        return read_json(self.body)

    def calendar_file(self) -> str:
        """Give the body as iCalendar text, which is UTF-8. Raises UnsupportedMediaType or TooLarge."""
        if self.media_type != "text/calendar":
            raise UnsupportedMediaType("send the file as text/calendar", "Content-Type")
        self._refuse_too_large()
        return self.body.decode("utf-8-sig", "replace")

    def form(self) -> dict[str, str]:
        """Give the fields of a form, the last of several. Raises UnsupportedMediaType, TooLarge or MalformedRequest."""
        return {name: values[-1] for name, values in self.form_lists().items()}

    def form_lists(self) -> dict[str, list[str]]:
        """Give every value of each field of a form. Raises as `form` does."""
        if self.media_type == MULTIPART:
            from chalicelib.web.multipart_form import read_multipart

            return dict(read_multipart(self.headers["content-type"], self.body).fields)
        if self.media_type != "application/x-www-form-urlencoded":
            raise UnsupportedMediaType("send the form as application/x-www-form-urlencoded", "Content-Type")
        self._refuse_too_large()
        try:
            return parse_qs(self.body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT)
        except ValueError:
            raise MalformedRequest("the form can't be read", "body") from None

    def files(self) -> "tuple[SentFile, ...]":
        """Give the files that came with a form. Raises as `form` does."""
        if self.media_type != MULTIPART:
            return ()
        from chalicelib.web.multipart_form import read_multipart

        return read_multipart(self.headers["content-type"], self.body).files

    def _refuse_too_large(self) -> None:
        if len(self.body) > BODY_LIMIT:
            raise TooLarge(f"the body has more than {BODY_LIMIT:,} bytes", "body")

    def limit(self, default: int = 25, most: int = 100) -> int:
        """Give the page size that was asked for. Raises InvalidInput."""
        text = self.query.get("limit", str(default))
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
            raise InvalidInput(f"must be a whole number from 1 to {most}", "limit")
        return int(text)

    def cursor(self) -> str:
        """Give the place after which the page begins. Raises InvalidInput for a cursor that isn't ours."""
        text = self.query.get("cursor", "")
        try:
            place = urlsafe_b64decode(text[:CURSOR_LIMIT] + "=" * (-len(text) % 4)).decode("utf-8")
        except ValueError:
            place = ""
        if text != (cursor_for(place) or ""):
            raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
        return place

    def word(self, *names: str) -> str:
        """Give the value of a query parameter under the first of its names that is there, else an empty string.

        Raises InvalidInput for one that is there but empty, or too long.
        """
        name = next((name for name in names if name in self.query), None)
        if name is None:
            return ""
        text = self.query[name]
        if not 1 <= len(text) <= WORD_LIMIT:
            raise InvalidInput(f"must have 1 to {WORD_LIMIT} characters; leave it out to ask for any", name)
        return text


def cursor_for(after: str) -> str | None:
    """Give the opaque cursor of the page after `after`, None at the end."""
    return urlsafe_b64encode(after.encode("utf-8")).decode("ascii").rstrip("=") if after else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: `body` is JSON values for `json` answers, text for pages."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    html: bool = False
