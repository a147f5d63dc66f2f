"""API keys: made with the scopes they need, their secret shown once, revoked when nobody needs them any more.

The secret of a key that a form makes follows from that form: sent twice, it is one key, and both answers can show the
same secret. It comes to the page that is shown next by a sealed cookie that names the form and not the secret, is good
for a minute, and is taken away by that page: a reload shows nothing, and makes nothing.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.domain.api_key import SCOPES, ApiKey
from chalicelib.domain.errors import NotFound
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.console.page import page, seen_elsewhere
from chalicelib.web.console.setting_fields import SECTIONS
from chalicelib.web.pages.typed import typed_line

HERE = "/console/settings/keys"
PURPOSE, COOKIE = "made-key", "pennydesk_made"
SHOWN_FOR = timedelta(seconds=60)
NAME_LIMIT = 100
FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEY_ID = re.compile(r"[0-9a-f]{12}")


def _(text: str) -> str:
    """Mark a sentence for the catalogue; the page translates it."""
    return text


SENTENCES: Mapping[str, str] = {
    "tickets:read": _("Read tickets: messages, history, promises, ratings."),
    "tickets:write": _("Open, answer, change, merge and solve tickets."),
    "customers:read": _("Read customers, their notes and what is known of their addresses."),
    "customers:write": _("Change customers, write notes, make two one."),
    "people:read": _("Read who works here, and in which teams."),
    "people:write": _("Invite and change agents and teams."),
    "settings:read": _("Read settings, templates, opening hours and policies."),
    "settings:write": _("Change them, and see the secrets of webhooks."),
    "reports:read": _("Read reports and what the desk costs."),
    "keys:write": _("Make and revoke API keys, with no more than its own scopes."),
    "audit:read": _("Read who changed what of the desk."),
}
"""What each scope lets a key do."""


def show(call: Call) -> Answer:
    """Show all keys, and once the secret of the one that was just made."""
    made, secret = _just_made(call)
    answer = _keys(call, made=made, secret=secret)
    return replace(answer, headers={**answer.headers, "Set-Cookie": _cookie(call, "", 0)}) if secret else answer


def make(call: Call) -> Answer:
    """Make a key."""
    form, scopes = call.form(), call.form_lists().get("scopes", [])
    name, sent = typed_line(form.get("name", "")), form.get("form", "")
    wrong = {}
    if not 1 <= len(name) <= NAME_LIMIT or not name.isprintable():
        wrong["name"] = _("Say what the key is for, in 1 to 100 characters.")
    if not scopes or not set(scopes) <= set(SCOPES):
        wrong["scopes"] = _("Choose at least one thing that the key may do.")
    if wrong or not FORM.fullmatch(sent):
        return _keys(call, status=422, wrong=wrong, name=name[:NAME_LIMIT], scopes=scopes)
    now, secret = call.desk.clock.now(), _secret_of(call, sent)
    known = call.desk.api_keys.find(secret)
    if known is not None and now - known.created_at > SHOWN_FOR:
        return seen_elsewhere(call, f"{HERE}?again={known.id}")
    if known is None:
        call.desk.api_keys.issue(name, sorted(set(scopes)), now, secret, call.by)
    content = {"form": sent, "agent": signed_in(call).agent.id, "until": (now + SHOWN_FOR).isoformat()}
    sealed = call.desk.signer.seal(PURPOSE, content)
    return seen_elsewhere(call, HERE, _cookie(call, sealed, int(SHOWN_FOR.total_seconds())))


def revoke(call: Call) -> Answer:
    """Revoke a key; one that is gone already is gone."""
    key_id = call.path["key_id"]
    if not KEY_ID.fullmatch(key_id):
        raise NotFound("there is no such key", "key_id")
    call.desk.api_keys.revoke(key_id)
    return seen_elsewhere(call, f"{HERE}?revoked=1")


def _just_made(call: Call) -> tuple[ApiKey | None, str]:
    sealed = call.cookie(COOKIE)
    content = call.desk.signer.unseal(PURPOSE, sealed) if sealed else None
    if content is None or content["agent"] != signed_in(call).agent.id:
        return None, ""
    if datetime.fromisoformat(content["until"]) <= call.desk.clock.now():
        return None, ""
    secret = _secret_of(call, content["form"])
    key = call.desk.api_keys.find(secret)
    return (key, secret) if key else (None, "")


def _secret_of(call: Call, form: str) -> str:
    """Give the secret of the key that this agent's form makes: 256 bits that only the signing key leads to."""
    whole = f"api-key\0{signed_in(call).agent.id}\0{form}".encode()
    digest = hmac.digest(call.desk.signer.secret(), whole, sha256)
    return f"pd_{urlsafe_b64encode(digest).decode().rstrip('=')}"


def _cookie(call: Call, value: str, seconds: int) -> str:
    secure = "; Secure" if call.secure else ""
    return f"{COOKIE}={value}; Path={call.root}{HERE}; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"


def _keys(
    call: Call,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
    name: str = "",
    scopes: list[str] | None = None,
    made: ApiKey | None = None,
    secret: str = "",
) -> Answer:
    keys = call.desk.api_keys.every()
    names = {f"agent:{agent.id}": agent.name for agent in signed_in(call).roster.agents}
    return page(
        call,
        "keys.html",
        status,
        sections=SECTIONS,
        keys=sorted(keys, key=lambda key: key.created_at, reverse=True),
        makers={**names, **{f"key:{key.id}": key.name for key in keys}},
        sentences=SENTENCES,
        wrong=wrong or {},
        name=name,
        chosen=scopes or [],
        made=made,
        secret=secret,
        form=secrets.token_urlsafe(18),
        again=bool(call.query.get("again")),
        revoked=bool(call.query.get("revoked")),
    )
