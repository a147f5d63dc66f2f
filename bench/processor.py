"""The processor time of one ticket through the public form, in a process that answers nothing else.

The request runs as on Lambda: API Gateway's event through Chalice, Powertools, our handler and botocore, up to where
botocore would send. Run as a module, this is that process.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.child import answer, ask, question
from bench.playback import Recording, Stage

WARM_UP = 20
BATCHES = 5
REQUEST, WORKER = "form", "form worker"


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time for one ticket: the form's request, and its worker afterwards."""

    tickets: int
    request_ms: float
    worker_ms: float


def measure(recording: Recording, tickets: int = 300) -> Spent:
    """Give the medians over five batches of so many tickets in all, request and worker in turn."""
    found = ask("bench.processor", {"recording": recording.as_json(), "batch": max(1, tickets // BATCHES)})
    return Spent(tickets, statistics.median(found[REQUEST]), statistics.median(found[WORKER]))


def _answer_question() -> None:
    asked: dict[str, Any] = question()
    recording = Recording.from_json(asked["recording"])
    batches: dict[str, list[float]] = {REQUEST: [], WORKER: []}
    for _ in range(BATCHES):
        for name in batches:
            play = _warm_play(recording, name)
            gc.collect()
            batches[name].append(_milliseconds(play, asked["batch"]))
    answer(batches)


def _warm_play(recording: Recording, name: str) -> Callable[[], Any]:
    """Give a scene on a new desk that has cached all it will: what it keeps for a minute stays fresh."""
    stage = Stage(recording)
    stage.play(recording.scenes[f"{name}, first"])
    play = stage.rehearsed(recording.scenes[name])
    _milliseconds(play, WARM_UP)
    return play


def _milliseconds(play: Callable[[], Any], times: int) -> float:
    before = time.process_time()
    for _ in range(times):
        play()
    return 1000 * (time.process_time() - before) / times


if __name__ == "__main__":
    _answer_question()
