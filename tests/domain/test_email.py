from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.email import Address, address_parts, mailbox_in, message_ids_in


def test_an_address_is_trimmed_and_in_lower_case() -> None:
    assert Address(" Ann@Example.COM ", " Ann \t Lee ") == Address("ann@example.com", "Ann Lee")


def test_message_ids_keep_their_brackets_and_come_once() -> None:
    assert message_ids_in("<a@x> <b@y>\t<a@x>") == ("<a@x>", "<b@y>")


def test_a_bare_message_id_gets_its_brackets_back() -> None:
    assert message_ids_in(" a@x ") == ("<a@x>",)
    assert message_ids_in("Message of Tuesday") == ()


def test_a_folded_message_id_loses_its_spaces() -> None:
    assert message_ids_in("<abc \t def@x>") == ("<abcdef@x>",)


def test_an_address_list_is_split_outside_quotes_comments_and_brackets() -> None:
    parts = [part.strip() for part in address_parts('"Lee, Ann" <a@x>, b@y (B, really); c@z')]
    assert parts == ['"Lee, Ann" <a@x>', "b@y (B, really)", "c@z"]


def test_a_group_dissolves_into_its_members() -> None:
    assert [part.strip() for part in address_parts("Team: a@x, b@y;")] == ["a@x", "b@y", ""]


def test_a_mailbox_is_found_among_words() -> None:
    assert mailbox_in("write to <Ann@Example.com>!") == "ann@example.com"
    assert mailbox_in("undisclosed recipients") == ""


@given(st.text())
def test_any_text_can_be_searched_for_addresses_and_identifiers(text: str) -> None:
    assert all("@" in found for found in [mailbox_in(part) for part in address_parts(text)] if found)
    assert all(each.startswith("<") and each.endswith(">") for each in message_ids_in(text))


def test_a_mailbox_that_others_may_read_otherwise_is_none() -> None:
    assert mailbox_in("boss@example.com@evil.example") == ""
    assert mailbox_in("bo\u200bss@example.com") == ""


def test_needless_quotes_around_a_local_part_are_dropped() -> None:
    assert mailbox_in('"ann.lee"@example.com') == "ann.lee@example.com"
    assert mailbox_in('"ann lee"@example.com') == '"ann lee"@example.com'
    assert mailbox_in('"ann@example.com"') == "ann@example.com"
