"""The AWS account and region that commands work in."""

import os

from boto3.session import Session
from botocore.exceptions import NoRegionError


def open_session() -> Session:
    """Give a session in the region of AWS_REGION, AWS_DEFAULT_REGION or the profile. Raises NoRegionError without any.

    boto3 and version 1 of the aws command read AWS_DEFAULT_REGION alone (seen in botocore 1.43); version 2 of the
    command, Lambda and AWS's other SDKs take AWS_REGION first. So here both count, in that order.
    """
    session = Session(region_name=os.environ.get("AWS_REGION") or None)
    if not session.region_name:
        raise NoRegionError
    return session
