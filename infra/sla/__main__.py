"""Reckons business time, or explains clocks, without a desk: `python -m infra.sla < questions.json`.

Standard input is a list of cases (see cases.py), answered by a list in the same order, or one object with a timeline
(see explanation.py), answered by its clocks. docs/sla.md shows both. What can't be answered is an object with `error`
and `field` in its place. Gives the exit code: 0, or 1 after one line when the input is no JSON.
"""

import json
import sys
from typing import Any

from infra.sla.cases import answered
from infra.sla.explanation import explained


def main(text: bytes) -> int:
    """Answer one input."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        print(f"standard input is no JSON: {error}", file=sys.stderr)
        return 1
    print(json.dumps(answer(asked), indent=2))
    return 0


def answer(asked: Any) -> Any:
    """Give a list's answers, one for each case; an object's explanation or, without a timeline, its one answer."""
    if isinstance(asked, list):
        return [answered(case) for case in asked]
    if isinstance(asked, dict) and "timeline" in asked:
        return explained(asked)
    return answered(asked)


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer.read()))
