"""The functions' policies as IAM reads them, and the calls that functions really make, in IAM's words."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.wiring import WiredDesk
from infra.local.cloud import LocalCloud
from infra.package import ROOT

ACCOUNT, REGION = "123456789012", "us-east-1"
FILES = {"api_handler": "api", "on_mail": "on-mail", "on_work": "on-work", "every_minute": "every-minute"}
SERVICES = ("dynamodb", "sqs", "s3", "sesv2", "ssm")


@dataclass(frozen=True)
class Need:
    """What one call of a function asks IAM for: one action on one resource. `context` holds condition keys."""

    function: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Grant:
    """One action on one pattern of resources that a function's policy allows, on conditions."""

    function: str
    sid: str
    action: str
    pattern: str
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @staticmethod
    def _holds(key: str, patterns: tuple[str, ...], need: Need) -> bool:
        return any(named == key and any(matches(one, value) for one in patterns) for named, value in need.context)

    def covers(self, need: Need) -> bool:
        """Say whether this grant allows what a call needs."""
        return (
            (self.function, self.action) == (need.function, need.action)
            and matches(self.pattern, need.resource)
            and all(self._holds(key, patterns, need) for key, patterns in self.conditions)
        )


def matches(pattern: str, resource: str) -> bool:
    """Say whether a resource's ARN fits a policy's: * is any text, ? one character, case matters (IAM user guide)."""
    parts = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern)
    return re.fullmatch("".join(parts), resource, re.DOTALL) is not None


def grants(environment: Mapping[str, str], **parameters: str) -> list[Grant]:
    """Give everything that the policies of .chalice allow on a desk with this environment and these parameters."""
    return [grant for function in FILES for grant in _grants_of(function, environment, parameters)]


def _grants_of(function: str, environment: Mapping[str, str], parameters: Mapping[str, str]) -> Iterator[Grant]:
    document = json.loads((ROOT / ".chalice" / f"policy-{FILES[function]}.json").read_text(encoding="utf-8"))
    names = {**_names(environment), **parameters}
    for statement in document["Statement"]:
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        wanted = statement.get("Condition", {}).get("StringLike", {})
        conditions = tuple((key, tuple(_resolved(value, names).split(","))) for key, value in wanted.items())
        for action in statement["Action"]:
            for resource in resources:
                yield Grant(function, statement["Sid"], action, _resolved(resource, names), conditions)


def _names(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what intrinsics stand for on a mocked desk."""
    arn = f"{REGION}:{ACCOUNT}"
    logs = {f"{name}Log.Arn": f"arn:aws:logs:{arn}:log-group:{name}" for name in ("APIHandler", "OnMail", "OnWork")}
    return {
        **logs,
        "EveryMinuteLog.Arn": f"arn:aws:logs:{arn}:log-group:EveryMinute",
        "Desk.Arn": f"arn:aws:dynamodb:{arn}:table/{environment['DESK_TABLE']}",
        "IntakeQueue.Arn": _queue_arn(environment["INTAKE_QUEUE_URL"]),
        "WorkQueue.Arn": _queue_arn(environment["WORK_QUEUE_URL"]),
        "MailBucket.Arn": f"arn:aws:s3:::{environment['MAIL_BUCKET']}",
        "FilesBucket.Arn": f"arn:aws:s3:::{environment['FILES_BUCKET']}",
        "Staff.Arn": f"arn:aws:cognito-idp:{arn}:userpool/{REGION}_staff",
        "Stage": "local",
        "SupportAddress": environment["SUPPORT_ADDRESS"],
        "MoreAddresses": "",
        "AddressDomain": "",
        "SigningKeyParameter": "",
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
    }


def _resolved(value: Any, names: Mapping[str, str]) -> str:
    match value:
        case {"Ref": str(name)}:
            return names[name]
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return names[f"{name}.{attribute}"]
        case {"Fn::Sub": [str(text), dict(given)]}:
            more = {name: _resolved(inner, names) for name, inner in given.items()}
            return _resolved({"Fn::Sub": text}, {**names, **more})
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], text)
        case {"Fn::If": [str(condition), then, otherwise]}:
            return _resolved(then if names[condition.removeprefix("Has")] else otherwise, names)
        case {"Fn::Join": [str(between), list(parts)]}:
            return between.join(_resolved(part, names) for part in parts)
        case {"Fn::Split": [",", joined]}:
            return _resolved(joined, names)
    return str(value)


def _queue_arn(url: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"


@dataclass
class Recorder:
    """Notes what functions need while a story is told; calls made outside of functions are passed over."""

    function: str = ""
    needs: set[Need] = field(default_factory=set)
    _desk: WiredDesk | None = None

    def listen(self, cloud: LocalCloud) -> None:
        """Hear every call of a desk's clients, and which function is running."""
        self._desk = cloud.desk
        for service in SERVICES:
            cloud.desk.aws.client(service).meta.events.register("provide-client-params", self._note)
        vars(cloud)["invoke"] = self.during(cloud.invoke)

    def during(self, invoke: Callable[..., Any], function: str = "") -> Callable[..., Any]:
        """Give a callable that is known as a function while it runs; `function` empty means its first argument."""

        def named(first: Any, *rest: Any) -> Any:
            with self._running(function or str(first)):
                return invoke(first, *rest)

        return named

    @contextmanager
    def _running(self, function: str) -> Iterator[None]:
        before, self.function = self.function, function
        for name in ("signer", "customers"):  # each function's process reads the signing key for itself
            vars(self._desk).pop(name, None)
        try:
            yield
        finally:
            self.function = before

    def _note(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if self.function:
            need = partial(Need, self.function)
            self.needs.update(ASKS[model.service_model.service_name](need, model.name, params))


Asking = Callable[..., Iterator[Need]]


def _dynamodb(need: Callable[..., Need], call: str, params: Mapping[str, Any]) -> Iterator[Need]:
    """Each write of a transaction asks for its own action, as AWS says ("IAM policy examples for DynamoDB")."""
    if call == "TransactWriteItems":
        for write in params["TransactItems"]:
            for kind, asked in write.items():
                yield from _dynamodb(need, f"{kind}Item", asked)
        return
    for name in params.get("RequestItems", [params.get("TableName")]):
        table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
        yield need(f"dynamodb:{call}", f"{table}/index/{params['IndexName']}" if "IndexName" in params else table)


def _sqs(need: Callable[..., Need], call: str, params: Mapping[str, Any]) -> Iterator[Need]:
    yield need(f"sqs:{call.removesuffix('Batch')}", _queue_arn(params["QueueUrl"]))


def _s3(need: Callable[..., Need], call: str, params: Mapping[str, Any]) -> Iterator[Need]:
    """To ask for an object's head is to read it; to copy it is to read the one and write the other."""
    action = {"HeadObject": "GetObject", "CopyObject": "PutObject"}.get(call, call)
    yield need(f"s3:{action}", f"arn:aws:s3:::{params['Bucket']}/{params['Key']}")
    if call == "CopyObject":
        source = params["CopySource"]
        yield need("s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}")


def _ssm(need: Callable[..., Need], call: str, params: Mapping[str, Any]) -> Iterator[Need]:
    yield need(f"ssm:{call}", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{params['Name']}")


def _ses(need: Callable[..., Need], call: str, params: Mapping[str, Any]) -> Iterator[Need]:
    """A raw mail asks for both actions, on the identity and on the configuration set that the identity goes by.

    The call is SendEmail, and people whose policies had that alone told django-anymail and nodemailer that they were
    refused ses:SendRawEmail as soon as the content was raw. AWS's reference doesn't say that the first is then spared.
    """
    sender = params["FromEmailAddress"]
    for action in (f"ses:{call}", *(["ses:SendRawEmail"] if "Raw" in params["Content"] else [])):
        for resource in (f"identity/{sender.rpartition('@')[2]}", "configuration-set/desk"):
            yield need(action, f"arn:aws:ses:{REGION}:{ACCOUNT}:{resource}", (("ses:FromAddress", sender),))


ASKS: Mapping[str, Asking] = {"dynamodb": _dynamodb, "sqs": _sqs, "s3": _s3, "ssm": _ssm, "sesv2": _ses}
