"""What people read: every text in both languages, with the same things to fill in."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.adapters.catalogue import FOLDER, Catalogue

LANGUAGES = ("en", "zh")
SOURCES = [path for kind in ("py", "html") for path in FOLDER.parent.rglob(f"*.{kind}") if "adapters" not in path.parts]


def texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def keys_in(path: Path) -> set[str]:
    """Give the catalogue keys that a source file or template asks for by their full name."""
    return set(
        re.findall(r"""(?<!fields\.)\b(?:text|t)\(\s*["']([a-z_.0-9]+)["'] *[,)]""", path.read_text(encoding="utf-8"))
    )


def test_there_are_exactly_the_desks_languages() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == list(LANGUAGES)


def test_both_languages_have_the_same_texts_and_none_is_empty() -> None:
    assert texts("en").keys() == texts("zh").keys()
    assert all(text.strip() for language in LANGUAGES for text in texts(language).values())


@pytest.mark.parametrize("key", sorted(texts("en")))
def test_a_text_has_the_same_placeholders_in_both_languages(key: str) -> None:
    names = placeholders(texts("en")[key])
    assert placeholders(texts("zh")[key]) == names
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_no_key_stands_twice_in_a_catalogue() -> None:
    for language in LANGUAGES:
        pairs = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=list)
        assert len({key for key, _ in pairs}) == len(pairs)


def test_every_text_that_the_code_asks_for_is_there() -> None:
    asked = set().union(*(keys_in(path) for path in SOURCES))
    assert len(asked) > 10
    assert asked <= texts("en").keys()


def test_placeholders_are_filled_and_what_customers_wrote_is_never_a_placeholder() -> None:
    text = Catalogue().text("mail.quote", "en", date="{time} {0} {x!r}", time="10:00", name="Jo")
    assert text == "On {time} {0} {x!r} at 10:00, Jo wrote:"


@pytest.mark.parametrize("language", ["", "de", "../../secrets", "EN"])
def test_an_unknown_language_reads_english(language: str) -> None:
    assert Catalogue().text("help.title", language) == texts("en")["help.title"]


def test_chinese_customers_read_chinese() -> None:
    assert Catalogue().text("help.title", "zh") == texts("zh")["help.title"] != texts("en")["help.title"]


def test_a_text_that_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        Catalogue().text("nothing.like.it", "en")
