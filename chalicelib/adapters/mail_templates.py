"""The templates of mails: those that an owner changed lie in the table, the others in the catalogue."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib import telemetry
from chalicelib.adapters.catalogue import Catalogue
from chalicelib.adapters.table import ConditionFailed, Delete, Item, Put, Table, next_of
from chalicelib.domain.errors import InvalidInput, StaleVersion
from chalicelib.domain.mail_template import (
    BODY_LIMIT,
    MUST_SAY,
    OUTPUT_LIMIT,
    PARTS,
    SUBJECT_LIMIT,
    MailTemplate,
    Written,
    filled,
    is_plain,
    one_line,
)

if TYPE_CHECKING:
    from chalicelib.adapters.audit import DynamoAudit

PARTITION = "templates"
MOST_AGE_SECONDS = 60


class DynamoTemplates:
    """Keeps customised templates in the table `desk`, one item each, read at most once a minute."""

    def __init__(self, table: Table, catalogue: Catalogue, audit: "Callable[[], DynamoAudit]") -> None:
        """`catalogue` has the desk's own templates; `audit` notes who changes them."""
        self._table = table
        self._catalogue = catalogue
        self._audit = audit
        self._cached: dict[tuple[str, str], tuple[float, MailTemplate | None]] = {}

    def own(self, name: str, language: str) -> MailTemplate:
        """See ports.Templates."""
        subject, text, html = (self._catalogue.source(f"mail.{name}.{part}", language) for part in PARTS)
        return MailTemplate(name, language, subject, text, html)

    def find(self, name: str, language: str) -> MailTemplate:
        """See ports.Templates."""
        read_at, known = self._cached.get((name, language), (float("-inf"), None))
        if time.monotonic() - read_at > MOST_AGE_SECONDS:
            item = self._table.get(PARTITION, _key(name, language))
            known = _template(item) if item else None
            self._cached[name, language] = (time.monotonic(), known)
        return known or self.own(name, language)

    def customised(self) -> tuple[MailTemplate, ...]:
        """See ports.Templates."""
        items = self._table.query("pk = :pk", {":pk": PARTITION}, ConsistentRead=True)
        found = tuple(_template(item) for item in items)
        self._cached = {(one.name, one.language): (time.monotonic(), one) for one in found}
        return found

    def save(self, template: MailTemplate) -> MailTemplate:
        """See ports.Templates."""
        after = replace(template, version=template.version + 1)
        item = {"pk": PARTITION, "sk": _key(after.name, after.language), "version": after.version}
        item |= {part: getattr(after, part) for part in PARTS}
        try:
            self._note(next_of(item), self._kept(after), after)
        except ConditionFailed:
            raise StaleVersion("somebody else changed the template; read it again", "version") from None
        self._cached[after.name, after.language] = (time.monotonic(), after)
        return after

    def remove(self, name: str, language: str) -> None:
        """See ports.Templates."""
        known = self._kept(self.own(name, language))
        if known.version:
            with suppress(ConditionFailed):  # somebody else removed it meanwhile
                self._note(Delete(PARTITION, _key(name, language)), known, self.own(name, language))
        self._cached[name, language] = (time.monotonic(), None)

    def _kept(self, template: MailTemplate) -> MailTemplate:
        """Give the template of the same name and language as it stands now, the desk's own where none is kept."""
        item = self._table.get(PARTITION, _key(template.name, template.language))
        return _template(item) if item else self.own(template.name, template.language)

    def _note(self, write: Put | Delete, before: MailTemplate, after: MailTemplate) -> None:
        from chalicelib.domain.audit import Deed, Kind

        self._audit().audited(
            [write],
            Deed.CHANGED if after.version else Deed.REMOVED,
            Kind.TEMPLATE,
            _key(after.name, after.language),
            f"{before.version} {after.version}",
            before={part: getattr(before, part) for part in PARTS},
            after={part: getattr(after, part) for part in PARTS},
        )

    def write(self, name: str, language: str, values: Mapping[str, str]) -> Written:
        """See ports.Templates. The fallback is logged and counted as `TemplateFailed`."""
        template = self.find(name, language)
        if template.version:
            try:
                return self.preview(template, values)
            except InvalidInput as error:
                telemetry.logger().error(
                    "a customised template failed, the desk's own was used",
                    extra={"template": name, "language": language, "reason": str(error)},
                )
                telemetry.measure("TemplateFailed")
        return _filled(self.own(name, language), values)

    def preview(self, template: MailTemplate, values: Mapping[str, str]) -> Written:
        """See ports.Templates."""
        written = _filled(template, values)
        for part in PARTS:
            needed = MUST_SAY.get(template.name, {}).get(part)
            said = getattr(written, part)
            if len(said) > OUTPUT_LIMIT:
                raise InvalidInput(f"comes to more than {OUTPUT_LIMIT:,} characters", part)
            if needed and getattr(template, part) and values[needed] not in said:
                raise InvalidInput(f"must say {{{{ {needed} }}}}, whatever the conditions", part)
        if not written.subject or not written.text.strip():
            raise InvalidInput("comes to nothing", "text" if written.subject else "subject")
        return written

    def check(self, template: MailTemplate) -> None:
        """See ports.Templates."""
        from chalicelib.adapters.template_sandbox import check_part

        for part, most in (("subject", SUBJECT_LIMIT), ("text", BODY_LIMIT), ("html", BODY_LIMIT)):
            if len(getattr(template, part)) > most:
                raise InvalidInput(f"must have at most {most:,} characters", part)
            check_part(template.name, part, getattr(template, part))


def _filled(template: MailTemplate, values: Mapping[str, str]) -> Written:
    subject, text, html = (_part(getattr(template, part), values, part) for part in PARTS)
    return Written(one_line(subject), text.strip("\n"), html.strip("\n"))


def _part(source: str, values: Mapping[str, str], part: str) -> str:
    try:
        if is_plain(source):
            return filled(source, values, part)
    except KeyError as missing:
        raise InvalidInput(f"{missing.args[0]} is no placeholder here", part) from None
    from chalicelib.adapters.template_sandbox import FAILURES, fill_part

    try:
        return fill_part(part, source, values)
    except FAILURES as error:
        raise InvalidInput(f"can't be filled: {error}", part) from None


def _key(name: str, language: str) -> str:
    return f"{name}#{language}"


def _template(item: Item) -> MailTemplate:
    name, _, language = item["sk"].partition("#")
    subject, text, html = (item.get(part, "") for part in PARTS)
    return MailTemplate(name, language, subject, text, html, int(item["version"]))
