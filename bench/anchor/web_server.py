"""gunicorn with one sync worker on loopback, for as long as a block lasts."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.anchor.desk_project import DeskProject
from bench.anchor.errors import MeasurementInvalidError
from bench.anchor.processor_time import process_tree

START_SECONDS = 30
STOP_SECONDS = 10
APPLICATION = "django.core.wsgi:get_wsgi_application()"


@dataclass(frozen=True)
class WebServer:
    """A running gunicorn: its loopback port and its processes, the arbiter and its worker."""

    port: int
    processes: frozenset[int]


@contextmanager
def serving(project: DeskProject) -> Iterator[WebServer]:
    """Serve the project while the block runs. Raises MeasurementInvalidError when gunicorn does not start."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        gunicorn = subprocess.Popen(
            [project.installation.python, *_arguments(project, listener.fileno())],
            cwd=project.folder,
            env=project.environment,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
        try:
            yield WebServer(listener.getsockname()[1], _wait_for_worker(gunicorn))
        finally:
            _stop(gunicorn)


def _arguments(project: DeskProject, listener: int) -> list[str]:
    memory = Path("/dev", "shm")
    heartbeats = memory if memory.is_dir() else project.folder
    log = project.folder / "gunicorn.log"
    options = ["--bind", f"fd://{listener}", "--workers", "1", "--worker-class", "sync", "--no-control-socket"]
    quiet = ["--log-level", "warning", "--error-logfile", str(log), "--worker-tmp-dir", str(heartbeats)]
    return ["-m", "gunicorn", *options, *quiet, APPLICATION]


def _wait_for_worker(gunicorn: subprocess.Popen[bytes]) -> frozenset[int]:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and gunicorn.poll() is None:
        processes = process_tree(gunicorn.pid)
        if len(processes) == 2:
            return processes
        time.sleep(0.05)
    raise MeasurementInvalidError("gunicorn did not start its worker")


def _stop(gunicorn: subprocess.Popen[bytes]) -> None:
    gunicorn.terminate()
    try:
        gunicorn.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(gunicorn.pid, signal.SIGKILL)
        gunicorn.wait()
