"""The API's view of what the desk costs: a month's account, a ticket's, and how tickets compare."""

from chalicelib.domain.prices import REGION
from chalicelib.domain.report import CostSpread
from chalicelib.domain.spending import Line, metered_lines, total
from chalicelib.domain.usage import Usage
from chalicelib.usecases.report_spending import report_spending
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call

PICODOLLARS = 10**6
"""Of a millionth of a dollar, in which the API gives money: whole numbers, and small enough for a ticket."""


def spending(call: Call) -> Answer:
    """Read what a month costs."""
    found = report_spending(call.desk, call.word("month"))
    return Answer(
        {
            "month": found.account.month,
            "as_of": instant(found.as_of),
            "currency": "USD",
            "prices": REGION,
            "metered": [_line(line) for line in found.metered],
            "fixed": [_line(line) for line in found.fixed],
            "spent_micro_usd": _micro(found.spent),
            "forecast_micro_usd": _micro(found.forecast),
            "monthly_cap_cents": found.settings.monthly_cap_cents or None,
            "warn_at_percent": found.settings.warn_at_percent,
            "off": [saving.value for saving in found.off],
        }
    )


def cost_view(cost: Usage) -> Json:
    """Give what a ticket has cost, with its parts."""
    lines = metered_lines(cost)
    return {"micro_usd": _micro(total(lines)), "parts": [_line(line) for line in lines]}


def spread_view(spread: CostSpread) -> Json:
    """Give what tickets cost."""
    each = {"median_micro_usd": spread.median, "p90_micro_usd": spread.p90, "mean_micro_usd": spread.mean}
    return {
        "count": spread.count,
        "total_micro_usd": _micro(spread.total),
        **{name: None if money is None else _micro(money) for name, money in each.items()},
    }


def _line(line: Line) -> Json:
    return {
        "what": line.what,
        "unit": line.unit,
        "quantity": line.quantity,
        "micro_usd": _micro(line.picodollars),
    }


def _micro(picodollars: int) -> int:
    return (2 * picodollars + PICODOLLARS) // (2 * PICODOLLARS)
