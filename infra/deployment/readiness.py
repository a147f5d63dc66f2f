"""Whether a deployed desk is one: its API answers, and its queues are listened to."""

import json
import os
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from infra.deployment.problems import DeploymentError
from infra.deployment.stack import Stack

if TYPE_CHECKING:
    from boto3.session import Session

PATIENCE_SECONDS = 90
POLL_SECONDS = 1.0


def api_url(stack: Stack) -> str:
    """Give where the API is reached by API Gateway's own name, without a slash at the end.

    Under AWS_ENDPOINT_URL, an emulator, it is where emulators have every REST API.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
    if endpoint:
        return f"{endpoint}/restapis/{stack.outputs['RestAPIId']}/api/_user_request_"
    return stack.outputs["EndpointURL"].rstrip("/")


def wait_until_ready(session: "Session", stack: Stack, patience: float = PATIENCE_SECONDS) -> None:
    """Return when the API says that it is well and both queues' functions are called.

    Raises DeploymentError when that doesn't come within so many seconds: the stack is there, the desk isn't.
    """
    deadline = time.monotonic() + patience
    while why := _not_ready(session, stack):
        if time.monotonic() > deadline:
            raise DeploymentError(
                f"the stack {stack.name} is {stack.status}, but the desk isn't ready after {patience:.0f} s: {why}. "
                f"See the functions' logs: aws logs tail /pennydesk/{stack.name}/api"
            )
        time.sleep(POLL_SECONDS)


def _not_ready(session: "Session", stack: Stack) -> str:
    url = f"{api_url(stack)}/v1/health"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            if json.load(answer).get("status") != "ok":
                return f"{url} doesn't say that it is well"
    except urllib.error.HTTPError as error:
        return f"{url} answers {error.code}"
    except (OSError, ValueError) as error:
        return f"{url} doesn't answer ({error})"
    client = session.client("lambda")
    for name in ("OnMailName", "OnWorkName"):
        mappings = client.list_event_source_mappings(FunctionName=stack.outputs[name])["EventSourceMappings"]
        if [mapping["State"] for mapping in mappings] != ["Enabled"]:
            return f"the function {stack.outputs[name]} isn't called by its queue yet"
    return ""
