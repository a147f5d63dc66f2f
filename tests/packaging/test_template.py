"""What the merged template says of data, queues and the template itself."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.domain.draft import KEPT_SECONDS
from chalicelib.domain.people import Role
from chalicelib.web.problems import TITLES
from infra.package import Package

Resources = dict[str, Any]

UNLINTED: dict[str, str] = {}
"""cfn-lint's rules that don't apply here, each with its reason: none."""


def of_type(resources: Resources, kind: str) -> dict[str, dict[str, Any]]:
    return {name: body.get("Properties", {}) for name, body in resources.items() if body["Type"] == kind}


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Give every mapping inside a value."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from mappings(part)
    elif isinstance(value, list):
        for part in value:
            yield from mappings(part)


def test_cfn_lint_finds_nothing(package: Package) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    ignored = ["--ignore-checks", *UNLINTED] if UNLINTED else []
    words = [str(linter), "--template", str(package.template), *ignored]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_no_overlay_is_left_without_the_function_it_was_meant_for(resources: Resources) -> None:
    assert [name for name, body in resources.items() if "Type" not in body] == []


def test_merging_left_no_intrinsic_with_a_second_key(template: dict[str, Any]) -> None:
    torn = [found for found in mappings(template) if len(found) > 1 and any(key.startswith("Fn::") for key in found)]
    assert torn == []


def test_the_template_has_no_aliases_which_cloudformation_refuses(package: Package) -> None:
    events = yaml.parse(package.template.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert not any(isinstance(event, yaml.AliasEvent) for event in events)


def test_the_table_can_be_neither_deleted_by_mistake_nor_lost(resources: Resources) -> None:
    [table] = of_type(resources, "AWS::DynamoDB::Table").values()
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize(
    "name", ["Desk", "MailBucket", "FilesBucket", "Staff", "StaffAgents", "StaffLeads", "StaffAdmins"]
)
def test_data_outlives_its_stack(resources: Resources, name: str) -> None:
    assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == "Retain"


def test_every_bucket_is_private_and_encrypted(resources: Resources) -> None:
    buckets = of_type(resources, "AWS::S3::Bucket")
    assert set(buckets) == {"MailBucket", "FilesBucket"}
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_browsers_may_put_files_from_the_desks_own_pages_and_do_nothing_else(resources: Resources) -> None:
    [rule] = resources["FilesBucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedMethods"], rule["AllowedHeaders"]) == (["PUT"], ["content-type"])
    assert "CorsConfiguration" not in resources["MailBucket"]["Properties"]
    condition, own, otherwise = rule["AllowedOrigins"]["Fn::If"]
    parts = [{"Fn::Select": [place, {"Fn::Split": ["/", {"Ref": "PublicUrl"}]}]} for place in (0, 2)]
    assert (condition, own) == ("HasPublicUrl", [{"Fn::Join": ["//", parts]}])
    assert otherwise == {
        "Fn::If": [
            "HasWebDomain",
            [{"Fn::Sub": "https://${WebDomain}"}],
            [{"Fn::Sub": "https://*.execute-api.${AWS::Region}.${AWS::URLSuffix}"}],
        ]
    }


def test_files_that_nobody_named_go_by_themselves_after_the_drafts_that_might_have(resources: Resources) -> None:
    rules = resources["FilesBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert days == {"uploads/": 2, "drafts/": 35}
    assert days["drafts/"] * 86_400 > KEPT_SECONDS


def test_forms_with_files_come_as_bytes(resources: Resources) -> None:
    assert (
        "multipart/form-data"
        in resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    )


def denies_plain_http(policy: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy["PolicyDocument"]["Statement"]
    )


def test_buckets_and_queues_answer_over_tls_only(resources: Resources) -> None:
    guarded = {
        str(target)
        for kind, key in (("AWS::S3::BucketPolicy", "Bucket"), ("AWS::SQS::QueuePolicy", "Queues"))
        for policy in of_type(resources, kind).values()
        if denies_plain_http(policy)
        for target in (policy[key] if isinstance(policy[key], list) else [policy[key]])
    }
    kinds = ("AWS::S3::Bucket", "AWS::SQS::Queue")
    assert guarded == {str({"Ref": name}) for kind in kinds for name in of_type(resources, kind)}


def grants(resources: Resources) -> list[dict[str, Any]]:
    """Give what the policies of buckets, queues and topics allow services."""
    kinds = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
    policies = [policy for kind in kinds for policy in of_type(resources, kind).values()]
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    return [statement for statement in statements if statement["Effect"] == "Allow"]


def test_whoever_may_write_from_outside_must_come_from_this_account(resources: Resources) -> None:
    services = {grant["Principal"]["Service"] for grant in grants(resources)}
    assert services == {"s3.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com"}
    for grant in grants(resources):
        own_topic = {"ArnEquals": {"aws:SourceArn": {"Ref": "MailEvents"}}}
        own_account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert grant["Condition"] == own_topic or grant["Condition"]["StringEquals"] == own_account


def test_the_mail_bucket_has_the_very_name_that_its_queue_lets_in(resources: Resources) -> None:
    name = resources["MailBucket"]["Properties"]["BucketName"]["Fn::Sub"]
    [grant] = [grant for grant in grants(resources) if grant["Sid"] == "TheMailBucketTells"]
    let_in = grant["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert let_in == ["arn:${AWS::Partition}:s3:::" + name[0], name[1]]


def test_mail_to_the_support_address_goes_where_the_intake_looks_and_ses_may_write(resources: Resources) -> None:
    rule = resources["ReceiptRule"]["Properties"]["Rule"]
    assert rule["Recipients"]["Fn::Split"][1]["Fn::Join"][1] == [
        {"Ref": "SupportAddress"},
        {"Fn::If": ["HasMoreAddresses", {"Fn::Sub": ",${MoreAddresses}"}, ""]},
        {"Fn::If": ["HasAddressDomain", {"Fn::Sub": ",${AddressDomain}"}, ""]},
    ]
    assert rule["Actions"] == [{"S3Action": {"BucketName": {"Ref": "MailBucket"}, "ObjectKeyPrefix": "inbound/"}}]
    assert (rule["Enabled"], rule["ScanEnabled"]) == (True, True)
    assert resources["ReceiptRule"]["DependsOn"] == "MailBucketPolicy"


@pytest.mark.parametrize("sign", ["*", "?", ",", " ", "*@"])
@pytest.mark.parametrize("name", ["SupportAddress", "MoreAddresses", "AddressDomain"])
def test_no_address_can_stand_for_others(template: dict[str, Any], name: str, sign: str) -> None:
    pattern = template["Parameters"][name]["AllowedPattern"]
    good = "shop.example" if name == "AddressDomain" else "a+b@shop.example"
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, f"{sign}{good}")
    assert not re.fullmatch(pattern, f"{good}{sign}")


def test_several_addresses_have_commas_between(template: dict[str, Any]) -> None:
    pattern = template["Parameters"]["MoreAddresses"]["AllowedPattern"]
    assert re.fullmatch(pattern, "a@shop.example,b@shop.example")
    assert re.fullmatch(pattern, "")
    assert not re.fullmatch(pattern, "a@shop.example,b")


def test_what_the_gateway_itself_refuses_is_told_in_problem_details(resources: Resources) -> None:
    told = resources["RestAPI"]["Properties"]["GatewayResponses"]
    assert {"MISSING_AUTHENTICATION_TOKEN", "DEFAULT_4XX", "DEFAULT_5XX"} <= set(told)
    for kind, response in told.items():
        assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'", kind
        template = response["ResponseTemplates"]["application/json"]
        problem = json.loads(template.replace("$context.error.messageString", '"Its own words"'))
        assert "$" not in json.dumps(problem), kind
        assert problem["title"] == TITLES[problem["type"].removeprefix("urn:pennydesk:problem:")], kind
        assert problem["detail"], kind
        assert str(problem.get("status", "")) == response.get("StatusCode", ""), kind
    assert told["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"


def test_bounces_and_complaints_come_back_by_the_intake_queue(resources: Resources) -> None:
    destination = resources["MailEventsDestination"]["Properties"]
    assert destination["ConfigurationSetName"] == {"Ref": "MailSettings"}
    assert set(destination["EventDestination"]["MatchingEventTypes"]) == {"bounce", "complaint"}
    assert destination["EventDestination"]["SnsDestination"] == {"TopicARN": {"Ref": "MailEvents"}}
    subscription = resources["MailEventsSubscription"]["Properties"]
    assert (subscription["Protocol"], subscription["RawMessageDelivery"]) == ("sqs", True)
    assert subscription["Endpoint"] == {"Fn::GetAtt": ["IntakeQueue", "Arn"]}
    identity = resources["MailIdentity"]["Properties"]["ConfigurationSetAttributes"]
    assert identity == {"ConfigurationSetName": {"Ref": "MailSettings"}}


def test_only_an_admin_makes_accounts_and_groups_are_the_desks_roles(resources: Resources) -> None:
    pool = resources["Staff"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["DeletionProtection"] == "ACTIVE"
    groups = {group["GroupName"] for group in of_type(resources, "AWS::Cognito::UserPoolGroup").values()}
    assert groups == {role.value for role in Role}


def test_an_emulator_without_receipt_rules_and_budgets_can_leave_them_out(resources: Resources) -> None:
    for name, condition in (("ReceiptRules", "MakesRuleSet"), ("ReceiptRule", "TakesMailIn"), ("Budget", "HasBudget")):
        assert resources[name]["Condition"] == condition


@pytest.mark.parametrize(("queue", "dead"), [("IntakeQueue", "IntakeDeadLetters"), ("WorkQueue", "WorkDeadLetters")])
def test_what_fails_five_times_is_kept_for_two_weeks(resources: Resources, queue: str, dead: str) -> None:
    redrive = resources[queue]["Properties"]["RedrivePolicy"]
    assert redrive == {"deadLetterTargetArn": {"Fn::GetAtt": [dead, "Arn"]}, "maxReceiveCount": 5}
    assert resources[dead]["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_queues_are_encrypted(resources: Resources) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    assert len(queues) == 4
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_two_desks_fit_into_one_account(resources: Resources) -> None:
    fixed = [
        (name, key)
        for name, body in resources.items()
        for key in ("TableName", "QueueName", "TopicName", "FunctionName", "RoleName", "AlarmName", "BucketName")
        if isinstance(body.get("Properties", {}).get(key), str)
    ]
    assert fixed == []


def test_mail_is_told_of_under_inbound_only(resources: Resources) -> None:
    [told] = resources["MailBucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "inbound/"}]


def test_every_alarm_reaches_the_topic_and_all_fit_into_the_free_ten(resources: Resources) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    assert len(alarms) <= 10
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms.values())
    watched = {(alarm["MetricName"], str(alarm.get("Dimensions"))) for alarm in alarms.values()}
    for dead in ("IntakeDeadLetters", "WorkDeadLetters"):
        dimension = [{"Name": "QueueName", "Value": {"Fn::GetAtt": [dead, "QueueName"]}}]
        assert ("ApproximateNumberOfMessagesVisible", str(dimension)) in watched


def test_logs_do_not_stay_for_ever(resources: Resources) -> None:
    logs = of_type(resources, "AWS::Logs::LogGroup")
    assert len(logs) == 4
    assert all(log["RetentionInDays"] == {"Ref": "LogRetentionDays"} for log in logs.values())


def test_the_api_is_regional(resources: Resources) -> None:
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"
