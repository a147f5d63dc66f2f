"""`make run`, as a developer meets it: one process, real ports, real mail."""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-known-key"
RAW = b"From: Kim <kim@customer.example>\r\nTo: support@example.com\r\nSubject: By hand\r\n\r\nHello\r\n"


class LocalDesk:
    """A running local desk."""

    def __init__(self, port: int, smtp_port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.smtp_port = smtp_port

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Give the JSON answer, whatever its status."""
        given = {"Authorization": f"Bearer {KEY}", **headers}
        request = Request(self.url + path, data=body, method=method, headers=given)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as refusal:
            return {"status": refusal.code, **json.loads(refusal.read() or b"{}")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


@pytest.fixture(scope="module")
def desk() -> Iterator[LocalDesk]:
    """An empty local desk with a known key, ended by Ctrl-C."""
    port, smtp_port = _free_port(), _free_port()
    options = ["--port", str(port), "--smtp-port", str(smtp_port), "--api-key", KEY, "--no-demo"]
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local", *options],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found = LocalDesk(port, smtp_port)
    until = time.monotonic() + 60
    while not _open(found):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)
    yield found
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "The desk is closed." in said
    assert "Traceback" not in said


def _open(desk: LocalDesk) -> bool:
    try:
        return bool(desk.call("GET", "/_local/ready").get("ready"))
    except (URLError, OSError):
        return False


def _tickets(desk: LocalDesk) -> list[Any]:
    items: list[Any] = desk.call("GET", "/v1/tickets")["items"]
    return items


def _until(desk: LocalDesk, subject: str) -> Any:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = [ticket for ticket in _tickets(desk) if ticket["subject"] == subject]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no ticket about {subject}")


def test_mail_by_smtp_becomes_a_ticket_and_is_acknowledged(desk: LocalDesk) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Jo <jo@customer.example>", "support@example.com", "By SMTP: 你好"
    mail["Message-ID"] = "<smtp-1@customer.example>"
    mail.set_content("Hello.\nMy cup is broken.")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=20) as server:
        server.send_message(mail)
    ticket = _until(desk, "By SMTP: 你好")
    message = desk.call("GET", f"/v1/tickets/{ticket['ref']}/messages")["items"][0]
    assert message["text"].strip() == "Hello.\nMy cup is broken."
    outbox = desk.call("GET", "/_local/outbox")["items"]
    row = next(row for row in outbox if row["to"] == ["jo@customer.example"])
    assert row.keys() == {"from", "to", "subject", "message_id", "headers", "text", "html", "raw"}
    assert row["headers"]["In-Reply-To"] == "<smtp-1@customer.example>"


def test_mail_by_http_arrives_as_ses_would_deliver_it(desk: LocalDesk) -> None:
    desk.call("POST", "/_local/mail?sender=kim@customer.example&recipients=support@example.com", RAW)
    assert _until(desk, "By hand")["channel"] == "email"


def test_a_verdict_of_ses_puts_mail_on_the_shelf(desk: LocalDesk) -> None:
    spam = RAW.replace(b"By hand", b"Cheap watches").replace(b"kim@", b"spammer@")
    desk.call("POST", "/_local/mail?sender=s@x.example&recipients=support@example.com&verdicts=spam:fail", spam)
    assert [ticket["subject"] for ticket in desk.call("GET", "/v1/tickets?queue=spam")["items"]] == ["Cheap watches"]


def test_the_clock_moves_and_what_was_due_has_happened(desk: LocalDesk) -> None:
    body = {"subject": "Late", "text": "Hello", "customer": {"email": "lee@customer.example"}}
    ref = desk.call("POST", "/v1/tickets", json.dumps(body).encode(), **{"Content-Type": "application/json"})["ref"]
    desk.call("POST", "/_local/clock", b'{"advance_seconds": 20000}')
    happened = [event["what"] for event in desk.call("GET", f"/v1/tickets/{ref}/events")["items"]]
    assert happened.index("sla_warned") < happened.index("sla_breached")


def test_the_state_shows_queues_dead_letters_and_what_is_due(desk: LocalDesk) -> None:
    state = desk.call("GET", "/_local/state")
    assert state["queues"].keys() == {"intake", "work"}
    assert state["dead_letters"] == {"intake": [], "work": []}
    assert all({"ref", "at"} <= entry.keys() for entry in state["due"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/_local/clock", b"{}"),
        ("POST", "/_local/clock", b'{"advance_seconds": -1}'),
        ("POST", "/_local/clock", b'{"advance_seconds": "x"}'),
        ("POST", "/_local/mail", b""),
        ("POST", "/_local/mail?verdicts=colour:red", RAW),
    ],
)
def test_nonsense_is_answered_with_a_plain_sentence(desk: LocalDesk, method: str, path: str, body: bytes) -> None:
    answer = desk.call(method, path, body)
    assert answer["status"] == 400
    assert answer["detail"]


def test_an_unknown_local_address_names_those_there_are(desk: LocalDesk) -> None:
    assert "GET /_local/state" in desk.call("GET", "/_local/nothing")["addresses"]


@pytest.mark.parametrize(
    ("asker", "method", "allowed"),
    [("own", "PUT", True), ("own", "DELETE", False), ("http://evil.example", "PUT", False)],
)
def test_the_bucket_answers_browsers_as_its_rules_say(desk: LocalDesk, asker: str, method: str, allowed: bool) -> None:
    origin = desk.url if asker == "own" else asker
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    request = Request(f"{desk.url}/_local/files/uploads/x", method="OPTIONS", headers=headers)
    with urlopen(request, timeout=10) as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)


def test_a_file_is_handed_out_to_be_saved_and_never_shown(desk: LocalDesk) -> None:
    place = f"{desk.url}/_local/files/uploads/page.html"
    urlopen(Request(place, data=b"<script>", method="PUT", headers={"Content-Type": "text/html"}), timeout=10).close()
    with urlopen(place, timeout=10) as answer:
        assert (answer.headers["Content-Disposition"], answer.headers["X-Content-Type-Options"]) == (
            "attachment",
            "nosniff",
        )


@pytest.mark.parametrize("option", ["--port", "--smtp-port"])
def test_a_taken_port_is_one_clear_line(option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        options = {"--port": str(_free_port()), "--smtp-port": str(_free_port()), option: port}
        command = [sys.executable, "-m", "infra.local", *(word for pair in options.items() for word in pair)]
        ended = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"Port {port} is taken by another program. Stop it, or choose another with {option}."
    ]
