"""Measurements in a fresh process of their own: what is asked comes by standard input, the answer goes out as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.playback import MADE_UP_ACCOUNT

ROOT = Path(__file__).absolute().parents[1]
SECONDS = 300


class ChildFailed(Exception):
    """The process ended without an answer; says with which words."""


def ask(module: str, asked: Any) -> Any:
    """Run a module as a fresh process on a JSON value, and give the JSON value it answers. Raises ChildFailed."""
    return json.loads(_run(["-m", module], asked))


def run_program(program: str, asked: Any) -> Any:
    """Run a program's text on a JSON value, and give the JSON value in its last line. Raises ChildFailed."""
    return json.loads(_run(["-c", program], asked).splitlines()[-1])


def _run(arguments: list[str], asked: Any) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POWERTOOLS_"))}
    environment |= MADE_UP_ACCOUNT | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments],
        input=json.dumps(asked),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise ChildFailed(f"{arguments[-1][:40]}: {(done.stderr.strip() or 'no word').splitlines()[-1]}")
    return done.stdout


def question() -> Any:
    """Give what this process was asked; from now on what it prints, logs included, goes nowhere."""
    asked = json.load(sys.stdin)
    sys.stdout.flush()
    os.dup2(1, ANSWERS)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return asked


def answer(value: Any) -> None:
    """Give the answer to the process that asked."""
    os.write(ANSWERS, json.dumps(value).encode())


ANSWERS = 9
"""The file descriptor under which standard output is kept for the answer."""
