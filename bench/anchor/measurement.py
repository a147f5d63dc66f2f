"""One measurement: a fresh desk, some tickets to warm it up, and then those that count."""

import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.anchor.desk_project import Created, DeskProject, make_project
from bench.anchor.errors import MeasurementInvalidError
from bench.anchor.installation import Installation, installed, pins
from bench.anchor.processor_time import ProcessorTime, process_tree, processor_time
from bench.anchor.visitor import Visitor, submission
from bench.anchor.web_server import WebServer, serving

WARM, MEASURED = "Warm-up", "Measured"
REPORTED = ("django-helpdesk", "django", "gunicorn")
INTERPRETER = "import platform, sqlite3; print(platform.python_version(), sqlite3.sqlite_version)"


@dataclass(frozen=True)
class Load:
    """How many tickets count, how many go before them, and how many seconds all of them may take.

    With `mail`, the desk renders the mail that tells the visitor of the new ticket, and throws it away.
    """

    tickets: int = 200
    warm_up: int = 50
    seconds: float = 300
    mail: bool = False


@dataclass(frozen=True)
class Spent:
    """What the measured tickets took: the server's processor time, and seconds on the visitor's watch."""

    processor: ProcessorTime
    wall: float


@dataclass(frozen=True)
class Anchor:
    """The result: milliseconds per ticket, and the versions they hold for."""

    load: Load
    spent: Spent
    versions: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """The result as a JSON object; every figure in milliseconds per ticket."""
        return {
            "tickets": self.load.tickets,
            "mail": "rendered" if self.load.mail else "none",
            "cpu_ms_per_ticket": self._per_ticket(self.spent.processor.total),
            "cpu_user_ms_per_ticket": self._per_ticket(self.spent.processor.user),
            "cpu_system_ms_per_ticket": self._per_ticket(self.spent.processor.system),
            "wall_ms_per_ticket": self._per_ticket(self.spent.wall),
            "versions": self.versions,
        }

    def _per_ticket(self, seconds: float) -> float:
        return round(1000 * seconds / self.load.tickets, 3)


def measure(load: Load) -> Anchor:
    """Measure what one ticket through the public form costs django-helpdesk.

    Raises AnchorUnavailableError when this machine lacks what it takes, and MeasurementInvalidError when the result
    would mislead.
    """
    installation = installed()
    with tempfile.TemporaryDirectory(prefix="anchor-") as folder:
        try:
            project = make_project(installation, Path(folder), mail=load.mail)
        except subprocess.SubprocessError as failure:
            raise MeasurementInvalidError(f"the Django project could not be made: {failure}") from failure
        with serving(project) as server:
            spent = _create_tickets(project, server, load)
    return Anchor(load, spent, _versions(installation))


def _create_tickets(project: DeskProject, server: WebServer, load: Load) -> Spent:
    until = time.monotonic() + load.seconds
    with closing(Visitor(server.port, project.queue)) as visitor:
        visitor.open_form()
        _submit(visitor, WARM, load.warm_up, until)
        before, started = processor_time(server.processes), time.perf_counter()
        _submit(visitor, MEASURED, load.tickets, until)
        wall, after = time.perf_counter() - started, processor_time(server.processes)
    _check(project, server, load)
    return Spent(after - before, wall)


def _submit(visitor: Visitor, label: str, count: int, until: float) -> None:
    for number in range(count):
        if time.monotonic() > until:
            raise MeasurementInvalidError(f"time ran out after {number} of {count} tickets ({label})")
        visitor.submit(submission(label, number))


def _check(project: DeskProject, server: WebServer, load: Load) -> None:
    wanted = Created(load.tickets, load.tickets if load.mail else 0)
    if (found := project.created(MEASURED)) != wanted:
        raise MeasurementInvalidError(f"the database holds {found}, not {wanted}")
    if not all(process_tree(pid) for pid in server.processes):
        raise MeasurementInvalidError("a server process ended meanwhile, and its processor time with it")


def _versions(installation: Installation) -> dict[str, str]:
    python, sqlite = installation.run("-c", INTERPRETER).split()
    return {name: pins()[name] for name in REPORTED} | {"python": python, "sqlite": sqlite}
