"""The console's part of the story: somebody who was invited signs in by the user pool and answers, by plain forms."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from infra.rehearsal.desk import KIM, Desk, expect, wait_for
from infra.resources import give_password

AGENT, PASSWORD = "sam@desk.example", "a lamp that is never dark"


class Visit:
    """A browser's visit, as far as the console needs one: it keeps its cookies and follows no redirect."""

    def __init__(self, url: str) -> None:
        """`url` is the desk's, with its stage."""
        self._url = urlsplit(url)
        self._cookies: dict[str, str] = {}

    def open(self, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Open a page, or send a form's fields to it; gives status and HTML."""
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._url.netloc, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        method, body = ("GET", None) if fields is None else ("POST", urlencode(fields))
        connection.request(method, f"{self._url.path}{path}", body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def an_agent_at_the_console(desk: Desk) -> None:
    """Sam was invited when he was taken in; with a password of his own he signs in, sees the ticket and answers it."""
    cognito, pool = desk.session.client("cognito-idp"), desk.stack.outputs["StaffPool"]
    known = cognito.admin_get_user(UserPoolId=pool, Username=AGENT)
    expect(known["UserStatus"] == "FORCE_CHANGE_PASSWORD", "who is taken in is invited", known["UserStatus"])
    give_password(cognito, pool, AGENT, PASSWORD)
    visit = Visit(desk.known["url"])
    status, html = visit.open("/console/sign-in", {"email": AGENT, "password": "a wrong one"})
    expect(status == 401, "a wrong password is refused", (status, html[:300]))
    status, html = visit.open("/console/sign-in", {"email": AGENT, "password": PASSWORD})
    expect(status == 303, "the right one signs in", (status, html[:300]))
    _answer(desk, visit, desk.known["api"])


def _answer(desk: Desk, visit: Visit, ref: str) -> None:
    status, html = visit.open("/console?view=mine")
    expect(status == 200, "the inbox is shown", (status, html[:300]))
    status, html = visit.open(f"/console/tickets/{ref}")
    expect(status == 200, "the ticket is shown", (status, html[:300]))
    fields = {"kind": "reply", "text": "It is fixed from here.", "status": "pending", "seen": "999"}
    fields["form"], fields["form_token"] = _field(html, "form"), _field(html, "form_token")
    status, html = visit.open(f"/console/tickets/{ref}/messages", fields)
    expect(status == 303, "the answer is taken", (status, html[:300]))
    wait_for(
        "the answer leaves",
        lambda: [mail for mail in desk.mails_to(KIM) if "fixed from here" in mail.as_string()],
    )


def _field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    expect(found is not None, f"the page has a field {name}", html[:300])
    return found.group(1) if found else ""
