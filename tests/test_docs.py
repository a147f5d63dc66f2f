"""A setting, an address or a command that nobody can read about is as good as missing."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from chalicelib.domain.brand import Brand
from chalicelib.domain.chat_settings import ChatSettings
from chalicelib.domain.desk import DeskSettings, SurveySettings, TriageRule
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.spending import SpendingSettings
from chalicelib.settings import NAMES, OPTIONAL
from chalicelib.web.route import Route
from chalicelib.web.routes import ROUTES

ROOT = Path(__file__).resolve().parents[1]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in [*ROOT.glob("docs/*.md"), ROOT / "README.md"]}
EVERYTHING = "\n".join(DOCS.values())


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_address_is_documented(route: Route) -> None:
    page = "console.md" if route.path.startswith("/console") else "api.md"
    assert f"`{route.method} {route.path}`" in DOCS[page]


@pytest.mark.parametrize(
    "kind", [DeskSettings, Brand, ChatSettings, SurveySettings, SpendingSettings, SlaPolicy, TriageRule]
)
def test_every_setting_is_documented(kind: type) -> None:
    missing = [
        one.name for one in fields(kind) if one.name not in ("id",) and f"`{one.name}`" not in DOCS["settings.md"]
    ]
    assert [name for name in missing if name != "name"] == []


def test_every_variable_of_the_environment_is_documented() -> None:
    template = yaml.safe_load((ROOT / "infra" / "template.yaml").read_text(encoding="utf-8"))
    names = {*NAMES.values(), *OPTIONAL.values(), *template["Globals"]["Function"]["Environment"]["Variables"]}
    assert {name for name in names if f"`{name}`" not in DOCS["settings.md"]} == set()


def test_every_make_target_is_documented() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {target for target in targets if f"make {target}" not in EVERYTHING} == set()


def test_every_command_is_documented() -> None:
    runnable = {
        f"python -m {'.'.join(path.relative_to(ROOT).with_suffix('').parts).removesuffix('.__main__')}"
        for path in [*ROOT.glob("infra/**/*.py"), *ROOT.glob("bench/**/*.py")]
        if path.name == "__main__.py" or '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    }
    everywhere = EVERYTHING + "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("bench/**/README.md"))
    assert {command for command in runnable if command not in everywhere} == set()


def test_every_package_that_ships_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name in pins if not re.search(rf"\b{name}\b", reasons)} == set()


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
