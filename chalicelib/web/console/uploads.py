"""Files that agents send along: with an answer, a note, or a ticket that they write down."""

from collections.abc import Sequence
from typing import Any

from chalicelib.usecases.offer_upload import AGENT, UPLOAD_LIMIT, waiting_files
from chalicelib.web.call import Answer, Call
from chalicelib.web.console.inbox import signed_in
from chalicelib.web.file_choice import WHOLE_FORM, FileChoice, chosen_files, place_offered, told

MOST_FILES = 20
"""Files of one message; the API takes as many."""


def offer(call: Call) -> Answer:
    """Give the page's script the place for a file."""
    return place_offered(call, _holder(call), told(call))


def chosen(call: Call) -> FileChoice:
    """Take in the files that a form brings."""
    return chosen_files(call, _holder(call), MOST_FILES)


def upload_box(call: Call, ids: Sequence[str], wrong: str = "") -> dict[str, Any]:
    """Give what the field for files needs: what it takes, and what of it was chosen already."""
    return {
        "offer": f"{call.root}/console/uploads",
        "most": MOST_FILES,
        "bytes": UPLOAD_LIMIT,
        "megabytes": f"{UPLOAD_LIMIT / 1_000_000:g}",
        "with_form": f"{WHOLE_FORM / 1_000_000:g}",
        "files": waiting_files(call.desk, ids, _holder(call)),
        "wrong": wrong,
    }


def _holder(call: Call) -> str:
    return f"{AGENT}{signed_in(call).agent.id}"
