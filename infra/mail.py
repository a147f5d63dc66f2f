"""Shows mails as the intake reads them: `python -m infra.mail FILE…`, or standard input for "-" and for no file.

One line of JSON per file, in the order named; the keys and what stands where nothing is known: docs/mail.md. Ends with
0 whatever the bytes are, with 1 when a file could not be opened: its line says so in `problems`, and so does standard
error.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from chalicelib.adapters.mime.reading import UNDATED, read_email
from chalicelib.domain.bounce import Bounce
from chalicelib.domain.email import Address, InboundEmail, ReadAttachment
from chalicelib.domain.language import detect

STDIN = "-"


def as_json(mail: InboundEmail) -> dict[str, Any]:
    """What the intake sees in `mail`, ready to be JSON: null where there is none, dates in UTC with "Z"."""
    return {
        "from": _person(mail.sender) if mail.sender else None,
        "to": [_person(each) for each in mail.to],
        "cc": [_person(each) for each in mail.cc],
        "reply_to": [_person(each) for each in mail.reply_to],
        "subject": mail.subject,
        "date": _date(mail.date),
        "message_id": mail.message_id or None,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "text": mail.text,
        "html_safe": mail.html or None,
        "reply": mail.newly_said,
        "attachments": [_file(each) for each in mail.attachments],
        "automatic": mail.automatic,
        "bounce": next((_bounce(each) for each in mail.bounces), None),
        "language": detect(mail.newly_said or mail.text or mail.subject, "") or None,
        "problems": list(mail.problems),
    }


def _bounce(bounce: Bounce) -> dict[str, str]:
    return {"address": bounce.address, "status": bounce.status, "kind": bounce.kind.value}


def _person(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.email}


def _file(file: ReadAttachment) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(file.content),
        "inline": file.inline,
    }


def _date(date: datetime) -> str | None:
    return None if date == UNDATED else f"{date.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def unreadable(problem: str) -> dict[str, Any]:
    """The line for a file that could not be opened: the same keys, nothing in them but the problem."""
    return as_json(InboundEmail(sender=None, date=UNDATED, problems=(problem,), content_hash=""))


def _lines(names: Iterable[str], say: Callable[[str], object]) -> Iterable[tuple[bool, dict[str, Any]]]:
    for name in names:
        try:
            raw = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        except (OSError, ValueError) as error:
            problem = f"{name}: {getattr(error, 'strerror', None) or error}"
            say(f"infra.mail: {problem}")
            yield False, unreadable(problem)
        else:
            yield True, as_json(read_email(raw))


def main(arguments: Sequence[str] | None = None, out: BinaryIO | None = None) -> int:
    """Print a line per file; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.mail", description="Show mails as the intake reads them.")
    parser.add_argument("files", nargs="*", default=[STDIN], metavar="FILE", help="a raw message; - is standard input")
    names = parser.parse_args(arguments).files
    out = out or sys.stdout.buffer
    code = 0
    try:
        for readable, line in _lines(names, lambda problem: print(problem, file=sys.stderr)):
            code = code if readable else 1
            out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            out.flush()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has seen enough; Python would complain at its end
    return code


if __name__ == "__main__":
    sys.exit(main())
