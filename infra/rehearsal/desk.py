"""The deployed desk as people, mail and machines meet it: over HTTP, by mail in its bucket, by its queues."""

import base64
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from boto3.session import Session

from infra.deployment.readiness import api_url
from infra.deployment.stack import Stack, working_stack
from infra.local.lambda_events import as_ses_stores_it
from infra.package import ROOT
from infra.rehearsal.emulator import Emulator
from infra.rehearsal.notes import Note, read_notes

STAGE = "rehearse"
SUPPORT = "support@desk.example"
JO, KIM = "jo@customer.example", "kim@customer.example"
PATIENCE_SECONDS = 45.0
POLL_SECONDS = 0.2
FRAME = ("START RequestId", "END RequestId", "REPORT RequestId")
Found = TypeVar("Found")


class StepFailed(Exception):
    """A step of the rehearsal didn't come out as it should; the message says how."""


class Desk:
    """One deployed desk; `key` is the API key's secret."""

    def __init__(self, emulator: Emulator) -> None:
        """Nothing is deployed yet."""
        self.emulator = emulator
        self.session = Session()
        self.key = ""
        self.known: dict[str, Any] = {}
        self._mails = 0

    @property
    def stack(self) -> Stack:
        """The desk's stack as it is now."""
        return working_stack(self.session, STAGE)

    def command(self, module: str, *words: str, root: Path = ROOT, expected: int = 0) -> str:
        """Run one of the project's commands and give what it printed. Raises StepFailed when it ends otherwise."""
        done = subprocess.run(
            [sys.executable, "-m", module, "--stage", STAGE, *words],
            cwd=root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode != expected:
            raise StepFailed(f"python -m {module} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    # ---- HTTP

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API; gives the answer's JSON. Raises StepFailed for a refusal."""
        raw = None if body is None else json.dumps(body).encode()
        status, text = self._http(method, path, raw, {"Content-Type": "application/json"} if raw else {})
        if status >= 400:
            raise StepFailed(f"{method} {path} answers {status}: {text}")
        return json.loads(text) if text else None

    def page(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        """See or send a page as a browser does; gives status and HTML."""
        raw = urlencode(fields).encode() if fields else None
        return self._http(method, path, raw, {"Content-Type": "application/x-www-form-urlencoded"} if raw else {})

    def _http(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, str]:
        url = self.known.setdefault("url", api_url(self.stack)) + path
        given = {**headers, **({"Authorization": f"Bearer {self.key}"} if path.startswith("/v1/") else {})}
        request = urllib.request.Request(url, body, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def opened(self, email: str, **more: Any) -> str:
        """Open a ticket for an address by the API; gives its reference."""
        body = {"subject": "A lamp", "text": "It is dark.", "customer": {"email": email, "name": "Kim"}, **more}
        ref: str = self.api("POST", "/v1/tickets", body)["ref"]
        return ref

    def events(self, ref: str, what: str) -> list[Any]:
        """Give a ticket's events of one kind."""
        items = self.api("GET", f"/v1/tickets/{ref}/events?limit=100")["items"]
        return [event for event in items if event["what"] == what]

    def tickets_of(self, email: str) -> list[Any]:
        """Give the tickets of an address, newest first."""
        customers = self.api("GET", f"/v1/customers?{urlencode({'email': email})}")["items"]
        if not customers:
            return []
        items: list[Any] = self.api("GET", f"/v1/tickets?customer={customers[0]['id']}")["items"]
        return items

    # ---- mail

    def mail(self, sender: str, subject: str, text: str, to: str = SUPPORT, **headers: str) -> EmailMessage:
        """Give a mail that somebody writes."""
        self._mails += 1
        written = EmailMessage()
        written["From"], written["To"], written["Subject"] = sender, to, subject
        written["Message-ID"] = f"<{self._mails}.{uuid.uuid4().hex[:8]}@{sender.partition('@')[2]}>"
        for name, value in headers.items():
            written[name.replace("_", "-")] = value
        written.set_content(text)
        return written

    def receive(self, mail: EmailMessage, key: str = "") -> str:
        """Put a mail into the bucket as SES does; gives its key."""
        key = key or f"inbound/{uuid.uuid4().hex}"
        stored = as_ses_stores_it(bytes(mail), str(mail["From"]), [str(mail["To"])], datetime.now(UTC), {})
        bucket = self.stack.outputs["MailBucketName"]
        self.session.client("s3").put_object(Bucket=bucket, Key=key, Body=stored)
        return key

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Give the mails that left for an address, oldest first."""
        sent = [note for note in read_notes(self.emulator.notes) if note.mail and address in note.to]
        return [message_from_bytes(base64.b64decode(note.mail), policy=policy.default) for note in sent]

    # ---- queues and functions

    def depth(self, output: str) -> int:
        """Give how many messages a queue of the stack has, in whatever state."""
        names: Any = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        found = self.session.client("sqs").get_queue_attributes(
            QueueUrl=self.stack.outputs[output], AttributeNames=names
        )
        return sum(int(count) for count in found["Attributes"].values())

    def notes(self) -> list[Note]:
        """Give every call that the functions made so far."""
        return read_notes(self.emulator.notes)

    def log_tail(self, lines: int = 12) -> str:
        """Give the last lines that each function logged."""
        logs: Any = self.session.client("logs")
        told = []
        for name in ("api", "on_mail", "on_work", "every_minute"):
            group = f"/pennydesk/pennydesk-{STAGE}/{name}"
            try:
                events = logs.filter_log_events(logGroupName=group)["events"]
            except logs.exceptions.ClientError:
                continue
            said = [_shortened(event["message"].rstrip()) for event in events]
            told += [f"--- {group}", *[line for line in said if not line.startswith(FRAME)][-lines:]]
        return "\n".join(told)


def _shortened(line: str) -> str:
    """A line's beginning and its end, where a traceback says what happened."""
    return line if len(line) <= 1400 else f"{line[:300]} … {line[-1000:]}"


def wait_for(what: str, look: Callable[[], Found], patience: float = PATIENCE_SECONDS) -> Found:
    """Give what `look` finds, as soon as it is true. Raises StepFailed when that doesn't come."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > deadline:
            raise StepFailed(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(POLL_SECONDS)
    return found


def expect(right: bool, what: str, seen: Any = "") -> None:
    """Raise StepFailed unless it is so."""
    if not right:
        raise StepFailed(f"{what}, but: {seen}" if seen != "" else what)
