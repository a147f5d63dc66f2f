"""The desk's HTTP app on loopback, through Chalice's own local gateway, and the addresses that only a laptop needs."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from chalice.config import Config
from chalice.local import LocalGateway, LocalGatewayException

import app as chalice_app
from infra.local import pages
from infra.local.cloud import DEAD_LETTER_VARIABLES, LocalCloud
from infra.local.files import PREFIX, LocalFiles
from infra.redrive import redrive

VERDICTS = ("spam", "virus", "spf", "dkim", "dmarc")
MOST_BYTES = 50 * 1024 * 1024


class BadLocalRequest(Exception):
    """What was sent to a /_local address makes no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """A finished answer to a request."""

    status: int
    media_type: str
    body: bytes


def json_answer(content: Any, status: int = 200) -> LocalAnswer:
    """Give JSON as an answer."""
    return LocalAnswer(status, "application/json", json.dumps(content, ensure_ascii=False, indent=1).encode())


class LocalAddresses:
    """What stands under /_local: mail in and out, the clock, the state. Never part of the deployed package."""

    def __init__(self, cloud: LocalCloud, files: LocalFiles) -> None:
        """Serve one cloud, and the files in its bucket."""
        self._cloud = cloud
        self._files = files
        self.ready = False

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> LocalAnswer:
        """Give the answer to a request whose path begins with /_local."""
        url = urlsplit(target)
        addresses: dict[tuple[str, str], Callable[[], LocalAnswer]] = {
            ("GET", "/_local/ready"): self._ready,
            ("POST", "/_local/mail"): lambda: self._mail(parse_qs(url.query), body),
            ("GET", "/_local/outbox"): lambda: self._outbox(headers.get("accept", "")),
            ("POST", "/_local/clock"): lambda: self._move_clock(body),
            ("GET", "/_local/state"): lambda: json_answer(self._cloud.state()),
            ("POST", "/_local/redrive"): self._redrive,
        }
        if url.path.startswith(PREFIX):
            return self._file(method, unquote(url.path.removeprefix(PREFIX)), headers, body)
        found = addresses.get((method, url.path.rstrip("/")))
        if found is None:
            listing = [f"{verb} {path}" for verb, path in addresses]
            return json_answer({"detail": "there is nothing here", "addresses": listing}, 404)
        try:
            return found()
        except BadLocalRequest as error:
            return json_answer({"detail": str(error)}, 400)

    def headers_of(self, method: str, target: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Give what stands above a file's answer: that it is to be saved, or whether a page of another origin may send
        files here, to its preflight and to the sending itself."""
        if not urlsplit(target).path.startswith(PREFIX):
            return {}
        if method not in ("OPTIONS", "PUT"):
            return {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        with self._cloud.lock:
            wanted = headers.get("access-control-request-method", "") if method == "OPTIONS" else method
            return self._files.sharing(headers.get("origin", ""), wanted)

    def _file(self, method: str, key: str, headers: Mapping[str, str], body: bytes) -> LocalAnswer:
        with self._cloud.lock:
            if method == "PUT":
                self._files.taken(key, headers.get("content-type", ""), body)
                return LocalAnswer(200, "text/plain", b"")
            if method == "OPTIONS":
                return LocalAnswer(200, "text/plain", b"")
            found = self._files.fetched(key) if method in ("GET", "HEAD") else None
        return LocalAnswer(200, *found) if found else json_answer({"detail": "there is no such file"}, 404)

    def _ready(self) -> LocalAnswer:
        return json_answer({"ready": self.ready}, 200 if self.ready else 503)

    def _mail(self, query: Mapping[str, list[str]], body: bytes) -> LocalAnswer:
        if not body.strip():
            raise BadLocalRequest("send a raw MIME message as the body")
        given = {name: ",".join(values) for name, values in query.items()}
        sender = given.get("sender", given.get("from", given.get("mail_from", ""))).strip()
        named = given.get("recipients", given.get("recipient", given.get("to", given.get("rcpt_to", ""))))
        recipients = [one.strip() for one in named.split(",") if one.strip()]
        with self._cloud.lock:
            key = self._cloud.receive_mail(body, sender, recipients, _verdicts(given))
            self._cloud.settle()
        return json_answer({"key": key}, 202)

    def _outbox(self, accept: str) -> LocalAnswer:
        rows = [pages.outbox_row(mail) for mail in self._cloud.sent_mail()]
        if "text/html" in accept:
            return LocalAnswer(200, "text/html; charset=utf-8", pages.outbox_page(rows).encode())
        return json_answer({"items": rows, "next_cursor": None})

    def _move_clock(self, body: bytes) -> LocalAnswer:
        try:
            seconds = json.loads(body or b"{}")["advance_seconds"]
        except (ValueError, KeyError, TypeError):
            raise BadLocalRequest('send {"advance_seconds": n}') from None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 400 * 86400:
            raise BadLocalRequest("advance_seconds must be a number from 0 to 400 days")
        self._cloud.advance(seconds)
        return json_answer({"now": self._cloud.clock.now().isoformat()})

    def _redrive(self) -> LocalAnswer:
        sqs, urls = self._cloud.desk.aws.client("sqs"), self._cloud.environment
        with self._cloud.lock:
            moved = {
                name: redrive(sqs, urls[variable], urls[f"{name.upper()}_QUEUE_URL"])
                for name, variable in DEAD_LETTER_VARIABLES.items()
            }
            self._cloud.settle()
        return json_answer({"moved": moved})


def _verdicts(given: Mapping[str, str]) -> dict[str, str]:
    """Read verdicts given one by one (`spam=fail`), as `verdicts=spam:fail,dmarc:fail`, or as a JSON object."""
    text = given.get("verdicts", "").strip()
    found = {name: given[name].lower() for name in VERDICTS if name in given}
    if text.startswith("{"):
        try:
            found.update({str(name).lower(): str(value).lower() for name, value in json.loads(text).items()})
        except ValueError:
            raise BadLocalRequest("verdicts is not JSON") from None
    elif text:
        pairs = (pair.replace("=", ":").partition(":") for pair in text.split(","))
        found.update({name.strip().lower(): value.strip().lower() for name, _, value in pairs})
    unknown = set(found) - set(VERDICTS)
    if unknown:
        raise BadLocalRequest(f"verdicts are {', '.join(VERDICTS)}; not {', '.join(sorted(unknown))}")
    return found


class LocalServer(ThreadingHTTPServer):
    """Serves the desk on loopback. Raises OSError when the port is taken."""

    daemon_threads = True

    def __init__(self, port: int, cloud: LocalCloud, woken: Callable[[], None]) -> None:
        """`woken` is called after each request of the app, since it may have asked for work."""
        self.cloud = cloud
        self.woken = woken
        files = LocalFiles(cloud, f"http://127.0.0.1:{port}")
        vars(cloud.desk).update(files=files, files_origin=files.origin)
        self.addresses = LocalAddresses(cloud, files)
        folder = os.path.dirname(os.path.abspath(chalice_app.__file__))
        config = Config.create(project_dir=folder, chalice_app=lambda: chalice_app.app)
        self.gateway = LocalGateway(chalice_app.app, config)
        super().__init__(("127.0.0.1", port), RequestHandler)


class RequestHandler(BaseHTTPRequestHandler):
    """Turns HTTP into API Gateway's events and back."""

    protocol_version = "HTTP/1.1"
    server: LocalServer

    def _answer(self) -> None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self._send(json_answer({"detail": "the body is too large"}, 413), {"Connection": "close"})
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if urlsplit(self.path).path.startswith("/_local"):
            more = self.server.addresses.headers_of(self.command, self.path, headers)
            self._send(self.server.addresses.answer(self.command, self.path, headers, body), more)
        else:
            self._through_gateway(headers, body)

    def _through_gateway(self, headers: dict[str, str], body: bytes) -> None:
        # API Gateway takes bytes for text, unless they are of a type that is listed as binary
        kept = not body or headers.get("content-type", "").startswith("multipart/form-data")
        text = (body or None) if kept else body.decode("utf-8", "replace").encode()
        try:
            with self.server.cloud.lock:
                answer = self.server.gateway.handle_request(self.command, self.path, headers, text)
        except LocalGatewayException as refusal:
            self._send(LocalAnswer(refusal.CODE, "application/json", refusal.body or b""), {})
            return
        finally:
            self.server.woken()
        self._send(*_over_the_wire(answer))

    def _send(self, answer: LocalAnswer, headers: Mapping[str, str]) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.media_type, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(0 if answer.status == 204 else len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - the names BaseHTTPRequestHandler calls

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the functions log for themselves."""


def _over_the_wire(answer: Mapping[str, Any]) -> tuple[LocalAnswer, dict[str, str]]:
    """Give what a Lambda proxy answer becomes in HTTP: the answer, and its further headers."""
    many = {name: values[-1] for name, values in answer.get("multiValueHeaders", {}).items()}
    given = {name.lower(): str(value) for name, value in {**answer.get("headers", {}), **many}.items()}
    media_type = given.pop("content-type", "application/json")
    given.pop("content-length", None)
    content = answer.get("body") or ""
    body = content.encode() if isinstance(content, str) else content
    return LocalAnswer(int(answer["statusCode"]), media_type, body), given
