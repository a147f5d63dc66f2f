"""Every model of the API by its name, as the table of routes names them."""

from pydantic import BaseModel

from chalicelib.web.api import (
    calendar_models,
    given,
    given_of_automations,
    given_of_desk,
    given_of_mail,
    given_of_search,
    given_of_sla,
    taken,
    taken_of_mail,
)

MODULES = (
    taken,
    taken_of_mail,
    given,
    given_of_desk,
    given_of_mail,
    given_of_search,
    given_of_sla,
    given_of_automations,
    calendar_models,
)


def model_named(name: str) -> type[BaseModel]:
    """Give a model. Raises LookupError for a name that no module has."""
    for module in MODULES:
        found = vars(module).get(name)
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    raise LookupError(name)
