"""Which language a text is written in, as an ISO 639-1 code: by its script, then by its small words.

It needs no model, and would rather say nothing than guess: half a dozen words are usually enough.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

from chalicelib.domain.language_words import CYRILLIC, CYRILLIC_LETTERS, LATIN, LATIN_LETTERS

LANGUAGES: Final = ("en", "zh")
"""Those in which the desk itself speaks."""

_LONGEST: Final = 4_000  # characters of a text that are looked at
_MOST_WORDS: Final = 400
_SURE: Final = 1.0  # the least that a language's words must add up to
_AHEAD: Final = 1.25  # by how much the best must be ahead of the next
_LEAST_SHARE: Final = 0.12  # of the words that must be known ones

_ADDRESSES = re.compile(r"\S{0,200}(?:@|://|www\.)\S{0,200}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SCRIPTS: Final = (
    ("han", 0x3400, 0x9FFF),
    ("kana", 0x3040, 0x30FF),
    ("hangul", 0xAC00, 0xD7A3),
    ("cyrillic", 0x0400, 0x052F),
    ("greek", 0x0370, 0x03FF),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x06FF),
    ("devanagari", 0x0900, 0x097F),
    ("thai", 0x0E00, 0x0E7F),
)
_LANGUAGE_OF: Final = {"greek": "el", "hebrew": "he", "arabic": "ar", "devanagari": "hi", "thai": "th"}
_SYMBOLS_PER_WORD: Final = 4
"""Chinese, Japanese and Korean need fewer symbols for the same words, by about so much."""


def detect(text: str, default: str) -> str:
    """Give the language of `text`, or `default` where its words don't tell.

    Chinese is told from a fifth of the letters on, since names and products stay in Latin ones. Kana in a noticeable
    part marks Japanese; a lone one in an emoticon does not.
    """
    sample = _ADDRESSES.sub(" ", text[:_LONGEST])
    scripts = _scripts(sample)
    latin = scripts["latin"]
    if asian := _asian(scripts, latin):
        return asian
    script = max(("cyrillic", *_LANGUAGE_OF), key=lambda name: scripts[name])
    if scripts[script] >= latin and scripts[script]:
        if script != "cyrillic":
            return _LANGUAGE_OF[script]
        return _by_words(sample, "cyrillic") or ("ru" if _only_russian(sample) else default)
    return _by_words(sample, "latin") or default


def _asian(scripts: Mapping[str, int], latin: int) -> str:
    han, kana, hangul = scripts["han"], scripts["kana"], scripts["hangul"]
    if hangul and hangul > han and (hangul + han) * _SYMBOLS_PER_WORD >= latin:
        return "ko"
    if kana * 5 > han and (kana + han) * _SYMBOLS_PER_WORD >= latin:
        return "ja"
    return "zh" if han and han * _SYMBOLS_PER_WORD >= latin else ""


def _scripts(sample: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for symbol, times in Counter(sample).items():
        if symbol.isalpha():
            code = ord(symbol)
            found[next((name for name, first, last in _SCRIPTS if first <= code <= last), "latin")] += times
    return found


@cache
def _weights(script: str) -> Mapping[str, Mapping[str, float]]:
    """For each known word and letter, what it adds to each language: the less, the more of them share it."""
    words, letters = (LATIN, LATIN_LETTERS) if script == "latin" else (CYRILLIC, CYRILLIC_LETTERS)
    weights: dict[str, dict[str, float]] = {}
    for language, listed in words.items():
        for word in listed.split():
            weights.setdefault(word, {})[language] = 1.0
    for language, special in letters.items():
        for letter in special:
            weights.setdefault(f"letter {letter}", {})[language] = 0.5
    return {
        word: {language: weight / len(shared) for language, weight in shared.items()}
        for word, shared in weights.items()
    }


def _by_words(sample: str, script: str) -> str:
    """The language whose small words are clearly the most, or ""."""
    words = [word.replace("’", "'") for word in _WORD.findall(sample.lower())[:_MOST_WORDS]]
    weights = _weights(script)
    scores: dict[str, float] = {}
    known = 0
    for word in words:
        known += word in weights
        for sign in (word, *(f"letter {letter}" for letter in set(word) if letter > "z")):
            for language, weight in weights.get(sign, {}).items():
                scores[language] = scores.get(language, 0.0) + weight
    ranked = sorted(scores.items(), key=lambda each: -each[1])
    (best, score), (_, next_score) = (*ranked[:2], *[("", 0.0)] * 2)[:2]
    told = score >= _SURE and score >= next_score * _AHEAD and known >= len(words) * _LEAST_SHARE
    return best if told else ""


def _only_russian(sample: str) -> bool:
    return any(letter in sample.lower() for letter in CYRILLIC_LETTERS["ru"])
