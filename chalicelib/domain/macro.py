"""Macros: answers that agents give again and again, with what they do to the ticket besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.message import TEXT_LIMIT
from chalicelib.domain.ticket import Priority, Status

STRICT: dict[str, Any] = {"extra": "forbid"}
PLACEHOLDERS = ("customer", "ref", "subject", "agent", "desk")
SETTABLE = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)
_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")


@dataclass(frozen=True)
class Macro:
    """One answer by name. `texts` holds it by language (`en`, `zh`); in it `{customer}`, `{ref}`, `{subject}`,
    `{agent}` and `{desk}` stand for what they say.

    When it is sent, the ticket gets `status`, `priority` and `tags`, as far as they are named.
    """

    __pydantic_config__ = STRICT
    id: str
    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
    priority: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"macros[{self.id}]"
        for right, place, remedy in (
            (bool(self.id), "macros", "every macro needs an id"),
            (0 < len(self.name) <= 100, f"{where}.name", "must have 1 to 100 characters"),
            (bool(self.texts), f"{where}.texts", 'needs a text for a language, as in {"en": "…"}'),
            (self.status in ("", *SETTABLE), f"{where}.status", f"is not one of {', '.join(SETTABLE)}"),
            (self.priority in ("", *Priority), f"{where}.priority", f"is not one of {', '.join(Priority)}"),
        ):
            if not right:
                raise InvalidInput(remedy, place)
        for language, text in self.texts.items():
            self._refuse_unusable(text, f"{where}.texts.{language}")

    @staticmethod
    def _refuse_unusable(text: str, where: str) -> None:
        if not 0 < len(text) <= TEXT_LIMIT:
            raise InvalidInput(f"must have 1 to {TEXT_LIMIT:,} characters", where)
        unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
        if unknown:
            raise InvalidInput(f"{{{unknown[0]}}} is none of {', '.join(PLACEHOLDERS)}", where)

    def text(self, language: str, values: Mapping[str, str]) -> str:
        """Give the answer in a language, or in the first that there is, with its placeholders filled."""
        chosen = self.texts.get(language) or next(iter(self.texts.values()))
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), chosen)


def macro_of(macros: tuple[Macro, ...], macro_id: str) -> Macro | None:
    """Give the macro of this id, if there is one."""
    return next((macro for macro in macros if macro.id == macro_id), None)


def default_macros() -> tuple[Macro, ...]:
    """Give what a new desk begins with."""

    def macro(macro_id: str, name: str, en: str, zh: str, **does: Any) -> Macro:
        return Macro(macro_id, name, {"en": en, "zh": zh}, **does)

    return (
        macro(
            "ask-order",
            "Ask for the order number / 询问订单号",
            "Hello {customer},\n\nthank you for writing. Could you send us your order number? Then we look at once.\n",
            "{customer}，您好！\n\n感谢来信。请把订单号发给我们，我们马上为您查询。\n",
            status="pending",
        ),
        macro(
            "sorry",
            "Say sorry / 致歉",
            "Hello {customer},\n\nI am sorry for the trouble. I am on it, and tell you more today.\n",
            "{customer}，您好！\n\n非常抱歉给您带来不便。我正在处理，今天内给您回复。\n",
        ),
        macro(
            "done",
            "It is done / 已处理",
            "Hello {customer},\n\nit is done. If anything is still not right, just answer this mail.\n",
            "{customer}，您好！\n\n问题已处理好。如果还有问题，直接回复本邮件即可。\n",
            status="solved",
        ),
    )
