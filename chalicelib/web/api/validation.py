"""Requests' bodies against their pydantic models: what is wrong is named field by field."""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from chalicelib.domain.errors import InvalidInput
from chalicelib.web.call import Call
from chalicelib.web.problems import InvalidFields

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")


def body_of(call: Call, model: type[Model]) -> Model:
    """Give a request's body as a model. Raises InvalidFields, or what Call.json raises."""
    try:
        return model.model_validate(call.json())
    except ValidationError as error:
        raise InvalidFields(_fields(error)) from None


def settings_from(kind: type[Value], data: object) -> Value:
    """Give plain JSON values as the settings dataclass `kind`, no kind of value taken for another.

    Raises InvalidFields, whose places name a list's entries by their ids where these have one.
    """
    try:
        # read from JSON, since there a list may stand for a tuple however strict the rest is
        return TypeAdapter(kind).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise InvalidFields(_fields(error, data)) from None


def _fields(error: ValidationError, data: Any = None) -> list[tuple[str, str]]:
    found = []
    for problem in error.errors():
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, InvalidInput):
            found.append((_place(cause, problem["loc"]), cause.message))
        else:
            found.append((_path(problem["loc"], data), _message(problem["type"], problem["msg"])))
    return found


def _place(cause: InvalidInput, location: tuple[int | str, ...]) -> str:
    """The place that a check of the domain names, completed by where in the settings it was met."""
    index = next((part for part in location if isinstance(part, int)), "")
    return cause.field.replace("[]", f"[{index}]")


_BRANCH = re.compile(r"bool|dict\[.*\]")
"""What pydantic names where a value may be of one kind or another; no setting is called so."""


def _path(location: tuple[int | str, ...], data: Any = None) -> str:
    path = ""
    for part in location:
        if isinstance(part, str) and _BRANCH.fullmatch(part):
            continue
        data = _part(data, part)
        if isinstance(part, int):
            known = data.get("id") if isinstance(data, dict) else None
            path += f"[{known}]" if isinstance(known, str) and known else f"[{part}]"
        elif part != "[key]":
            path += f".{part}" if path else part
    return path or "body"


def _part(data: Any, part: int | str) -> Any:
    try:
        return data[part]
    except (TypeError, KeyError, IndexError):
        return None


def _message(kind: str, message: str) -> str:
    known = {
        "extra_forbidden": "is not a field of this request",
        "unexpected_keyword_argument": "is not a setting",
        "missing": "is required",
        "dataclass_type": "must be an object",
        "model_type": "must be an object",
    }
    if kind == "string_pattern_mismatch" and message.endswith(r"'\S'"):
        return "must not be blank"
    plain = message.removeprefix("Value error, ")
    return known.get(kind, plain[:1].lower() + plain[1:])
