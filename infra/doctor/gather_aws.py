"""Asks AWS what it knows about a desk; what it doesn't tell is Unknown, and why."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import Aws, error_code
from infra.doctor.facts import (
    Facts,
    Found,
    Identity,
    ReceiptRule,
    SendingAccount,
    Subscriptions,
    Suppressed,
    Unknown,
)
from infra.doctor.gather_dns import Lookup, gather_dns
from infra.stage import describe_stack, in_one_line, outputs_of, stack_names

Value = TypeVar("Value")
MISSING = frozenset({"NotFoundException", "ParameterNotFound", "RuleSetDoesNotExist", "404"})
MOST_SUPPRESSED = 100
"""How many suppressed addresses are counted."""


def gather(aws: Aws, stage: str, domain: str, lookup: Lookup) -> Facts:
    """Give everything that the checks look at. `domain` may be empty: then it is the support address's.

    Raises Refused where there is no such stack.
    """
    stack = describe_stack(aws, stage)
    outputs = outputs_of(stack)
    names = stack_names(stack, stage)
    address = names["SUPPORT_ADDRESS"]
    domain = domain or address.rpartition("@")[2]
    identity = asked(lambda: find_identity(aws, domain, address))
    return Facts(
        stage=stage,
        region=str(aws.client("sesv2").meta.region_name),
        support_address=address,
        domain=domain,
        mail_bucket=outputs.get("MailBucketName", ""),
        stack_status=str(stack.get("StackStatus", "")),
        signing_key=asked(lambda: has_parameter(aws, names["SIGNING_KEY_PARAMETER"])),
        identity=identity,
        account=asked(lambda: find_account(aws)),
        suppressed=asked(lambda: find_suppressed(aws, address)),
        rules=asked(lambda: find_rules(aws)),
        subscriptions=asked(lambda: find_subscriptions(aws, outputs.get("AlarmsTopic", ""))),
        dead_letters=asked(lambda: count_dead_letters(aws, outputs)),
        concurrency=asked(lambda: most_at_once(aws)),
        unsendable=asked(lambda: find_unsendable(aws, names["DESK_TABLE"], stack, address)),
        dns=gather_dns(lookup, domain, identity if isinstance(identity, Identity) else None),
    )


def asked(question: Callable[[], Value]) -> Found[Value]:
    """Give the answer, or why there is none.

    A permission that lacks, a region without the service, no connection; or an answer that isn't as AWS documents it,
    which emulators give.
    """
    try:
        return question()
    except (ClientError, BotoCoreError, NotImplementedError) as error:
        return Unknown(in_one_line(error))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return Unknown(f"the answer is not as AWS documents it ({type(error).__name__}: {in_one_line(error)})")


def _unless_missing(question: Callable[[], Value]) -> Value | None:
    try:
        return question()
    except ClientError as error:
        if error_code(error) in MISSING:
            return None
        raise


def find_identity(aws: Aws, domain: str, address: str) -> Identity | None:
    """Give the domain's identity, or else the address's own, or None."""
    sesv2 = aws.client("sesv2")
    for name in (domain, address):
        found = _unless_missing(partial(sesv2.get_email_identity, EmailIdentity=name))
        if found is not None:
            return _identity(name, found)
    return None


def _identity(name: str, found: dict[str, Any]) -> Identity:
    dkim, mail_from = found.get("DkimAttributes", {}), found.get("MailFromAttributes", {})
    return Identity(
        name=name,
        verified=bool(found.get("VerifiedForSendingStatus")),
        dkim_status=dkim.get("Status", "NOT_STARTED"),
        dkim_tokens=tuple(dkim.get("Tokens", ())),
        mail_from=mail_from.get("MailFromDomain", ""),
        mail_from_status=mail_from.get("MailFromDomainStatus", ""),
    )


def find_account(aws: Aws) -> SendingAccount:
    """Give what SES lets the account do."""
    found = aws.client("sesv2").get_account()
    quota = found.get("SendQuota", {})
    return SendingAccount(
        production=bool(found.get("ProductionAccessEnabled")),
        sending=bool(found.get("SendingEnabled")),
        standing=found.get("EnforcementStatus", "HEALTHY"),
        per_day=float(quota.get("Max24HourSend", 0)),
        per_second=float(quota.get("MaxSendRate", 0)),
        sent_today=float(quota.get("SentLast24Hours", 0)),
    )


def find_suppressed(aws: Aws, address: str) -> Suppressed:
    """Count suppressed addresses, a hundred at most, and say whether the support address is one."""
    sesv2 = aws.client("sesv2")
    count = len(sesv2.list_suppressed_destinations(PageSize=MOST_SUPPRESSED)["SuppressedDestinationSummaries"])
    own = count and _unless_missing(lambda: sesv2.get_suppressed_destination(EmailAddress=address))
    return Suppressed(count, bool(own))


def find_unsendable(aws: Aws, table: str, stack: dict[str, Any], support_address: str) -> tuple[str, ...]:
    """Give the addresses of the desk's settings that the stack's parameters don't cover."""
    key = {"pk": {"S": "desk"}, "sk": {"S": "settings"}}
    item = aws.client("dynamodb").get_item(TableName=table, Key=key).get("Item", {})
    saved = json.loads(item["settings"]["S"]) if "settings" in item else {}
    given = {one["ParameterKey"]: one.get("ParameterValue", "") for one in stack.get("Parameters", [])}
    known = {support_address.lower(), *given.get("MoreAddresses", "").lower().split(",")}
    domain = given.get("AddressDomain", "").lower()
    listed = (str(one["address"]).lower() for one in saved.get("addresses", []))
    return tuple(one for one in listed if one not in known and one.rpartition("@")[2] != (domain or None))


def find_rules(aws: Aws) -> tuple[ReceiptRule, ...] | None:
    """Give the rules of the active receipt rule set that store mail, or None where no set is active."""
    found = _unless_missing(lambda: aws.client("ses").describe_active_receipt_rule_set())
    if not found or not found.get("Metadata"):
        return None
    return tuple(rule for one in found.get("Rules", ()) for rule in _storing(one))


def _storing(rule: dict[str, Any]) -> Iterator[ReceiptRule]:
    for action in rule.get("Actions", ()):
        if store := action.get("S3Action"):
            yield ReceiptRule(
                name=rule["Name"],
                enabled=bool(rule.get("Enabled")),
                recipients=tuple(rule.get("Recipients", ())),
                bucket=store["BucketName"],
                prefix=store.get("ObjectKeyPrefix", ""),
                scans=bool(rule.get("ScanEnabled")),
            )


def find_subscriptions(aws: Aws, topic: str) -> Subscriptions | None:
    """Count who hears of alarms, or give None where there is no topic."""
    if not topic:
        return None
    pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    arns = [one["SubscriptionArn"] for page in islice(pages, 10) for one in page["Subscriptions"]]
    confirmed = sum(1 for arn in arns if arn.startswith("arn:"))
    return Subscriptions(confirmed, sum(1 for arn in arns if arn == "PendingConfirmation"))


def count_dead_letters(aws: Aws, outputs: dict[str, str]) -> dict[str, int]:
    """Give how many messages lie in each dead-letter queue."""
    sqs, attribute = aws.client("sqs"), "ApproximateNumberOfMessages"
    urls = {name.lower(): outputs.get(f"{name}DeadLettersUrl", "") for name in ("Intake", "Work")}
    found = {
        name: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[attribute])["Attributes"]
        for name, url in urls.items()
    }
    return {name: int(attributes[attribute]) for name, attributes in found.items()}


def has_parameter(aws: Aws, name: str) -> bool:
    """Say whether a parameter is in the parameter store; its value is not read."""
    filters = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
    return bool(aws.client("ssm").describe_parameters(ParameterFilters=filters)["Parameters"])


def most_at_once(aws: Aws) -> int:
    """Give how many functions the account may run at once."""
    return int(aws.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])
