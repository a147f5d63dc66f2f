"""Headers that keep answers from being misused, and links that work wherever the desk is mounted."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from chalicelib.usecases.send_survey import PURPOSE
from infra.local.cloud import LocalCloud
from tests.web.client import Client, Reply

PAGES = ("/help", "/help?lang=zh", "/s/nothing")


def answers(api: Client) -> list[Reply]:
    """One of every kind: pages, problems, API answers, a redirection, something empty."""
    paths = ("/", *PAGES, "/v1/health", "/v1/tickets", "/v1/tickets/x", "/v1/openapi.json")
    return [*(api.get(path) for path in paths), api.send("PUT", "/help"), api.send("HEAD", "/help")]


def test_every_answer_says_what_it_is_and_how_it_may_be_used(api: Client) -> None:
    for reply in answers(api):
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert "max-age=" in reply.headers["Strict-Transport-Security"]
        assert re.match(r"text/html|application/(problem\+)?json", reply.headers["Content-Type"])


def test_what_the_api_answers_is_never_kept_on_the_way(api: Client) -> None:
    assert api.get("/v1/tickets").headers["Cache-Control"] == "no-store"
    assert api.get("/v1/tickets/x").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_allows_its_own_style_and_scripts_and_nothing_else(stranger: Client, path: str) -> None:
    reply = stranger.get(path)
    styles = re.findall(r"<style>(.*?)</style>", reply.body, re.DOTALL)
    assert len(styles) == 1
    digest = b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in reply.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == f"'sha256-{digest}'"
    assert rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    own, body = re.compile(r'<script src="/static/[a-z]+\.[0-9a-f]{12}\.js" defer></script>'), reply.body
    assert rules.get("script-src", "'none'") == ("'self'" if own.search(body) else "'none'")
    assert not re.search(r"<script|\son\w+=|\sstyle=|<img|<iframe|\ssrc=", own.sub("", body))


def test_the_forms_script_may_send_files_to_the_bucket_and_nothing_anywhere_else(stranger: Client) -> None:
    policy = stranger.get("/help").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["connect-src"] == "'self' https://pennydesk-local-files-bucket.s3.amazonaws.com"
    assert "connect-src" not in stranger.get("/s/nothing").headers["Content-Security-Policy"]


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "action") and value != "data:," and value]


@pytest.mark.parametrize("stage", ["", "/api", "/desk/v2"])
def test_links_and_forms_stay_where_the_desk_is_mounted(desk: LocalCloud, stage: str) -> None:
    visitor = Client(stage=stage)
    form = {"email": "jo@customer.org", "subject": "A lamp", "text": "Dark"}
    for path, reply in (
        ("/help", visitor.get("/help")),
        ("/help", visitor.form("/help", {})),
        ("/help", visitor.form("/help", form)),
        ("/s/nothing", visitor.get("/s/nothing")),
    ):
        here = f"https://desk.example{stage}{path}"
        links = [urljoin(here, link) for link in Links(reply.body).found]
        assert links
        assert {link.partition("?")[0] for link in links} == {here}


@pytest.mark.parametrize(
    ("stage", "path"), [("", "/"), ("/api", "/"), ("/api", ""), ("/desk/v2", "/"), ("/desk/v2", "")]
)
def test_the_front_door_leads_to_the_form(desk: LocalCloud, stage: str, path: str) -> None:
    visitor = Client(stage=stage)
    event = visitor.event("GET", "/", None, {})
    event["requestContext"]["path"] = f"{stage}{path}"
    reply = visitor.hand_over(event)
    assert reply.status == 302
    assert (
        urljoin(f"https://desk.example{stage}{path}", reply.headers["Location"]) == f"https://desk.example{stage}/help"
    )


def test_the_head_of_a_page_is_the_page_without_its_body(stranger: Client) -> None:
    whole, head = stranger.get("/help"), stranger.send("HEAD", "/help")
    assert (head.status, head.body, dict(head.headers)) == (200, "", dict(whole.headers))


def test_a_link_sealed_for_another_purpose_opens_nothing(stranger: Client, desk: LocalCloud) -> None:
    sealed = {
        purpose: desk.desk.signer.seal(purpose, {"ref": "7K3F-92QX", "survey": "1"}) for purpose in ("x", PURPOSE)
    }
    assert [stranger.get(f"/s/{token}").status for token in sealed.values()] == [404, 404]
