"""Accounts on a laptop: nobody can read a mock's invitations, so whoever is invited has the password of all."""

from chalicelib.adapters.accounts import CognitoAccounts
from infra.local.cloud import LocalCloud


class LocalAccounts(CognitoAccounts):
    """The mocked user pool, where everybody who is invited signs in with one password."""

    def __init__(self, cloud: LocalCloud, password: str) -> None:
        """`password` is what the local desk was started with."""
        client, environment = cloud.desk.aws.client("cognito-idp"), cloud.environment
        super().__init__(client, client, environment["STAFF_POOL_ID"], environment["STAFF_CLIENT_ID"])
        self._cloud, self._password = cloud, password

    def invite(self, email: str) -> bool:
        """See ports.Accounts."""
        self._cloud.give_password(email, self._password)
        return True
