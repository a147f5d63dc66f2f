"""The first API key of a deployed desk: `python -m infra.first_key --stage prod [--name owner] [--scopes …]`.

Keys are made by `POST /v1/api-keys`, which itself asks for one; the first is written by whoever may write to the desk's
table. The secret is shown this once; the desk keeps a hash of it.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.api_keys import DynamoApiKeys
from chalicelib.adapters.audit import DynamoAudit
from chalicelib.adapters.table import Table
from chalicelib.domain.api_key import SCOPES
from chalicelib.domain.audit import COMMAND
from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import TryAgain
from infra.deployment.account import open_session
from infra.deployment.problems import DeploymentError, in_words
from infra.deployment.stack import working_stack


def first_key(session: Session, stage: str, name: str, scopes: Sequence[str] = SCOPES) -> str:
    """Make a key for the desk of a stage and give its secret. Raises DeploymentError where there is no such desk."""
    table = working_stack(session, stage).outputs["DeskTable"]
    desk = Table(session.client("dynamodb"), table)
    # how long the desk's settings want its log to be kept, an owner will say later
    audit = DynamoAudit(desk, lambda: datetime.now(UTC), lambda: COMMAND, lambda: DeskSettings().audit_kept)
    _, secret = DynamoApiKeys(desk, lambda: audit).issue(name, scopes, datetime.now(UTC), by=COMMAND)
    return secret


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a new key's secret, and nothing else, to standard output; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.first_key", description="Make a desk's first API key.")
    parser.add_argument("--stage", default="prod", help="the desk of this stage (prod)")
    parser.add_argument("--name", default="owner", help="what lists call the key (owner)")
    parser.add_argument("--scopes", nargs="+", choices=SCOPES, default=SCOPES, help="what it may do (everything)")
    given = parser.parse_args(arguments)
    try:
        print(first_key(open_session(), given.stage, given.name, given.scopes))
    except (DeploymentError, TryAgain) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    print("Keep it: it is not shown again. Send it as `Authorization: Bearer …`.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
