"""What the desk's own words say of a request."""

import pytest

from chalicelib.domain.desk import DeskSettings, TriageRule
from chalicelib.domain.triage import Triage, mentions, triage


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("this is urgent!", "urgent", True),
        ("urgent", "urgent", True),
        ("an urgently needed part", "urgent", False),
        ("resurgent", "urgent", False),
        ("urgent2", "urgent", False),
        ("very-urgent-matter", "urgent", True),
        ("this is urgent", "URGENT", True),
        ("i want my money back now", "money back", True),
        ("money went back", "money back", False),
        ("c++ and c#", "c++", True),
        ("我的快递还没到", "快递", True),
        ("我的包裹还没到", "快递", False),
        ("my快递is late", "快递", True),
        ("strasse", "Straße", True),
        ("the café is shut", "café", True),
    ],
)
def test_a_word_is_met_whole_in_latin_script_and_anywhere_in_chinese(text: str, word: str, found: bool) -> None:
    assert mentions(text, word) is found


RULES = (
    TriageRule(words=("broken", "坏了"), priority="high", category="defect", skills=("repair",), tags=("defect",)),
    TriageRule(
        words=("refund",), priority="urgent", category="refund", team_id="billing", skills=("refunds", "repair")
    ),
    TriageRule(words=("vip",), tags=("vip", "defect")),
)
DESK = DeskSettings(triage=RULES, language="en")


def test_a_rule_whose_word_is_met_sets_what_it_names() -> None:
    found = triage("Help", "My lamp is BROKEN.", DESK)
    assert found == Triage("en", "high", "defect", "", ("repair",), ("defect",))


def test_the_subject_counts_too() -> None:
    assert triage("Refund please", "", DESK).team_id == "billing"


def test_the_first_rule_to_set_a_thing_wins_and_skills_and_tags_add_up() -> None:
    found = triage("Refund", "It is broken, and I am a vip", DESK)
    assert (found.priority, found.category, found.team_id) == ("high", "defect", "billing")
    assert (found.skills, found.tags) == (("repair", "refunds"), ("defect", "vip"))


def test_a_request_without_any_of_the_words_has_its_language_only() -> None:
    assert triage("Hello", "How are you?", DESK) == Triage("en")


def test_chinese_is_understood() -> None:
    assert triage("你好", "我的灯坏了，请帮忙", DESK) == Triage("zh", "high", "defect", "", ("repair",), ("defect",))


@pytest.mark.parametrize(
    ("text", "priority", "category"),
    [
        ("I need this ASAP", "urgent", ""),
        ("This is unacceptable, I will complain", "high", "complaint"),
        ("I was charged twice on my invoice", "high", "refund"),
        ("Where is my invoice?", "", "billing"),
        ("I can't log in", "", "account"),
        ("我要退款", "high", "refund"),
        ("我要投诉，太差了", "high", "complaint"),
        ("Thank you!", "", ""),
    ],
)
def test_the_rules_that_a_new_desk_has_understand_common_requests(text: str, priority: str, category: str) -> None:
    found = triage("", text, DeskSettings())
    assert (found.priority, found.category) == (priority, category)
