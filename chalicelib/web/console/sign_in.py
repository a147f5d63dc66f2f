"""Signing in and out, and a forgotten password."""

from typing import Any
from urllib.parse import quote

from chalicelib.domain.errors import InvalidInput, SignInRefused
from chalicelib.domain.people import Agent
from chalicelib.domain.sign_in import Asked, Challenge
from chalicelib.usecases.sign_in import answer_challenge, sign_in, sign_out_everywhere
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import session
from chalicelib.web.console.page import page, seen_elsewhere

CHALLENGE = "challenge"
FIRST_PAGE = "/console"


def to_sign_in(call: Call) -> Answer:
    """Send somebody who isn't signed in to the form, and from there back to where they wanted to go."""
    wanted = call.address.removeprefix(call.root) if call.method == "GET" else FIRST_PAGE
    if call.headers.get("hx-request"):
        return Answer("", 401, {"HX-Redirect": f"{call.root}/console/sign-in"}, html=True)
    return seen_elsewhere(call, f"/console/sign-in?next={quote(wanted)}")


def show(call: Call) -> Answer:
    """Show the form."""
    return _form(call, to=_next(call.query.get("next", "")))


def enter(call: Call) -> Answer:
    """Sign in. What was wrong is said on the form; what else is asked, on a form of its own."""
    session.refuse_foreign_forms(call)
    form = call.form()
    email, to = form.get("email", "").strip(), _next(form.get("next", ""))
    if not email or not form.get("password"):
        return _form(call, 422, to=to, email=email, wrong="empty")
    try:
        found = sign_in(call.desk, email, form["password"])
    except SignInRefused:
        return _form(call, 401, to=to, email=email, wrong="refused")
    return _went_on(call, found, to)


def challenged(call: Call) -> Answer:
    """Take what was asked beside the password."""
    session.refuse_foreign_forms(call)
    form = call.form()
    to = _next(form.get("next", ""))
    content = call.desk.signer.unseal(CHALLENGE, form.get("challenge", ""))
    if content is None:
        return _form(call, 401, to=to, wrong="expired")
    challenge = Challenge(Asked(content["asked"]), content["email"], content["token"])
    try:
        found = answer_challenge(call.desk, challenge, form.get("answer", "").strip())
    except InvalidInput:
        return _challenge(call, challenge, to, 422, wrong="poor")
    except SignInRefused:
        return _form(call, 401, to=to, email=challenge.email, wrong="expired")
    return _went_on(call, found, to)


def forgotten(call: Call) -> Answer:
    """Show where to ask for a code."""
    return _password(call)


def send_code(call: Call) -> Answer:
    """Have a code mailed, and show where it is typed; whether there is such an account is not told."""
    session.refuse_foreign_forms(call)
    email = call.form().get("email", "").strip().lower()
    if not email:
        return _password(call, 422, wrong="email")
    call.desk.accounts.send_code(email)
    return _password(call, email=email, sent=True)


def reset(call: Call) -> Answer:
    """Set the new password."""
    session.refuse_foreign_forms(call)
    form = call.form()
    email = form.get("email", "").strip().lower()
    try:
        call.desk.accounts.reset_password(email, form.get("code", "").strip(), form.get("password", ""))
    except InvalidInput as error:
        return _password(call, 422, email=email, sent=True, wrong=error.field)
    except SignInRefused:
        return _password(call, 422, email=email, sent=True, wrong="code")
    return _form(call, email=email, to=FIRST_PAGE, said="password_set")


def leave(call: Call) -> Answer:
    """Sign out in this browser, or in all of them."""
    if call.form().get("everywhere") and call.visitor:
        sign_out_everywhere(call.desk, call.visitor.agent.id)
    return seen_elsewhere(call, "/console/sign-in", session.end(call))


def _went_on(call: Call, found: Agent | Challenge, to: str) -> Answer:
    if isinstance(found, Challenge):
        return _challenge(call, found, to)
    return seen_elsewhere(call, to, session.begin(call, found))


def _next(path: str) -> str:
    """Give where to go after signing in: a page of the console, never another site."""
    return path if path.startswith("/console") and "\\" not in path and ":" not in path else FIRST_PAGE


def _form(call: Call, status: int = 200, **values: Any) -> Answer:
    return page(call, "sign_in.html", status, **{"email": "", "wrong": "", "said": "", **values})


def _challenge(call: Call, challenge: Challenge, to: str, status: int = 200, wrong: str = "") -> Answer:
    content = {"asked": challenge.asked.value, "email": challenge.email, "token": challenge.token}
    sealed = call.desk.signer.seal(CHALLENGE, content)
    values = {"asked": challenge.asked.value, "email": challenge.email, "to": to, "wrong": wrong}
    return page(call, "challenge.html", status, sealed=sealed, **values)


def _password(call: Call, status: int = 200, **values: Any) -> Answer:
    return page(call, "password.html", status, **{"email": "", "sent": False, "wrong": "", **values})
