"""What a person still has to do after a deployment, with the very records and commands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.deployment.mail import inbound_host
from infra.deployment.readiness import api_url
from infra.deployment.stack import Stack

if TYPE_CHECKING:
    from boto3.session import Session


def next_steps(session: "Session", stack: Stack) -> list[str]:
    """Give the desk's addresses, then what is left to do."""
    stage = stack.name.removeprefix("pennydesk-")
    head = [
        f"The desk {stack.name} is ready ({stack.status}).",
        f"  API and pages   {_address(stack)}",
        f"  mail            {stack.outputs['SupportAddress']}",
    ]
    steps = [
        *_dns(session, stack),
        *_sandbox(session),
        f"Make the first API key (its secret is shown once): python -m infra.first_key --stage {stage}",
        *_web_host(stack),
        *_alarms(stack),
    ]
    numbered = [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return [*head, "Next:", *numbered, "docs/deploy.md tells each in full."]


def _address(stack: Stack) -> str:
    host = stack.parameters.get("WebDomain")
    return stack.parameters.get("PublicUrl") or (f"https://{host}" if host else api_url(stack))


def _dns(session: "Session", stack: Stack) -> Iterator[str]:
    address = stack.outputs["SupportAddress"].rpartition("@")[2]
    domain = stack.outputs.get("MailIdentityName")
    if domain:
        found: Any = session.client("sesv2").get_email_identity(EmailIdentity=domain)
        tokens = found.get("DkimAttributes", {}).get("Tokens", [])
        if not found.get("VerifiedForSendingStatus"):
            records = "".join(
                f"\n       {token}._domainkey.{domain}  CNAME  {token}.dkim.amazonses.com" for token in tokens
            )
            yield f"DNS, so that {domain} may send (SES looks for these for 72 hours):{records}"
        yield f'DNS, so that others know what is yours: _dmarc.{domain}  TXT  "v=DMARC1; p=none"'
    if stack.outputs.get("ReceiptRuleSetName"):
        yield f"DNS, so that mail arrives: {address}  MX  10 {inbound_host(session.region_name or '')}"


def _sandbox(session: "Session") -> Iterator[str]:
    try:
        free = session.client("sesv2").get_account().get("ProductionAccessEnabled")
    except ClientError:
        return
    if not free:
        yield (
            "SES is in its sandbox here and sends to verified addresses only: ask for production access "
            "(SES console, Account dashboard)"
        )


def _web_host(stack: Stack) -> Iterator[str]:
    target, host = stack.outputs.get("WebHostTarget"), stack.parameters.get("WebDomain")
    if target:
        yield f"DNS, so that pages are found: {host}  CNAME  {target}"


def _alarms(stack: Stack) -> Iterator[str]:
    address = stack.parameters.get("AlarmEmail")
    if address:
        yield f"Confirm the subscription that AWS mailed to {address}, once"
    else:
        yield "Nobody hears of alarms yet: deploy again with SET=AlarmEmail=you@example.com"
