"""A customised template can say what it is told, and nothing else: no loops, no calls, no way out, no flood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.template_sandbox import FAILURES, TooMuch, check_part, fill_part
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.mail_template import PLACEHOLDERS, filled, is_plain

VALUES = {name: f"<{name}>" for names in PLACEHOLDERS.values() for name in names}


def refusal(source: str, part: str = "text", name: str = "answer") -> str:
    with pytest.raises(InvalidInput) as refused:
        check_part(name, part, source)
    assert refused.value.field == part
    return refused.value.message


@pytest.mark.parametrize(
    "source",
    [
        "Hello {{ customer.name }}",
        "{% if agent.name %}{{ agent.name | upper }}{% else %}us{% endif %}",
        "{{ customer.name | default('there') | truncate(20) | trim }}",
        "{{ 'Dear' if customer.name == 'Jo' else 'Hello' }}{# a remark #}",
        "{% if ticket.ref != 'x' and not agent.name %}-{% elif desk.name is eq('y') %}{% endif %}",
        "{% raw %}{{ as it is }}{% endraw %}",
    ],
)
def test_conditions_and_a_few_filters_can_be_used(source: str) -> None:
    check_part("answer", "text", source)
    fill_part("text", source, VALUES)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n{% if customer.name %}", "line 2: unexpected end of template"),
        ("a\nb {{ customer.nmae }}", "line 2: customer.nmae is no placeholder here; there are agent.name, "),
        ("{{ customer }}", "line 1: customer is no placeholder here"),
        ("{{ customer.name.upper }}", "line 1: customer.name.upper is no placeholder here"),
        ("{{ message.html }}", "line 1: message.html is no placeholder here"),
        ("{{ customer.name | shout }}", "line 1: no filter named 'shout'"),
        ("{% for x in customer.name %}{{ x }}{% endfor %}", "line 1: for can't be used here"),
        ("{{ range(10) }}", "line 1: call can't be used here"),
        ("{{ customer['name'] }}", "line 1: getitem can't be used here"),
        ("{{ customer.name * 1000000 }}", "line 1: mul can't be used here"),
        ("{{ 'a' ~ 'b' }}", "line 1: concat can't be used here"),
        ("{% set x = 1 %}", "line 1: assign can't be used here"),
        ("{% include 'x' %}", "line 1: include can't be used here"),
        ("{% import 'x' as y %}", "line 1: import can't be used here"),
        ("{% extends 'x' %}", "line 1: extends can't be used here"),
        ("{% macro x() %}{% endmacro %}", "line 1: macro can't be used here"),
        ("{% block x %}{% endblock %}", "line 1: block can't be used here"),
        ("{{ ''.__class__.__mro__ }}", "line 1: ….__class__.__mro__ is no placeholder here"),
        ("{{ customer.__class__ }}", "line 1: customer.__class__ is no placeholder here"),
        ("{{ self }}", "line 1: self is no placeholder here"),
        ("{{ cycler }}", "line 1: cycler is no placeholder here"),
        ("{{ customer.name | replace('a', customer.name) }}", "line 1: no filter named 'replace'"),
        ("{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}", "is nested too deeply"),
        ("{% if 1 %}" * 150 + "{% endif %}" * 150, "is nested too deeply"),
    ],
)
def test_what_can_not_be_used_is_refused_with_its_line_and_the_remedy(source: str, said: str) -> None:
    assert said in refusal(source)


def test_the_html_part_may_name_what_is_html_already() -> None:
    check_part("answer", "html", "{{ message.html }}")


def test_only_html_is_escaped_and_only_what_is_no_html_yet() -> None:
    values = {**VALUES, "customer.name": "<script>", "message.html": "<p>hi</p>"}
    assert fill_part("html", "{% if 1 %}{{ customer.name }}{{ message.html }}{% endif %}", values) == (
        "&lt;script&gt;<p>hi</p>"
    )
    assert fill_part("text", "{% if 1 %}{{ customer.name }}{% endif %}", values) == "<script>"


def test_a_flood_is_stopped() -> None:
    with pytest.raises(TooMuch):
        fill_part("text", "{{ message.text }}" * 5_000, {**VALUES, "message.text": "x" * 100_000})


SOURCES = st.lists(
    st.sampled_from(
        [
            "{{ customer.name }}",
            "{{desk.name}}",
            "{{ message.html }}",
            "{",
            "}",
            "{{",
            "}}",
            "{%",
            "{#",
            "\n",
            " ",
            "a",
            "é",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300)
@given(SOURCES, st.sampled_from(["text", "html"]), st.text(max_size=20))
def test_a_plain_template_says_the_same_with_and_without_the_sandbox(source: str, part: str, value: str) -> None:
    if not is_plain(source):
        return
    values = {**VALUES, "customer.name": value}
    assert filled(source, values, part) == fill_part(part, source, values)


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="{}%#|.()[]'\"~*+-= \nabcdeimnorst_", max_size=60), st.sampled_from(["subject", "text", "html"])
)
def test_any_text_is_either_refused_with_a_remedy_or_can_be_filled(source: str, part: str) -> None:
    try:
        check_part("answer", part, source)
    except InvalidInput:
        return
    try:
        fill_part(part, source, VALUES)
    except FAILURES:
        return
