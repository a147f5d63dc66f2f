"""Tells a story to the desk: customers write mail and fill in pages, agents use the API, time passes."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from chalice.config import Config
from chalice.local import LocalGateway

import app as chalice_app
from infra.local.cloud import LocalCloud

KEY = "story-key"
HOUR, DAY = 3600, 86400


class Narrator:
    """One customer, Jo, and whoever works at the desk."""

    def __init__(self, cloud: LocalCloud) -> None:
        """Tell to a cloud that runs."""
        self.cloud = cloud
        cloud.issue_key(KEY)
        self._gateway = LocalGateway(chalice_app.app, Config.create())
        self._count = 0

    def jo_mails(self, subject: str, text: str, *, to: str = "support@example.com", **headers: str) -> EmailMessage:
        """Jo writes a mail; everything it causes at once happens."""
        self._count += 1
        mail = EmailMessage()
        mail["From"] = headers.pop("From", "Jo Miller <jo@customer.org>")
        mail["To"], mail["Subject"] = to, subject
        mail["Message-ID"] = headers.pop("Message_ID", f"<jo-{self._count}@customer.org>")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.cloud.receive_mail(bytes(mail), "jo@customer.org", [to])
        self.cloud.settle()
        return mail

    def jo_replies_to(self, mail: EmailMessage, text: str) -> EmailMessage:
        """Jo presses Reply: to Reply-To, with In-Reply-To and References as RFC 5322 (3.6.4) wants them."""
        references = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        return self.jo_mails(
            str(mail["Subject"]),
            text,
            to=str(mail["Reply-To"] or mail["From"]),
            In_Reply_To=str(mail["Message-ID"]),
            References=references,
        )

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call the API with a key of all scopes; gives the JSON answer, everything it causes having happened."""
        status, answer = self.api_with_status(method, path, body, **headers)
        assert status < 400, answer
        return answer

    def api_with_status(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The same with the status, whatever it is."""
        given = {"authorization": f"Bearer {KEY}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            given["content-type"] = "application/json"
        raw = None if body is None else json.dumps(body).encode()
        answer = self._gateway.handle_request(method, path, given, raw)
        self.cloud.settle()
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None

    def page(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """See or send a page; gives status and HTML."""
        given = {"content-type": "application/x-www-form-urlencoded"} if fields else {}
        body = urlencode(fields).encode() if fields else None
        answer = self._gateway.handle_request(method, path, given, body)
        self.cloud.settle()
        return answer["statusCode"], answer["body"]

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Give the mails that left for an address, oldest first."""
        mails = [message_from_bytes(mail.raw, policy=policy.default) for mail in self.cloud.sent_mail()]
        return [mail for mail in mails if any(address in str(mail[name] or "") for name in ("To", "Cc"))]

    def only_ticket(self) -> Any:
        """Give Jo's only ticket, as the API does."""
        customer = self.cloud.desk.customers.id_of("jo@customer.org")
        items = self.api("GET", f"/v1/tickets?customer={customer}")["items"]
        assert len(items) == 1
        return self.ticket(items[0]["ref"])

    def ticket(self, ref: str) -> Any:
        """Give a ticket as the API does."""
        return self.api("GET", f"/v1/tickets/{ref}")

    def events(self, ref: str, what: str) -> list[Any]:
        """Give a ticket's events of one kind."""
        return [event for event in self.api("GET", f"/v1/tickets/{ref}/events")["items"] if event["what"] == what]

    def survey_path(self, mail: EmailMessage) -> str:
        """Give the path of the survey link in a mail."""
        link = next(line for line in text_of(mail).splitlines() if "/s/" in line)
        return "/s/" + link.strip().partition("/s/")[2]


def text_of(mail: EmailMessage) -> str:
    """Give what a mail says in plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
