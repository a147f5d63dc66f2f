"""Pages in a real browser: the whole local desk, and Chromium without a screen."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(url: str) -> bool:
    try:
        with urlopen(f"{url}/_local/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def local_desk() -> Iterator[str]:
    """A local desk with its demo, as `make run` starts it, on ports of its own."""
    port = _free_port()
    command = [sys.executable, "-m", "infra.local", "--port", str(port), "--smtp-port", str(_free_port())]
    surroundings = {name: value for name, value in os.environ.items() if name != "AWS_ENDPOINT_URL"}
    desk = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=surroundings)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while not _ready(url):
        assert desk.poll() is None, "the local desk ended before it was ready"
        assert time.monotonic() < until, "the local desk was not ready in time"
        time.sleep(0.1)
    yield url
    desk.send_signal(signal.SIGINT)
    assert desk.wait(timeout=20) == 0


@pytest.fixture(scope="session")
def desk_url() -> Iterator[str]:
    """The local desk that tests share; who moves its clock far takes one of their own."""
    with local_desk() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium without a screen; skips where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: install it to see the pages tested in a real browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "Browser", desk_url: str) -> Iterator["Page"]:
    """A fresh page without JavaScript, whose links begin at the desk; it fails on anything the console complains of."""
    context = browser.new_context(base_url=desk_url, java_script_enabled=False, locale="en-GB")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    yield opened
    context.close()
    assert [text for text in complaints if "Content Security Policy" in text] == []
