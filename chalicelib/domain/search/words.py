"""Words as search knows them, in every script: without case, accents and width; Chinese character by character.

What is written without spaces (Chinese, Japanese, Thai, …) and Korean, whose words take endings, is cut into single
characters; several in a row are then looked for as a phrase. So no dictionary is needed, and any part of a sentence
finds it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 64
"""Most characters of a word; what goes on behind them, keys and base64 mostly, is looked for by its beginning."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
"""Blocks of Thai, Lao, Burmese, Khmer, kana, Bopomofo, Hangul and Chinese characters (Unicode's Blocks.txt)."""

_ACCENTS = "\u0300-\u036f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}][{_ACCENTS}]*(?:[^\W_{_UNSPACED}][{_ACCENTS}]*)*")
_ACCENT = re.compile(f"[{_ACCENTS}]")
_SINGLE = re.compile(f"[{_UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is looked for, and where it stands in its text."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Give a text's words in order. Some signs stand for several: `½`, say."""
    for match in _WORD.finditer(text):
        for part in _folded(match.group()):
            yield Word(part, match.start(), match.end())


def indexed(text: str) -> str:
    """Give a text's words, folded and with one space between each two: the form in which they are kept."""
    return " ".join(part for found in _WORD.findall(text) for part in _folded(found))


def is_unspaced(word: str) -> bool:
    """Whether a word is one character of a script without spaces."""
    return _SINGLE.fullmatch(word) is not None


@lru_cache(16_384)
def _folded(found: str) -> tuple[str, ...]:
    """Compatible characters are the same (Unicode's NFKC), accents don't count, nor does case."""
    if found.isascii():
        return (found[:LONGEST].lower(),)
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", found)).casefold()
    parts = (part.group()[:LONGEST] for part in _WORD.finditer(unicodedata.normalize("NFKC", plain)))
    return tuple(part for part in parts if part.isalnum() or not part.isascii())
