"""The clocks of a history.

`{"timeline": [{"at": iso, "fact": "opened"}, …], "policy": {…}, "calendar": {…}, "now": iso}`

A fact is `at`, `fact` (or `what`), and where wanted `by` and `detail`. The policy is one as in the settings, or a list
of them; a target that is a plain number is promised at every priority. Where no fact names a policy, the first one is
chosen when the timeline begins; where none names a priority, it is normal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.clock_history import read
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.sla_alarms import told_by
from chalicelib.domain.sla_policy import SlaPolicy
from chalicelib.domain.ticket import Fact, Happening, Priority
from chalicelib.web.api.sla_views import clock_view
from chalicelib.web.api.validation import settings_from
from chalicelib.web.problems import InvalidFields
from infra.sla.reading import calendar_of, instant_of, refusal, written

Json = dict[str, Any]
_HAPPENINGS = ", ".join(Happening)


def explained(asked: Json) -> Json:
    """Give the clocks as `GET /v1/tickets/{ref}/sla` shows them, or what is wrong with the question."""
    try:
        calendar, policies = calendar_of(asked), _policies(asked.get("policy"))
        timeline = _timeline(asked["timeline"], calendar.timezone, policies[0])
        now = instant_of(asked, "now", calendar.timezone)
        rules = sla.Rules({policy.id: policy for policy in policies}, calendar)
        found = sla.judged(read(timeline), rules, now)
    except InvalidInput as mistake:
        return refusal(mistake)
    return {"now": written(now), "clocks": [clock_view(clock, rules, now, told_by(timeline)) for clock in found]}


def _policies(data: Any) -> list[SlaPolicy]:
    several = data if isinstance(data, list) else [data]
    if not several or not all(isinstance(one, Mapping) for one in several):
        raise InvalidInput("must be a policy with targets, or a list of such", "policy")
    return [_policy(one, f"policy[{number}]" if len(several) > 1 else "policy") for number, one in enumerate(several)]


def _policy(data: Mapping[str, Any], place: str) -> SlaPolicy:
    plain = {"id": place} | dict(data)
    if isinstance(targets := plain.get("targets"), Mapping):
        plain["targets"] = {metric: _by_priority(target) for metric, target in targets.items()}
    try:
        return settings_from(SlaPolicy, plain)
    except InvalidFields as mistakes:
        field, message = mistakes.fields[0]
        raise InvalidInput(message, field if field.startswith("sla_policies") else f"{place}.{field}") from None


def _by_priority(target: Any) -> Any:
    return dict.fromkeys(map(str, Priority), target) if isinstance(target, int | float) else target


def _timeline(data: Any, zone: str, policy: SlaPolicy) -> tuple[Fact, ...]:
    if not isinstance(data, list):
        raise InvalidInput("must be a list of facts", "timeline")
    facts = [_fact(one, f"timeline[{number}]", zone) for number, one in enumerate(data)]
    assumed = {"policy": policy.id, "priority": Priority.NORMAL.value}
    named = {name for fact in facts for name in fact.detail}
    return tuple(_beginning(facts, {name: value for name, value in assumed.items() if name not in named}))


def _beginning(facts: Sequence[Fact], assumed: Mapping[str, str]) -> Sequence[Fact]:
    return [replace(fact, detail={**assumed, **fact.detail}) for fact in facts[:1]] + list(facts[1:])


def _fact(data: Any, place: str, zone: str) -> Fact:
    if not isinstance(data, Mapping):
        raise InvalidInput("must be an object", place)
    what = data.get("fact", data.get("what"))
    if not isinstance(what, str) or what not in _HAPPENINGS.split(", "):
        raise InvalidInput(f"is not one of {_HAPPENINGS}", f"{place}.fact")
    return Fact(
        instant_of(data, "at", zone, f"{place}.at"), Happening(what), str(data.get("by", "desk")), _detail(data, place)
    )


def _detail(data: Mapping[str, Any], place: str) -> dict[str, str]:
    """`detail`; a priority or policy may stand beside it as well."""
    detail = data.get("detail", {})
    if not isinstance(detail, Mapping):
        raise InvalidInput("must be an object", f"{place}.detail")
    beside = {name: data[name] for name in ("priority", "policy") if name in data}
    for name, value in (beside | dict(detail)).items():
        if not isinstance(value, str):
            raise InvalidInput("must be text", f"{place}.detail.{name}")
    return beside | dict(detail)
