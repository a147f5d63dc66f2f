"""A desk in your own AWS account: `python -m infra.deploy --stage prod --domain … --support-address …`.

Looks before it touches anything: credentials, region, names, how the stack stands, what SES has already. Then the code
is packaged, uploaded and made a stack, or the stack is changed to it, which keeps all data. At the end the desk must
answer, or this fails. The same command again updates; docs/deploy.md tells the whole way.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from infra.deployment import mail, stack, tools, upload
from infra.deployment.account import open_session
from infra.deployment.next_steps import next_steps
from infra.deployment.problems import DeploymentError, in_words
from infra.deployment.readiness import wait_until_ready
from infra.package import ARCHITECTURES, ROOT, Package, PackagingError, build


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to deploy. What is empty or None stays as it was deployed, else is worked out: `domain` is the address's.

    `parameters` are the template's, over all others.
    """

    stage: str
    support_address: str = ""
    domain: str = ""
    receive: bool | None = None
    architecture: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What was found out before anything is touched."""

    name: str
    account: str
    domain: str
    parameters: Mapping[str, str]
    signing_key: str
    notes: tuple[str, ...]


def plan(session: Session, wish: Wish) -> Plan:
    """Look at the account and give what is to be done. Nothing is changed. Raises DeploymentError."""
    name = stack.name_of(wish.stage)
    identity: Any = session.client("sts").get_caller_identity()
    present = stack.read_stack(session, name)
    if present:
        stack.refuse_unfit(present)
    outputs, known = (present.outputs, present.parameters) if present else ({}, {})
    address = wish.support_address or outputs.get("SupportAddress", "")
    domain = (wish.domain or outputs.get("MailIdentityName") or address.rpartition("@")[2]).lower()
    mail.refuse_address(address, domain)
    receive = known.get("MailIn") != "none" if wish.receive is None else wish.receive
    if receive:
        mail.refuse_region(session.region_name or "")
    mails = mail.plan_mail(session, present, domain, receive=receive)
    own = {"Stage": wish.stage, "SupportAddress": address}
    known = {**known, **wish.parameters}
    key = known.get("SigningKeyParameter") or f"/pennydesk/{wish.stage}/signing-key"
    return Plan(name, identity["Account"], domain, {**own, **mails.parameters, **wish.parameters}, key, mails.notes)


def deploy(session: Session, wish: Wish, out: Path = ROOT / "build" / "package") -> stack.Stack:
    """Deploy or update a desk, and give its stack once it answers. Raises DeploymentError or PackagingError."""
    intent = plan(session, wish)
    _say(f"account {intent.account}, region {session.region_name}, stack {intent.name}", *intent.notes)
    package = build("prod", out, architecture=wish.architecture)
    _say(f"packaged: {package.archive.stat().st_size / 1e6:.1f} MB, sha256 {package.sha256[:16]}")
    if upload.ensure_signing_key(session, intent.signing_key):
        _say(f"made the signing key {intent.signing_key}")
    made = _made(session, intent, package)
    _say(*mail.switch_mail_on(session, made, intent.domain))
    wait_until_ready(session, made)
    return made


def _made(session: Session, intent: Plan, package: Package) -> stack.Stack:
    bucket = upload.ensure_artifacts(session, intent.account)
    _say("uploading, then changing the stack (the first time this takes some minutes)")
    upload.upload(session, tools.aws_cli(), package, intent.name, bucket, intent.parameters)
    return stack.working_stack(session, intent.name.removeprefix("pennydesk-"))


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)


def _parameters(words: Sequence[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise DeploymentError(f"{name!r} sets nothing: write a parameter of infra/template.yaml as Name=value")
    return {name: value for name, _, value in pairs}


def _given(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Deploy or update a desk on AWS.")
    parser.add_argument("--stage", default="prod", help="which desk: its stack is pennydesk-<stage> (prod)")
    parser.add_argument("--support-address", default="", help="where customers write; kept when updating")
    parser.add_argument("--domain", default="", help="whose mail SES signs (the support address's domain)")
    parser.add_argument("--mail-in", choices=("ses", "none"), help="whether SES takes in mail (ses)")
    parser.add_argument("--architecture", choices=ARCHITECTURES, help="instead of the configured one")
    parser.add_argument("--set", nargs="*", default=[], metavar="Name=value", help="parameters of infra/template.yaml")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy from the command line; give the exit code: 0, or 1 after few lines on what is wrong and the way on."""
    given = _given(arguments)
    try:
        wish = Wish(
            stage=given.stage,
            support_address=given.support_address,
            domain=given.domain,
            receive=given.mail_in and given.mail_in == "ses",
            architecture=given.architecture,
            parameters=_parameters(given.set),
        )
        session = open_session()
        made = deploy(session, wish)
        _say("", *next_steps(session, made))
    except (DeploymentError, PackagingError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
