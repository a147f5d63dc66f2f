"""What AWS answered, recorded once on Moto, and played back in constant time, so that only our own work is measured.

botocore does everything but send: it validates, serialises and signs each request, and parses each answer.
"""

import base64
import io
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

import app as chalice_app
from chalicelib import wiring
from chalicelib.adapters.aws import Aws
from chalicelib.settings import Environment
from infra.local.clock import MovableClock
from infra.local.lambda_events import LocalContext

API = "api"
"""What the function that answers HTTP is called here."""

REGION = "us-east-1"
MADE_UP_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""Environment variables under which nothing can reach a real account."""

SERVICES = ("dynamodb", "sqs", "ssm", "sesv2")


@dataclass(frozen=True)
class Answer:
    """One answer of AWS, body in base64."""

    operation: str
    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Scene:
    """One invocation of a function, and what AWS answers to its calls, in their order."""

    function: str
    event: Mapping[str, Any]
    answers: tuple[Answer, ...]

    def as_json(self) -> dict[str, Any]:
        """The scene as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Scene":
        """Give the scene that `as_json` gave."""
        return cls(found["function"], found["event"], tuple(Answer(**answer) for answer in found["answers"]))


@dataclass(frozen=True)
class _Ready:
    operation: str
    status: int
    headers: HTTPHeaders
    body: bytes

    @classmethod
    def of(cls, answer: Answer) -> "_Ready":
        headers = HTTPHeaders()
        for name, value in answer.headers.items():
            headers[name] = value
        return cls(answer.operation, answer.status, headers, base64.b64decode(answer.body))


class PlayedCloud:
    """Stands where botocore sends its requests, and gives the recorded answers instead."""

    def __init__(self, aws: Aws) -> None:
        """`aws` makes the clients of the desk that plays."""
        self._waiting: deque[_Ready] = deque()
        for service in SERVICES:
            aws.client(service).meta.events.register(f"before-send.{service}", self._answer)

    @contextmanager
    def playing(self, answers: Sequence[_Ready]) -> Iterator[None]:
        """Give these answers while the block runs. Raises LookupError when some are left over."""
        self._waiting.extend(answers)
        yield
        if self._waiting:
            raise LookupError(f"{len(self._waiting)} answers were not asked for, first {self._waiting[0].operation}")

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        answer = self._waiting.popleft()
        if not event_name.endswith(f".{answer.operation}"):
            raise LookupError(f"{event_name} was asked where {answer.operation} had been recorded")
        return AWSResponse(request.url, answer.status, answer.headers, _Body(answer.body))


class _Body(io.BytesIO):
    def stream(self, amount: int = 65536, **_: Any) -> Iterator[bytes]:
        while chunk := self.read(amount):
            yield chunk


@dataclass(frozen=True)
class Recording:
    """Scenes by name, and the desk's environment and time at which they were recorded."""

    environment: Mapping[str, Any]
    now: str
    scenes: Mapping[str, Scene]

    def as_json(self) -> dict[str, Any]:
        """The recording as plain JSON values."""
        scenes = {name: scene.as_json() for name, scene in self.scenes.items()}
        return {"environment": dict(self.environment), "now": self.now, "scenes": scenes}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Recording":
        """Give the recording that `as_json` gave."""
        scenes = {name: Scene.from_json(scene) for name, scene in found["scenes"].items()}
        return cls(found["environment"], found["now"], scenes)


class Stage:
    """A desk in this process, with fresh caches, that plays scenes."""

    def __init__(self, recording: Recording) -> None:
        """Wire the desk as it was when it was recorded; its clock stands still."""
        aws = Aws(None, REGION)
        clock = MovableClock(datetime.fromisoformat(recording.now))
        wiring.use(wiring.WiredDesk(Environment(**recording.environment), aws, clock))
        self._cloud = PlayedCloud(aws)

    def play(self, scene: Scene) -> Any:
        """Give what the function answers to the scene's event. Raises LookupError when it asks AWS anything else."""
        return self.rehearsed(scene)()

    def rehearsed(self, scene: Scene) -> Callable[[], Any]:
        """Give the scene ready to be played again and again, as cheaply as can be."""
        answers = [_Ready.of(answer) for answer in scene.answers]
        text = json.dumps(scene.event)

        def play() -> Any:
            with self._cloud.playing(answers):
                return call(scene.function, json.loads(text))

        return play


def call(function: str, event: dict[str, Any]) -> Any:
    """Give what one of the app's functions answers to an event, as Lambda's runtime would."""
    handler = chalice_app.app if function == API else chalice_app.app.handler_map[function]
    return handler(event, LocalContext(function))


def first_call(found: Mapping[str, Any]) -> None:
    """Play the one scene of a recording that came as JSON, on a new desk."""
    recording = Recording.from_json(found)
    [scene] = recording.scenes.values()
    Stage(recording).play(scene)
