"""A desk's CloudFormation stack: how it stands, what it gave, and why it failed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.deployment.problems import DeploymentError

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudformation import CloudFormationClient

STAGE = re.compile(r"[a-z][a-z0-9]{0,7}")
GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"})
NEVER_WORKED = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS"})
OUR_OUTPUT = "DeskTable"


@dataclass(frozen=True)
class Stack:
    """What CloudFormation says of a stack."""

    name: str
    status: str
    outputs: Mapping[str, str]
    tags: Mapping[str, str]
    parameters: Mapping[str, str]

    @property
    def ours(self) -> bool:
        """Whether it is a desk, or the beginning of one."""
        return self.tags.get("app") == "pennydesk" or OUR_OUTPUT in self.outputs


def name_of(stage: str) -> str:
    """Give the name of a stage's stack. Raises DeploymentError for a stage that can't be one."""
    if not STAGE.fullmatch(stage):
        raise DeploymentError(f"STAGE={stage!r} can't be: a lower-case letter, then up to seven letters and digits")
    return f"pennydesk-{stage}"


def read_stack(session: "Session", name: str) -> Stack | None:
    """Give how a stack stands, or None where there is none of this name."""
    client = session.client("cloudformation")
    try:
        found: Any = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return Stack(
        name,
        found["StackStatus"],
        {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())},
        {one["Key"]: one["Value"] for one in found.get("Tags", ())},
        {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", ())},
    )


def working_stack(session: "Session", stage: str) -> Stack:
    """Give the stack of a desk that is there. Raises DeploymentError where there is none, or another's."""
    name = name_of(stage)
    stack = read_stack(session, name)
    if stack is None:
        where = session.region_name
        raise DeploymentError(f"there is no stack {name} in {where}: check STAGE, AWS_PROFILE and AWS_REGION")
    if OUR_OUTPUT not in stack.outputs:
        raise DeploymentError(f"the stack {name} is {stack.status}, and no desk that works")
    return stack


def refuse_unfit(stack: Stack) -> None:
    """Raise DeploymentError where a stack can't be deployed onto, saying the way on."""
    name, status = stack.name, stack.status
    stage = name.removeprefix("pennydesk-")
    if not stack.ours and status != "REVIEW_IN_PROGRESS":
        raise DeploymentError(f"the name is taken: a stack {name} is there that is no Pennydesk; choose another STAGE")
    if status in NEVER_WORKED:
        raise DeploymentError(
            f"the stack {name} is {status}: an earlier deployment never got through, and nothing of it works. "
            f"Clear it away with `make destroy STAGE={stage}`, then deploy again"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise DeploymentError(
            f"the stack {name} is stuck between two versions (UPDATE_ROLLBACK_FAILED). Let it go back first: "
            f"aws cloudformation continue-update-rollback --stack-name {name}"
        )
    if status == "DELETE_FAILED":
        raise DeploymentError(f"the stack {name} was half taken away; finish that: make destroy STAGE={stage}")
    if status.endswith("_IN_PROGRESS"):
        raise DeploymentError(f"somebody is changing the stack {name} just now ({status}); wait until that has ended")


def failures(client: "CloudFormationClient", name: str, most: int = 4) -> list[str]:
    """Give why the latest change of a stack failed, first causes first, at most so many lines."""
    try:
        events: Any = client.describe_stack_events(StackName=name)["StackEvents"]
    except ClientError:
        return []
    told = []
    for event in events:  # newest first
        status, reason = event.get("ResourceStatus", ""), event.get("ResourceStatusReason", "")
        begins = event.get("LogicalResourceId") == name and status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
        if begins:
            break
        if status.endswith("_FAILED") and reason and "cancelled" not in reason.lower():
            told.append(f"  {event['LogicalResourceId']} ({event.get('ResourceType', '')}): {' '.join(reason.split())}")
    return told[::-1][:most]
