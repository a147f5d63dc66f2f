"""How the desk's addresses stand with Amazon SES, as Moto and refusals answer."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.adapters.sender_identities import MOST_ASKED, SesIdentities
from chalicelib.domain.sender_identity import Standing


class Told:
    """SES as it answers for identities that a test knows; it counts the questions."""

    def __init__(self, **identities: dict[str, Any] | Exception) -> None:
        self.identities = identities
        self.asked: list[str] = []

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803 - as boto3 calls it
        self.asked.append(EmailIdentity)
        found = self.identities.get(EmailIdentity.replace("@", "_at_").replace(".", "_"))
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise refused("NotFoundException")
        return found


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "GetEmailIdentity")


def identity(verified: bool, dkim: str = "SUCCESS") -> dict[str, Any]:
    return {"VerifiedForSendingStatus": verified, "DkimAttributes": {"Status": dkim}}


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.client("sesv2", region_name="us-east-1")


def test_an_identity_is_known_and_another_is_not(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    found = SesIdentities(ses).standing(["support@example.com", "a@elsewhere.example"])
    assert found["support@example.com"] in (Standing.READY, Standing.UNSIGNED, Standing.PENDING)
    assert found["a@elsewhere.example"] is Standing.MISSING


@pytest.mark.parametrize(
    ("known", "stands"),
    [
        ({"example_com": identity(True)}, Standing.READY),
        ({"example_com": identity(True, "PENDING")}, Standing.UNSIGNED),
        ({"example_com": identity(False, "PENDING")}, Standing.PENDING),
        ({"a_at_example_com": identity(True)}, Standing.ADDRESS_ONLY),
        ({"a_at_example_com": identity(False)}, Standing.PENDING),
        ({}, Standing.MISSING),
        ({"example_com": refused("AccessDeniedException")}, Standing.UNKNOWN),
        ({"example_com": EndpointConnectionError(endpoint_url="x")}, Standing.UNKNOWN),
    ],
)
def test_what_ses_says_is_put_in_a_word(known: dict[str, Any], stands: Standing) -> None:
    assert SesIdentities(Told(**known)).standing(["a@example.com"]) == {"a@example.com": stands}


def test_a_domain_is_asked_for_once_and_not_too_many_are() -> None:
    told = Told(example_com=identity(True))
    SesIdentities(told).standing(["a@example.com", "b@example.com", "c@example.com"])
    assert told.asked == ["example.com"]
    many = Told()
    found = SesIdentities(many).standing(f"a@d{number}.example" for number in range(MOST_ASKED + 5))
    assert list(found.values()).count(Standing.UNKNOWN) == 5
    assert len(many.asked) == 2 * MOST_ASKED
