"""Which addresses may be told, and the signature by which a receiver knows us."""

import hmac
from base64 import b64decode, b64encode

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.webhook import Webhook, is_public, refuse_unsafe, secret_in_words, signed
from tests.domain.samples import MONDAY

HOOK = "https://hooks.example.com/late?desk=1"


@pytest.mark.parametrize("url", [HOOK, "https://hooks.example.com", "https://a.b.example:443/x"])
def test_a_public_name_by_https_may_be_told(url: str) -> None:
    refuse_unsafe(url, "webhook")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "http://hooks.example.com",
        "ftp://hooks.example.com",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:x/",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com/#x",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://hooks..example.com/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nX-Evil: 1",
        "https://hooks.exämple.com/",
        "https://hooks.example.com/" + "x" * 500,
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        refuse_unsafe(url, "webhook")
    assert refusal.value.field == "webhook"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.0.0.1", False),
        ("172.16.5.5", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fd00:ec2::254", False),
        ("fe80::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
        ("nonsense", False),
    ],
)
def test_only_the_public_internet_is_reached(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_receiver_can_check_that_it_is_us() -> None:
    hook = Webhook("id-1", HOOK, b'{"a": 1}')
    headers = signed(hook, b"desk", MONDAY)
    key = b64decode(secret_in_words(b"desk", HOOK).removeprefix("whsec_"))
    said = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + hook.body
    assert headers["Webhook-Signature"] == f"v1,{b64encode(hmac.digest(key, said, 'sha256')).decode()}"
    assert headers["Webhook-Timestamp"] == str(int(MONDAY.timestamp()))


def test_no_receiver_can_pose_as_us_towards_another() -> None:
    assert secret_in_words(b"desk", HOOK) != secret_in_words(b"desk", "https://other.example.com/")
