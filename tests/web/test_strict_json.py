"""What read_json lets through is what was sent, and can be kept and written again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput, MalformedRequest
from chalicelib.web.strict_json import DEEPEST, read_json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_whatever_is_json_is_read_as_it_was_written(value: object, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_else_is_sent_is_refused_or_can_be_written_again(body: bytes) -> None:
    try:
        value = read_json(body)
    except InvalidInput:
        return
    json.dumps(value, ensure_ascii=False).encode()


@given(st.lists(st.sampled_from(['{"a":', "["]), min_size=1, max_size=60))
def test_nests_have_an_end(opening: list[str]) -> None:
    closing = ["}" if each.startswith("{") else "]" for each in reversed(opening)]
    body = "".join([*opening, "1", *closing]).encode()
    if len(opening) <= DEEPEST:
        read_json(body)
    else:
        with pytest.raises(MalformedRequest, match="levels"):
            read_json(body)


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_no_name_is_given_twice(names: list[str]) -> None:
    body = "{" + ",".join(f"{json.dumps(name)}:1" for name in names) + "}"
    if len(set(names)) == len(names):
        assert read_json(body.encode()) == dict.fromkeys(names, 1)
    else:
        with pytest.raises(MalformedRequest, match="twice"):
            read_json(body.encode())


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"a": {"b": [1, "\\ud83d"]}}', "a.b[1]"),
        (b'{"a": [{"\\ud83d": 1}]}', "a[0].\\ud83d"),
        (b'{"a": "\\u0000"}', "a"),
        (b'"\\u0000"', "body"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "c"),
    ],
)
def test_the_place_that_is_wrong_is_named_in_words_that_can_be_written(body: bytes, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(body)
    assert refused.value.field == place
    str(refused.value).encode()


def test_both_halves_of_a_character_make_one() -> None:
    assert read_json(b'"\\ud83e\\udd89"') == "🦉"
