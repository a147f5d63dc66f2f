"""The API's search: tickets by what was said on them."""

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.search.excerpt import Excerpt
from chalicelib.domain.search.found import Hit
from chalicelib.usecases.search_tickets import search_tickets
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call, cursor_for

LONGEST = 400
"""Most characters of a question: the fields' names, some words, and a phrase."""


def search(call: Call) -> Answer:
    """Find tickets by reference, customer, subject and words, newest first."""
    asked = call.query.get("q", "")
    if not 1 <= len(asked) <= LONGEST:
        raise InvalidInput(f"must have 1 to {LONGEST} characters", "q")
    _, found = search_tickets(call.desk, asked, call.limit(), call.cursor())
    items = [_hit_view(hit) for hit in found.hits]
    return Answer({"items": items, "next_cursor": cursor_for(found.after), "back_to": instant(found.back_to)})


def _hit_view(hit: Hit) -> Json:
    document = hit.document
    return {
        "ref": document.ref,
        "subject": document.subject,
        "status": document.status.value,
        "priority": document.priority.value,
        "channel": document.channel,
        "customer_id": document.customer_id,
        "customer_name": document.customer_name,
        "assignee_id": document.assignee_id or None,
        "team_id": document.team_id or None,
        "tags": list(document.tags),
        "shelf": document.shelf.value,
        "merged_into": document.merged_into or None,
        "version": document.version,
        "created_at": instant(document.created_at),
        "updated_at": instant(document.updated_at),
        "excerpt": hit.excerpt.text,
        "excerpt_marks": _places(hit.excerpt),
        "subject_marks": _places(hit.subject),
    }


def _places(excerpt: Excerpt) -> list[list[int]]:
    return [list(mark) for mark in excerpt.marks]
