"""A desk is taken away: `python -m infra.destroy --stage prod`. Its data stays unless that is asked for twice.

What stays is the table, both buckets, the staff's accounts and the signing key. `--delete-data` is the first asking;
the second is the stack's name, typed when asked for it or given as `--really pennydesk-prod`.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra.deployment.account import open_session
from infra.deployment.data import Kept, delete, kept_data
from infra.deployment.mail import switch_mail_off
from infra.deployment.problems import DeploymentError, in_words
from infra.deployment.stack import failures, name_of, read_stack

Ask = Callable[[str], str]


def destroy(session: Session, stage: str) -> list[Kept]:
    """Delete the stack of a desk, if there is one, and give what is kept. Raises DeploymentError where it can't go."""
    name = name_of(stage)
    stack = read_stack(session, name)
    key = stack.outputs.get("SigningKeyParameter", "") if stack else ""
    if stack is None:
        return kept_data(session, stage)
    if not stack.ours and stack.status != "REVIEW_IN_PROGRESS":
        raise DeploymentError(f"the stack {name} is no Pennydesk; it stays")
    if stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS":
        raise DeploymentError(f"somebody is changing the stack {name} just now ({stack.status}); wait until that ended")
    switch_mail_off(session, stack)
    client = session.client("cloudformation")
    client.delete_stack(StackName=name)
    try:
        client.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 2, "MaxAttempts": 900})
    except WaiterError as error:
        why = "\n".join(failures(client, name)) or f"  {error}"
        raise DeploymentError(f"the stack {name} didn't go:\n{why}\nMend that, then run the same again.") from error
    return kept_data(session, stage, key)


def confirmed(name: str, kept: Sequence[Kept], really: str, ask: Ask | None) -> bool:
    """Say whether the data is to go as well: only when the stack's name was given, or typed now."""
    if really:
        return really == name
    if ask is None:
        return False
    print("This deletes for good:", *(f"  {one.kind}  {one.name}" for one in kept), sep="\n")
    return ask(f"Type {name} to delete it: ").strip() == name


def main(arguments: Sequence[str] | None = None, ask: Ask | None = None) -> int:
    """Take a desk away; gives the exit code: 0, or 1 after few lines on what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.destroy", description="Take a desk away; its data stays.")
    parser.add_argument("--stage", required=True, help="the desk of this stage: the stack pennydesk-<stage>")
    parser.add_argument("--delete-data", action="store_true", help="ask to delete its data as well")
    parser.add_argument("--really", default="", metavar="STACK", help="the second asking: the stack's name")
    given = parser.parse_args(arguments)
    if ask is None and sys.stdin.isatty():
        ask = input
    try:
        return _take_away(open_session(), given, ask)
    except DeploymentError as problem:
        print(problem, file=sys.stderr)
    except (BotoCoreError, ClientError) as error:
        print(in_words(error), file=sys.stderr)
    return 1


def _take_away(session: Session, given: argparse.Namespace, ask: Ask | None) -> int:
    name = name_of(given.stage)
    kept = destroy(session, given.stage)
    print(f"The stack {name} is gone.")
    if not given.delete_data:
        _show("Kept, and paid for only by its size:", kept)
        return 0
    if not confirmed(name, kept, given.really, ask):
        _show(f"The data stays: deleting it has to be asked for twice (--delete-data --really {name}).", kept)
        return 1
    for one in kept:
        delete(session, one)
    _show("Deleted for good:", kept)
    return 0


def _show(head: str, kept: Sequence[Kept]) -> None:
    print(head if kept else "Nothing of it is left.", *(f"  {one.kind:<12} {one.name}" for one in kept), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
