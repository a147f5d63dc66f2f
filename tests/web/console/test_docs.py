"""The documentation in the console: every page can be read, and every setting links to where it is told of."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.web.console.docs import html_of, names
from chalicelib.web.console.setting_fields import SECTIONS, SettingField
from tests.web.console.browser import Browser

As = Callable[..., Browser]
FIELDS = [field for _, fields in SECTIONS.values() for field in fields]
DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.path)
def test_every_setting_has_a_sentence_and_a_place_in_the_documentation(field: SettingField) -> None:
    assert field.label
    assert field.help.endswith(".")
    assert len(field.help) > 15
    name, _, anchor = field.docs.partition("#")
    assert f'id="{anchor}"' in html_of(name, "")


def test_a_setting_s_page_links_to_what_is_written_about_it(signed_in: As) -> None:
    browser = signed_in("ada")
    page = browser.open("/console/settings/surveys").body
    assert 'href="/console/docs/settings#survey" aria-label="More about Low rating"' in page
    assert browser.open("/console/docs/settings").status == 200


@pytest.mark.parametrize("name", names())
def test_every_page_can_be_read_and_its_links_lead_somewhere(name: str) -> None:
    body = html_of(name, "/api")
    assert "](" not in re.sub(r"<code>.*?</code>", "", body, flags=re.DOTALL)
    for target, anchor in re.findall(r'href="/api/console/docs/([a-z]+)(?:#([^"]+))?"', body):
        assert target in names()
        assert not anchor or f'id="{anchor}"' in html_of(target, "/api"), f"{name} links to {target}#{anchor}"


def test_all_of_the_documentation_is_there() -> None:
    assert set(names()) == {path.stem for path in DOCS.glob("*.md")}


@pytest.mark.parametrize("name", ["..", "..%2f..%2fREADME", "nothing", "README", "settings.md", "x" * 300])
def test_a_page_that_there_is_not_is_not_found(signed_in: As, name: str) -> None:
    assert signed_in("sam").open(f"/console/docs/{name}").status == 404


def test_what_is_written_in_code_stays_as_it_is() -> None:
    body = html_of("settings", "")
    assert "&lt;" in html_of("api", "")
    assert "<code>**" not in body
    assert "<pre tabindex='0'><code>curl -X PATCH" in body
