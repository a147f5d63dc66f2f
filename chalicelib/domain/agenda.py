"""What must still happen to a ticket, and when.

A ticket carries its own agenda, so that a change and everything it must cause are saved by one
conditional write. An entry is known by its kind and what it is about; putting it again moves it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Task(StrEnum):
    """The kinds of things that an agenda can hold."""

    TRIAGE = "triage"
    ASSIGN = "assign"
    SETTLE_LOAD = "settle_load"
    ACKNOWLEDGE = "acknowledge"
    SEND_DRAFT = "send_draft"
    WAKE = "wake"
    AUTO_ANSWER = "auto_answer"
    SILENCE = "silence"
    DELIVER = "deliver"
    NOTIFY = "notify"
    SLA_WARNING = "sla_warning"
    SLA_BREACH = "sla_breach"
    SLA_ESCALATION = "sla_escalation"
    WEBHOOK = "webhook"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"
    SURVEY_SILENCE = "survey_silence"
    CLOSE = "close"
    TELL_MERGE = "tell_merge"
    TELL_LINK = "tell_link"
    TELL_SPLIT = "tell_split"
    LEARN_SPAM = "learn_spam"
    INDEX = "index"


EFFECTS = frozenset(
    {
        Task.SETTLE_LOAD,
        Task.ACKNOWLEDGE,
        Task.DELIVER,
        Task.AUTO_ANSWER,
        Task.NOTIFY,
        Task.SURVEY,
        Task.SURVEY_REMINDER,
        Task.TELL_MERGE,
        Task.TELL_LINK,
        Task.TELL_SPLIT,
        Task.LEARN_SPAM,
        Task.WEBHOOK,
    }
)
"""Tasks that reach outside the ticket: claimed by a conditional write before, closed by one after."""

CLAIM_SECONDS = 120
"""How long a worker that claimed an entry has before another may take it over: longer than its function's timeout."""

MOST_ATTEMPTS = 8
"""After so many failed attempts an effect is given up, visibly: the ticket gets a follow-up for a person."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One thing to do: `task` about `about` (a message id, a metric, …), due `at`, after `attempts` claims."""

    at: datetime
    task: Task
    about: str = ""
    attempts: int = 0

    @property
    def key(self) -> tuple[Task, str]:
        """What this entry is known by."""
        return self.task, self.about


Agenda = tuple[Entry, ...]


def put(agenda: Agenda, *entries: Entry) -> Agenda:
    """Give the agenda with these entries, each in place of one about the same thing, in order of time."""
    kept = {entry.key: entry for entry in agenda}
    kept.update({entry.key: entry for entry in entries})
    return tuple(sorted(kept.values()))


def without(agenda: Agenda, *tasks: Task, about: str | None = None) -> Agenda:
    """Give the agenda without entries of these tasks (only those about `about`, if that is given)."""
    return tuple(entry for entry in agenda if entry.task not in tasks or (about is not None and entry.about != about))


def due(agenda: Agenda, now: datetime) -> Agenda:
    """Give what is due at `now`, oldest first."""
    return tuple(sorted(entry for entry in agenda if entry.at <= now))


def next_due(agenda: Agenda) -> datetime | None:
    """Give the instant of the earliest entry, or None where nothing is left to do."""
    return min((entry.at for entry in agenda), default=None)


def claim(entry: Entry, now: datetime) -> Entry:
    """Give the entry as it stands while somebody works on it: due again when that somebody must have died."""
    return replace(entry, at=now + timedelta(seconds=CLAIM_SECONDS), attempts=entry.attempts + 1)


def retry(entry: Entry, now: datetime) -> Entry | None:
    """Give the entry put off after a failure (1, 2, 4 … minutes, an hour at most), or None to give it up."""
    if entry.attempts >= MOST_ATTEMPTS:
        return None
    return replace(entry, at=now + timedelta(seconds=min(3600, 60 * 2 ** (entry.attempts - 1))))
