"""Requests' bodies against their pydantic models: what is wrong is named field by field."""

from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from chalicelib.domain.errors import InvalidInput
from chalicelib.web.call import Call
from chalicelib.web.problems import InvalidFields

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")


def taken(call: Call, model: type[Model]) -> Model:
    """Give a request's body as a model. Raises InvalidFields, or what Call.json raises."""
    try:
        return model.model_validate_json(call.body) if call.json() is not None else model.model_validate(None)
    except ValidationError as error:
        raise InvalidFields(_fields(error)) from None


def settings_from(kind: type[Value], data: object) -> Value:
    """Give plain JSON values as the settings dataclass `kind`. Raises InvalidFields or InvalidInput."""
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        for problem in error.errors():
            cause = problem.get("ctx", {}).get("error")
            if isinstance(cause, InvalidInput):
                raise cause from None
        raise InvalidFields(_fields(error)) from None


def _fields(error: ValidationError) -> list[tuple[str, str]]:
    return [(_path(problem["loc"]), _message(problem["type"], problem["msg"])) for problem in error.errors()]


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "body"


def _message(kind: str, message: str) -> str:
    known = {"extra_forbidden": "is not a field of this request", "missing": "is required"}
    plain = message.removeprefix("Value error, ")
    return known.get(kind, plain[:1].lower() + plain[1:])
