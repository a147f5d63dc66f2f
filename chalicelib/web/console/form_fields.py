"""What a form's fields hold, whether somebody typed it or a setting is shown in them.

A field is called as the place of the setting that it holds, with dashes: `warnings-resolution-0-percent`. So a refusal,
which names its place, finds its field by itself.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import DeskError
from chalicelib.web.call import Call
from chalicelib.web.console.reader import reader_of
from chalicelib.web.console.translations import translations
from chalicelib.web.pages.typed import typed, typed_line
from chalicelib.web.problems import InvalidFields

_SEPARATORS = re.compile(r"[.\[\]]+")
MOST_SAID = 30
LONGEST_SAID = 300


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a form, each with all its values."""

    values: Mapping[str, Sequence[str]]

    def line(self, name: str) -> str:
        """Give what a field of one line holds, without what nobody types."""
        return typed_line((self.values.get(name) or ("",))[-1])

    def text(self, name: str) -> str:
        """Give what a field of several lines holds."""
        return typed((self.values.get(name) or ("",))[-1])

    def lines(self, name: str) -> list[str]:
        """Give the entries of a field that has one in each line."""
        return list(dict.fromkeys(one for line in self.text(name).split("\n") if (one := line.strip())))

    def words(self, name: str) -> list[str]:
        """Give the entries of a field that has commas between them."""
        parts = self.line(name).replace("，", ",").split(",")
        return list(dict.fromkeys(one for part in parts if (one := part.strip())))

    def many(self, name: str) -> list[str]:
        """Give every value of a field that was chosen several times, each once."""
        return list(dict.fromkeys(one for value in self.values.get(name, ()) if (one := typed_line(value))))

    def on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.line(name))

    def rows(self, group: str, telling: Iterable[str]) -> list[int]:
        """Give the numbers of a group's rows in which one of the telling fields holds something."""
        numbers = {
            int(number)
            for name in self.values
            if name.startswith(f"{group}-") and (number := name[len(group) + 1 :].partition("-")[0]).isdecimal()
            if len(number) <= 4
        }
        return [n for n in sorted(numbers) if any(self.line(f"{group}-{n}-{each}") for each in telling)]

    def packed(self, group: str, telling: Iterable[str]) -> "Fields":
        """Give the same with a group's empty rows left out and the others numbered from 0, as places will name them."""
        kept = {number: index for index, number in enumerate(self.rows(group, tuple(telling)))}
        found = {}
        for name, values in self.values.items():
            number, _, rest = name.removeprefix(f"{group}-").partition("-")
            if not (name.startswith(f"{group}-") and number.isdecimal()):
                found[name] = values
            elif int(number[:9]) in kept:
                found[f"{group}-{kept[int(number[:9])]}-{rest}"] = values
        return Fields(found)


def typed_fields(call: Call) -> Fields:
    """Give what was typed. Raises as Call.form does."""
    return Fields(call.form_lists())


def beside(error: DeskError, place: str) -> dict[str, str]:
    """Give what is wrong by the name of its field, out of a refusal of what lies at `place` of the settings.

    What blames nothing there has an empty name.
    """
    blamed = error.fields if isinstance(error, InvalidFields) else [(error.field, error.message)]
    found: dict[str, str] = {}
    for field, message in blamed[:MOST_SAID]:
        inside = field == place or field.startswith((f"{place}.", f"{place}["))
        name = field_name(field[len(place) :]) if inside else ""
        said = message if inside or not field else f"{field}: {message}"
        known = f"{found[name]}; " if name in found else ""
        found[name] = known + (said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…")
    return found


def field_name(place: str) -> str:
    """Give what a form calls the field of a place: `targets.resolution.high` is `targets-resolution-high`."""
    return _SEPARATORS.sub("-", place).strip("-")


def told(call: Call, wrong: Mapping[str, str]) -> dict[str, str]:
    """Give what is wrong in the reader's language, as far as the catalogue has the sentence."""
    known = translations(reader_of(call).language)
    return {name: known.gettext(text) if text else "" for name, text in wrong.items()}


def one_each(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give single values as those of a form's fields; what is False isn't in a form."""
    return {name: ["1" if value is True else str(value)] for name, value in values.items() if value is not False}
