"""Prices of another region, or of another day, from a file of the owner's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from chalicelib.domain.prices import LIST, REGION, USD, Price
from infra.cost.demand import Unclear


@dataclass(frozen=True)
class PriceList:
    """Prices by name, and the region where they hold; `own` names those that the owner's file told."""

    region: str
    prices: Mapping[str, Price]
    own: frozenset[str] = frozenset()


def default_prices() -> PriceList:
    """Give the built-in list."""
    return PriceList(REGION, LIST)


def read_prices(path: Path) -> PriceList:
    """Give the built-in list with what a JSON file says instead.

    Such a file is `{"region": "eu-west-1", "source": "…", "as_of": "…", "usd": {"write_unit": ["0.705", 1000000]}}`:
    dollars as text, for so many pieces. Raises Unclear, naming the flag.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unclear(f"--prices {path} can't be read: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("usd"), dict):
        raise Unclear(f'--prices {path} must hold an object with "usd": prices by name')
    given = {name: _price(path, name, value, told) for name, value in told["usd"].items()}
    return PriceList(str(told.get("region", REGION)), {**LIST, **given}, frozenset(given))


def _price(path: Path, name: str, value: Any, told: Mapping[str, Any]) -> Price:
    if name not in LIST:
        raise Unclear(f"--prices {path}: there is no price {name!r}; known are {', '.join(LIST)}")
    try:
        usd, per = value
        picodollars = Decimal(usd) * USD
    except (TypeError, ValueError, InvalidOperation):
        raise Unclear(f'--prices {path}: {name} must be ["dollars as text", pieces]') from None
    if not isinstance(usd, str) or type(per) is not int or per < 1 or not picodollars.is_finite() or picodollars < 0:
        raise Unclear(f'--prices {path}: {name} must be ["dollars as text", pieces]')
    if picodollars != int(picodollars):
        raise Unclear(f"--prices {path}: {name} has over twelve decimal places; tell it for more pieces")
    source, as_of = str(told.get("source", path.name)), str(told.get("as_of", ""))
    return replace(LIST[name], picodollars=int(picodollars), per=per, source=source, as_of=as_of, weak=False)
