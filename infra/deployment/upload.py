"""The package goes up and becomes a stack, by `aws cloudformation package` and `deploy`."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.deployment.problems import DeploymentError, code_of, said_by_cli
from infra.deployment.stack import GOOD, failures, read_stack
from infra.package import Package

if TYPE_CHECKING:
    from boto3.session import Session

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")


def ensure_signing_key(session: "Session", name: str) -> bool:
    """Make the key that signs links, random, unless there is one; gives whether it was made.

    CloudFormation makes no SecureString. A new key would void all links sent, so one that is there is never touched.
    """
    ssm = session.client("ssm")
    with suppress(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(
            Name=name,
            Type="SecureString",
            Value=secrets.token_urlsafe(32),
            Description="Signs a Pennydesk's links and reply addresses; changing it breaks those that are out there",
        )
        return True
    return False


def ensure_artifacts(session: "Session", account: str) -> str:
    """Give the bucket that code is uploaded to, made private if it isn't there. Its name holds the account's number."""
    region = session.region_name or ""
    name, s3 = f"pennydesk-artifacts-{account}-{region}", session.client("s3")
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        if code_of(error) not in ("404", "NoSuchBucket"):
            raise DeploymentError(f"the bucket name {name} is taken, and not by this account: {error}") from error
        place: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **place)
        s3.get_waiter("bucket_exists").wait(Bucket=name)
        names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        closed: Any = dict.fromkeys(names, True)
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    return name


def upload(
    session: "Session", aws: Path, package: Package, name: str, bucket: str, parameters: Mapping[str, str]
) -> None:
    """Upload a package and make or change the stack by it; what isn't among `parameters` stays as it was.

    Raises DeploymentError with CloudFormation's own reasons, and whether something still works, when it fails.
    """
    stage = name.removeprefix("pennydesk-")
    place = ["--s3-bucket", bucket, "--s3-prefix", stage]
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch, "packaged.yaml")
        files = ["--template-file", str(package.template), "--output-template-file", str(template)]
        _run(session, aws, "package", *files, *place)
        overrides = [f"{key}={value}" for key, value in parameters.items()]
        tags = ["--tags", "app=pennydesk", f"stage={stage}"]
        target = ["--template-file", str(template), "--stack-name", name, "--capabilities", *CAPABILITIES]
        try:
            _run(session, aws, "deploy", *target, *place, "--no-fail-on-empty-changeset", *tags,
                 "--parameter-overrides", *overrides)  # fmt: skip
        except DeploymentError as error:
            raise DeploymentError(_explained(session, name, str(error))) from error


def _run(session: "Session", aws: Path, verb: str, *words: str) -> None:
    environment = {**os.environ, "AWS_DEFAULT_REGION": session.region_name or "", "AWS_PAGER": ""}
    done = subprocess.run(
        [str(aws), "cloudformation", verb, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeploymentError(f"aws cloudformation {verb}: {said_by_cli(done.stderr or done.stdout)}")


def _explained(session: "Session", name: str, said: str) -> str:
    stack = read_stack(session, name)
    why = failures(session.client("cloudformation"), name)
    if stack is None:
        outcome = "No stack was made."
    elif stack.status in GOOD:
        outcome = f"The stack {name} went back to what it was ({stack.status}): the desk runs as before."
    else:
        stage = name.removeprefix("pennydesk-")
        outcome = f"The stack {name} is {stack.status}: there is no desk. `make destroy STAGE={stage}` clears it away."
    return "\n".join([said, *why, outcome])
