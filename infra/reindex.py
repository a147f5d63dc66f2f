"""Builds the search index anew from what the table holds: `python -m infra.reindex [--stage prod]`.

For a desk that was there before it could search, after an import (which does it by itself), or should the index ever be
lost or doubted: everything in it follows from the tickets. The desk goes on working; what changes meanwhile waits, and
is built in afterwards.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import DeskError
from chalicelib.domain.search.document import Document, document_of
from chalicelib.wiring import WiredDesk
from infra.export.records import kind_of, scan_page
from infra.stage import Refused, find_environment, in_one_line, reach_cloud

READERS = 8
"""How many tickets are read at a time."""

PAGE = 200
HOLD = timedelta(minutes=10)
"""How long the builder is kept away at a time: should this die, it is let in again by then."""

Tell = Callable[[str], None]


def reindex(desk: WiredDesk, tell: Tell = print) -> int:
    """Build the whole index anew, and give how many tickets it holds. Reads each ticket once, with its messages.

    Raises Refused where the builder is at work.
    """
    _hold(desk)
    try:
        count = desk.search.rebuild(_documents(desk, tell))
    finally:
        desk.changes.settle((), desk.clock.now(), more=True)
    tell(f"{count} tickets can be found")
    return count


def _hold(desk: WiredDesk) -> None:
    now = desk.clock.now()
    if not desk.changes.hold(now, now + HOLD):
        raise Refused("the index is being built at this moment; try again in two minutes")


def _documents(desk: WiredDesk, tell: Tell) -> Iterator[Document]:
    after, read, held_at = None, 0, desk.clock.now()
    with ThreadPoolExecutor(READERS) as readers:
        while True:
            keys, after = scan_page(desk, after, PAGE)
            refs = [key["pk"].removeprefix("ticket#") for key in keys if kind_of(key) == "ticket"]
            for found in readers.map(desk.tickets.conversation, refs):
                if found:
                    read += 1
                    yield document_of(*found)
            if after is None:
                return
            if desk.clock.now() - held_at > HOLD / 2:
                _hold(desk)
                held_at = desk.clock.now()
                tell(f"{read} tickets so far")


def main(arguments: Sequence[str] | None = None, variables: Mapping[str, str] = os.environ) -> int:
    """Build the index anew. Gives the exit code: 0, or 1 after one line on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.reindex", description="Build the search index anew.")
    parser.add_argument("--stage", default="", help="the desk of this stage: stack pennydesk-<stage> (default: prod)")
    options = parser.parse_args(arguments)
    try:
        aws = reach_cloud(variables)
        reindex(WiredDesk(find_environment(aws, options.stage, variables), aws))
    except (Refused, DeskError, BotoCoreError, ClientError, OSError) as error:
        print(in_one_line(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
