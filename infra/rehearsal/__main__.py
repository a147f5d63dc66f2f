"""`python -m infra.rehearsal`: the whole deployment on an emulator, from nothing to nothing, in a few minutes.

An emulator of AWS is started on loopback with its policies on; the desk is deployed onto it by the very command that an
owner uses, walks its story as packaged, is updated and taken away. Prints each step with its time, the functions' AWS
calls and the DynamoDB units they consumed, and ends with 1 when a step failed.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from infra.deployment.problems import DeploymentError
from infra.rehearsal.desk import Desk, StepFailed
from infra.rehearsal.emulator import running
from infra.rehearsal.notes import Consumed, consumed
from infra.rehearsal.story import STORY, Step

HEAD = f"{'step':<42} {'seconds':>8} {'AWS calls':>10} {'read units':>11} {'write units':>12}"


@dataclass(frozen=True)
class Row:
    """How one step went."""

    title: str
    seconds: float
    used: Consumed
    failure: str = ""


def rehearse(desk: Desk, story: Sequence[Step] = STORY) -> Iterator[Row]:
    """Give each step's row as it ends; the first that fails is the last."""
    for title, step in story:
        began, noted, failure = time.monotonic(), len(desk.notes()), ""
        try:
            step(desk)
        except (StepFailed, DeploymentError, ClientError, BotoCoreError, OSError) as error:
            failure = str(error)
        yield Row(title, time.monotonic() - began, consumed(desk.notes()[noted:]), failure)
        if failure:
            return


@contextmanager
def environment_of(variables: Mapping[str, str]) -> Iterator[None]:
    """Lead this process, and what it starts, to the emulator and nowhere else."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _tell(row: Row) -> None:
    used = row.used
    numbers = f"{row.seconds:>8.1f} {used.calls:>10} {used.read_units:>11.1f} {used.write_units:>12.1f}"
    print(f"{row.title:<42} {numbers}{'   FAILED' if row.failure else ''}", flush=True)


def _refused(desk: Desk) -> list[str]:
    """Give which calls AWS would have refused, by function."""
    return sorted({f"{note.function}: {note.service} {note.call}: {note.error}" for note in desk.notes() if note.error})


def _run() -> int:
    began = time.monotonic()
    with running() as emulator, environment_of(emulator.environment):
        desk, rows = Desk(emulator), []
        print(HEAD, flush=True)
        for row in rehearse(desk):
            rows.append(row)
            _tell(row)
        total = consumed(desk.notes())
        _tell(Row("all of it", time.monotonic() - began, total))
        if rows[-1].failure:
            print(
                f"\n{rows[-1].title}: {rows[-1].failure}\n", *_refused(desk), desk.log_tail(), sep="\n", file=sys.stderr
            )
            return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Rehearse; gives the exit code: 0, or 1 when a step failed or the emulator could not be had."""
    parser = argparse.ArgumentParser(prog="python -m infra.rehearsal", description="Rehearse a whole deployment.")
    parser.parse_args(arguments)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.default_int_handler)
    try:
        return _run()
    except KeyboardInterrupt:
        print("stopped; the emulator and all that ran on it are gone", file=sys.stderr)
        return 130
    except DeploymentError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
