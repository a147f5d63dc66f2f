"""Signing in on Moto's user pool."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.adapters.accounts import CognitoAccounts, NoAccounts
from chalicelib.domain.errors import InvalidInput, NotFound, SignInRefused, TryAgain
from chalicelib.domain.sign_in import Asked, Challenge, Proven
from infra.resources import give_password

LONG_IS_ENOUGH = {
    "PasswordPolicy": {
        "MinimumLength": 12,
        "RequireLowercase": False,
        "RequireUppercase": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
    }
}
EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, CognitoAccounts, str]]:
    """A pool with Ada's account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client: Any = boto3.client("cognito-idp", region_name="us-east-1")
        made = client.create_user_pool(PoolName="staff", UsernameAttributes=["email"], Policies=LONG_IS_ENOUGH)
        pool = made["UserPool"]["Id"]
        made = client.create_user_pool_client(
            UserPoolId=pool, ClientName="console", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        accounts = CognitoAccounts(client, client, pool, made["UserPoolClient"]["ClientId"])
        give_password(client, pool, EMAIL, PASSWORD)
        yield client, accounts, pool


Pool = tuple[Any, CognitoAccounts, str]


def test_the_right_password_proves_who_it_is_and_a_wrong_one_does_not(pool: Pool) -> None:
    _, accounts, _ = pool
    assert accounts.sign_in(EMAIL, PASSWORD) == Proven(EMAIL)
    for email, password in ((EMAIL, "wrong"), ("nobody@example.com", PASSWORD)):
        with pytest.raises(SignInRefused):
            accounts.sign_in(email, password)


def test_somebody_invited_chooses_their_own_password_first(pool: Pool) -> None:
    client, accounts, pool_id = pool
    assert accounts.invite("lin@example.com")
    client.admin_set_user_password(UserPoolId=pool_id, Username="lin@example.com", Password="temporary-1234")
    challenge = accounts.sign_in("lin@example.com", "temporary-1234")
    assert isinstance(challenge, Challenge)
    assert challenge.asked is Asked.TEMPORARY
    assert accounts.answer(challenge, "one of my very own") == Proven("lin@example.com")
    assert accounts.sign_in("lin@example.com", "one of my very own") == Proven("lin@example.com")


def test_an_invitation_that_was_not_used_is_sent_again(pool: Pool) -> None:
    _, accounts, _ = pool
    assert accounts.invite("lin@example.com")
    assert accounts.invite("lin@example.com")


def test_somebody_with_a_password_of_their_own_is_not_invited_again() -> None:
    """Cognito's answer to such a RESEND; Moto doesn't give it."""
    client = Refusing("UnsupportedUserStateException")
    assert not CognitoAccounts(client, client, "pool", "client").invite(EMAIL)


def test_whether_there_is_an_account_is_told_to_nobody(pool: Pool) -> None:
    _, accounts, _ = pool
    accounts.send_code("nobody@example.com")


class Refusing:
    """A client of which every call fails with one code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __getattr__(self, name: str) -> Any:
        def fail(**_: Any) -> None:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, name)

        return fail


@pytest.mark.parametrize(
    ("code", "error", "field"),
    [
        ("CodeMismatchException", InvalidInput, "code"),
        ("ExpiredCodeException", InvalidInput, "code"),
        ("InvalidPasswordException", InvalidInput, "password"),
        ("UserNotFoundException", SignInRefused, ""),
        ("TooManyRequestsException", TryAgain, ""),
        ("LimitExceededException", TryAgain, ""),
    ],
)
def test_what_cognito_refuses_is_said_in_our_words(code: str, error: type[Exception], field: str) -> None:
    client = Refusing(code)
    with pytest.raises(error) as refusal:
        CognitoAccounts(client, client, "pool", "client").reset_password(EMAIL, "1", PASSWORD)
    assert getattr(refusal.value, "field", "") == field


def test_a_desk_without_a_pool_says_so() -> None:
    with pytest.raises(NotFound, match="STAFF_POOL_ID"):
        NoAccounts().sign_in(EMAIL, PASSWORD)
    assert not NoAccounts().invite(EMAIL)
