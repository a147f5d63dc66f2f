"""A repeated request is answered with what the first was answered, by Powertools' Idempotency on the table `desk`."""

import hashlib
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from chalicelib.adapters.table import Table
from chalicelib.domain.errors import InvalidInput, RequestInProgress, TryAgain

KEPT_SECONDS = 24 * 3600


class Once:
    """Remembers answers for a day under the key that the client chose."""

    def __init__(self, table: Table) -> None:
        """The records lie in the desk's table, each under a key of its own, and expire by its time to live."""
        self._table = table

    def answer(self, key: str, payload: Any, do: Callable[[], dict[str, Any]], context: Any) -> dict[str, Any]:
        """Give what `do` gives, or what it gave when it was first asked under `key`. Both are plain JSON values.

        Raises InvalidInput when the same key comes with another payload, RequestInProgress when the first request
        is still being worked on.
        """
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        layer = DynamoDBPersistenceLayer(
            table_name=self._table.name,
            key_attr="pk",
            static_pk_value=f"once#{digest[:40]}",
            sort_key_attr="sk",
            expiry_attr="expires_at",
            boto3_client=self._table.client,
        )
        config = IdempotencyConfig(
            event_key_jmespath="key", payload_validation_jmespath="payload", expires_after_seconds=KEPT_SECONDS
        )
        if context is not None:
            config.register_lambda_context(context)

        def act(request: dict[str, Any]) -> dict[str, Any]:
            return do()

        guarded = idempotent_function(act, data_keyword_argument="request", persistence_store=layer, config=config)
        try:
            answer: dict[str, Any] = guarded(request={"key": digest, "payload": payload})
        except IdempotencyValidationError:
            raise InvalidInput("was used with another request before; choose a new one", "Idempotency-Key") from None
        except IdempotencyAlreadyInProgressError:
            raise RequestInProgress("the same request is being worked on; ask again in a moment") from None
        except IdempotencyPersistenceLayerError as error:
            raise TryAgain("the cloud is briefly unable; try again in a moment") from error
        return answer
