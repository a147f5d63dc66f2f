"""Answers that agents give again and again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.macro import PLACEHOLDERS, Macro, default_macros, macro_of

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_placeholders_are_filled_in_the_customer_s_language() -> None:
    macro = Macro("hi", "Hi", {"en": "Hello {customer}, about {ref}.", "zh": "{customer}，您好！"})
    assert macro.text("en", VALUES) == "Hello <customer>, about <ref>."
    assert macro.text("zh", VALUES) == "<customer>，您好！"


def test_a_language_that_it_lacks_gets_the_first_text() -> None:
    assert Macro("hi", "Hi", {"zh": "您好"}).text("de", VALUES) == "您好"


@given(st.text(max_size=50))
def test_what_customers_are_called_is_never_taken_for_a_placeholder(name: str) -> None:
    macro = Macro("hi", "Hi", {"en": "Hello {customer}!"})
    assert macro.text("en", {**VALUES, "customer": name}) == f"Hello {name}!"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": ""}, "macros"),
        ({"name": ""}, "macros[a].name"),
        ({"texts": {}}, "macros[a].texts"),
        ({"texts": {"en": ""}}, "macros[a].texts.en"),
        ({"texts": {"en": "{password}"}}, "macros[a].texts.en"),
        ({"status": "closed"}, "macros[a].status"),
        ({"priority": "huge"}, "macros[a].priority"),
    ],
)
def test_what_can_t_be_is_refused_with_its_place(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Macro(**{"id": "a", "name": "A", "texts": {"en": "Hi"}, **given})
    assert refusal.value.field == field


def test_a_new_desk_begins_with_some_in_both_languages() -> None:
    assert all(set(macro.texts) == {"en", "zh"} for macro in default_macros())
    assert macro_of(default_macros(), "done") is not None
    assert macro_of(default_macros(), "nothing") is None
