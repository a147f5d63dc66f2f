"""Cold starts: the processor time of a fresh process that imports what a function's first call needs.

Run as a module, this finds out which modules those are, by making that call.
"""

import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.child import answer, ask, question, run_program

ROUNDS = 9
CLIENT = "import boto3; boto3.session.Session(region_name='us-east-1').client('dynamodb')"
POWERTOOLS, PYDANTIC = "from aws_lambda_powertools import Logger, Metrics", "from pydantic import BaseModel"
FUNCTION = f"import app; [importlib.import_module(name) for name in asked]; {CLIENT}"
FIRST_CALL = "from bench.playback import first_call; first_call(asked)"
TIMED = """
import importlib, json, sys, time
asked = json.load(sys.stdin)
started = time.process_time()
{body}
spent = time.process_time() - started
sys.stdout.flush()
print("", json.dumps([1000 * spent, "aws_xray_sdk" in sys.modules]), sep="\\n")
"""
FLOOR, LIBRARIES = "chalice, DynamoDB client", "and Logger, Metrics, pydantic"
APP = "app.py alone"
SCENES = {"API": "api, first", "worker": "api worker, first", "form": "form, first"}


@dataclass(frozen=True)
class ColdStart:
    """Milliseconds of processor time, the median of some fresh processes, and whether the tracer was imported."""

    name: str
    milliseconds: float
    traced: bool


def measure(recording: Mapping[str, Any], rounds: int = ROUNDS) -> list[ColdStart]:
    """Give both floors, the imports of each function, and its first call as a whole; a process each, in turn."""
    programs = _programs(recording)
    found: dict[str, list[tuple[float, bool]]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, (body, asked) in programs.items():
            found[name].append(run_program(TIMED.format(body=body), asked))
    return [
        ColdStart(name, statistics.median(ms for ms, _ in runs), any(traced for _, traced in runs))
        for name, runs in found.items()
    ]


def _programs(recording: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Give what is run, by name: a program, and the JSON value that it is asked."""
    calls = {name: {**recording, "scenes": {scene: recording["scenes"][scene]}} for name, scene in SCENES.items()}
    return {
        FLOOR: (f"import chalice; {CLIENT}", None),
        LIBRARIES: (f"import chalice; {POWERTOOLS}; {PYDANTIC}; {CLIENT}", None),
        APP: (f"import app; {CLIENT}", None),
        **{name: (FUNCTION, ask("bench.imports", call)) for name, call in calls.items()},
        **{f"{name}: first call": (FIRST_CALL, call) for name, call in calls.items()},
    }


def _answer_question() -> None:
    """Make the one call that was asked for, and answer with the modules that were imported, in order."""
    from bench.playback import first_call

    first_call(question())
    own = ("bench", "infra", "__main__")
    specs = [(name, getattr(module, "__spec__", None)) for name, module in sys.modules.items()]
    answer([name for name, spec in specs if spec and spec.name == name and name.partition(".")[0] not in own])


if __name__ == "__main__":
    _answer_question()
