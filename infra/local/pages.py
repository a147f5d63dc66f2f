"""Mails that left the local desk, as rows and as a page for a browser."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from typing import Any

from infra.local.cloud import SentMail

STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
article{border:1px solid #8886;border-radius:.6rem;padding:1rem 1.2rem;margin:1rem 0}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin:0 0 .4rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0 0 .8rem;font-size:.9rem;opacity:.85}
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font:inherit}
details pre{font:.8rem/1.4 ui-monospace,monospace;margin-top:.6rem}
"""


def outbox_row(mail: SentMail) -> dict[str, Any]:
    """Give a sent mail as `{from, to, subject, message_id, headers, text, html, raw}`."""
    message = message_from_bytes(mail.raw, policy=policy.default)
    return {
        "from": str(message["From"] or mail.sender),
        "to": [address.addr_spec for name in ("To", "Cc") if message[name] for address in message[name].addresses],
        "subject": str(message["Subject"] or ""),
        "message_id": str(message["Message-ID"] or "").strip(),
        "headers": {name: str(value) for name, value in message.items()},
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
        "raw": mail.raw.decode("utf-8", "replace"),
    }


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def outbox_page(rows: list[dict[str, Any]]) -> str:
    """Give the sent mails as a readable page, the latest first."""
    articles = "".join(_article(row) for row in reversed(rows)) or "<p>No mail has left the desk yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><title>Outbox</title><style>{STYLE}</style></head><body><main><h1>Outbox: {len(rows)} sent'
        f"</h1>{articles}</main></body></html>"
    )


def _article(row: dict[str, Any]) -> str:
    facts = {"From": row["from"], "To": ", ".join(row["to"]), "Date": row["headers"].get("Date", "")}
    listing = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return (
        f"<article><h2>{escape(row['subject'])}</h2><dl>{listing}</dl><pre>{_linked(row['text'])}</pre>"
        f"<details><summary>Source</summary><pre>{escape(row['raw'])}</pre></details></article>"
    )


def _linked(text: str) -> str:
    return "\n".join(_line(escape(line)) for line in text.split("\n"))


def _line(line: str) -> str:
    return f'<a href="{line}">{line}</a>' if line.startswith(("http://", "https://")) else line
