"""JSON read as strictly as I-JSON wants it (RFC 7493): UTF-8, whole characters, every name once, no bottomless nests.

Whatever comes through can be kept in the table and written back.
"""

import json
from typing import Any, NoReturn

from chalicelib.domain.errors import InvalidInput, MalformedRequest

DEEPEST = 32
"""Levels of arrays and objects; settings, the deepest of what is taken, have 7."""


def read_json(body: bytes) -> Any:
    """Give the value of a JSON text. Raises MalformedRequest, or InvalidInput naming a string with U+0000."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_each_name_once, parse_constant=_refuse_constant)
    except MalformedRequest:
        raise
    except UnicodeDecodeError:
        raise MalformedRequest("the body is not UTF-8", "body") from None
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(f"the body is not JSON: {error}", "body") from None
    _check(value, "", DEEPEST)
    return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedRequest("is given twice", _shown(twice))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedRequest(f"the body is not JSON: {name} is no JSON number", "body")


def _check(value: Any, place: str, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, dict | list):
        if not depth:
            raise MalformedRequest(f"the body is nested more than {DEEPEST} levels deep", "body")
        if isinstance(value, list):
            for index, part in enumerate(value):
                _check(part, f"{place}[{index}]", depth - 1)
        else:
            for name, part in value.items():
                here = f"{place}.{_shown(name)}" if place else _shown(name)
                _check_text(name, here)
                _check(part, here, depth - 1)


def _check_text(text: str, place: str) -> None:
    if "\0" in text:
        raise InvalidInput("must not contain the character U+0000", place or "body")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedRequest(
            "contains half a character, a surrogate without its other half", place or "body"
        ) from None


def _shown(name: str) -> str:
    """A name fit to be shown: what can't be written is written as its number, and long ones are cut."""
    return name[:100].encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")
