"""The AWS account and region that commands work in."""

import os

from boto3.session import Session
from botocore.exceptions import NoRegionError


def open_session() -> Session:
    """Give a session in the region of AWS_REGION, AWS_DEFAULT_REGION or the profile. Raises NoRegionError without any.

    boto3 itself passes over AWS_REGION, which every other tool of AWS takes first.
    """
    session = Session(region_name=os.environ.get("AWS_REGION") or None)
    if not session.region_name:
        raise NoRegionError
    return session
