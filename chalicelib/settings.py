"""What the environment says: where the desk's resources are. Read when first asked for, never at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Environment:
    """The names of one deployed desk's resources; infra/template.yaml sets them, docs/settings.md explains them."""

    table: str
    intake_queue_url: str
    work_queue_url: str
    mail_bucket: str
    files_bucket: str
    signing_key_parameter: str
    support_address: str
    public_url: str = ""
    stage: str = "dev"
    shards: int = 1
    staff_pool_id: str = ""
    staff_client_id: str = ""


NAMES: Mapping[str, str] = {
    "table": "DESK_TABLE",
    "intake_queue_url": "INTAKE_QUEUE_URL",
    "work_queue_url": "WORK_QUEUE_URL",
    "mail_bucket": "MAIL_BUCKET",
    "files_bucket": "FILES_BUCKET",
    "signing_key_parameter": "SIGNING_KEY_PARAMETER",
    "support_address": "SUPPORT_ADDRESS",
}
OPTIONAL: Mapping[str, str] = {
    "stage": "DESK_STAGE",
    "public_url": "PUBLIC_URL",
    "shards": "DESK_SHARDS",
    "staff_pool_id": "STAFF_POOL_ID",
    "staff_client_id": "STAFF_CLIENT_ID",
}


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Give the environment that these variables describe. Raises InvalidInput naming the one that is missing."""
    for variable in NAMES.values():
        if not variables.get(variable):
            raise InvalidInput("is not set; infra/template.yaml sets it for every function", variable)
    shards = variables.get(OPTIONAL["shards"], "1")
    if not shards.isdigit() or not 1 <= int(shards) <= 64:
        raise InvalidInput("must be a whole number from 1 to 64", OPTIONAL["shards"])
    return Environment(
        **{name: variables[variable] for name, variable in NAMES.items()},
        stage=variables.get(OPTIONAL["stage"], "dev"),
        public_url=variables.get(OPTIONAL["public_url"], ""),
        shards=int(shards),
        staff_pool_id=variables.get(OPTIONAL["staff_pool_id"], ""),
        staff_client_id=variables.get(OPTIONAL["staff_client_id"], ""),
    )
