"""AWS clients, one shared session for all of them, and the one translation of AWS's brief inabilities."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError

from chalicelib.adapters.counting import listen
from chalicelib.domain.errors import TryAgain

BRIEF = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "InternalError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
    }
)
"""Error codes by which AWS says: the same call may succeed in a moment."""

USER_AGENT = "pennydesk"
"""What CloudTrail shows. botocore's own is put together anew, twice for each call, at a sixth of the call's work."""


class Aws:
    """Makes clients as they are asked for, each once, from one session: a session each would double a cold start."""

    def __init__(self, endpoint_url: str | None = None, region: str | None = None) -> None:
        """`endpoint_url` None means AWS itself, or what the environment's AWS_ENDPOINT_URL names."""
        self._session = boto3.session.Session(region_name=region)
        self._endpoint_url = endpoint_url
        self._clients: dict[str, Any] = {}

    def client(self, service: str, *, signed: bool = True) -> Any:
        """Give the client of a service (`dynamodb`, `sqs`, `s3`, `sesv2`, `ssm`, `cognito-idp`); one that isn't
        `signed` makes only calls that anybody may make."""
        key = service if signed else f"{service}, unsigned"
        if key not in self._clients:
            config = Config(
                retries={"mode": "standard", "total_max_attempts": 3},
                connect_timeout=3,
                read_timeout=10,
                user_agent=USER_AGENT,
                **(self._presigning() if service == "s3" else {}),
                **({} if signed else {"signature_version": UNSIGNED}),
            )
            self._clients[key] = self._session.client(service, endpoint_url=self._endpoint_url, config=config)
            listen(self._clients[key])
        return self._clients[key]

    def origin_of(self, bucket: str) -> str:
        """Give the origin (RFC 6454) of a bucket's presigned links, as pages' policies name it, without making S3's
        client for it: `https://files.s3.eu-central-1.amazonaws.com`."""
        emulator = self._endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        if emulator:
            parts = urlsplit(emulator)
            return f"{parts.scheme}://{parts.netloc}"
        region = self._session.region_name or "us-east-1"
        place = "s3" if region == "us-east-1" else f"s3.{region}"
        return f"https://{bucket}.{place}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"

    def _presigning(self) -> Mapping[str, Any]:
        # Links by Signature Version 4 to the bucket's own region. Left alone, botocore signs them by Version 2 in
        # us-east-1, and elsewhere for a global name, which redirects to where the signature isn't good.
        emulator = self._endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        return {"signature_version": "s3v4", "s3": {"addressing_style": "path" if emulator else "virtual"}}


@contextmanager
def brief_failures() -> Iterator[None]:
    """Turn AWS's brief inabilities, and a connection that broke, into TryAgain; leave every other error as it is."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error_code(error) in BRIEF or status >= 500:
            raise TryAgain("the cloud is briefly unable; try again in a moment") from error
        raise
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise TryAgain("the cloud could not be reached; try again in a moment") from error


def error_code(error: ClientError) -> str:
    """Give AWS's code of an error: `ConditionalCheckFailedException`, say."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code
