"""Somebody who fills in django-helpdesk's public form, again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from http.cookies import SimpleCookie
from types import MappingProxyType
from urllib.parse import urlencode

from bench.anchor.errors import MeasurementInvalidError

FORM = "/tickets/submit/"
ANSWER_SECONDS = 30
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
COMPLAINT = (
    "Since the update last Tuesday the label printer in the back office stops after every third label. "
    "We switched it off and on, changed the roll and tried another cable. The display shows E-27, and the "
    "manual has no such code. We ship some forty parcels a day, so could somebody tell us today what to do, "
    "or whether a replacement can be sent? Serial number and invoice are at hand. "
)


@dataclass(frozen=True)
class Submission:
    """What one visitor writes into the form."""

    title: str
    body: str
    email: str


def submission(label: str, number: int) -> Submission:
    """The submission of this number: one of its own, about 400 characters long, its title starting with `label`."""
    return Submission(f"{label} {number}: printer stops", f"{COMPLAINT}({number})", f"visitor{number}@example.com")


class Visitor:
    """A visitor with a connection and a CSRF cookie; close it after use."""

    def __init__(self, port: int, queue: int) -> None:
        """Take the loopback port of the desk and the queue to write to."""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self._queue = queue
        self._token = ""

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def open_form(self) -> None:
        """Get the form and keep its CSRF cookie. Raises MeasurementInvalidError when there is none."""
        headers = self._exchange("GET", 200)
        cookies = SimpleCookie("; ".join(headers.get_all("Set-Cookie", [])))
        if "csrftoken" not in cookies:
            raise MeasurementInvalidError("the form came without a CSRF cookie")
        self._token = cookies["csrftoken"].value

    def submit(self, submission: Submission) -> None:
        """Send the filled-in form. Raises MeasurementInvalidError unless the desk shows the way to a new ticket."""
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={self._token}"}
        headers = self._exchange("POST", 302, self._fields(submission), sent)
        if not headers["Location"].startswith("/view/?ticket="):
            raise MeasurementInvalidError("the form led elsewhere than to a ticket")

    def _fields(self, submission: Submission) -> bytes:
        fields = {
            "csrfmiddlewaretoken": self._token,
            "queue": self._queue,
            "title": submission.title,
            "body": submission.body,
            "submitter_email": submission.email,
            "priority": 3,
        }
        return urlencode(fields).encode("ascii")

    def _exchange(
        self, method: str, expected: int, body: bytes | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> HTTPMessage:
        try:
            self._connection.request(method, FORM, body, headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, HTTPException) as failure:
            raise MeasurementInvalidError(f"the desk did not answer: {failure}") from failure
        if answer.status != expected:
            raise MeasurementInvalidError(f"the form answered {answer.status} where {expected} was expected")
        return answer.headers
