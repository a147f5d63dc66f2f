"""Measure the desk: `python -m bench [--json] [--only counts,pages,…] [--anchor] [--package]`.

With --check the units are held against DynamoDB Local, with --pieces bench/counted.json is written, with --search
many tickets are searched, and nothing else.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

from bench import clocks, counted, counts, goals, imports, package_size, pages, processor, promises, searching
from bench.anchor.errors import AnchorUnavailableError, MeasurementInvalidError
from bench.anchor.measurement import Load
from bench.anchor.measurement import measure as measure_anchor
from bench.child import ChildFailed
from bench.playback import Recording
from bench.quiet import quiet
from bench.recording import record
from bench.report import Report, as_json, as_text, table
from infra import dynamodb_local

PARTS = ("counts", "pages", "cold", "processor", "clocks", "deadline")
ANCHOR_RUNS = 3


def main() -> int:
    """Measure what was asked for and print it.

    Gives 0; 1 where something could not be measured or, with --check, differs; EX_UNAVAILABLE where a tool is missing.
    """
    asked = _arguments()
    try:
        if asked.check:
            return _check()
        if asked.pieces:
            return _write_pieces()
        if asked.search:
            return _search(asked.search)
        with quiet():
            report = _measured(asked)
    except (AnchorUnavailableError, dynamodb_local.ToolMissing) as reason:
        print(reason, file=sys.stderr)
        return os.EX_UNAVAILABLE
    except (ChildFailed, MeasurementInvalidError, subprocess.CalledProcessError) as failure:
        print(f"Measurement failed: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(as_json(report), indent=2) if asked.json else as_text(report))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--only", type=_parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--most-open", type=int, default=100_000, help="the largest number of open tickets to try")
    parser.add_argument("--tickets", type=int, default=300, help="tickets for the processor time")
    parser.add_argument("--anchor", action="store_true", help="measure django-helpdesk too, in turn")
    parser.add_argument("--package", action="store_true", help="make the package anew and tell its size")
    parser.add_argument("--check", action="store_true", help="hold the units against DynamoDB Local, and nothing else")
    parser.add_argument("--pieces", action="store_true", help="write bench/counted.json anew, and nothing else")
    parser.add_argument("--search", type=int, metavar="N", help="search among so many tickets, and nothing else")
    return parser.parse_args()


def _parts(text: str) -> tuple[str, ...]:
    if unknown := set(text.split(",")) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}")
    return tuple(text.split(","))


def _measured(asked: argparse.Namespace) -> Report:
    report = Report()
    if "counts" in asked.only:
        report.counts = counts.count(tuple(size for size in counts.CROWDS if size <= asked.most_open))
        report.goals += goals.count_goals(report.counts)
    if "pages" in asked.only:
        report.pages = pages.measure()
        report.goals += goals.page_goals(report.pages)
    recording = record() if {"cold", "processor"} & set(asked.only) else None
    if recording and "cold" in asked.only:
        report.cold = imports.measure(recording.as_json())
        report.goals += goals.cold_goals(report.cold)
    if recording and "processor" in asked.only:
        _measure_processor(report, recording, asked)
    if "clocks" in asked.only:
        report.reckoned = clocks.measure()
    if "deadline" in asked.only:
        report.deadline = promises.deadline()
    report.package = package_size.measure(build=asked.package)
    return report


def _measure_processor(report: Report, recording: Recording, asked: argparse.Namespace) -> None:
    """Measure the form; with the anchor three times each, in turn, so that a busy machine is as unfair to both."""
    ours, anchors = [], []
    for _ in range(ANCHOR_RUNS if asked.anchor else 1):
        ours.append(processor.measure(recording, asked.tickets))
        if asked.anchor:
            anchor = measure_anchor(Load(tickets=asked.tickets))
            anchors.append(1000 * anchor.spent.processor.total / asked.tickets)
    request, worker = ([getattr(spent, name) for spent in ours] for name in ("request_ms", "worker_ms"))
    report.spent = processor.Spent(asked.tickets, statistics.median(request), statistics.median(worker))
    if anchors:
        report.anchor_ms = statistics.median(anchors)
        report.goals.append(goals.processor_goal(report.spent.request_ms, report.anchor_ms))


def _write_pieces() -> int:
    with quiet():
        changed = counted.write(counted.COUNTED, counted.fresh())
    print(f"{counted.COUNTED.name}: {'counted anew' if changed else 'nothing changed'}")
    return 0


def _search(tickets: int) -> int:
    found = searching.measure(tickets)
    rows = [(one.name, f"{one.milliseconds:,.1f}", str(one.calls), str(one.found)) for one in found]
    print(table(f"Searching {tickets:,} tickets", ("what", "ms of processor", "calls to S3", "found"), rows))
    return 0


def _check() -> int:
    with dynamodb_local.running() as endpoint, quiet():
        compared = counts.compare(endpoint)
    different = [found for found in compared if not found.agree]
    rows = [(one.use_case, one.call.operation, str(dict(one.computed)), str(dict(one.told))) for one in different]
    if rows:
        print(table("Calls that differ", ("use case", "call", "computed", "told"), rows, left=3))
    print(f"{len(compared) - len(different)} of {len(compared)} calls cost on DynamoDB Local what was computed.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
