"""Mail in and out, what is known of it, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.deliverability import AddressMark
    from chalicelib.domain.email import InboundEmail, OutboundEmail, OutboundFile
    from chalicelib.domain.mail_template import MailTemplate, Written
    from chalicelib.domain.spam import SpamModel


class Mailer(Protocol):
    """Sends mail."""

    def send(self, mail: OutboundEmail) -> None:
        """Hand a mail over for delivery. Raises MailRefused when it will never be taken, TryAgain when it may be."""


class MailStore(Protocol):
    """Where received mail lies in its raw form, and who can read it."""

    def read(self, key: str) -> InboundEmail:
        """Give a received mail as read; any bytes at all can be read. Raises NotFound when there is none."""

    def understand(self, content: bytes) -> InboundEmail:
        """Give the mail that is attached to another, as read; any bytes at all can be."""


class Deliverability(Protocol):
    """Where it is kept which addresses mail does not reach, or whose owners complained."""

    def mark_of(self, email: str) -> AddressMark | None:
        """Give what is known of an address, at most a second old, or None."""

    def keep(self, mark: AddressMark) -> AddressMark:
        """Keep a mark as its next version (0: a new one). Raises StaleVersion."""

    def lift(self, email: str) -> bool:
        """Forget what is known of an address; False where nothing is."""


class SpamMemory(Protocol):
    """Where what the desk was taught of spam is kept."""

    def load(self) -> SpamModel:
        """Give the model, at most five minutes old; one that was taught nothing where there is none."""

    def latest(self) -> SpamModel:
        """Give the model as it stands now."""

    def save(self, model: SpamModel) -> SpamModel:
        """Keep the model as its next version. Raises StaleVersion."""


class Templates(Protocol):
    """The words around what is said in mails: the desk's own, and those that an owner changed."""

    def own(self, name: str, language: str) -> MailTemplate:
        """Give the desk's own template."""

    def find(self, name: str, language: str) -> MailTemplate:
        """Give the template that is used, at most 60 seconds old."""

    def customised(self) -> tuple[MailTemplate, ...]:
        """Give the templates that an owner changed, as they stand now; this process knows them from then on."""

    def save(self, template: MailTemplate) -> MailTemplate:
        """Keep a changed template as its next version. Raises StaleVersion."""

    def remove(self, name: str, language: str) -> None:
        """Go back to the desk's own template."""

    def check(self, template: MailTemplate) -> None:
        """Raise InvalidInput, with the part, the line and the remedy, for a template that can't be used."""

    def preview(self, template: MailTemplate, values: Mapping[str, str]) -> Written:
        """Fill a template. Raises InvalidInput where that fails, or leaves out what the mail is for."""

    def write(self, name: str, language: str, values: Mapping[str, str]) -> Written:
        """Fill the template that is used; should a customised one fail, the desk's own, and say so where it is seen."""


class Markup(Protocol):
    """Knows HTML that people wrote."""

    def cleaned(self, html: str) -> str:
        """Give the part of some HTML that can do no harm, as of mail that comes in."""

    def text_of(self, html: str) -> str:
        """Say in plain text what cleaned HTML says."""

    def pictures_apart(self, html: str) -> tuple[str, tuple[OutboundFile, ...]]:
        """Give cleaned HTML whose written-in pictures are named by `cid:`, and these pictures as files."""


class Texts(Protocol):
    """What customers and agents read, in the desk's languages."""

    def text(self, key: str, language: str, **values: str) -> str:
        """Give a catalogue's text with its placeholders filled."""
