import binascii

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.mime.uuencode import files_in_text
from tests.adapters.mime.received import read


def encoded(name: bytes, content: bytes) -> bytes:
    lines = (binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


def test_a_file_written_into_the_text_is_an_attachment() -> None:
    got = read(b"", b"Here it is:\n" + encoded(b"cup.png", bytes(range(200))) + b"Bye\n")
    assert [(each.filename, each.content_type, each.content) for each in got.attachments] == [
        ("cup.png", "image/png", bytes(range(200)))
    ]
    assert got.text == "Here it is:\nBye\n"


def test_a_sentence_that_begins_like_a_file_stays_text() -> None:
    text = b"We\nbegin 644 times\nand never end\n"
    assert files_in_text(text, 9) == (text, [])


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=300), st.binary(max_size=40))
def test_whatever_is_written_into_a_text_comes_out_of_it(content: bytes, name: bytes) -> None:
    text, files = files_in_text(b"a\n" + encoded(b"x" + name.hex().encode(), content) + b"b\n", 9)
    assert (text, [file.content for file in files]) == (b"a\nb\n", [content])


def test_no_more_files_are_taken_than_wanted() -> None:
    text, files = files_in_text(encoded(b"x", b"1") * 5, 3)
    assert (len(files), text.count(b"begin")) == (3, 2)
