"""What SES has in an account already, and what a desk may take or must leave alone there."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.deployment.problems import DeploymentError, code_of
from infra.deployment.stack import Stack

if TYPE_CHECKING:
    from boto3.session import Session

RECEIVING = frozenset(
    {"us-east-1", "us-east-2", "us-west-2", "ca-central-1", "eu-west-1", "eu-west-2", "eu-central-1", "eu-north-1"}
    | {"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-northeast-1", "ap-south-1"}
)
"""Regions known to take in mail: eleven by the AWS General Reference ("Amazon SES endpoints and quotas", "Email
receiving endpoints") as copied in January 2024; Stockholm and Mumbai were seen in use in 2026. There may be more by
now, so any other is asked for in DNS."""


@dataclass(frozen=True)
class MailPlan:
    """The stack's parameters about mail, and what is to be told about them."""

    parameters: Mapping[str, str]
    notes: tuple[str, ...] = ()


def resolves(host: str) -> bool:
    """Say whether a host name has an address."""
    try:
        socket.getaddrinfo(host, 25)
    except OSError:
        return False
    return True


def refuse_region(region: str, knows: Callable[[str], bool] = resolves) -> None:
    """Raise DeploymentError for a region where SES takes no mail in: it has no inbound-smtp endpoint there."""
    if region not in RECEIVING and not knows(inbound_host(region)):
        raise DeploymentError(
            f"SES takes in no mail in {region}: choose a region where it does ({', '.join(sorted(RECEIVING))}) "
            "and name it by AWS_REGION, or deploy a desk without mail from outside (MAIL_IN=none)"
        )


def inbound_host(region: str) -> str:
    """Give the host that a region's MX record names."""
    return f"inbound-smtp.{region}.amazonaws.com"


def refuse_address(support_address: str, domain: str) -> None:
    """Raise DeploymentError unless the address lies in the domain, or below it."""
    local, _, host = support_address.rpartition("@")
    if not local or "." not in host or any(character.isspace() for character in support_address):
        raise DeploymentError(f"SUPPORT_ADDRESS={support_address!r} is no mail address")
    if host.lower() != domain.lower() and not host.lower().endswith(f".{domain.lower()}"):
        raise DeploymentError(f"SUPPORT_ADDRESS is at {host}, which doesn't belong to DOMAIN={domain}")


def plan_mail(session: "Session", stack: Stack | None, domain: str, *, receive: bool) -> MailPlan:
    """Give the parameters by which a desk makes what the account lacks and takes nothing from others.

    An identity that is there stays as it is; a rule set that is active takes the desk's rule.
    """
    outputs: Mapping[str, str] = stack.outputs if stack else {}
    parameters, notes = {"MailIn": "ses" if receive else "none"}, []
    if outputs.get("MailIdentityName") == domain or not _has_identity(session, domain):
        parameters["MailDomain"] = domain
    else:
        parameters["MailDomain"] = ""
        notes.append(f"SES has the identity {domain} already: it is used and stays as it is")
    if receive:
        active = active_rule_set(session)
        own = bool(stack and not stack.parameters.get("ReceiptRuleSet") and outputs.get("ReceiptRuleSetName"))
        if active is None or (own and active == outputs.get("ReceiptRuleSetName")):
            parameters["ReceiptRuleSet"] = ""
        else:
            parameters["ReceiptRuleSet"] = active
            notes.append(f"the receipt rule set {active} is active already: the desk's rule goes into it")
    return MailPlan(parameters, tuple(notes))


def _has_identity(session: "Session", domain: str) -> bool:
    try:
        session.client("sesv2").get_email_identity(EmailIdentity=domain)
    except ClientError as error:
        if code_of(error) == "NotFoundException":
            return False
        raise
    return True


def active_rule_set(session: "Session") -> str | None:
    """Give the name of the region's active receipt rule set, or None."""
    client: Any = session.client("ses")
    name: str | None = client.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    return name


def switch_mail_on(session: "Session", stack: Stack, domain: str) -> list[str]:
    """Make a new desk's rule set active, and have an identity that has no configuration set tell of bounces.

    CloudFormation can do neither. Gives what should be told.
    """
    rules = stack.outputs.get("ReceiptRuleSetName")
    if rules and active_rule_set(session) is None:
        session.client("ses").set_active_receipt_rule_set(RuleSetName=rules)
    if stack.outputs.get("MailIdentityName"):
        return []
    ours, ses = stack.outputs["MailSettingsName"], session.client("sesv2")
    present = ses.get_email_identity(EmailIdentity=domain).get("ConfigurationSetName")
    if not present:
        ses.put_email_identity_configuration_set_attributes(EmailIdentity=domain, ConfigurationSetName=ours)
    elif present != ours:
        return [
            f"mail of {domain} goes by the configuration set {present}: bounces reach the desk only once you give that "
            "set an SNS destination to the desk's topic of mail events, or give the identity the set " + ours
        ]
    return []


def switch_mail_off(session: "Session", stack: Stack) -> None:
    """Undo `switch_mail_on`, so that the stack can go. Raises DeploymentError where others use the desk's rule set."""
    rules = stack.outputs.get("ReceiptRuleSetName")
    if rules and not stack.parameters.get("ReceiptRuleSet"):
        _empty_rule_set(session, rules)
    ours, ses = stack.outputs.get("MailSettingsName"), session.client("sesv2")
    domain = stack.outputs.get("SupportAddress", "").rpartition("@")[2]
    while domain.count(".") and ours and not stack.outputs.get("MailIdentityName"):
        if _has_identity(session, domain):
            if ses.get_email_identity(EmailIdentity=domain).get("ConfigurationSetName") == ours:
                ses.put_email_identity_configuration_set_attributes(EmailIdentity=domain)
            break
        domain = domain.partition(".")[2]


def _empty_rule_set(session: "Session", rules: str) -> None:
    ses = session.client("ses")
    found = ses.describe_receipt_rule_set(RuleSetName=rules)["Rules"]
    if len(found) > 1:
        names = ", ".join(rule["Name"] for rule in found)
        raise DeploymentError(
            f"the receipt rule set {rules} holds rules of others too ({names}): move them to another set and make that "
            "one active, or their mail would stop"
        )
    if active_rule_set(session) == rules:
        ses.set_active_receipt_rule_set()
