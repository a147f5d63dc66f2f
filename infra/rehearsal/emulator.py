"""MiniStack, an emulator of AWS, on loopback over TLS: installed outside the repository, its policies on, stopped."""

import os
import platform
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from infra.deployment.problems import DeploymentError
from infra.deployment.tools import programs

PINS = ("ministack==1.5.33", "aws-sam-translator==1.115.0", "cryptography==50.0.2", "boto3==1.43.106")
"""boto3 is what Lambda's runtime would bring: functions run in the emulator's own environment."""

REGION = "us-east-1"
START_SECONDS = 60
STOP_SECONDS = 10
WATCH = Path(__file__).with_name("watch")

# A pipe from this process is the emulator's leash: when it closes, because we are done or dead, the whole group ends.
_LEASH = 'exec 3<&0; { read -r _ <&3; kill -TERM 0; } & exec "$@" 3<&- </dev/null'


@dataclass(frozen=True)
class Emulator:
    """A running emulator. `environment` leads programs to it; `notes` is where functions' calls are noted."""

    endpoint: str
    environment: Mapping[str, str]
    notes: Path
    log: Path


def architecture() -> str:
    """Give this machine's processor as Lambda calls it: the emulator runs functions on it."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


@contextmanager
def running() -> Iterator[Emulator]:
    """Run an empty emulator, and take it and all it left away. Raises DeploymentError when it doesn't start."""
    programs_folder = programs("ministack", PINS)
    scratch = Path(tempfile.mkdtemp(prefix="pennydesk-rehearsal-"))
    port = _free_port()
    emulator = _described(scratch, port)
    command = ["sh", "-c", _LEASH, "sh", str(programs_folder / "ministack")]
    with emulator.log.open("w") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            env=_environment_of_server(scratch, port, emulator.notes), cwd=scratch,
        )  # fmt: skip
        try:
            _wait_for(server, emulator)
            yield emulator
        finally:
            _stop(server)
            shutil.rmtree(scratch, ignore_errors=True)


def _described(scratch: Path, port: int) -> Emulator:
    endpoint, certificate = f"https://127.0.0.1:{port}", scratch / "tmp" / "ministack-tls" / "server.crt"
    leads = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CA_BUNDLE": str(certificate),
        "SSL_CERT_FILE": str(certificate),
    }
    return Emulator(endpoint, leads, scratch / "notes.jsonl", scratch / "emulator.log")


def _environment_of_server(scratch: Path, port: int, notes: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    temporary = scratch / "tmp"
    temporary.mkdir()
    return {
        **plain,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "USE_SSL": "1",
        "AUTH": "true",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(temporary),
        "HOME": str(scratch),
        "PYTHONPATH": str(WATCH),
        "PENNYDESK_WATCH_NOTES": str(notes),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], emulator: Emulator) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DeploymentError(f"the emulator ended with {server.returncode}: {_tail(emulator.log)}")
        try:
            trusted = ssl.create_default_context(cafile=emulator.environment["SSL_CERT_FILE"])
            with urllib.request.urlopen(f"{emulator.endpoint}/_ministack/ready", timeout=2, context=trusted):
                return
        except OSError:
            time.sleep(0.1)
    raise DeploymentError(f"the emulator did not answer within {START_SECONDS} s: {_tail(emulator.log)}")


def _tail(log: Path, lines: int = 5) -> str:
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:])


def _stop(server: subprocess.Popen[bytes]) -> None:
    leash: IO[bytes] | None = server.stdin
    if leash is not None:
        leash.close()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, 9)
        server.wait()
