"""What is promised to whom: SLA policies in the order in which they are tried, and what other ones would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.sla_difference import Difference
from chalicelib.domain.sla_policy import METRICS, ON_HOLD, PENDING, PRIORITIES
from chalicelib.usecases.preview_sla import apply_sla, preview_sla
from chalicelib.web.call import Answer, Call
from chalicelib.web.console import policy_form, setting_entries
from chalicelib.web.console.lengths import in_words
from chalicelib.web.console.new_ticket import CHANNELS
from chalicelib.web.console.setting_entries import Entries, Json, Reading

PAGE, MOST_PAGES = 100, 5
"""Tickets that are looked at by one call, and how many such calls one press of a button makes."""

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """What other settings would change on the open tickets that were looked at; `after` is where to go on."""

    looked_at: int
    differences: tuple[Difference, ...]
    newly_broken: int
    after: str

    @property
    def first(self) -> tuple[Difference, ...]:
        """Those that a page shows, the ones that would break a promise before the others."""
        breaking = sorted(self.differences, key=lambda each: not any(one.newly_breached for one in each.changes))
        return tuple(breaking[:MOST_SHOWN])


def differences(call: Call, proposed: DeskSettings) -> Seen:
    """Give what settings would change on the open tickets, of at most PAGE × MOST_PAGES of them."""
    looked_at, found, after = 0, list[Difference](), ""
    for _round in range(MOST_PAGES):
        seen = preview_sla(call.desk, proposed, PAGE, after)
        looked_at, after = looked_at + seen.looked_at, seen.after
        found += seen.differences
        if not after:
            break
    broken = sum(any(one.newly_breached for one in each.changes) for each in found)
    return Seen(looked_at, tuple(found), broken, after)


def team_names(call: Call) -> dict[str, str]:
    """Give the desk's teams by their ids, as the reader of the page knows them."""
    return {team.id: team.name for team in call.visitor.roster.teams} if call.visitor else {}


def _more(call: Call, known: DeskSettings) -> Json:
    return {
        "metric_order": METRICS,
        "priority_order": tuple(reversed(PRIORITIES)),
        "waiting": (PENDING, ON_HOLD),
        "known_channels": ("email", "form", "api", *(one for one in CHANNELS if one != "email")),
        "own_addresses": known.own_addresses,
        "calendar_ids": list(known.calendars),
        "team_names": team_names(call),
        "in_words": in_words,
        "applied": None,
        "changes": None,
    }


def _previewed(call: Call, after: DeskSettings, _reading: Reading) -> Json:
    return {"changes": differences(call, after)}


def _before_the_rest(items: Sequence[Json]) -> int:
    """A new policy comes before the first that everything matches, behind which it would never be asked."""
    return next((index for index, item in enumerate(items) if not item["match"]), len(items))


POLICIES = Entries(
    name="sla_policies",
    address="policies",
    several="policies.html",
    single="policy.html",
    empty=policy_form.UNSAID,
    shown=policy_form.shown,
    read=policy_form.read,
    more=_more,
    previewed=_previewed,
    lands=_before_the_rest,
)


def show(call: Call) -> Answer:
    """Show the policies."""
    return setting_entries.every(call, POLICIES)


def change(call: Call) -> Answer:
    """Move a policy, or let the open tickets follow the policies at once."""
    form = call.form()
    if form.get("do") != "apply":
        return setting_entries.move(call, POLICIES)
    looked_at, changed, after = 0, 0, form.get("after", "")[:500]
    for _round in range(MOST_PAGES):
        try:
            done = apply_sla(call.desk, PAGE, after)
        except InvalidInput:
            break
        looked_at, changed, after = looked_at + done.looked_at, changed + len(done.refs), done.after
        if not after:
            break
    return setting_entries.every(call, POLICIES, applied={"looked_at": looked_at, "changed": changed, "after": after})


def show_one(call: Call) -> Answer:
    """Show a policy, or the form for a new one."""
    return setting_entries.show(call, POLICIES, call.path["policy_id"])


def write_one(call: Call) -> Answer:
    """Save a policy, preview what it would change, or remove it."""
    return setting_entries.save(call, POLICIES, call.path["policy_id"])
