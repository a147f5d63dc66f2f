"""An SLA policy as a form, and back: lengths of time in words, what is left empty as it is where nothing is said."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.sla_policy import (
    CONDITIONS,
    METRICS,
    ON_HOLD,
    PAUSES,
    PENDING,
    PRIORITIES,
    WHO_HEARS,
    SlaPolicy,
)
from chalicelib.web.console.form_fields import Fields, one_each
from chalicelib.web.console.lengths import in_words, seconds_of
from chalicelib.web.console.setting_entries import Json, Reading
from chalicelib.web.console.setting_fields import _

WARNING, STEP = ("when",), ("after", "priority", "team", "webhook")
"""Which fields of a row say that it is meant: who hears is ticked in empty rows, too."""

USUAL, NOBODY = "usual", "nobody"
CHOSEN = ("channel", "priority", "team", "address", "scenario")
"""Conditions whose values are known, and so are chosen; the others are typed, one a line."""

NO_LENGTH = _("is not a length of time like 30 min, 4 h or 2 d")
NO_WARNING = _("is neither a share like 75 % nor a length of time like 10 min")
NO_PERCENT = _("must be a whole number from 1 to 99")
UNSAID: Json = {"id": "", "name": "", "targets": {}}


def shown(policy: Json) -> Fields:
    """Give a policy's fields."""
    known = SlaPolicy.from_dict({**policy, "id": policy["id"] or "new"})
    match = {f"match-{name}": _shown_match(name, known.match.get(name, ())) for name in CONDITIONS}
    values = one_each({"id": policy["id"], "name": known.name, "calendar": known.calendar})
    values |= match | one_each({"warn_at_percent": known.warn_at_percent})
    for metric in METRICS:
        for priority, seconds in known.targets.get(metric, {}).items():
            values[f"targets-{metric}-{priority}"] = [in_words(seconds)]
        values[f"business_time-{metric}"] = ["business" if known.in_business_time(metric) else "passing"]
        values[f"pauses-{metric}"] = list(known.paused_by(metric))
        values |= _shown_steps(known, metric)
    return Fields(values)


def _shown_match(name: str, wanted: Sequence[str]) -> list[str]:
    return list(wanted) if name in CHOSEN else ["\n".join(wanted)]


def _shown_steps(known: SlaPolicy, metric: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, steps in (("warnings", known.warnings), ("escalations", known.escalations)):
        values[f"{name}-{metric}-else"] = [NOBODY if metric in steps else USUAL]
    for row, warn in enumerate(known.warnings.get(metric, ())):
        place = f"warnings-{metric}-{row}"
        when = f"{warn.percent} %" if warn.percent else in_words(warn.seconds_before)
        values |= {f"{place}-when": [when], f"{place}-notify": list(warn.notify)}
    for row, step in enumerate(known.escalations.get(metric, ())):
        place = f"escalations-{metric}-{row}"
        values |= {f"{place}-after": [in_words(step.after)], f"{place}-notify": list(step.notify)}
        values |= one_each({f"{place}-{name}": getattr(step, name) for name in STEP[1:]})
    return values


def read(fields: Fields, before: Json | None) -> Reading:
    """Give the policy that was typed; what is kept as it was is told in the words in which it was told before."""
    for metric in METRICS:
        fields = fields.packed(f"warnings-{metric}", WARNING).packed(f"escalations-{metric}", STEP)
    wrong: dict[str, str] = {}
    percent = fields.line("warn_at_percent").rstrip("% ") or "75"
    if not (percent.isascii() and percent.isdecimal() and len(percent) <= 3):
        wrong["warn_at_percent"], percent = NO_PERCENT, "75"
    business = {metric: fields.line(f"business_time-{metric}") != "passing" for metric in METRICS}
    entry: Json = {
        "id": before["id"] if before else fields.line("id"),
        "name": fields.line("name"),
        "match": {name: wanted for name in CONDITIONS if (wanted := _read_match(fields, name))},
        "targets": {metric: found for metric in METRICS if (found := _targets(fields, metric, wrong))},
        "business_time": _as_before(business, before),
        "calendar": fields.line("calendar"),
        "pauses": {metric: states for metric in METRICS if (states := _pauses(fields, metric, before)) is not None},
        "warn_at_percent": int(percent),
        "warnings": _steps(fields, "warnings", WARNING, _warning, wrong),
        "escalations": _steps(fields, "escalations", STEP, _escalation, wrong),
    }
    return Reading(entry, fields, wrong)


def _read_match(fields: Fields, name: str) -> list[str]:
    return fields.many(f"match-{name}") if name in CHOSEN else fields.lines(f"match-{name}")


def _targets(fields: Fields, metric: str, wrong: dict[str, str]) -> dict[str, int]:
    found = {}
    for priority in PRIORITIES:
        name = f"targets-{metric}-{priority}"
        if fields.line(name):
            found[priority] = _length(fields, name, wrong)
    return found


def _length(fields: Fields, name: str, wrong: dict[str, str]) -> int:
    try:
        return seconds_of(fields.line(name))
    except ValueError:
        wrong[name] = NO_LENGTH
        return 0


def _as_before(business: Mapping[str, bool], before: Json | None) -> bool | dict[str, bool]:
    """One word for all metrics where that says the same, unless it was said metric by metric before."""
    said = before["business_time"] if before else True
    if isinstance(said, bool):
        every = set(business.values())
        return every.pop() if len(every) == 1 else dict(business)
    return {metric: counts for metric, counts in business.items() if metric in said or not counts}


def _pauses(fields: Fields, metric: str, before: Json | None) -> list[str] | None:
    """What stops a metric's clock, or None where that is as usual and nobody said so."""
    states = [state for state in (PENDING, ON_HOLD) if state in fields.many(f"pauses-{metric}")]
    said = (before or {}).get("pauses", {})
    return states if metric in said or tuple(states) != PAUSES.get(metric, ()) else None


def _steps(fields: Fields, name: str, telling: Sequence[str], step: Any, wrong: dict[str, str]) -> Json:
    found = {}
    for metric in METRICS:
        group = f"{name}-{metric}"
        rows = [step(fields, f"{group}-{row}", wrong) for row in fields.rows(group, telling)]
        if rows or fields.line(f"{group}-else") == NOBODY:
            found[metric] = rows
    return found


def _warning(fields: Fields, place: str, wrong: dict[str, str]) -> Json:
    when, notify = fields.line(f"{place}-when"), fields.many(f"{place}-notify")
    share = when.replace("％", "%").removesuffix("%").strip()
    if share != when and share.isascii() and share.isdecimal() and len(share) <= 3:
        return {"percent": int(share), "seconds_before": 0, "notify": notify}
    try:
        return {"percent": 0, "seconds_before": seconds_of(when), "notify": notify}
    except ValueError:
        wrong[f"{place}-when"] = NO_WARNING
        return {"percent": 1, "seconds_before": 0, "notify": list(WHO_HEARS)}


def _escalation(fields: Fields, place: str, wrong: dict[str, str]) -> Json:
    return {
        "after": _length(fields, f"{place}-after", wrong) if fields.line(f"{place}-after") else 0,
        "notify": fields.many(f"{place}-notify"),
        **{name: fields.line(f"{place}-{name}") for name in STEP[1:]},
    }
