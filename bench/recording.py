"""Scenes from the life of a desk on Moto, recorded with what AWS answered."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bench.anchor.visitor import submission
from bench.desk import API_KEY, MONDAY, MeteredDesk, made_up_account
from bench.playback import API, SERVICES, Answer, Recording, Scene
from bench.proxy_event import api_event, form_event
from bench.story import TICKETS, new_ticket


class Recorder:
    """Keeps what AWS answers to some clients."""

    def __init__(self) -> None:
        """Nothing is kept before `attach`."""
        self.answers: list[Answer] = []

    def attach(self, client: Any) -> None:
        """Keep the answers to this client from now on."""
        client.meta.events.register(f"after-call.{client.meta.service_model.service_name}", self._keep)

    def _keep(self, http_response: Any, model: Any, **_: Any) -> None:
        body = b"" if model.has_streaming_output else http_response.content
        text = base64.b64encode(body).decode("ascii")
        self.answers.append(Answer(model.name, http_response.status_code, dict(http_response.headers), text))


class RecordingDesk(MeteredDesk):
    """A desk that keeps every invocation of its functions as a scene."""

    def __init__(self) -> None:
        """Nothing is started yet."""
        super().__init__()
        self.recorded: list[Scene] = []
        self._recorder = Recorder()

    def forget(self) -> None:
        """Put a fresh copy of the functions in place, and record it."""
        super().forget()
        for service in SERVICES:
            self._recorder.attach(self.desk.aws.client(service))

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call a queue or schedule function, recording."""
        self._recorder.answers.clear()
        answer = super().invoke(function, event)
        self.recorded.append(Scene(function, event, tuple(self._recorder.answers)))
        return answer

    def answer(self, event: Mapping[str, Any], status: int) -> dict[str, Any]:
        """Answer an HTTP event, recording."""
        self._recorder.answers.clear()
        answer = super().answer(event, status)
        self.recorded.append(Scene(API, event, tuple(self._recorder.answers)))
        return answer


def record() -> Recording:
    """Give the first and a further ticket by API and by form, and their workers: `form`, `form, first`, `worker`…"""
    scenes: dict[str, Scene] = {}
    with made_up_account():
        desk = RecordingDesk()
        try:
            desk.start()
            for name, events in _events().items():
                scenes |= _recorded(desk, name, events)
            environment = asdict(desk.desk.environment)
        finally:
            desk.stop()
    return Recording(environment, MONDAY.isoformat(), scenes)


def _events() -> dict[str, list[dict[str, Any]]]:
    forms = [submission("Bench", number) for number in (1, 2)]
    fields = [{"name": "Visitor", "email": one.email, "subject": one.title, "text": one.body} for one in forms]
    return {
        "api": [api_event("POST", TICKETS, {}, API_KEY, json=new_ticket(number)) for number in (1, 2)],
        "form": [form_event("/help", {}, {**each, "form": f"{n:032x}"}) for n, each in enumerate(fields)],
    }


def _recorded(desk: RecordingDesk, name: str, events: list[dict[str, Any]]) -> dict[str, Scene]:
    """Record two events, and the one invocation of on_work that follows each; all are cold at the first."""
    found: dict[str, Scene] = {}
    for which, event in zip((", first", ""), events, strict=True):
        if which:
            desk.forget()
        desk.recorded.clear()
        desk.answer(event, 201)
        if which:
            desk.forget()
        desk.settle()
        [request, worker] = desk.recorded
        found |= {f"{name}{which}": request, f"{name} worker{which}": worker}
        desk.warm_up()
        desk.desk.spam.load()
    return found
