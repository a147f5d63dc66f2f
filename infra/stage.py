"""Where a desk is: its functions' environment, found from wherever a command is run.

- The functions' own variables (DESK_TABLE, …), where the environment has them.
- With a stage, or where nothing else is said, the CloudFormation stack pennydesk-<stage> (prod unless it is named).
- Under AWS_ENDPOINT_URL, without a stage, the names that a local desk gives its resources on that emulator.
"""

import os
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from chalicelib.adapters.aws import Aws
from chalicelib.settings import NAMES, OPTIONAL, Environment, read_environment

LOCAL_PREFIX, LOCAL_REGION = "pennydesk-local", "us-east-1"
OUTPUTS: Mapping[str, str] = {
    "DESK_TABLE": "DeskTable",
    "INTAKE_QUEUE_URL": "IntakeQueueUrl",
    "WORK_QUEUE_URL": "WorkQueueUrl",
    "MAIL_BUCKET": "MailBucketName",
    "FILES_BUCKET": "FilesBucketName",
}
"""Which output of the stack a variable of the functions is."""


class Refused(Exception):
    """A command can't do what it was asked; the message is one line and says what to do."""


def reach_cloud(variables: Mapping[str, str] = os.environ) -> Aws:
    """Give the cloud that the environment leads to; an emulator gets made-up credentials where there are none."""
    if variables.get("AWS_ENDPOINT_URL"):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            os.environ.setdefault(name, "local")
        return Aws(region=variables.get("AWS_REGION") or variables.get("AWS_DEFAULT_REGION") or LOCAL_REGION)
    return Aws(region=variables.get("AWS_REGION") or variables.get("AWS_DEFAULT_REGION"))


def find_environment(aws: Aws, stage: str, variables: Mapping[str, str] = os.environ) -> Environment:
    """Give the environment of a desk, found as the head of this module says; `stage` may be empty.

    Raises Refused where there is no such stack, or it names only some of what a desk has.
    """
    if not stage and variables.get(NAMES["table"]):
        return read_environment(variables)
    if not stage and variables.get("AWS_ENDPOINT_URL"):
        return read_environment(_local_names(aws))
    stack = describe_stack(aws, stage or "prod")
    return read_environment(stack_names(stack, stage or "prod") | _shards(variables))


def describe_stack(aws: Aws, stage: str) -> dict[str, Any]:
    """Give CloudFormation's description of a stage's stack. Raises Refused where there is none."""
    name = f"pennydesk-{stage}"
    try:
        stacks = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            raise Refused(f"there is no stack {name} in this account and region; name the stage by --stage") from None
        raise
    found: dict[str, Any] = dict(stacks[0])
    return found


def outputs_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Give a stack's outputs by their keys."""
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def parameters_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Give a stack's parameters by their keys."""
    return {one["ParameterKey"]: one.get("ParameterValue", "") for one in stack.get("Parameters", [])}


def stack_names(stack: Mapping[str, Any], stage: str) -> dict[str, str]:
    """Give the functions' variables as a stack names them. Raises Refused where it lacks an output."""
    outputs, parameters = outputs_of(stack), parameters_of(stack)
    for wanted in OUTPUTS.values():
        if not outputs.get(wanted):
            state = stack.get("StackStatus", "in an unknown state")
            raise Refused(f"the stack pennydesk-{stage} is {state} and has no output {wanted}; deploy it again")
    return {
        **{variable: outputs[output] for variable, output in OUTPUTS.items()},
        "SIGNING_KEY_PARAMETER": parameters.get("SigningKeyParameter") or f"/pennydesk/{stage}/signing-key",
        "SUPPORT_ADDRESS": parameters.get("SupportAddress", ""),
        "PUBLIC_URL": parameters.get("PublicUrl", ""),
        "DESK_STAGE": stage,
    }


def _shards(variables: Mapping[str, str]) -> dict[str, str]:
    name = OPTIONAL["shards"]
    return {name: variables[name]} if variables.get(name) else {}


def _local_names(aws: Aws) -> dict[str, str]:
    sqs = aws.client("sqs")
    return {
        "DESK_TABLE": f"{LOCAL_PREFIX}-desk",
        "INTAKE_QUEUE_URL": sqs.get_queue_url(QueueName=f"{LOCAL_PREFIX}-intake-queue")["QueueUrl"],
        "WORK_QUEUE_URL": sqs.get_queue_url(QueueName=f"{LOCAL_PREFIX}-work-queue")["QueueUrl"],
        "MAIL_BUCKET": f"{LOCAL_PREFIX}-mail-bucket",
        "FILES_BUCKET": f"{LOCAL_PREFIX}-files-bucket",
        "SIGNING_KEY_PARAMETER": "/pennydesk/local/signing-key",
        "SUPPORT_ADDRESS": "support@example.com",
        "DESK_STAGE": "local",
    }


def in_one_line(error: BaseException) -> str:
    """Give what went wrong, and the way on where it is known, as one line without a trace."""
    cause = error.__cause__
    match error:
        case _ if isinstance(cause, BotoCoreError | ClientError):
            return in_one_line(cause)
        case NoCredentialsError():
            return "there are no AWS credentials: set AWS_PROFILE, or AWS_ENDPOINT_URL for an emulator"
        case NoRegionError():
            return "no AWS region is set: set AWS_REGION to where the desk is deployed"
        case ClientError():
            said = error.response.get("Error", {})
            return " ".join(f"{error.operation_name}: {said.get('Message') or said.get('Code')}".split())
    return " ".join(str(error).split()) or type(error).__name__
