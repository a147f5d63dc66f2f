"""The words of mails by their form: seen before, saved, set back."""

from collections.abc import Callable, Iterator

import pytest

from tests.web.client import Client, new_ref
from tests.web.console.browser import Browser

As = Callable[..., Browser]
PAGE = "/console/settings/templates/answer/en"
PREVIEW = f"{PAGE}/preview"
GIVEN: dict[str, str | list[str]] = {
    "subject": "{{ reply.subject }}",
    "text": "Dear {{ customer.name }}!\r\n{{ message.text }}",
    "html": "",
}


@pytest.fixture(autouse=True)
def as_before(api: Client) -> Iterator[None]:
    """The desk's own words are back after each test."""
    yield
    api.delete("/v1/templates/answer/en")


def test_words_are_changed_and_set_back(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(PAGE)
    assert browser.press(PAGE, "save", **GIVEN).status == 200
    assert api.get("/v1/templates/answer/en").json["text"] == "Dear {{ customer.name }}!\n{{ message.text }}"
    assert "changed" in browser.open("/console/settings/templates").body
    browser.open(PAGE)
    assert browser.press(PAGE, "reset").status == 200
    assert api.get("/v1/templates/answer/en").json["customised"] is False


def test_saving_the_desks_own_words_leaves_them_the_desks(signed_in: As, api: Client) -> None:
    browser = signed_in("ada")
    browser.open(PAGE)
    assert browser.press(PAGE, "save").status == 200
    assert api.get("/v1/templates/answer/en").json["customised"] is False


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text", "{{ message.text }}\r\n{{ customer.nmae }}", "line 2"),
        ("text", "no message", "must say"),
        ("subject", "{% for a in b %}", "line 1"),
        ("html", "<script>{{ oops }}</script>", "no placeholder"),
        ("text", "{{ message.text }}" + "x" * 60_000, "at most"),
        ("subject", "", "comes to nothing"),
    ],
)
def test_words_that_can_t_be_are_refused_beside_their_part_and_kept(
    signed_in: As, api: Client, field: str, typed: str, said: str
) -> None:
    browser = signed_in("ada")
    browser.open(PAGE)
    reply = browser.press(PAGE, "save", **{**GIVEN, field: typed})
    assert reply.status == 422
    assert f'id="{field}-wrong"' in reply.body
    assert said in reply.body
    assert "<script>{{" not in reply.body
    assert api.get("/v1/templates/answer/en").json["customised"] is False


def test_a_preview_shows_a_sample_or_a_tickets_own_data_in_a_frame_where_nothing_runs(
    signed_in: As, api: Client
) -> None:
    browser, ref = signed_in("ada"), new_ref(api, subject="<i>Lamp</i>")
    page = browser.open(PREVIEW)
    assert "I am sorry for the trouble" in page.body
    assert page.headers["Content-Security-Policy"].startswith("sandbox allow-same-origin")
    assert "script" not in page.headers["Content-Security-Policy"]
    browser.open(PAGE)
    token = browser.form(PAGE).fields["form_token"]
    reply = browser.post(PREVIEW, {**GIVEN, "form_token": token, "ticket": ref})
    assert f"Re: &lt;i&gt;Lamp&lt;/i&gt; [#{ref}]" in reply.body
    assert browser.post(PREVIEW, {**GIVEN, "form_token": token, "ticket": "nonsense"}).status == 422
    broken = browser.post(PREVIEW, {**GIVEN, "form_token": token, "text": "{{ <b> }}"})
    assert broken.status == 422
    assert "<b>: " not in broken.body
    assert "{{ <b>" not in broken.body


def test_two_who_change_the_same_words_don_t_overwrite_each_other(signed_in: As, api: Client) -> None:
    one, other = signed_in("ada"), signed_in("ada")
    one.open(PAGE)
    other.open(PAGE)
    assert one.press(PAGE, "save", **GIVEN).status == 200
    reply = other.press(PAGE, "save", **{**GIVEN, "subject": "Mine {{ ticket.ref }}"})
    assert reply.status == 409
    assert "Mine {{ ticket.ref }}" in reply.body
    assert api.get("/v1/templates/answer/en").json["subject"] == "{{ reply.subject }}"
    for seen in ("", "x", "9" * 40, "-1"):
        assert other.press(PAGE, "save", **{**GIVEN, "seen": seen}).status == 409


@pytest.mark.parametrize(
    "path", ["/console/settings/templates/greeting/en", "/console/settings/templates/answer/de/preview"]
)
def test_words_that_no_mail_has_are_not_found(signed_in: As, api: Client, path: str) -> None:
    assert signed_in("ada").open(path).status == 404
