import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.filenames import made_up_name, safe_name, unique_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\temp\bill.pdf", "bill.pdf"),
        ("bill\u202efdp.exe", "bill fdp.exe"),
        ("bill\u200b.pdf", "bill .pdf"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie_ x"),
        (".htaccess", "htaccess"),
        ("..", ""),
        ("订单.pdf", "订单.pdf"),
        ("NUL", "_NUL"),
        ("com1.txt", "_com1.txt"),
        ("console.txt", "console.txt"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_neither_a_path_nor_a_trick(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_any_name_becomes_one_that_can_be_shown_and_kept(name: str) -> None:
    safe = safe_name(name)
    assert len(safe) <= 150
    assert not set(safe) & set('/\\:*?"<>|\r\n\0')


def test_a_file_without_name_is_numbered_and_ends_fittingly() -> None:
    assert made_up_name("image/jpeg", b"", 3) == "attachment-3.jpg"
    assert made_up_name("x/unknown", b"", 1) == "attachment-1.bin"
    assert made_up_name("message/rfc822", b"Subject: Old\n\n", 1) == "Old.eml"


def test_a_name_taken_twice_is_numbered() -> None:
    assert unique_name("a.pdf", {"a.pdf", "a-2.pdf"}) == "a-3.pdf"
    assert unique_name("a", {"a"}) == "a-2"
