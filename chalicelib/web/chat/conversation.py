"""What the chat box asks of the desk, in JSON. A visitor's token comes in a header, so that no address or log holds it,
and no other site's page can send it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.chat import TEXT_LIMIT
from chalicelib.domain.errors import DeskError, InvalidInput, NotFound
from chalicelib.domain.mailbox import is_mailbox
from chalicelib.domain.message import Message
from chalicelib.usecases import read_chat, write_in_chat
from chalicelib.usecases.open_chat import FirstWords, open_chat
from chalicelib.web import problems
from chalicelib.web.call import Answer, Call
from chalicelib.web.pages.render import LANGUAGES
from chalicelib.web.pages.typed import typed, typed_line

TOKEN = "x-chat"  # noqa: S105 - a header's name, no secret
NAME_LIMIT, PAGE_LIMIT, TOKEN_LIMIT = 100, 300, 500
_MADE_UP = re.compile(r"[0-9a-zA-Z_-]{22,64}")
"""What the box makes up: of 22 characters in base64 each is one in 2**128."""

PROBLEM_JSON = {"Content-Type": "application/problem+json"}

Handler = Callable[[Call], Answer]


def _in_json(handler: Handler) -> Handler:
    """What is wrong is told to the box as problem details, as in the API; these addresses are no pages."""

    @wraps(handler)
    def answering(call: Call) -> Answer:
        try:
            return handler(call)
        except DeskError as error:
            status, _ = problems.status_of(error)
            return Answer(problems.problem(error), status, {**PROBLEM_JSON, **problems.extra_headers(error)})

    return answering


@_in_json
def begin(call: Call) -> Answer:
    """Begin a conversation."""
    given = _given(call)
    email = _line(given, "email").lower()
    if email and not is_mailbox(email):
        raise InvalidInput("must be a mail address", "email")
    words = FirstWords(
        conversation=_made_up(given, "conversation"),
        text=_text(given),
        name=_line(given, "name"),
        email=email,
        language=given["language"] if given.get("language") in LANGUAGES else "",
        page=_page(given),
    )
    ticket, token = open_chat(call.desk, words, call.network)
    return Answer({"token": token, "id": ticket.timeline[0].detail["message"]}, 201)


@_in_json
def read(call: Call) -> Answer:
    """Give what is new beyond the place that the box has shown, or nothing (204)."""
    after = call.query.get("after", "0")
    place = int(after) if re.fullmatch(r"[0-9]{1,6}", after) else 0
    news = read_chat.read_chat(call.desk, _token(call), place)
    if news is None:
        return Answer(None, 204)
    lines = [{**_line_view(line.message, mine=line.mine), "files": _files(call, line)} for line in news.lines]
    return Answer({"place": news.place, "lines": lines, "state": news.state.value, "reachable": news.reachable})


@_in_json
def write(call: Call) -> Answer:
    """Say something further."""
    given = _given(call)
    words = write_in_chat.FurtherWords(_made_up(given, "id"), _text(given))
    message = write_in_chat.write_in_chat(call.desk, _token(call), words)
    return Answer(_line_view(message, mine=True), 201)


@_in_json
def seen(call: Call) -> Answer:
    """Note how far the visitor has read."""
    place = _given(call).get("place")
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place <= read_chat.MOST_PLACES:
        raise InvalidInput("must be a place that the conversation gave", "place")
    read_chat.mark_seen(call.desk, _token(call), place)
    return Answer(None, 204)


@_in_json
def address(call: Call) -> Answer:
    """Take in where mail reaches the visitor."""
    given = _given(call)
    email = _line(given, "email").lower()
    if not is_mailbox(email):
        raise InvalidInput("must be a mail address", "email")
    ticket = write_in_chat.tell_address(call.desk, _token(call), email, _line(given, "name"))
    return Answer({"reachable": bool(ticket.requester.email)})


@_in_json
def end(call: Call) -> Answer:
    """Take the visitor's word that it is solved."""
    _given(call)
    ticket = write_in_chat.end_chat(call.desk, _token(call))
    return Answer({"state": read_chat.state_of(ticket).value})


def _given(call: Call) -> dict[str, Any]:
    """Give the body. That it must be JSON keeps other sites from sending it: they would have to ask first (Fetch
    standard, CORS protocol), and nobody answers them."""
    found = call.json()
    if not isinstance(found, dict):
        raise InvalidInput("must be an object", "body")
    return found


def _token(call: Call) -> str:
    token = call.headers.get(TOKEN, "")
    if not 0 < len(token) <= TOKEN_LIMIT:
        raise NotFound("no conversation is named", "chat")
    return token


def _made_up(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not _MADE_UP.fullmatch(value):
        raise InvalidInput("must be 22 to 64 random characters: letters, digits, - and _", name)
    return value


def _text(given: dict[str, Any]) -> str:
    value = given.get("text")
    text = typed(value) if isinstance(value, str) else ""
    if not 0 < len(text) <= TEXT_LIMIT:
        raise InvalidInput(f"must have 1 to {TEXT_LIMIT:,} characters", "text")
    return text


def _line(given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    line = typed_line(value) if isinstance(value, str) else "\0"
    if len(line) > (NAME_LIMIT if name == "name" else 254) or "\0" in line:
        raise InvalidInput("is too long, or no text", name)
    return line


def _page(given: dict[str, Any]) -> str:
    """Give the page of the shop that the visitor is on, without what addresses may say beside that."""
    value = given.get("page", "")
    try:
        found = urlsplit(typed_line(value)) if isinstance(value, str) else urlsplit("")
    except ValueError:
        return ""
    known = found.scheme in ("http", "https") and found.hostname
    return f"{found.scheme}://{found.netloc.rpartition('@')[2]}{found.path}"[:PAGE_LIMIT] if known else ""


def _line_view(message: Message, *, mine: bool) -> dict[str, Any]:
    by = "" if mine else message.author_name
    at = message.created_at.isoformat(timespec="milliseconds")
    return {"id": message.id, "mine": mine, "by": by, "text": message.text, "at": at}


def _files(call: Call, line: read_chat.Line) -> list[dict[str, str]]:
    return [{"name": file.filename, "link": f"{call.root}/files/{token}"} for file, token in line.files]
