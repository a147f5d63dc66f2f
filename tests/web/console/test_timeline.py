"""What happened to a ticket is told in a sentence, in both languages, with its reason."""

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.domain.people import Agent, Roster, Team
from chalicelib.domain.ticket import Fact, Happening
from chalicelib.web.console.page import _templates
from tests.domain.samples import MONDAY, SETTINGS

ROSTER = Roster(
    (Agent("ada", "Ada", "ada@example.com"), Agent("sam", "Sam", "sam@example.com")), (Team("support", "Support"),)
)


def told(language: str, what: Happening, **detail: str) -> str:
    """Give the sentence of a fact by Ada, as a page shows it."""
    environment = _templates(language)
    context = {
        "roster": ROSTER,
        "desk": SETTINGS,
        "root": "",
        "reader": SimpleNamespace(moment=str, ahead=str),
        "now": MONDAY,
    }
    module = cast(Any, environment.get_template("_facts.html").make_module(context))
    text = re.sub(r"<[^>]*>", "", str(module.happening(Fact(MONDAY, what, "agent:ada", detail), "Ada")))
    return " ".join(text.split())


@pytest.mark.parametrize("what", list(Happening), ids=lambda what: what.value)
def test_everything_that_can_happen_has_a_sentence_in_both_languages(what: Happening) -> None:
    english, chinese = told("en", what), told("zh", what)
    assert re.search(r"[A-Za-z]{3}", english), f"no sentence for {what}"
    assert re.search(r"[\u4e00-\u9fff]", chinese), f"no Chinese sentence for {what}"


@pytest.mark.parametrize(
    ("what", "detail", "sentence"),
    [
        (Happening.PRIORITY_SET, {"priority": "high", "was": "normal"}, "Ada set the priority: High (before: Normal)"),
        (
            Happening.PRIORITY_SET,
            {"priority": "urgent", "was": "low", "escalation": "resolution:1"},
            "Ada set the priority: Urgent (before: Low) · as Resolution was late",
        ),
        (Happening.ASSIGNED, {"agent": "sam", "was": "ada"}, "Ada gave it to Sam (before: Ada)"),
        (Happening.TEAM_SET, {"team": "support"}, "Ada moved it to the team Support"),
        (Happening.TAGS_SET, {"was": "vip"}, "Ada set the tags: — (before: vip)"),
        (
            Happening.FIELDS_SET,
            {"fields": "order, size", "now:order": "18", "was:order": "17", "was:size": "M"},
            "Ada filled in order: 18 (before: 17), size: — (before: M)",
        ),
        (Happening.RATED, {"survey": "1", "rating": "4"}, "Ada rated it: 4 of 5"),
        (
            Happening.RATED,
            {"survey": "1", "rating": "4", "nps": "0", "ces": "7"},
            "Ada rated it: 4 of 5 · NPS 0 of 10 · CES 7 of 7",
        ),
        (Happening.CONTINUED_AS, {"ticket": "7K3F-92QX"}, "It goes on as 7K3F-92QX"),
        (Happening.SEPARATED, {"from": "7K3F-92QX"}, "Ada made 7K3F-92QX a ticket of its own again"),
        (Happening.SHELVED, {"shelf": "none"}, "Ada took it off the shelf"),
        (
            Happening.FOLLOW_UP_ADDED,
            {"reason": "low_rating"},
            "Ada wants somebody to follow up: the customer rated us low",
        ),
        (
            Happening.FOLLOW_UP_ADDED,
            {"reason": "Call <b>Jo</b>"},
            "Ada wants somebody to follow up: Call &lt;b&gt;Jo&lt;/b&gt;",
        ),
    ],
)
def test_a_change_tells_who_what_from_what_and_why(what: Happening, detail: dict[str, str], sentence: str) -> None:
    assert told("en", what, **detail) == sentence
