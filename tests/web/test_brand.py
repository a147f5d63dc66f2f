"""A shop's own look on the pages that its customers see."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator

import pytest

from tests.web.client import Client


@pytest.fixture
def branded(api: Client) -> Iterator[None]:
    look = {"accent": "#ffd400", "logo": "https://shop.example/logo.svg"}
    assert api.patch("/v1/settings", {"brand": look}).status == 200
    yield
    api.patch("/v1/settings", {"brand": {"accent": "", "logo": ""}})


@pytest.mark.usefixtures("branded")
def test_pages_wear_the_colour_and_the_logo_and_allow_no_more(stranger: Client) -> None:
    page = stranger.get("/help")
    assert '<header><img src="https://shop.example/logo.svg" alt="Pennydesk"' in page.body
    [style] = re.findall(r"<style>(.*?)</style>", page.body, re.DOTALL)
    assert "--key:#ffd400;--key-ink:#000000" in style
    policy = page.headers["Content-Security-Policy"]
    assert b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "img-src 'self' data: https://shop.example;" in policy


def test_without_a_brand_the_name_stands_there(stranger: Client) -> None:
    page = stranger.get("/help")
    assert "<header>Pennydesk</header>" in page.body
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]


def test_one_part_of_the_look_is_changed_by_itself(api: Client, branded: None) -> None:
    after = api.patch("/v1/settings", {"brand": {"accent": "#0b5fb0"}}).json["brand"]
    assert after == {"accent": "#0b5fb0", "logo": "https://shop.example/logo.svg"}


def test_a_colour_that_is_none_is_refused_with_its_field(api: Client) -> None:
    reply = api.patch("/v1/settings", {"brand": {"accent": "blue"}})
    assert (reply.status, reply.field) == (422, "brand.accent")
