from chalicelib.adapters.mime.html_text import text_of_html
from tests.adapters.mime.received import read


def test_html_alone_gives_text_too() -> None:
    html = (
        b"<style>p{}</style><p>Dear&nbsp;desk,</p><div>see <a href='https://shop.example/1'>my order</a></div>"
        b"<ul><li>one<li>two</ul>On 4 May 2026, Desk &lt;d@x.example&gt; wrote:<blockquote>Which?</blockquote>"
    )
    got = read(b"Content-Type: text/html\r\n", html)
    assert got.text == (
        "Dear desk,\n\nsee my order (https://shop.example/1)\n\n- one\n- two\n\n"
        "On 4 May 2026, Desk <d@x.example> wrote:\n\n> Which?"
    )
    assert got.newly_said == "Dear desk,\n\nsee my order (https://shop.example/1)\n\n- one\n- two"


def test_preformatted_text_keeps_its_lines() -> None:
    assert text_of_html("<pre>a\n  b</pre>") == "a\n  b"


def test_numbered_lists_keep_their_numbers() -> None:
    assert text_of_html("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>") == "1. a\n2. b\n\n- c\n\n3. d"
