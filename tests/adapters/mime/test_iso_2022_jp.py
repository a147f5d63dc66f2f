import pytest

from chalicelib.adapters.mime.charsets import decode_text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("注文はどこですか OK".encode("iso-2022-jp"), "注文はどこですか OK"),
        (b"\x1b$B-!\x1b(B and \x1b$B-j\x1b(B", "① and ㈱"),
        (b"\x1b(I1$\x1b(B", "ｱ､"),
        (b'\x1b$B$"\n$$\x1b(B!', "あ\nい!"),
        (b'\x1b$B$"$\x1b(B!', "あ!"),
        (b"\x1b$(D0!\x1b(B", "丂"),
    ],
)
def test_japanese_is_read_as_mail_programs_write_it(data: bytes, text: str) -> None:
    assert decode_text(data, "iso-2022-jp") == (text, "")
    assert decode_text(data, "")[0] == text


def test_escapes_that_change_to_nothing_japanese_change_nothing() -> None:
    assert decode_text(b"\x1b[1mbold\x1b[0m", "utf-8")[0] == "\x1b[1mbold\x1b[0m"
