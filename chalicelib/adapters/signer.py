"""The desk's signing key, from the parameter store, and the tokens made with it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.aws import brief_failures

KEY_AGE_SECONDS = 3600


class ParameterSigner:
    """Signs with a key that lies in an SSM SecureString parameter, read once an hour."""

    def __init__(self, client: Any, parameter: str) -> None:
        """`client` is a boto3 SSM client."""
        self._client = client
        self._parameter = parameter
        self._provider: Any = None

    def secret(self) -> bytes:
        """See ports.Signer."""
        from aws_lambda_powertools.utilities.parameters import GetParameterError, SSMProvider

        if self._provider is None:
            self._provider = SSMProvider(boto3_client=self._client)
        with brief_failures():
            try:
                value: str = self._provider.get(self._parameter, decrypt=True, max_age=KEY_AGE_SECONDS)
            except GetParameterError as error:
                raise error.__context__ or error from None  # what AWS said, which Powertools put into words of its own
        return value.encode()

    def seal(self, purpose: str, content: Mapping[str, str]) -> str:
        """See ports.Signer."""
        token: str = self._serializer(purpose).dumps(dict(content))
        return token

    def unseal(self, purpose: str, token: str) -> dict[str, str] | None:
        """See ports.Signer."""
        from itsdangerous import BadData

        try:
            content = self._serializer(purpose).loads(token)
        except BadData:
            return None
        return content if isinstance(content, dict) else None

    def _serializer(self, purpose: str) -> Any:
        from itsdangerous import URLSafeSerializer

        return URLSafeSerializer(
            self.secret(), salt=f"pennydesk.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )
