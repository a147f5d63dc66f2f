"""Templates: the desk's own from the catalogue, an owner's from the table, and never a mail that can't leave."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.catalogue import Catalogue
from chalicelib.adapters.mail_templates import DynamoTemplates
from chalicelib.adapters.table import Table
from chalicelib.domain.errors import InvalidInput, StaleVersion
from chalicelib.domain.mail_template import (
    LANGUAGES,
    MUST_SAY,
    PARTS,
    PLACEHOLDERS,
    MailTemplate,
    filled,
    is_plain,
    known_in,
)
from tests.adapters.noted import noting
from tests.adapters.watched_table import Watch, watched

VALUES = {name: f"[{name}]" for names in PLACEHOLDERS.values() for name in names}
OWN = MailTemplate("answer", "en", "{{ ticket.ref }}", "{{ message.text }} by us", "<b>{{ message.html }}</b>")
EVERY = [(name, language) for name in PLACEHOLDERS for language in LANGUAGES]


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[Table, Watch]]:
    with watched(*any_cloud_table) as found:
        yield found


def templates(desk: tuple[Table, Watch]) -> DynamoTemplates:
    return DynamoTemplates(desk[0], Catalogue(), noting(desk[0]))


@pytest.fixture
def without_table() -> DynamoTemplates:
    return DynamoTemplates(table := Table(None, ""), Catalogue(), noting(table))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_the_desks_own_templates_are_plain_and_say_what_they_must(
    without_table: DynamoTemplates, name: str, language: str
) -> None:
    own = without_table.own(name, language)
    assert own.subject
    assert own.text
    assert all(is_plain(getattr(own, part)) for part in PARTS)
    without_table.check(own)
    without_table.preview(own, {known: VALUES[known] for known in PLACEHOLDERS[name]})


@pytest.mark.parametrize(("name", "part"), [(name, part) for name in PLACEHOLDERS for part in PARTS])
def test_both_languages_are_filled_with_the_same(without_table: DynamoTemplates, name: str, part: str) -> None:
    values = {known: f"[{known}]" for known in known_in(name, part)}
    said = [filled(getattr(without_table.own(name, language), part), values, part) for language in LANGUAGES]
    named = [{known for known in values if f"[{known}]" in text} for text in said]
    assert named[0] == named[1]


def test_what_an_owner_saved_is_used_until_they_drop_it(desk: tuple[Table, Watch]) -> None:
    kept = templates(desk)
    assert kept.save(OWN).version == 1
    assert templates(desk).find("answer", "en") == replace(OWN, version=1)
    assert [one.name for one in kept.customised()] == ["answer"]
    assert kept.write("answer", "en", VALUES).text == "[message.text] by us"
    kept.remove("answer", "en")
    assert kept.find("answer", "en") == kept.own("answer", "en")


def test_somebody_elses_change_is_not_overwritten(desk: tuple[Table, Watch]) -> None:
    kept = templates(desk)
    kept.save(OWN)
    for version in (0, 2):
        with pytest.raises(StaleVersion):
            kept.save(replace(OWN, version=version))


def test_the_table_is_asked_once_a_minute_for_each_template(
    desk: tuple[Table, Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("chalicelib.adapters.mail_templates.time.monotonic", lambda: now[0])
    kept = templates(desk)
    for seconds in (0, 30, 60, 61):
        now[0] = 1000.0 + seconds
        kept.write("answer", "en", VALUES)
    assert desk[1].operations() == ["GetItem", "GetItem"]


@pytest.mark.parametrize(
    "broken",
    [
        replace(OWN, text="{{ message.text }} {{ gone.away }}"),
        replace(OWN, text="{% if %}{{ message.text }}"),
        replace(OWN, html="{{ agent.name }} without what was said"),
        replace(OWN, text="{{ message.text }}" * 5_000),
        replace(OWN, subject="{% if 0 %}x{% endif %}"),
    ],
    ids=["unknown name", "syntax", "nothing said", "too long", "no subject"],
)
def test_a_customised_template_that_fails_gives_way_to_the_desks_own(
    desk: tuple[Table, Watch], broken: MailTemplate, caplog: pytest.LogCaptureFixture
) -> None:
    kept = templates(desk)
    kept.save(broken)
    written = kept.write("answer", "en", {**VALUES, "message.text": "[message.text]" * 30})
    assert "[signature.text]" in written.text
    assert [record.message for record in caplog.records] == ["a customised template failed, the desk's own was used"]


@pytest.mark.parametrize("name", MUST_SAY)
@pytest.mark.parametrize("part", ["text", "html"])
def test_a_template_that_hides_what_the_mail_is_for_is_refused(
    without_table: DynamoTemplates, name: str, part: str
) -> None:
    values = {known: VALUES[known] for known in PLACEHOLDERS[name]}
    hiding = f"Hello {{% if desk.name == 'x' %}}{{{{ {MUST_SAY[name][part]} }}}}{{% endif %}}"
    parts: dict[str, Any] = {part: hiding}
    without_table.check(wanted := replace(without_table.own(name, "en"), **parts))
    with pytest.raises(InvalidInput, match="must say") as refused:
        without_table.preview(wanted, values)
    assert refused.value.field == part


@pytest.mark.parametrize(("part", "text"), [("subject", "x" * 501), ("text", "x" * 50_001), ("html", "x" * 50_001)])
def test_a_template_has_its_limits(without_table: DynamoTemplates, part: str, text: str) -> None:
    parts: dict[str, Any] = {part: text}
    with pytest.raises(InvalidInput, match="at most") as refused:
        without_table.check(replace(OWN, **parts))
    assert refused.value.field == part


def test_a_subject_is_one_line_whatever_fills_it(without_table: DynamoTemplates) -> None:
    written = without_table.preview(OWN, {**VALUES, "ticket.ref": "a\r\nBcc: eve@example.com"})
    assert written.subject == "a Bcc: eve@example.com"


def test_jinja_is_imported_only_where_a_template_needs_it() -> None:
    code = (
        "import sys; from chalicelib.adapters.mail_templates import DynamoTemplates as D;"
        "from chalicelib.adapters.catalogue import Catalogue as C; from chalicelib.domain import mail_template as m;"
        "d = D(None, C(), None); d.preview(d.own('survey', 'zh'), dict.fromkeys(m.PLACEHOLDERS['survey'], 'x'));"
        "sys.exit('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
