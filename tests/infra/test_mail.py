import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.mail import main

MAIL = b"""\
From: Ann <ann@example.com>
To: desk@example.com, Bob <bob@example.com>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Date: Mon, 04 May 2026 14:00:00 +0200
Message-ID: <m2@example.com>
In-Reply-To: <m1@example.com>
References: <m0@example.com> <m1@example.com>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>The cup is broken.</p><script>alert(1)</script>
--b
Content-Disposition: attachment; filename=cup.txt

!
--b--
"""


def shown(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.BytesIO()
    code = main(arguments, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_mail_is_shown_as_one_line_of_json(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    assert shown(str(path)) == (
        0,
        [
            {
                "from": {"name": "Ann", "address": "ann@example.com"},
                "to": [{"name": "", "address": "desk@example.com"}, {"name": "Bob", "address": "bob@example.com"}],
                "cc": [],
                "reply_to": [],
                "subject": "Grüße",
                "date": "2026-05-04T12:00:00Z",
                "message_id": "<m2@example.com>",
                "in_reply_to": "<m1@example.com>",
                "references": ["<m0@example.com>", "<m1@example.com>"],
                "text": "The cup is broken.",
                "html_safe": "<p>The cup is broken.</p>",
                "reply": "The cup is broken.",
                "attachments": [{"filename": "cup.txt", "content_type": "text/plain", "size": 1, "inline": False}],
                "automatic": None,
                "bounce": None,
                "language": "en",
                "problems": [],
            }
        ],
    )


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff\xfe" * 9, b"From:\n\n\xed\xa0\x80", b"Date: x\n" * 9])
def test_whatever_the_bytes_are_it_ends_well(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "mail"
    path.write_bytes(raw)
    code, lines = shown(str(path), str(path))
    assert (code, len(lines)) == (0, 2)
    assert lines[0]["date"] is None


def test_a_file_that_is_not_there_is_named_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    code, (missing, found) = shown(str(tmp_path / "none"), str(path))
    assert code == 1
    assert missing["problems"] == [f"{tmp_path / 'none'}: No such file or directory"]
    assert missing.keys() == found.keys()
    assert found["subject"] == "Grüße"
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MAIL)))
    code, (line,) = shown(*arguments)
    assert (code, line["message_id"]) == (0, "<m2@example.com>")
