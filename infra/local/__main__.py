"""`python -m infra.local`: the whole desk on this machine, until Ctrl-C."""

import argparse
import errno
import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.local.cloud import LocalCloud

DEFAULT_KEY = "pd_local_key"
DEFAULT_PASSWORD = "pennydesk-local"  # noqa: S105 - of a desk that is gone when the program ends
SUPPORT_ADDRESS = "support@example.com"
POLL_SECONDS = 0.2
MINUTE = 60


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Run the whole desk on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="port of the HTTP app (8000)")
    parser.add_argument("--smtp-port", type=int, default=2525, help="port of the SMTP intake (2525)")
    parser.add_argument("--api-key", default=DEFAULT_KEY, help=f"API key with all scopes ({DEFAULT_KEY})")
    parser.add_argument(
        "--password", default=DEFAULT_PASSWORD, help=f"password of the demo's people ({DEFAULT_PASSWORD})"
    )
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty desk")
    return parser.parse_args()


def main() -> int:
    """Start everything, say where it is, and run until Ctrl-C; gives the exit status."""
    arguments = _arguments()
    for name, port in (("--port", arguments.port), ("--smtp-port", arguments.smtp_port)):
        if _taken(port):
            print(f"Port {port} is taken by another program. Stop it, or choose another with {name}.", file=sys.stderr)
            return 1
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    try:
        return _run(arguments)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed here. Run `make setup`, or `make run`.", file=sys.stderr)
        return 1


def _taken(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno in (errno.EADDRINUSE, errno.EACCES)
    return False


def _run(arguments: argparse.Namespace) -> int:
    from infra.local.accounts import LocalAccounts
    from infra.local.clock import MovableClock
    from infra.local.cloud import LocalCloud
    from infra.local.demo import DEMO_LENGTH, load_demo
    from infra.local.http_server import LocalServer
    from infra.local.smtp_intake import smtp_intake

    ended, woken = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    url = f"http://127.0.0.1:{arguments.port}"
    clock = MovableClock()
    cloud = LocalCloud(clock, support_address=SUPPORT_ADDRESS, public_url=url, staff=True)
    cloud.start()
    cloud.issue_key(arguments.api_key)
    if not arguments.no_demo and not cloud.desk.people.roster().agents:
        clock.move_by(-DEMO_LENGTH)
        load_demo(cloud)
        cloud.advance(max(0.0, -clock.moved.total_seconds()))
    accounts = LocalAccounts(cloud, arguments.password)
    vars(cloud.desk)["accounts"] = accounts
    for agent in cloud.desk.people.roster().agents:
        accounts.invite(agent.email)
    server = LocalServer(arguments.port, cloud, woken.set)
    intake = smtp_intake(cloud, arguments.smtp_port)
    intake.start()
    for loop in (server.serve_forever, lambda: _pump(cloud, ended, woken), lambda: _tick(cloud, ended)):
        threading.Thread(target=loop, daemon=True).start()
    server.addresses.ready = True
    print(_welcome(url, arguments), flush=True)
    while not ended.wait(1):
        pass
    print("\nThe desk is closed.", flush=True)
    server.shutdown()
    intake.stop()
    cloud.stop()
    return 0


def _pump(cloud: "LocalCloud", ended: threading.Event, woken: threading.Event) -> None:
    while not ended.is_set():
        woken.wait(POLL_SECONDS)
        woken.clear()
        try:
            cloud.settle()
        except Exception:  # noqa: BLE001 - the pumps must go on, whatever one round met
            traceback.print_exc()
            ended.wait(1)


def _tick(cloud: "LocalCloud", ended: threading.Event) -> None:
    while not ended.wait(MINUTE):
        try:
            cloud.tick()
        except Exception:  # noqa: BLE001 - the schedule must go on, whatever one minute met
            traceback.print_exc()


def _welcome(url: str, arguments: argparse.Namespace) -> str:
    key, smtp = arguments.api_key, arguments.smtp_port
    lines = [
        "",
        f"  Pennydesk is open at {url}",
        "",
        f"  Agents' console   {url}/console",
        f"  Customers' form   {url}/help",
        f"  JSON API          {url}/v1/openapi.json",
        f"  Mail in           smtp://127.0.0.1:{smtp} for {SUPPORT_ADDRESS}",
        f"  Mail out          {url}/_local/outbox",
        f"  Queues, deadlines {url}/_local/state",
        f"  API key           {key}",
        "  At the desk       " + _people(arguments.no_demo),
        f"  Their password    {arguments.password}",
        "",
        "  Three things to try:",
        f"  1. Write a request: {url}/help, then see the acknowledgement in the outbox.",
        f"  2. See who has what:   curl -H 'Authorization: Bearer {key}' {url}/v1/tickets",
        "  3. Let a day pass, and see what fell due (mails in the outbox, breaches in a ticket's events):",
        f"     curl -X POST {url}/_local/clock -d '{{\"advance_seconds\": 86400}}'",
        "",
        "  Ctrl-C closes the desk; nothing is kept.",
        "",
    ]
    return "\n".join(lines)


def _people(nobody: bool) -> str:
    if nobody:
        return "nobody yet: POST /v1/teams and /v1/agents"
    return "ada@example.com (admin), lin@example.com (lead), sam@example.com (agent)"


if __name__ == "__main__":
    sys.exit(main())
