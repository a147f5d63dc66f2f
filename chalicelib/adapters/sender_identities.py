"""What Amazon SES knows of the desk's addresses: asked when somebody wants to see it, and kept nowhere."""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import error_code
from chalicelib.domain.sender_identity import Standing

MOST_ASKED = 10
"""How many domains are asked for at a time: the SES API answers about one such request a second."""


class SesIdentities:
    """Asks SES (API v2, "GetEmailIdentity") for identities; nothing is changed by it."""

    def __init__(self, client: Any) -> None:
        """`client` is a boto3 SESv2 client."""
        self._client = client

    def standing(self, addresses: Iterable[str]) -> dict[str, Standing]:
        """See web.call.Identities."""
        domains: dict[str, dict[str, Any] | Standing | None] = {}
        found: dict[str, Standing] = {}
        for address in addresses:
            domain = address.rpartition("@")[2]
            if domain not in domains and len(domains) < MOST_ASKED:
                domains[domain] = self._asked(domain)
            of_domain = domains.get(domain, Standing.UNKNOWN)
            found[address] = self._alone(address) if of_domain is None else _standing(of_domain)
        return found

    def _alone(self, address: str) -> Standing:
        """Give how an address stands whose domain SES doesn't know."""
        found = self._asked(address)
        if found is None:
            return Standing.MISSING
        standing = _standing(found)
        return Standing.ADDRESS_ONLY if standing in (Standing.READY, Standing.UNSIGNED) else standing

    def _asked(self, name: str) -> dict[str, Any] | Standing | None:
        """Give an identity, None where there is none, or that nobody could find out."""
        try:
            found: dict[str, Any] = self._client.get_email_identity(EmailIdentity=name)
        except ClientError as error:
            return None if error_code(error) == "NotFoundException" else Standing.UNKNOWN
        except BotoCoreError:
            return Standing.UNKNOWN
        return found


def _standing(found: dict[str, Any] | Standing) -> Standing:
    if isinstance(found, Standing):
        return found
    if not found.get("VerifiedForSendingStatus"):
        return Standing.PENDING
    signed = found.get("DkimAttributes", {}).get("Status") == "SUCCESS"
    return Standing.READY if signed else Standing.UNSIGNED
