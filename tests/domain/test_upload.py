"""What files are called, which are taken, and what they really are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.upload import FALLBACK_TYPE, NAME_LIMIT, UploadSettings, plain_name, plain_type, real_type


@pytest.mark.parametrize(
    ("given_as", "kept_as"),
    [
        ("Rechnung März.pdf", "Rechnung März.pdf"),
        ("订单 7.pdf", "订单 7.pdf"),
        ("C:\\Users\\jo\\lamp.jpg", "lamp.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("  .htaccess", "htaccess"),
        ("", "file"),
        ("...", "file"),
        ("a/", "file"),
        ("x" * 500 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_can_be_shown_and_saved(given_as: str, kept_as: str) -> None:
    assert plain_name(given_as) == kept_as


@given(st.text(max_size=3000))
def test_any_name_becomes_one_of_a_bounded_length_that_stays_as_it_is(name: str) -> None:
    plain = plain_name(name)
    assert 0 < len(plain) <= NAME_LIMIT
    assert not set(plain) & set("/\\\r\n\0\u202e")
    assert plain_name(plain) == plain


@pytest.mark.parametrize("name", ["setup.exe", "SETUP.EXE", "a.pdf.bat", "x.exe. .", "y.js"])
def test_what_runs_when_opened_is_refused_however_it_is_written(name: str) -> None:
    assert UploadSettings().refuses(name)


@pytest.mark.parametrize("name", ["exe", "a.pdf", "exe.txt", "photo", "archive.zip", ""])
def test_what_only_looks_so_is_taken(name: str) -> None:
    assert not UploadSettings().refuses(name)


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("image/PNG", "image/png"),
        ("text/plain; charset=utf-8", "text/plain"),
        ("", FALLBACK_TYPE),
        ("png", FALLBACK_TYPE),
        ("text/html\r\nx-amz-acl: public-read", FALLBACK_TYPE),
        ("a/" + "b" * 300, FALLBACK_TYPE),
    ],
)
def test_a_type_is_a_media_type_or_a_row_of_bytes(claimed: str, kept: str) -> None:
    assert plain_type(claimed) == kept


@pytest.mark.parametrize(
    ("claimed", "begins", "really"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("image/jpeg", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("application/octet-stream", b"%PDF-1.7", "application/pdf"),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("image/bmp", b"BM6...", "image/bmp"),
        ("image/png", b"<svg onload=alert(1)>", FALLBACK_TYPE),
        ("application/pdf", b"MZ\x90", FALLBACK_TYPE),
        ("text/plain", b"BM is a name", "text/plain"),
        ("application/zip", b"PK\x03\x04", "application/zip"),
    ],
)
def test_how_a_file_begins_tells_what_it_is(claimed: str, begins: bytes, really: str) -> None:
    assert real_type(claimed, begins) == really


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"most_files": 21}, "uploads.most_files"),
        ({"most_bytes": 10}, "uploads.most_bytes"),
        ({"refused": ("exe", ".bat")}, "uploads.refused[1]"),
    ],
)
def test_settings_that_can_not_be_name_what_is_wrong(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        UploadSettings(**settings)
    assert refusal.value.field == field
