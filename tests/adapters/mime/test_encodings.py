import base64

import pytest

from chalicelib.adapters.mime.encodings import decode_words, unencoded


def test_encoded_words_split_inside_a_character_are_joined() -> None:
    data = "订单".encode()
    words = [f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in (data[:4], data[4:])]
    assert decode_words("\r\n ".join(words)) == "订单"
    assert decode_words("=?iso-8859-1?q?caf=E9_noir?= ok") == "café noir ok"


def test_a_question_mark_within_an_encoded_word_does_not_end_it() -> None:
    assert decode_words("=?utf-8?Q?Was_ist_das??= ok =?utf-8?q?ja?=") == "Was ist das? ok ja"
    assert decode_words("=?a?Q?=?utf-8?Q?x?=") == "=?a?Q?x"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 100, (1 << 20) - 1, (1 << 20) + 1])
def test_base64_of_any_size_is_decoded(size: int) -> None:
    content = bytes(range(251)) * (size // 251) + b"x" * (size % 251)
    encoded = base64.encodebytes(content)
    assert unencoded(encoded, "base64") == content
    assert unencoded(encoded.rstrip(b"=\n"), "base64") == content


def test_several_encodings_in_a_row_are_all_read_and_a_footer_is_not() -> None:
    assert unencoded(b"SGVs\nbG8=\nISE=\n", "base64") == b"Hello!!"
    assert unencoded(b"SGVsbG8=\n\n-- \nYou are on the list\n", "base64") == b"Hello"
