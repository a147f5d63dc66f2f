"""The desk's resources on a mocked cloud or an emulator, made from the very template that deployment uses.

Moto's own CloudFormation could read the template too, but it was measured and left: 1.2 s for table, queues and buckets
against 0.4 s by the plain calls below, many packages more, no TTL, no bucket notification, and the functions' overlays
have to be cut out first. (Moto's parameter store adds 0.8 s to whoever uses it first: it imports EC2.)

What guards data in a real account (deletion protection, bucket policies, retention, alarms) is not made here:
a laptop's cloud is thrown away.
"""

import json
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from boto3.session import Session

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        CORSRuleTypeDef,
        FilterRuleTypeDef,
        QueueConfigurationTypeDef,
        S3KeyFilterTypeDef,
    )
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

TEMPLATE = Path(__file__).with_name("template.yaml")
TABLE_ARGUMENTS = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")


def create(
    session: Session,
    *,
    prefix: str = "pennydesk-local",
    stage: str = "local",
    support_address: str = "support@pennydesk.test",
    public_url: str = "http://127.0.0.1:8000",
    staff: bool = False,
    template_path: Path = TEMPLATE,
) -> dict[str, str]:
    """Make the table, queues, buckets, signing key and sender identity that are not there yet.

    Takes a session that leads to a mock or an emulator (AWS_ENDPOINT_URL is honoured by boto3 itself), what every
    name begins with, and values for the template's parameters; with `staff` the user pool too, which mocks are slow to
    make. A second call finds what the first one made, queues'
    attributes are brought up to date. Gives the functions' environment variables, by the template's own list.
    """
    template = yaml.safe_load(template_path.read_text(encoding="utf-8"))
    given = {"Stage": stage, "SupportAddress": support_address, "PublicUrl": public_url}
    given |= {"AWS::Region": session.region_name or "us-east-1", "AWS::URLSuffix": "amazonaws.com"}
    stack = Stack(template, prefix, {**_defaults(template), **given})
    _make_tables(stack, session.client("dynamodb"))
    _make_queues(stack, session.client("sqs"))
    _make_buckets(stack, session.client("s3"), session.region_name or "us-east-1")
    stack.refs |= {"Staff": "", "StaffClient": ""}
    if staff:
        _make_staff(stack, session.client("cognito-idp"))
    environment = {name: str(stack.resolve(value)) for name, value in _function_variables(template).items()}
    _make_signing_key(session.client("ssm"), environment["SIGNING_KEY_PARAMETER"])
    _make_sender(session.client("sesv2"), support_address)
    return environment


def _defaults(template: Mapping[str, Any]) -> dict[str, Any]:
    return {name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()}


def _function_variables(template: Mapping[str, Any]) -> dict[str, Any]:
    variables: dict[str, Any] = template["Globals"]["Function"]["Environment"]["Variables"]
    return variables


@dataclass
class Stack:
    """The template with what its intrinsics stand for: parameters, and the resources as they are made.

    `refs` holds what Ref gives for a resource made so far, `arns` what Fn::GetAtt gives for its Arn.
    """

    template: Mapping[str, Any]
    prefix: str
    parameters: Mapping[str, Any]
    refs: dict[str, str] = field(default_factory=dict)
    arns: dict[str, str] = field(default_factory=dict)

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Give the properties, unresolved, of the template's resources of a type, by logical id."""
        resources = self.template["Resources"].items()
        return {name: body["Properties"] for name, body in resources if body.get("Type") == resource_type}

    def name(self, logical_id: str) -> str:
        """Give the physical name of a resource: MailBucket becomes pennydesk-local-mail-bucket."""
        return f"{self.prefix}-{re.sub(r'(?<!^)(?=[A-Z])', '-', logical_id).lower()}"

    def resolve(self, value: Any) -> Any:
        """Give a template's value with its Ref, Fn::GetAtt (Arn only), Fn::Sub, Fn::If, Fn::Join, Fn::Select and
        Fn::Split put in.

        Raises KeyError for a name that is no parameter, condition or resource made so far.
        """
        match value:
            case {"Ref": str(name)}:
                return self.parameters[name] if name in self.parameters else self.refs[name]
            case {"Fn::GetAtt": [str(name), "Arn"]}:
                return self.arns[name]
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([\w:]+)\}", lambda found: str(self.resolve({"Ref": found[1]})), text)
            case {"Fn::If": [str(condition), then, otherwise]}:
                return self.resolve(then if self.holds(self.template["Conditions"][condition]) else otherwise)
            case {"Fn::Join": [str(between), list(parts)]}:
                return between.join(self.resolve(parts))
            case {"Fn::Select": [int(index), chosen_from]}:
                return self.resolve(chosen_from)[index]
            case {"Fn::Split": [str(between), text]}:
                return str(self.resolve(text)).split(between)
            case dict():
                return {key: self.resolve(part) for key, part in value.items()}
            case list():
                return [self.resolve(part) for part in value]
        return value

    def holds(self, condition: Mapping[str, Any]) -> bool:
        """Say whether a condition made of Fn::Not and Fn::Equals holds. Raises ValueError for any other."""
        match condition:
            case {"Fn::Not": [inner]}:
                return not self.holds(inner)
            case {"Fn::Equals": [one, other]}:
                return bool(self.resolve(one) == self.resolve(other))
        raise ValueError(f"a condition that only CloudFormation understands: {condition}")


def _make_tables(stack: Stack, dynamodb: "DynamoDBClient") -> None:
    for logical_id, properties in stack.of_type("AWS::DynamoDB::Table").items():
        name = stack.name(logical_id)
        with suppress(dynamodb.exceptions.ResourceInUseException):
            dynamodb.create_table(TableName=name, **{key: properties[key] for key in TABLE_ARGUMENTS})
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        _expire_items(dynamodb, name, properties["TimeToLiveSpecification"]["AttributeName"])
        stack.refs[logical_id] = name


def _expire_items(dynamodb: "DynamoDBClient", table: str, attribute: str) -> None:
    described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if described.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
        )


def _make_queues(stack: Stack, sqs: "SQSClient") -> None:
    """Make dead-letter queues first: the others name them."""
    queues = stack.of_type("AWS::SQS::Queue")
    for logical_id in sorted(queues, key=lambda name: "RedrivePolicy" in queues[name]):
        url = sqs.create_queue(QueueName=stack.name(logical_id))["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=_queue_attributes(stack.resolve(queues[logical_id])))
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        stack.refs[logical_id], stack.arns[logical_id] = url, attributes["QueueArn"]


def _queue_attributes(properties: Mapping[str, Any]) -> dict[Any, str]:
    """Give CloudFormation's properties as SQS takes them: numbers and booleans as text, policies as JSON."""
    return {
        name: json.dumps(value) if isinstance(value, dict) else str(value).lower()
        for name, value in properties.items()
        if name != "Tags"
    }


def _make_buckets(stack: Stack, s3: "S3Client", region: str) -> None:
    """Make the buckets where the session is at home; S3 wants to be told so everywhere but in us-east-1."""
    place: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    for logical_id, properties in stack.of_type("AWS::S3::Bucket").items():
        name = stack.name(logical_id)
        with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else place))
        _notify_queues(s3, name, stack.resolve(properties.get("NotificationConfiguration", {})))
        _let_browsers_in(s3, name, stack.resolve(properties.get("CorsConfiguration", {})))
        stack.refs[logical_id] = name


def _let_browsers_in(s3: "S3Client", bucket: str, sharing: Mapping[str, Any]) -> None:
    """Set which pages may send files to a bucket; CloudFormation's words are nearly those of S3's own API."""
    if sharing:
        rules: list[CORSRuleTypeDef] = [
            {
                "AllowedMethods": rule["AllowedMethods"],
                "AllowedHeaders": rule["AllowedHeaders"],
                "AllowedOrigins": rule["AllowedOrigins"],
                "MaxAgeSeconds": rule["MaxAge"],
            }
            for rule in sharing["CorsRules"]
        ]
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})


def _notify_queues(s3: "S3Client", bucket: str, notification: Mapping[str, Any]) -> None:
    """Set a bucket's notifications unless they are set: S3 greets the queue with a test event each time."""
    wanted = [_queue_notification(entry) for entry in notification.get("QueueConfigurations", ())]
    present = s3.get_bucket_notification_configuration(Bucket=bucket).get("QueueConfigurations", [])
    if {entry["QueueArn"] for entry in present} != {entry["QueueArn"] for entry in wanted}:
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": wanted}
        )


def _queue_notification(entry: Mapping[str, Any]) -> "QueueConfigurationTypeDef":
    """Give CloudFormation's words for a notification in those of S3's own API."""
    rules: list[FilterRuleTypeDef] = entry["Filter"]["S3Key"]["Rules"]
    key: S3KeyFilterTypeDef = {"FilterRules": rules}
    return {"QueueArn": entry["Queue"], "Events": [entry["Event"]], "Filter": {"Key": key}}


def _make_staff(stack: Stack, cognito: "CognitoIdentityProviderClient") -> None:
    """Make the user pool and the console's client, unless a pool of this name is there."""
    name = stack.name("Staff")
    found = (pool for pool in cognito.list_user_pools(MaxResults=60)["UserPools"] if pool.get("Name") == name)
    pool = next((pool["Id"] for pool in found), None)
    if pool is None:
        policies = stack.of_type("AWS::Cognito::UserPool")["Staff"]["Policies"]
        made = cognito.create_user_pool(PoolName=name, Policies=policies, UsernameAttributes=["email"])
        pool = made["UserPool"]["Id"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=10)["UserPoolClients"]
    client = next((client["ClientId"] for client in clients), None)
    if client is None:
        flows = stack.of_type("AWS::Cognito::UserPoolClient")["StaffClient"]["ExplicitAuthFlows"]
        made_client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="console", ExplicitAuthFlows=flows)
        client = made_client["UserPoolClient"]["ClientId"]
    stack.refs |= {"Staff": pool, "StaffClient": client}


def give_password(cognito: "CognitoIdentityProviderClient", pool: str, email: str, password: str) -> None:
    """Let somebody sign in with a password of theirs, as nobody but a mock's owner should. Repeatable."""
    attributes: list[AttributeTypeTypeDef] = [
        {"Name": "email", "Value": email},
        {"Name": "email_verified", "Value": "true"},
    ]
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)


def _make_signing_key(ssm: "SSMClient", name: str) -> None:
    """Make the key that signs links, random, unless there is one: a new one would void all links sent."""
    with suppress(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(Name=name, Type="SecureString", Value=secrets.token_urlsafe(32))


def _make_sender(sesv2: "SESV2Client", address: str) -> None:
    with suppress(sesv2.exceptions.AlreadyExistsException):
        sesv2.create_email_identity(EmailIdentity=address)
