from tests.adapters.mime.received import multipart, read


def test_alternatives_give_text_and_safe_html() -> None:
    got = multipart(
        b"alternative",
        b"Content-Type: text/plain\r\n\r\nHello",
        b"Content-Type: text/html\r\n\r\n<p onclick=x()>Hello</p><script>alert(1)</script>",
    )
    assert (got.text, got.html, got.attachments) == ("Hello", "<p>Hello</p>", ())


def test_flowed_lines_are_joined() -> None:
    got = read(b"Content-Type: text/plain; format=flowed\r\n", b"one \r\ntwo\r\n> quoted \r\n> on\r\n-- \r\nAnn")
    assert got.text == "one two\n> quoted on\n-- \nAnn"
