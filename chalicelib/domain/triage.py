"""What a new ticket is about and how much it hurries, by the desk's own rules."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain import language
from chalicelib.domain.desk import DeskSettings, TriageRule


@dataclass(frozen=True, slots=True)
class Triage:
    """What the rules found; empty where they found nothing."""

    language: str
    priority: str = ""
    category: str = ""
    team_id: str = ""
    skills: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def mentions(text: str, word: str) -> bool:
    """Whether folded `text` holds `word`: as a whole word in Latin script, anywhere in Chinese, which has no spaces."""
    wanted = word.casefold()
    if not wanted.isascii():
        return wanted in text
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", text) is not None


def triage(subject: str, text: str, settings: DeskSettings, default_language: str = "") -> Triage:
    """Give what the desk's rules say of a request's words; `default_language` is where they don't tell their own."""
    folded = f"{subject}\n{text}".casefold()
    matching = [rule for rule in settings.triage if any(mentions(folded, word) for word in rule.words)]
    return Triage(
        language=language.detect(f"{subject}\n{text}", default_language or settings.language),
        priority=_first(matching, lambda rule: rule.priority),
        category=_first(matching, lambda rule: rule.category),
        team_id=_first(matching, lambda rule: rule.team_id),
        skills=_all(rule.skills for rule in matching),
        tags=_all(rule.tags for rule in matching),
    )


def _first(rules: Sequence[TriageRule], of: Callable[[TriageRule], str]) -> str:
    return next((value for rule in rules if (value := of(rule))), "")


def _all(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group))
