"""API keys: shown once, found by their secret, which is written down nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters import api_keys
from chalicelib.adapters.api_keys import DynamoApiKeys
from chalicelib.adapters.table import Table
from chalicelib.domain.api_key import ApiKey
from tests.adapters.noted import noting
from tests.adapters.sample_tickets import NOON
from tests.adapters.test_desk_settings import MovedClock
from tests.adapters.watched_table import Watch, watched


@pytest.fixture
def desk(any_cloud_table: tuple[Any, str]) -> Iterator[tuple[Table, Watch]]:
    with watched(*any_cloud_table) as found:
        yield found


@pytest.fixture
def keys(desk: tuple[Table, Watch]) -> DynamoApiKeys:
    return DynamoApiKeys(desk[0], noting(desk[0]))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    moved = MovedClock()
    monkeypatch.setattr(api_keys, "time", moved)
    return moved


def test_a_key_is_found_by_its_secret_with_its_scopes(keys: DynamoApiKeys) -> None:
    key, secret = keys.issue("shop", ["tickets:read", "tickets:write"], NOON)
    assert keys.find(secret) == key
    assert key == ApiKey(key.id, "shop", frozenset({"tickets:read", "tickets:write"}), NOON)
    assert keys.every() == (key,)


def test_the_secret_never_leaves_for_the_table(desk: tuple[Table, Watch]) -> None:
    table, watch = desk
    keys = DynamoApiKeys(table, noting(table))
    key, secret = keys.issue("shop", ["tickets:read"], NOON)
    keys.find(secret)
    keys.every()
    keys.revoke(key.id)
    assert len(watch.calls) == 5
    sent = b"".join(call.body for call in watch.calls)
    assert secret.encode() not in sent
    assert secret.removeprefix("pd_").encode() not in sent


def test_every_secret_is_another_and_long_enough_not_to_be_guessed(keys: DynamoApiKeys) -> None:
    secrets = {keys.issue("shop", [], NOON)[1] for _ in range(20)}
    assert len(secrets) == 20
    assert all(secret.startswith("pd_") and len(secret) >= 43 for secret in secrets)


@pytest.mark.parametrize("secret", ["", "pd_", "pd_guess", "钥匙", "\ud800", "x" * 100_000])
def test_another_secret_finds_nothing(keys: DynamoApiKeys, secret: str) -> None:
    keys.issue("shop", ["tickets:read"], NOON)
    assert keys.find(secret) is None


def test_a_known_secret_issued_twice_is_one_key(keys: DynamoApiKeys) -> None:
    for scopes in (["tickets:read"], ["reports:read"]):
        keys.issue("laptop", scopes, NOON, "pd_known")
    (key,) = keys.every()
    assert keys.find("pd_known") == key
    assert key.scopes == {"reports:read"}


def test_a_key_without_scopes_may_nothing(keys: DynamoApiKeys) -> None:
    _, secret = keys.issue("shop", [], NOON)
    found = keys.find(secret)
    assert found is not None
    assert found.scopes == frozenset()


def test_a_revoked_key_is_gone_and_the_others_stay(keys: DynamoApiKeys) -> None:
    (one, secret), (other, _) = keys.issue("one", [], NOON), keys.issue("other", [], NOON)
    assert keys.revoke(one.id)
    assert keys.find(secret) is None
    assert keys.every() == (other,)
    assert not keys.revoke(one.id)


def test_a_key_in_use_is_read_once_a_minute_and_a_revoked_one_works_no_longer(
    desk: tuple[Table, Watch], clock: MovedClock
) -> None:
    table, watch = desk
    here, elsewhere = DynamoApiKeys(table, noting(table)), DynamoApiKeys(table, noting(table))
    key, secret = here.issue("shop", [], NOON)
    watch.calls.clear()
    for _ in range(5):
        assert elsewhere.find(secret) == key
    assert watch.operations() == ["GetItem"]
    here.revoke(key.id)
    clock.now += 59
    assert elsewhere.find(secret) == key
    clock.now += 1
    assert elsewhere.find(secret) is None
