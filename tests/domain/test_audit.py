"""What the audit log says of a change: each field from what to what, and no secret."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import MOST_CHANGES, SHOWN, AuditEntry, Deed, FieldChange, Kind, changes_between, entry_id
from tests.domain.samples import MONDAY

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=300)
DEEP = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
STATES = st.dictionaries(st.text(min_size=1, max_size=20), DEEP)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in changes_between(before, after)[0]]


def test_each_field_is_told_from_what_to_what() -> None:
    before = {"name": "Cups", "acknowledge": True, "survey": {"low_rating": 2}, "tags": ("a",)}
    after = {"name": "Cups & Co", "acknowledge": False, "survey": {"low_rating": 3}, "tags": ("a", "b")}
    assert changes(before, after) == [
        ("name", "Cups", "Cups & Co"),
        ("acknowledge", "on", "off"),
        ("survey.low_rating", "2", "3"),
        ("tags", "a", "a, b"),
    ]


def test_parts_of_a_list_go_by_their_ids_so_that_a_new_one_in_front_is_one_change() -> None:
    one, other = {"id": "fast", "name": "Fast"}, {"id": "slow", "name": "Slow"}
    assert changes({"sla_policies": [one]}, {"sla_policies": [other, one]}) == [
        ("sla_policies[slow].id", "", "slow"),
        ("sla_policies[slow].name", "", "Slow"),
    ]


def test_what_was_not_changed_is_not_told_nor_what_only_counts_versions() -> None:
    assert changes({"name": "Jo", "version": 1, "holding": ["x"]}, {"name": "Jo", "version": 2, "holding": []}) == []


def test_of_a_webhook_s_address_only_the_host_is_told_and_that_it_is_another() -> None:
    before = {"steps": [{"id": "a", "webhook": "https://hooks.example/T0/secret-1"}]}
    after = {"steps": [{"id": "a", "webhook": "https://hooks.example/T0/secret-2"}]}
    ((field, old, new),) = changes(before, after)
    assert field == "steps[a].webhook"
    assert old.startswith("hooks.example…")
    assert old != new
    assert "secret" not in old + new


@pytest.mark.parametrize("name", ["token", "client_secret", "password", "hook_url", "webhook"])
def test_what_sounds_like_a_secret_is_never_told(name: str) -> None:
    ((_, before, after),) = changes({name: "very quiet"}, {name: "as quiet"})
    assert "quiet" not in before + after


def test_customers_addresses_on_the_lists_of_senders_are_counted_only() -> None:
    told = changes({"blocked_senders": ("a@x.org", "b@x.org")}, {"blocked_senders": ("a@x.org", "c@x.org")})
    assert told == [("blocked_senders", "2", "2 (+1 −1)")]


def test_a_long_text_is_cut_around_the_first_difference() -> None:
    ((_, before, after),) = changes({"text": "x" * 500 + "old" + "y" * 500}, {"text": "x" * 500 + "new" + "y" * 500})
    assert ("old" in before, "new" in after) == (True, True)
    assert max(len(before), len(after)) <= SHOWN + 2


def test_beyond_so_many_fields_the_rest_is_counted() -> None:
    told, more = changes_between({}, {f"f{number}": "x" for number in range(MOST_CHANGES + 7)})
    assert (len(told), more) == (MOST_CHANGES, 7)


@given(STATES)
def test_nothing_changes_between_a_state_and_itself(state: dict[str, Any]) -> None:
    assert changes_between(state, state) == ((), 0)


@given(STATES, STATES)
def test_whatever_changes_is_told_within_bounds(before: dict[str, Any], after: dict[str, Any]) -> None:
    told, _ = changes_between(before, after)
    assert len(told) <= MOST_CHANGES
    assert all(len(one.before) <= SHOWN + 30 and len(one.after) <= SHOWN + 30 for one in told)


def test_an_entry_of_settings_is_about_each_that_changed_and_one_of_a_team_about_teams() -> None:
    changed = (FieldChange("survey.low_rating", "2", "3"), FieldChange("sla_policies[a].name", "A", "B"))
    entry = AuditEntry("1", MONDAY, "agent:ada", Deed.CHANGED, Kind.SETTINGS, changes=changed)
    assert entry.areas == {"settings", "survey", "sla_policies"}
    assert AuditEntry("1", MONDAY, "agent:ada", Deed.CHANGED, Kind.TEAM, changes=changed).areas == {"team"}


def test_the_same_change_has_the_same_id_and_another_version_another() -> None:
    assert entry_id(Kind.AGENT, "sam", "2") == entry_id(Kind.AGENT, "sam", "2")
    assert len({entry_id(Kind.AGENT, "sam", state) for state in ("1", "2", "3")}) == 3
