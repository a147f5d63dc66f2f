"""The first run: a list of steps from an empty desk to the first answered ticket, ticked off by what is there."""

from chalicelib.usecases.check_start import check_start
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import START_COOKIE, START_GONE, page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS

COOKIE_SECONDS = 365 * 86400


def show(call: Call) -> Answer:
    """Show the steps."""
    progress = check_start(call.desk, signed_in(call).roster)
    return page(call, "start.html", sections=SECTIONS, progress=progress, put_away=is_put_away(call))


def put_away(call: Call) -> Answer:
    """Show the inbox no more pointer to the steps in this browser, or again."""
    gone = not call.form().get("again")
    secure = "; Secure" if call.secure else ""
    length = COOKIE_SECONDS if gone else 0
    cookie = f"{START_COOKIE}={START_GONE}; Path={call.root}/; HttpOnly; SameSite=Lax; Max-Age={length}{secure}"
    return seen_elsewhere(call, "/console" if gone else "/console/start", cookie)


def is_put_away(call: Call) -> bool:
    """Whether this browser's reader has seen enough of the steps."""
    return call.cookie(START_COOKIE) == START_GONE
