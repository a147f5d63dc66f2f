"""What the API gives of the mails that leave: their templates, and places for files."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.web.api.given import Given


class Template(Given):
    """The words of a mail in one language. `placeholders` may be named in it as `{{ customer.name }}`."""

    name: str
    language: Literal["en", "zh"]
    subject: str
    text: str
    html: str = Field(description="Where it is empty, the mail's HTML is made from its text.")
    customised: bool
    placeholders: list[str]
    version: int


class TemplateList(Given):
    """All templates that are used."""

    items: list[Template]
    next_cursor: str | None


class TemplatePreview(Given):
    """What a template comes to: a mail's subject, text and whole HTML page."""

    subject: str
    text: str
    html: str


class Upload(Given):
    """A place for one file: PUT it to `url` with the `headers` before `expires_at`, then name `id` in a message."""

    id: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: datetime
