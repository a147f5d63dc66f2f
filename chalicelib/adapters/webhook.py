"""Webhooks by HTTPS, to the public internet only.

An address is set by an administrator and may lead anywhere, so that a name is looked up once, every address it has must
be public, and the connection goes to the address that was looked at (or else a second look-up could lead into the
cloud's own network: OWASP's "Server-Side Request Forgery Prevention", DNS pinning). Redirects aren't followed, proxies
aren't asked, and of the answer only the status is read.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from chalicelib.domain.errors import InvalidInput, TryAgain, WebhookRefused
from chalicelib.domain.webhook import Webhook, is_public, refuse_unsafe

TIMEOUT_SECONDS = 5.0
"""For the whole conversation, however slowly the other side speaks."""

STATUS_LINE_LIMIT = 1024
WORTH_ANOTHER_TRY = frozenset({408, 425, 429})
"""Beside everything from 500 on: what the other side says will pass (RFC 9110, 15.5.9; RFC 8470; RFC 6585)."""

Resolve = Callable[[str], Sequence[str]]


def addresses_of(host: str) -> list[str]:
    """Give the IP addresses of a host's name. Raises OSError."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class HttpsWebhooks:
    """Posts webhooks."""

    def __init__(
        self,
        resolve: Resolve = addresses_of,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
        port: int = 443,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """All but the defaults are for tests, which have no public server."""
        self._resolve = resolve
        self._allowed = allowed
        self._context = context
        self._port = port
        self._timeout = timeout_seconds

    def post(self, hook: Webhook, headers: Mapping[str, str]) -> None:
        """See ports.Webhooks."""
        try:
            refuse_unsafe(hook.url, "url")
        except InvalidInput as unsafe:
            raise WebhookRefused(f"its address {unsafe.message}") from None
        deadline = time.monotonic() + self._timeout
        parts = urlsplit(hook.url)
        host = (parts.hostname or "").lower()
        try:
            status = self._status(host, _request(host, hook, headers), deadline)
        except (OSError, ValueError) as error:
            raise TryAgain(f"the webhook's address can't be reached: {type(error).__name__}") from error
        if status >= 500 or status in WORTH_ANOTHER_TRY:
            raise TryAgain(f"the webhook's address answered {status}")
        if not 200 <= status < 300:
            raise WebhookRefused(f"its address answered {status}")

    def _status(self, host: str, request: bytes, deadline: float) -> int:
        known = self._resolve(host)
        if not known or not all(self._allowed(address) for address in known):
            raise WebhookRefused("its address leads into a network that isn't public")
        context = self._context or ssl.create_default_context()
        with (
            socket.create_connection((known[0], self._port), timeout=_left(deadline)) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            secure.settimeout(_left(deadline))
            secure.sendall(request)
            return _status_read(secure, deadline)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return left


def _request(host: str, hook: Webhook, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(hook.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {
        "Host": host,
        "User-Agent": "pennydesk",
        "Content-Length": str(len(hook.body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + hook.body


def _status_read(secure: ssl.SSLSocket, deadline: float) -> int:
    head = b""
    while b"\r\n" not in head and len(head) < STATUS_LINE_LIMIT:
        secure.settimeout(_left(deadline))
        part = secure.recv(STATUS_LINE_LIMIT)
        if not part:
            break
        head += part
    version, _, rest = head.partition(b" ")
    if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
        raise ValueError("the answer is not HTTP")
    return int(rest[:3])
