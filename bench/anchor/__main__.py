"""Print what one ticket costs django-helpdesk: `python -m bench.anchor --tickets 200`."""

import argparse
import json
import os
import signal
import sys

from bench.anchor.errors import AnchorUnavailableError, MeasurementInvalidError
from bench.anchor.measurement import Load, measure

MOST_TICKETS = 5000


def main() -> int:
    """Measure once and print one JSON object.

    Gives 0; or, with one line on standard error, EX_UNAVAILABLE where it cannot be measured and 1 where it failed.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Measurement ended by a signal"))
    try:
        anchor = measure(_load())
    except AnchorUnavailableError as reason:
        print(f"No anchor: {reason}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    except (MeasurementInvalidError, OSError) as reason:
        print(f"Measurement failed: {reason}", file=sys.stderr)
        return 1
    print(json.dumps(anchor.as_json(), indent=2))
    return 0


def _load() -> Load:
    parser = argparse.ArgumentParser(prog="python -m bench.anchor", description=__doc__)
    parser.add_argument("--tickets", type=_count, default=Load.tickets, help="tickets that count")
    parser.add_argument("--warm-up", type=_count, default=Load.warm_up, help="tickets before them")
    parser.add_argument("--seconds", type=float, default=Load.seconds, help="the longest that all of them may take")
    parser.add_argument("--mail", action="store_true", help="have the desk render its mail to the visitor as well")
    return Load(**vars(parser.parse_args()))


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_TICKETS:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_TICKETS}")
    return count


if __name__ == "__main__":
    sys.exit(main())
