"""What became of a change of many tickets, as the list tells it that the browser is led to.

What was changed is kept in a sealed token alone, in that list's address: nothing lies on the server.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.many import UNDO_SECONDS, Done, Kind, ManyChange, packed, unpacked
from chalicelib.usecases.change_many import Outcome
from chalicelib.web.call import Call

PURPOSE = "bulk"
MOST_TOLD = 20
"""Tickets that are named when they could not be changed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of a change of many tickets: which were changed, how many already so, and left with the reasons.

    `token` takes it back until `until`; it is empty where that can't be done. `undone` says that this was the undoing.
    """

    change: ManyChange
    done: tuple[Done, ...]
    same: int
    failed: tuple[tuple[str, str], ...]
    more_failed: int
    into: str
    until: datetime
    token: str
    undone: bool


def told(call: Call) -> Told | None:
    """Give what the address tells of a change that led here, if it was made by whoever reads this."""
    return opened(call, call.query.get("told", ""))


def sealed(call: Call, change_: ManyChange, outcome: Outcome, *, undone: bool = False) -> str:
    """Give what became of a change as a token that nobody else can make."""
    until = call.desk.clock.now() + timedelta(seconds=UNDO_SECONDS)
    content = {
        "by": call.by,
        "kind": change_.kind.value,
        "value": change_.value,
        "into": outcome.into,
        "until": until.isoformat(),
        "done": json.dumps(packed(outcome.done), separators=(",", ":")),
        "same": str(len(outcome.same)),
        "failed": json.dumps([[ref[:20], why] for ref, why in outcome.failed[:MOST_TOLD]], separators=(",", ":")),
        "more": str(max(0, len(outcome.failed) - MOST_TOLD)),
        "undone": "1" if undone else "",
    }
    return call.desk.signer.seal(PURPOSE, content)


def opened(call: Call, token: str) -> Told | None:
    """Give what a token tells, if it is one of this agent's."""
    content = call.desk.signer.unseal(PURPOSE, token) if token else None
    if content is None or content["by"] != call.by:
        return None
    done = unpacked(json.loads(content["done"]))
    until = datetime.fromisoformat(content["until"])
    open_still = done and not content["undone"] and call.desk.clock.now() <= until
    return Told(
        change=ManyChange(Kind(content["kind"]), content["value"]),
        done=done,
        same=int(content["same"]),
        failed=tuple((ref, why) for ref, why in json.loads(content["failed"])),
        more_failed=int(content["more"]),
        into=content["into"],
        until=until,
        token=token if open_still else "",
        undone=bool(content["undone"]),
    )
