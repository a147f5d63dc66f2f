"""Webhooks against a server on this machine that speaks HTTPS, in well-behaved and other ways."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.webhook import HttpsWebhooks
from chalicelib.domain.errors import TryAgain, WebhookRefused
from chalicelib.domain.webhook import Webhook

HOST = "hooks.example.com"
HOOK = Webhook("id-1", f"https://{HOST}/late?desk=1", b'{"a": 1}')
HEADERS = {"Content-Type": "application/json", "Webhook-Id": "id-1"}


@dataclass
class Server:
    """Takes one request after the other, and answers each with `answer`; None says nothing for ever."""

    port: int
    context: ssl.SSLContext
    answer: bytes | None = b"HTTP/1.1 204 No Content\r\n\r\n"
    heard: list[bytes] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    def client(self, **more: Any) -> HttpsWebhooks:
        usual = {
            "resolve": lambda host: ["127.0.0.1"],
            "allowed": lambda address: True,
            "context": self.context,
            "port": self.port,
        }
        return HttpsWebhooks(**{**usual, **more})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the host, and its key, good for an hour."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[Server]:
    """A server that runs while a test does."""
    cert, key = certificate
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    with create_server(("127.0.0.1", 0)) as listening:
        told = Server(listening.getsockname()[1], ssl.create_default_context(cafile=str(cert)))

        def serve() -> None:
            try:
                plain, _ = listening.accept()
                with plain, serving.wrap_socket(plain, server_side=True) as secure:
                    told.heard.append(secure.recv(65536))
                    if told.answer is None:
                        told.release.wait(10)
                    else:
                        secure.sendall(told.answer)
            except OSError:
                return  # whoever called hung up

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield told
        told.release.set()
    thread.join(10)


def test_it_is_posted_with_its_headers_to_the_host_it_names(server: Server) -> None:
    server.client().post(HOOK, HEADERS)
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert (lines[0], body) == (b"POST /late?desk=1 HTTP/1.1", HOOK.body)
    assert {b"Host: hooks.example.com", b"Webhook-Id: id-1", b"Content-Length: 8"} <= set(lines)


@pytest.mark.parametrize("status", [b"200 OK", b"201 Created", b"204 No Content"])
def test_every_success_is_one(server: Server, status: bytes) -> None:
    server.answer = b"HTTP/1.1 " + status + b"\r\n\r\n"
    server.client().post(HOOK, HEADERS)


@pytest.mark.parametrize("status", [b"500 Oh", b"503 Busy", b"429 Slowly", b"408 Late"])
def test_what_will_pass_is_tried_again(server: Server, status: bytes) -> None:
    server.answer = b"HTTP/1.1 " + status + b"\r\n\r\n"
    with pytest.raises(TryAgain, match=status[:3].decode()):
        server.client().post(HOOK, HEADERS)


@pytest.mark.parametrize(
    "status", [b"301 Moved", b"302 Found\r\nLocation: http://169.254.169.254/", b"400 No", b"410 Gone"]
)
def test_what_will_not_pass_is_given_up_and_no_redirect_is_followed(server: Server, status: bytes) -> None:
    server.answer = b"HTTP/1.1 " + status + b"\r\n\r\n"
    with pytest.raises(WebhookRefused, match=status[:3].decode()):
        server.client().post(HOOK, HEADERS)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n", b"x" * 5000])
def test_what_is_no_http_is_tried_again(server: Server, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(TryAgain):
        server.client().post(HOOK, HEADERS)


def test_whoever_never_answers_holds_nobody_up(server: Server) -> None:
    server.answer = None
    with pytest.raises(TryAgain, match="Timeout"):
        server.client(timeout_seconds=0.2).post(HOOK, HEADERS)


def test_a_certificate_of_somebody_else_is_refused(server: Server) -> None:
    with pytest.raises(TryAgain, match="SSLCertVerificationError"):
        server.client().post(Webhook("id-1", "https://other.example.com/", b""), HEADERS)
    assert server.heard == []


@pytest.mark.parametrize("known", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["fd00:ec2::254"], []])
def test_a_name_that_leads_into_another_network_is_never_reached(known: list[str]) -> None:
    with pytest.raises(WebhookRefused, match="public"):
        HttpsWebhooks(resolve=lambda host: known, port=1).post(HOOK, HEADERS)


def test_a_name_that_nobody_knows_is_tried_again() -> None:
    def unknown(host: str) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(TryAgain):
        HttpsWebhooks(resolve=unknown).post(HOOK, HEADERS)


def test_an_address_that_should_never_have_been_saved_is_refused() -> None:
    with pytest.raises(WebhookRefused):
        HttpsWebhooks().post(Webhook("id-1", "http://hooks.example.com/", b""), HEADERS)


def test_the_name_is_looked_up_once_and_that_address_is_reached(server: Server) -> None:
    asked: list[str] = []

    def rebinding(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    server.client(resolve=rebinding).post(HOOK, HEADERS)
    assert asked == [HOST]
