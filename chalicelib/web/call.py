"""A request and its answer, free of any framework, and the checks that every request passes."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs

from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.errors import InvalidInput, MalformedRequest, TooLarge, UnsupportedMediaType
from chalicelib.usecases.ports import Desk

BODY_LIMIT = 1_000_000
"""Bytes that a request's body may have; attachments travel another way."""


class ApiKeys(Protocol):
    """Who may use the API."""

    def find(self, secret: str) -> ApiKey | None:
        """Give the key with this secret, or None."""

    def every(self) -> tuple[ApiKey, ...]:
        """Give all keys, without their secrets."""

    def issue(self, name: str, scopes: Any, now: Any) -> tuple[ApiKey, str]:
        """Make a key, and give it with the secret that is never shown again."""

    def revoke(self, key_id: str) -> bool:
        """Remove a key; gives whether there was one."""


class Once(Protocol):
    """Answers a repeated request with what the first was answered."""

    def answer(self, key: str, payload: Any, do: Any, context: Any) -> dict[str, Any]:
        """Give what `do` gives, or what it gave when it was first asked under `key`."""


class WebDesk(Desk, Protocol):
    """What the web needs beside what the use cases need."""

    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def once(self) -> Once: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. Header names are lower-case; `path` holds the path's parameters, decoded."""

    desk: WebDesk
    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    context: Any = None
    key: ApiKey | None = None

    @property
    def by(self) -> str:
        """Who asks, as the timeline names them."""
        return f"key:{self.key.id}" if self.key else "desk"

    @property
    def media_type(self) -> str:
        """The body's media type without parameters, lower-case; empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """Give the body as JSON. Raises UnsupportedMediaType, TooLarge or MalformedRequest."""
        if self.media_type != "application/json":
            raise UnsupportedMediaType("send the body as application/json", "Content-Type")
        self._refuse_too_large()
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise MalformedRequest(f"the body is not JSON: {error}", "body") from None

    def form(self) -> dict[str, str]:
        """Give the fields of a form. Raises UnsupportedMediaType, TooLarge or MalformedRequest."""
        if self.media_type != "application/x-www-form-urlencoded":
            raise UnsupportedMediaType("send the form as application/x-www-form-urlencoded", "Content-Type")
        self._refuse_too_large()
        try:
            fields = parse_qs(self.body.decode("utf-8"), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            raise MalformedRequest("the form can't be read", "body") from None
        return {name: values[-1] for name, values in fields.items()}

    def _refuse_too_large(self) -> None:
        if len(self.body) > BODY_LIMIT:
            raise TooLarge(f"the body has more than {BODY_LIMIT:,} bytes", "body")

    def limit(self, default: int = 25, most: int = 100) -> int:
        """Give the page size that was asked for. Raises InvalidInput."""
        text = self.query.get("limit", str(default))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise InvalidInput(f"must be a whole number from 1 to {most}", "limit")
        return int(text)

    def cursor(self) -> str:
        """Give the place after which the page begins. Raises InvalidInput for a cursor that isn't ours."""
        text = self.query.get("cursor", "")
        try:
            return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
        except ValueError:
            raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor") from None


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
