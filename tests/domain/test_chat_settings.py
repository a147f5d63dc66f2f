"""Where the chat box may stand is named so that it can stand in a policy's header, and nothing else can."""

import pytest

from chalicelib.domain.chat_settings import MOST_SITES, ChatSettings
from chalicelib.domain.errors import InvalidInput


@pytest.mark.parametrize(
    "site",
    [
        "https://shop.example",
        "https://*.shop.example",
        "https://shop.example:8443",
        "http://localhost:3000",
        "http://127.0.0.1",
    ],
)
def test_a_site_is_an_origin(site: str) -> None:
    assert ChatSettings(sites=(site,)).frame_ancestors == site


@pytest.mark.parametrize(
    "site",
    [
        *("", "*", "https://*", "shop.example", "http://shop.example", "https://shop.example/", "https://shop"),
        *("https://a.example; script-src *", "https://a.example https://b.example", "https://a.example\n", "'self'"),
    ],
)
def test_what_is_none_is_refused_by_its_place(site: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ChatSettings(sites=("https://shop.example", site))
    assert refused.value.field == "chat.sites[1]"


def test_a_box_that_may_stand_nowhere_is_framed_by_nobody() -> None:
    assert ChatSettings().frame_ancestors == "'none'"
    with pytest.raises(InvalidInput):
        ChatSettings(sites=("https://shop.example",) * (MOST_SITES + 1))
