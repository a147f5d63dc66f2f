"""Looks a desk over: `python -m infra.doctor --stage prod [--domain example.com]`. See docs/doctor.md."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.checkup import Checkup, Verdict
from chalicelib.domain.errors import DeskError
from chalicelib.wiring import WiredDesk
from infra.doctor import checks, dns_checks
from infra.doctor.facts import Facts
from infra.doctor.finding import BAD, Finding, Side, State
from infra.doctor.gather_aws import gather
from infra.doctor.gather_dns import Lookup, ask_dns, ask_nobody
from infra.doctor.round_trip import travel
from infra.stage import Refused, find_environment, in_one_line, reach_cloud

CHECKS = (
    checks.check_stack,
    checks.check_signing_key,
    dns_checks.check_mx,
    checks.check_receipt_rule,
    checks.check_identity,
    checks.check_dkim,
    dns_checks.check_dkim_records,
    dns_checks.check_spf,
    dns_checks.check_dmarc,
    checks.check_sandbox,
    checks.check_quota,
    checks.check_addresses,
    checks.check_suppression,
    checks.check_concurrency,
    checks.check_alarms,
    checks.check_dead_letters,
)
MARKS = {State.OK: "ok  ", State.REMARK: "note", State.FAIL: "FAIL", State.UNKNOWN: "?   "}


def examine(facts: Facts) -> list[Finding]:
    """Give what all checks say about these facts."""
    return [check(facts) for check in CHECKS]


def report(findings: Sequence[Finding]) -> list[str]:
    """Give the findings in plain words, each bad one with its remedy, and at the end whether mail comes and goes."""
    lines = []
    for one in findings:
        lines.append(f"{MARKS[one.state]}  {one.name}: {one.says}")
        if one.fix and one.state is not State.OK:
            lines.append(f"        → {one.fix}")
    return [*lines, "", *(_summary(side, findings) for side in Side)]


def _summary(side: Side, findings: Sequence[Finding]) -> str:
    bad = ", ".join(one.name for one in findings if one.side is side and one.state in BAD)
    return f"{side.value}: {f'see {bad}' if bad else 'nothing stands in the way'}"


def as_json(facts: Facts, findings: Sequence[Finding]) -> str:
    """Give the findings as one JSON object."""
    sides = {side.value: not any(one.state in BAD for one in findings if one.side is side) for side in Side}
    head = {"stage": facts.stage, "region": facts.region, "domain": facts.domain, **sides}
    return json.dumps({**head, "findings": [asdict(one) for one in findings]}, ensure_ascii=False, indent=2)


def checkup_of(findings: Sequence[Finding], now: datetime) -> Checkup:
    """Give the findings as the desk keeps them for its console; what is well needs no advice."""
    return Checkup(
        now,
        tuple(
            Verdict(one.name, one.state.value, one.says, one.fix if one.state is not State.OK else "")
            for one in findings
        ),
    )


def main(
    arguments: Sequence[str] | None = None, variables: Mapping[str, str] = os.environ, lookup: Lookup = ask_dns
) -> int:
    """Look over and tell. Gives the exit code: 0 where all is well, 1 where something is not, or couldn't be seen."""
    options = _parser().parse_args(arguments)
    try:
        aws = reach_cloud(variables)
        facts = gather(aws, options.stage, options.domain.lower().rstrip("."), ask_nobody if options.no_dns else lookup)
        findings = examine(facts)
        if options.round_trip or options.save:
            desk = WiredDesk(find_environment(aws, options.stage, variables), aws)
        if options.round_trip:
            findings.append(travel(desk))
        if options.save:
            desk.checkups.keep(checkup_of(findings, desk.clock.now()))
    except (Refused, DeskError, BotoCoreError, ClientError) as error:
        print(in_one_line(error), file=sys.stderr)
        return 1
    print(as_json(facts, findings) if options.json else "\n".join(report(findings)))
    return int(any(one.state in BAD for one in findings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.doctor", description="Say whether a desk can receive and send."
    )
    parser.add_argument("--stage", default="prod", help="the desk of this stage: stack pennydesk-<stage>")
    parser.add_argument("--domain", default="", help="whose DNS is looked at (default: the support address's)")
    parser.add_argument("--no-dns", action="store_true", help="ask no DNS; what it would tell stays unknown")
    parser.add_argument("--round-trip", action="store_true", help="send the desk a mail, and wait for its ticket")
    parser.add_argument("--save", action="store_true", help="show what was found in the desk's console, too")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
