"""The doctor says in plain words what keeps a desk from receiving and sending, and how to mend it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import boto3
import dns.exception
import dns.resolver
import dns.rrset
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.aws import Aws
from chalicelib.domain.checkup import Checkup
from chalicelib.domain.ticket import Shelf
from infra.doctor import __main__ as command
from infra.doctor.__main__ import examine, main, report
from infra.doctor.checks import takes
from infra.doctor.facts import (
    DnsRecords,
    Facts,
    Identity,
    ReceiptRule,
    SendingAccount,
    Subscriptions,
    Suppressed,
    Unknown,
)
from infra.doctor.finding import BAD, Side, State
from infra.doctor.gather_aws import gather
from infra.doctor.gather_dns import LookupFailed, ask_dns, gather_dns
from infra.doctor.round_trip import travel
from infra.local.cloud import LocalCloud
from infra.stage import Refused

TOKENS = ("t1", "t2", "t3")
IDENTITY = Identity("example.com", True, "SUCCESS", TOKENS)
MAIL_FROM = replace(IDENTITY, mail_from="mail.example.com", mail_from_status="SUCCESS")
ACCOUNT = SendingAccount(True, True, "HEALTHY", 50_000, 14, 120)
RULE = ReceiptRule("desk", True, ("support@example.com",), "mail-bucket", "inbound/", True)
DNS = DnsRecords(
    mx=("inbound-smtp.eu-west-1.amazonaws.com",),
    spf=("v=spf1 mx ~all",),
    dmarc=("v=DMARC1; p=none",),
    dkim=tuple(f"{token}.dkim.amazonses.com" for token in TOKENS),
)
OWN_DNS = replace(
    DNS,
    mail_from_mx=("feedback-smtp.eu-west-1.amazonses.com",),
    mail_from_spf=("v=spf1 include:amazonses.com ~all",),
)
WELL = Facts(
    stage="prod",
    region="eu-west-1",
    support_address="support@example.com",
    domain="example.com",
    mail_bucket="mail-bucket",
    stack_status="UPDATE_COMPLETE",
    signing_key=True,
    identity=IDENTITY,
    account=ACCOUNT,
    suppressed=Suppressed(0, False),
    rules=(RULE,),
    subscriptions=Subscriptions(1, 0),
    dead_letters={"intake": 0, "work": 0},
    concurrency=10,
    dns=DNS,
)


def test_a_desk_that_is_well_is_told_so() -> None:
    findings = examine(WELL)
    assert {finding.state for finding in findings} == {State.OK}
    assert report(findings)[-3:] == [f"{side.value}: nothing stands in the way" for side in Side]


def dns_of(**changes: Any) -> dict[str, Any]:
    return {"dns": replace(DNS, **changes)}


@pytest.mark.parametrize(
    ("changes", "name", "state", "told"),
    [
        ({"stack_status": "ROLLBACK_COMPLETE"}, "stack", "fail", "deploy again"),
        ({"stack_status": "UPDATE_ROLLBACK_COMPLETE"}, "stack", "remark", "as it was before"),
        ({"unsendable": ("sales@example.com",)}, "further addresses", "fail", "sales@example.com"),
        ({"stack_status": "UPDATE_IN_PROGRESS"}, "stack", "fail", "wait if it is in progress"),
        ({"signing_key": False}, "signing key", "fail", "put-parameter --type SecureString"),
        ({"identity": None}, "SES identity", "fail", "create-email-identity --email-identity example.com"),
        ({"identity": replace(IDENTITY, verified=False)}, "SES identity", "fail", "publish the identity's DKIM CNAMEs"),
        ({"identity": replace(IDENTITY, name="support@example.com")}, "SES identity", "remark", "only the address"),
        ({"identity": None}, "DKIM", "fail", "NOT_STARTED"),
        ({"identity": replace(IDENTITY, dkim_status="FAILED")}, "DKIM", "fail", "signing-enabled"),
        ({"identity": None}, "DKIM records", "remark", "see the identity"),
        (dns_of(dkim=("t1.dkim.amazonses.com", "", "x")), "DKIM records", "fail", "2 of 3 are missing or wrong"),
        (dns_of(dkim=("", "", "")), "DKIM records", "fail", "t2._domainkey.example.com. CNAME t2.dkim.amazonses.com."),
        ({"account": replace(ACCOUNT, production=False)}, "sandbox", "fail", "ask for production access"),
        ({"account": replace(ACCOUNT, sending=False)}, "sandbox", "fail", "sends nothing"),
        ({"account": replace(ACCOUNT, standing="SHUTDOWN")}, "sandbox", "fail", "Support Center"),
        ({"account": replace(ACCOUNT, standing="PROBATION")}, "sandbox", "remark", "under review"),
        ({"account": replace(ACCOUNT, sent_today=40_000)}, "sending quota", "fail", "40,000 of 50,000"),
        ({"account": replace(ACCOUNT, per_day=-1)}, "sending quota", "ok", "unlimited"),
        ({"concurrency": 9}, "functions at once", "fail", "only 9"),
        ({"suppressed": Suppressed(2, False)}, "suppression list", "remark", "2 addresses that bounced"),
        ({"suppressed": Suppressed(1, True)}, "suppression list", "fail", "delete-suppressed-destination"),
        ({"rules": None}, "receipt rule", "fail", "set-active-receipt-rule-set"),
        ({"rules": ()}, "receipt rule", "fail", "an S3 action to mail-bucket with prefix inbound/"),
        ({"rules": (replace(RULE, bucket="other"),)}, "receipt rule", "fail", "add a rule"),
        ({"rules": (replace(RULE, prefix=""),)}, "receipt rule", "fail", "add a rule"),
        ({"rules": (replace(RULE, recipients=("other.org",)),)}, "receipt rule", "fail", "add a rule"),
        ({"rules": (replace(RULE, enabled=False),)}, "receipt rule", "fail", "is off"),
        ({"rules": (replace(RULE, scans=False),)}, "receipt rule", "remark", "enable spam and virus scanning"),
        ({"subscriptions": None}, "alarms", "fail", "no alarm topic"),
        ({"subscriptions": Subscriptions(0, 1)}, "alarms", "fail", "confirm"),
        ({"subscriptions": Subscriptions(0, 0)}, "alarms", "fail", "AlarmEmail"),
        ({"dead_letters": {"intake": 3, "work": 0}}, "dead letters", "fail", "infra.redrive both --stage prod"),
        (dns_of(mx=()), "MX record", "fail", "example.com. MX 10 inbound-smtp.eu-west-1.amazonaws.com."),
        (dns_of(mx=("mx.other.org",)), "MX record", "fail", "goes to mx.other.org, not to SES"),
        (dns_of(mx=("mx.other.org", "inbound-smtp.eu-west-1.amazonaws.com")), "MX record", "fail", "not first"),
        (dns_of(spf=("v=spf1 a", "v=spf1 mx")), "SPF", "fail", "2 SPF records"),
        (dns_of(spf=()), "SPF", "ok", "DKIM is what DMARC goes by"),
        ({"identity": MAIL_FROM}, "SPF", "fail", 'mail.example.com. TXT "v=spf1 include:amazonses.com ~all"'),
        ({"identity": MAIL_FROM, "dns": OWN_DNS}, "SPF", "ok", "lets SES send"),
        (dns_of(dmarc=()), "DMARC", "fail", '_dmarc.example.com. TXT "v=DMARC1; p=none;'),
        (dns_of(dmarc=("v=DMARC1; p=none", "v=DMARC1")), "DMARC", "fail", "leave one"),
        (dns_of(mx=Unknown("timed out")), "MX record", "unknown", "timed out"),
        ({"account": Unknown("AccessDenied")}, "sandbox", "unknown", "your credentials may read it"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(changes: dict[str, Any], name: str, state: str, told: str) -> None:
    finding = next(one for one in examine(replace(WELL, **changes)) if one.name == name)
    assert (finding.state, told in f"{finding.says} | {finding.fix}") == (state, True)
    assert bool(finding.fix) == (finding.state is not State.OK)


UNKNOWN = Unknown("AccessDenied")


@given(st.sets(st.sampled_from([name for name in Facts.__slots__ if name not in ("dns", "mail_bucket")])))
def test_nothing_that_couldnt_be_found_out_passes_for_well(names: set[str]) -> None:
    asked = names - {"stage", "region", "support_address", "domain"}
    findings = examine(replace(WELL, **cast(dict[str, Any], dict.fromkeys(asked, UNKNOWN))))
    assert any(finding.state in BAD for finding in findings) == bool(asked)
    assert all("\n" not in line for line in report(findings))


@pytest.mark.parametrize(
    ("recipients", "taken"),
    [
        ((), True),
        (("support@example.com",), True),
        (("Example.COM",), True),
        ((".example.com",), False),
        (("other@example.com", "example.org"), False),
    ],
)
def test_a_rule_takes_an_address_its_domain_or_everything(recipients: tuple[str, ...], taken: bool) -> None:
    assert takes(replace(RULE, recipients=recipients), "support@example.com") is taken


# ---- DNS

ZONE = {
    ("example.com", "MX"): ("20 mx2.example.com", "10 Inbound-SMTP.eu-west-1.amazonaws.com"),
    ("example.com", "TXT"): ("hello", "v=spf1 mx ~all", "v=spf10 no"),
    ("_dmarc.example.com", "TXT"): ("v=DMARC1; p=reject",),
    ("t1._domainkey.example.com", "CNAME"): ("T1.dkim.amazonses.com",),
    ("mail.example.com", "MX"): ("10 feedback-smtp.eu-west-1.amazonses.com",),
    ("mail.example.com", "TXT"): ("v=spf1 include:amazonses.com ~all",),
    ("nomail.example.com", "MX"): ("0 ",),
}


def from_zone(name: str, kind: str) -> tuple[str, ...]:
    return ZONE.get((name, kind), ())


def test_records_are_read_as_their_rfcs_say() -> None:
    found = gather_dns(from_zone, "example.com", MAIL_FROM)
    assert found == DnsRecords(
        mx=("inbound-smtp.eu-west-1.amazonaws.com", "mx2.example.com"),
        spf=("v=spf1 mx ~all",),
        dmarc=("v=DMARC1; p=reject",),
        dkim=("t1.dkim.amazonses.com", "", ""),
        mail_from_mx=("feedback-smtp.eu-west-1.amazonses.com",),
        mail_from_spf=("v=spf1 include:amazonses.com ~all",),
    )


def test_a_subdomain_has_its_parents_policy_and_a_null_mx_is_none() -> None:
    found = gather_dns(from_zone, "nomail.example.com", None)
    assert (found.dmarc, found.mx) == (("v=DMARC1; p=reject",), ())


def test_a_silent_name_server_is_not_an_answer() -> None:
    def silent(name: str, kind: str) -> tuple[str, ...]:
        raise LookupFailed(f"{name} {kind}: timed out")

    assert gather_dns(silent, "example.com", None).mx == Unknown("example.com MX: timed out")


def test_dns_answers_become_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: Any = dns.resolver.NXDOMAIN
    slow: Any = dns.exception.Timeout
    answers: dict[str, Any] = {
        "TXT": dns.rrset.from_text("x.org.", 60, "IN", "TXT", '"v=spf1 include:" "amazonses.com ~all"'),
        "MX": dns.rrset.from_text("x.org.", 60, "IN", "MX", "10 mx.x.org."),
        "CNAME": missing(),
        "A": slow(),
    }

    def resolve(name: str, kind: str, lifetime: float) -> Any:
        if isinstance(answers[kind], Exception):
            raise answers[kind]
        return answers[kind]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    assert ask_dns("x.org", "TXT") == ("v=spf1 include:amazonses.com ~all",)
    assert ask_dns("x.org", "MX") == ("10 mx.x.org",)
    assert ask_dns("x.org", "CNAME") == ()
    with pytest.raises(LookupFailed, match="A: "):
        ask_dns("x.org", "A")


# ---- AWS

OUTPUTS = {
    "DeskTable": "desk",
    "IntakeQueueUrl": "intake",
    "WorkQueueUrl": "work",
    "IntakeDeadLettersUrl": "intake-dead",
    "WorkDeadLettersUrl": "work-dead",
    "MailBucketName": "mail-bucket",
    "FilesBucketName": "files-bucket",
    "AlarmsTopic": "arn:aws:sns:eu-west-1:1:alarms",
}
STACK = {
    "StackStatus": "UPDATE_COMPLETE",
    "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()],
    "Parameters": [{"ParameterKey": "SupportAddress", "ParameterValue": "support@example.com"}],
}
IDENTITY_ANSWER = {
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {"Status": "SUCCESS", "Tokens": list(TOKENS)},
    "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
}
RULE_ANSWER = {
    "Name": "desk",
    "Enabled": True,
    "ScanEnabled": True,
    "Recipients": ["support@example.com"],
    "Actions": [
        {"StopAction": {"Scope": "RuleSet"}},
        {"S3Action": {"BucketName": "mail-bucket", "ObjectKeyPrefix": "inbound/"}},
    ],
}
ANSWERS: Mapping[str, Any] = {
    "get_item": {},
    "describe_stacks": {"Stacks": [STACK]},
    "describe_parameters": {"Parameters": [{"Name": "/pennydesk/prod/signing-key"}]},
    "get_email_identity": IDENTITY_ANSWER,
    "get_account": {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 120.0},
    },
    "list_suppressed_destinations": {"SuppressedDestinationSummaries": []},
    "get_suppressed_destination": ClientError({"Error": {"Code": "NotFoundException"}}, "GetSuppressedDestination"),
    "describe_active_receipt_rule_set": {"Metadata": {"Name": "default"}, "Rules": [RULE_ANSWER]},
    "list_subscriptions_by_topic": {"Subscriptions": [{"SubscriptionArn": "arn:aws:sns:eu-west-1:1:alarms:x"}]},
    "get_queue_attributes": {"Attributes": {"ApproximateNumberOfMessages": "0"}},
    "get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 10}},
}


class CannedAws:
    """Answers as AWS documents it; one object is all its clients."""

    def __init__(self, **changes: Any) -> None:
        self._answers = {**ANSWERS, **changes}
        self.meta = boto3.client("sesv2", region_name="eu-west-1").meta

    def client(self, service: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        return _Pages(self._answers[operation])

    def __getattr__(self, operation: str) -> Any:
        def answer(**_: Any) -> Any:
            if isinstance(self._answers[operation], Exception):
                raise self._answers[operation]
            return self._answers[operation]

        return answer


class _Pages:
    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def paginate(self, **_: Any) -> list[Any]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return [self._answer]


def healthy_zone(name: str, kind: str) -> tuple[str, ...]:
    token = name.partition(".")[0]
    healthy = {"MX": "10 inbound-smtp.eu-west-1.amazonaws.com", "CNAME": f"{token}.dkim.amazonses.com"}
    return (healthy.get(kind) or ("v=DMARC1; p=none" if token == "_dmarc" else "v=spf1 mx ~all"),)


def gathered(**changes: Any) -> Facts:
    aws: Any = CannedAws(**changes)
    return gather(aws, "prod", "", healthy_zone)


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AnyOperation")


def test_what_aws_answers_becomes_facts() -> None:
    assert gathered() == WELL


@pytest.mark.parametrize(
    ("parameters", "unsendable"),
    [
        ({}, ("sales@example.com", "help@other.example")),
        ({"MoreAddresses": "sales@example.com,help@other.example"}, ()),
        ({"AddressDomain": "example.com"}, ("help@other.example",)),
    ],
)
def test_addresses_that_the_stack_does_not_cover_are_named(
    parameters: dict[str, str], unsendable: tuple[str, ...]
) -> None:
    listed = [{"address": one} for one in ("Support@example.com", "sales@example.com", "help@other.example")]
    item = {"settings": {"S": json.dumps({"addresses": listed})}}
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    own: Any = STACK["Parameters"]
    stack = {"Stacks": [{**STACK, "Parameters": [*own, *given]}]}
    assert gathered(get_item={"Item": item}, describe_stacks=stack).unsendable == unsendable


def test_what_aws_has_not_is_none_and_what_it_hides_is_unknown() -> None:
    facts = gathered(
        get_email_identity=failed("NotFoundException"),
        describe_active_receipt_rule_set={},
        get_account=failed("AccessDeniedException"),
        get_account_settings=EndpointConnectionError(endpoint_url="https://lambda"),
        list_suppressed_destinations={"SuppressedDestinationSummaries": [{}]},
        list_subscriptions_by_topic={"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]},
    )
    assert (facts.identity, facts.rules) == (None, None)
    assert facts.account == Unknown("AnyOperation: no")
    assert isinstance(facts.concurrency, Unknown)
    assert facts.suppressed == Suppressed(1, False)
    assert facts.subscriptions == Subscriptions(0, 1)


CALLS = (
    "get_email_identity",
    "get_account",
    "list_suppressed_destinations",
    "describe_active_receipt_rule_set",
    "list_subscriptions_by_topic",
    "get_queue_attributes",
    "describe_parameters",
    "get_account_settings",
    "get_item",
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", [failed("AccessDenied"), failed("InvalidAction"), None, "no mapping", []])
def test_whatever_a_call_answers_the_rest_is_told(call: str, answer: Any) -> None:
    findings = examine(gathered(**{call: answer}))
    assert len(findings) == len(command.CHECKS)
    assert State.OK in {finding.state for finding in findings}
    assert {finding.state for finding in findings} != {State.OK}


def test_an_answer_unlike_aws_s_is_told_as_such() -> None:
    account = gathered(get_account_settings={"AccountLimit": {}}).concurrency
    assert account == Unknown("the answer is not as AWS documents it (KeyError: 'ConcurrentExecutions')")


def test_half_a_stack_is_refused() -> None:
    half = {**STACK, "StackStatus": "CREATE_FAILED", "Outputs": []}
    with pytest.raises(Refused, match="is CREATE_FAILED and has no output DeskTable; deploy it again"):
        gathered(describe_stacks={"Stacks": [half]})


def test_the_mocks_own_answers_are_understood(empty_cloud: LocalCloud) -> None:
    environment = empty_cloud.environment
    outputs = {
        **OUTPUTS,
        "IntakeDeadLettersUrl": environment["INTAKE_DEAD_LETTERS_URL"],
        "WorkDeadLettersUrl": environment["WORK_DEAD_LETTERS_URL"],
    }
    template = {
        "Parameters": {"SupportAddress": {"Type": "String"}},
        "Resources": {"Any": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    parameters = [{"ParameterKey": "SupportAddress", "ParameterValue": "support@example.com"}]
    cloudformation = cast(Any, boto3.client("cloudformation"))
    cloudformation.create_stack(StackName="pennydesk-local", TemplateBody=json.dumps(template), Parameters=parameters)
    facts = gather(Aws(None, "us-east-1"), "local", "", healthy_zone)
    assert facts.stack_status == "CREATE_COMPLETE"
    assert facts.signing_key is True
    assert isinstance(facts.identity, Identity)
    assert facts.dead_letters == {"intake": 0, "work": 0}


# ---- the round trip


def delivering(cloud: LocalCloud, verdicts: Mapping[str, str]) -> Any:
    def sleep(_: float) -> None:
        mail = cloud.sent_mail()[0]
        cloud.receive_mail(mail.raw, mail.sender, mail.recipients, verdicts)
        cloud.settle()

    return sleep


def test_a_test_mail_becomes_a_ticket_that_nobody_has_to_work_on(cloud: LocalCloud) -> None:
    finding = travel(cloud.desk, delivering(cloud, {}))
    assert (finding.state, finding.side) == (State.OK, Side.RECEIVE)
    cloud.advance(30 * 86400)
    card = cloud.desk.tickets.queue(["spam"], 5).cards[0]
    assert card.ref in finding.says
    assert all(not agent.holding for agent in cloud.desk.people.roster().agents)
    to_itself = [mail for mail in cloud.sent_mail() if any("support@" in one for one in mail.recipients)]
    assert len(to_itself) == 1
    assert card.shelf is Shelf.SPAM


def test_a_test_mail_that_is_taken_for_forged_is_told(cloud: LocalCloud) -> None:
    finding = travel(cloud.desk, delivering(cloud, {"dmarc": "fail"}))
    assert finding.state is State.FAIL
    assert "see DKIM, SPF and DMARC" in finding.fix


def test_a_test_mail_that_never_arrives_is_told(cloud: LocalCloud) -> None:
    waits: list[float] = []
    finding = travel(cloud.desk, waits.append)
    assert (finding.state, sum(waits)) == (State.FAIL, 120)
    assert "the log of on_mail" in finding.fix


def test_a_test_mail_that_ses_refuses_is_told(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise failed("MessageRejected")

    monkeypatch.setattr(cloud.desk.aws.client("sesv2"), "send_email", refuse)
    finding = travel(cloud.desk)
    assert (finding.side, finding.state) == (Side.SEND, State.FAIL)


# ---- the command


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [({}, 0, "sending: nothing stands in the way"), ({"get_account": failed("X")}, 1, "sending: see sandbox, sending")],
)
def test_the_exit_code_says_whether_all_is_well(
    changes: dict[str, Any],
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "reach_cloud", lambda _: CannedAws(**changes))
    assert main(["--stage", "prod"], {}, healthy_zone) == code
    assert told in capsys.readouterr().out
    assert main(["--json"], {}, healthy_zone) == code
    answer = json.loads(capsys.readouterr().out)
    assert (answer["receiving"], answer["sending"]) == (True, not code)
    assert all(one["fix"] for one in answer["findings"] if one["state"] != "ok")


def test_where_there_is_no_dns_nobody_asks_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(name: str, kind: str) -> tuple[str, ...]:
        raise AssertionError("DNS was asked")

    monkeypatch.setattr(command, "reach_cloud", lambda _: CannedAws())
    assert main(["--no-dns"], {}, ask) == 1
    told = capsys.readouterr().out
    assert "MX record: couldn't be found out" in told
    assert "stack: pennydesk-prod is complete" in told


def test_a_desk_that_isnt_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
    monkeypatch.setattr(command, "reach_cloud", lambda _: CannedAws(describe_stacks=missing))
    assert main([], {}, healthy_zone) == 1
    assert capsys.readouterr().err.startswith("there is no stack pennydesk-prod")


def test_what_was_found_is_kept_for_the_console(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[Checkup] = []
    desk = SimpleNamespace(
        checkups=SimpleNamespace(keep=kept.append),
        clock=SimpleNamespace(now=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC)),
    )
    monkeypatch.setattr(command, "reach_cloud", lambda _: CannedAws())
    monkeypatch.setattr(command, "find_environment", lambda *_: None)
    monkeypatch.setattr(command, "WiredDesk", lambda *_: desk)
    assert main(["--save", "--json"], {}, healthy_zone) == 0
    told = json.loads(capsys.readouterr().out)["findings"]
    [checkup] = kept
    assert checkup.at == desk.clock.now()
    assert [(one.name, one.state) for one in checkup.verdicts] == [(one["name"], one["state"]) for one in told]
    assert not any(one.fix for one in checkup.verdicts if one.state == "ok")
