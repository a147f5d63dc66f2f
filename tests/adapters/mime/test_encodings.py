import base64

from chalicelib.adapters.mime.encodings import decode_words


def test_encoded_words_split_inside_a_character_are_joined() -> None:
    data = "订单".encode()
    words = [f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in (data[:4], data[4:])]
    assert decode_words("\r\n ".join(words)) == "订单"
    assert decode_words("=?iso-8859-1?q?caf=E9_noir?= ok") == "café noir ok"
