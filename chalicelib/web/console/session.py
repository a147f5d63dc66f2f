"""Who sits at the browser: a sealed cookie, and the proof that a form came from a page of ours.

The cookie is HttpOnly and SameSite=Lax, bound to this host by its name where the connection is safe (RFC 6265bis,
4.1.3.2). A form must carry its session's token, and a browser that says where a form came from must say: from here
(OWASP, "Cross-Site Request Forgery Prevention").
"""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from chalicelib.domain.errors import Forbidden, SignInNeeded
from chalicelib.domain.people import Agent, Role, Roster
from chalicelib.domain.sign_in import SESSION_SECONDS, Session
from chalicelib.web.call import Call

PURPOSE = "session"
FORM_FIELD = "form_token"
"""The field in which a form carries its session's token."""

RANKS = {Role.AGENT: 0, Role.LEAD: 1, Role.ADMIN: 2}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the desk who is signed in, and the roster as it was read to know that."""

    agent: Agent
    session: Session
    roster: Roster

    def may(self, role: str) -> bool:
        """Whether they have at least this role."""
        return RANKS[self.agent.role] >= RANKS[Role(role)]


def begin(call: Call, agent: Agent) -> str:
    """Give the Set-Cookie value of a new session."""
    now = call.desk.clock.now()
    return _cookie(call, Session(agent.id, now, now, secrets.token_urlsafe(16)))


def renewed(call: Call, session: Session) -> str | None:
    """Give the Set-Cookie value of a session that has become old, or None."""
    now = call.desk.clock.now()
    return _cookie(call, replace(session, renewed_at=now)) if session.wants_renewal(now) else None


def end(call: Call) -> str:
    """Give the Set-Cookie value that ends the session in this browser."""
    return f"{_name(call)}=; {_attributes(call)}; Max-Age=0"


def admitted(call: Call, role: str) -> Call:
    """Give the call with who makes it. Raises SignInNeeded, or Forbidden for one who lacks the role or whose form
    didn't come from a page of this session."""
    visitor = _visitor(call)
    if visitor is None:
        raise SignInNeeded("sign in first")
    if not visitor.may(role):
        raise Forbidden(f"this needs the role {role}", "role")
    if call.method not in ("GET", "HEAD"):
        refuse_foreign_forms(call)
        given = call.headers.get("x-form-token") or call.form().get(FORM_FIELD, "")
        if not hmac.compare_digest(given.encode(), visitor.session.form_token.encode()):
            raise Forbidden("the page was too old; load it again and send it once more", FORM_FIELD)
    return replace(call, visitor=visitor)


def refuse_foreign_forms(call: Call) -> None:
    """Raise Forbidden where the browser says that a form came from another site."""
    origin = call.headers.get("origin", "")
    foreign = bool(origin) and origin != "null" and urlsplit(origin).netloc != call.headers.get("host", "")
    if foreign or call.headers.get("sec-fetch-site", "") == "cross-site":
        raise Forbidden("the form came from another site", "Origin")


def _visitor(call: Call) -> Visitor | None:
    session = _session(call)
    if session is None:
        return None
    roster = call.desk.people.roster()
    agent = roster.agent(session.agent_id)
    if agent is None or not agent.active or not session.alive(call.desk.clock.now(), agent.signed_out_at):
        return None
    return Visitor(agent, session, roster)


def _session(call: Call) -> Session | None:
    sealed = call.cookie(_name(call))
    content = call.desk.signer.unseal(PURPOSE, sealed) if sealed else None
    if content is None:
        return None
    proven, now = datetime.fromisoformat(content["proven"]), datetime.fromisoformat(content["renewed"])
    return Session(content["agent"], proven, now, content["form"])


def _cookie(call: Call, session: Session) -> str:
    sealed = call.desk.signer.seal(PURPOSE, sealable(session))
    return f"{_name(call)}={sealed}; {_attributes(call)}; Max-Age={SESSION_SECONDS}"


def sealable(session: Session) -> dict[str, str]:
    """Give what a session's cookie holds, before it is sealed."""
    return {
        "agent": session.agent_id,
        "proven": session.proven_at.isoformat(),
        "renewed": session.renewed_at.isoformat(),
        "form": session.form_token,
    }


def _name(call: Call) -> str:
    return "__Host-pennydesk" if call.secure else "pennydesk"


def _attributes(call: Call) -> str:
    return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if call.secure else "")
