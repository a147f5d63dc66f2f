"""Tokens that only the desk can make, each for one purpose, signed with a key that is read once an hour."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters.signer import ParameterSigner

NAME = "/pennydesk/test/signing-key"
CONTENT = {"ref": "7K3F-92QX", "survey": "1"}


@pytest.fixture
def ssm(no_aws_account: None) -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("ssm")
        client.put_parameter(Name=NAME, Type="SecureString", Value="a-very-secret-key")
        yield client


@pytest.fixture
def signer(ssm: Any) -> ParameterSigner:
    return ParameterSigner(ssm, NAME)


def test_the_key_is_the_parameters_value_read_once(ssm: Any, signer: ParameterSigner) -> None:
    calls: list[str] = []
    ssm.meta.events.register("before-call.ssm", lambda model, **_: calls.append(model.name))
    assert [signer.secret() for _ in range(3)] == [b"a-very-secret-key"] * 3
    signer.unseal("survey", signer.seal("survey", CONTENT))
    assert calls == ["GetParameter"]


def test_what_was_sealed_is_unsealed_by_every_function(ssm: Any, signer: ParameterSigner) -> None:
    token = signer.seal("survey", CONTENT)
    assert ParameterSigner(ssm, NAME).unseal("survey", token) == CONTENT


def test_a_token_for_one_purpose_is_good_for_no_other(signer: ParameterSigner) -> None:
    assert signer.unseal("ticket", signer.seal("survey", CONTENT)) is None


def test_a_token_made_with_another_key_is_worth_nothing(ssm: Any, signer: ParameterSigner) -> None:
    ssm.put_parameter(Name="/other", Type="SecureString", Value="another-key")
    assert signer.unseal("survey", ParameterSigner(ssm, "/other").seal("survey", CONTENT)) is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_token_changed_in_any_character_is_worth_nothing(signer: ParameterSigner, data: st.DataObject) -> None:
    token = signer.seal("survey", CONTENT)
    place = data.draw(st.integers(0, len(token) - 2))  # the last carries bits that base64 leaves unused
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != token[place]))
    assert signer.unseal("survey", token[:place] + other + token[place + 1 :]) is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_text_may_be_shown_as_a_token(signer: ParameterSigner, text: str) -> None:
    assert signer.unseal("survey", text) is None


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=9), st.text(max_size=99), max_size=4))
def test_a_token_fits_into_an_address_and_keeps_any_content(signer: ParameterSigner, content: dict[str, str]) -> None:
    token = signer.seal("survey", content)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert signer.unseal("survey", token) == content
