"""What people read, from the catalogues in chalicelib/texts, one JSON file a language."""

import json
from functools import cache
from pathlib import Path

FALLBACK = "en"
FOLDER = Path(__file__).resolve().parent.parent / "texts"


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


class Catalogue:
    """Texts by key and language; English where a language lacks one."""

    def text(self, key: str, language: str, **values: str) -> str:
        """See ports.Texts. Raises KeyError for a key that no catalogue has: a test holds that none is missing."""
        known = _catalogue(language) if language in ("en", "zh") else {}
        template = known.get(key) or _catalogue(FALLBACK)[key]
        return template.format(**values)

    def source(self, key: str, language: str) -> str:
        """Give a text as it stands in the catalogue, "" where none has it."""
        known = _catalogue(language) if language in ("en", "zh") else {}
        return known.get(key) or _catalogue(FALLBACK).get(key, "")
