"""The API's view of the audit log: who changed what of the desk, and when."""

from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.usecases.read_audit import read_audit, usual_question
from chalicelib.web.api.desk import instant_asked
from chalicelib.web.api.views import Json, instant
from chalicelib.web.call import Answer, Call, cursor_for


def log(call: Call) -> Answer:
    """Read the audit log, newest first."""
    asked = {end: instant_asked(call, name) for name, end in (("from", "begin"), ("to", "end")) if name in call.query}
    usual = usual_question(call.desk.clock.now())
    question = replace(usual, by=call.word("by"), area=call.word("area"), **asked)
    page = read_audit(call.desk, question, call.limit(), call.cursor())
    return Answer({"items": [_view(entry) for entry in page.entries], "next_cursor": cursor_for(page.after)})


def _view(entry: AuditEntry) -> Json:
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "by": entry.by,
        "deed": entry.deed.value,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "name": entry.name,
        "changes": [
            {"field": change.field, "before": change.before, "after": change.after} for change in entry.changes
        ],
        "more_changes": entry.more,
    }
