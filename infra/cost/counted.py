"""What the bench counted, and what the templates say: the facts that an estimate stands on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COUNTED = ROOT / "bench" / "counted.json"
FUNCTIONS = {"api": "api_handler", "on_mail": "on_mail", "on_work": "on_work", "every_minute": "every_minute"}
"""What the bench calls the functions, and their names in Chalice's configuration."""


@dataclass(frozen=True)
class Piece:
    """A piece of a ticket's life, as `python -m bench --pieces` counted it on Moto."""

    invocations: Mapping[str, int]
    calls: Mapping[str, int]
    read_units: float
    write_units: int
    stored_bytes: int


@cache
def pieces(path: Path = COUNTED) -> Mapping[str, Piece]:
    """Give all counted pieces by name."""
    return {name: Piece(**found) for name, found in json.loads(path.read_text(encoding="utf-8"))["pieces"].items()}


def counted_on(path: Path = COUNTED) -> str:
    """Give the day on which they were counted, as an ISO date."""
    return str(json.loads(path.read_text(encoding="utf-8"))["counted_on"])


@cache
def memory() -> Mapping[str, int]:
    """Give each function's memory in MB, by the bench's names."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return {ours: config["lambda_functions"][theirs]["lambda_memory_size"] for ours, theirs in FUNCTIONS.items()}


@cache
def _template() -> Any:
    return yaml.safe_load((ROOT / "infra" / "template.yaml").read_text(encoding="utf-8"))


def alarms(chosen: str) -> int:
    """Give how many alarms the template makes for an AlarmSet: `full` or `essential`."""
    found = [one for one in _template()["Resources"].values() if one.get("Type") == "AWS::CloudWatch::Alarm"]
    return sum(chosen == "full" or "Condition" not in one for one in found)


def days_kept(parameter: str) -> int:
    """Give the default of one of the template's parameters that says for how many days something is kept."""
    return int(_template()["Parameters"][parameter]["Default"])
