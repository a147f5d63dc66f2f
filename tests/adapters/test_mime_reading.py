import base64
import os
import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime_reading import (
    MAX_PARTS,
    UNDATED,
    decode_words,
    read_addresses,
    read_email,
    safe_html,
    text_of_html,
)
from chalicelib.domain.email import Address, InboundEmail

DATA = Path(os.environ.get("PENNYDESK_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
CORPUS = sorted([*DATA.glob("mail/*/*.eml"), *DATA.glob("bounces/*.eml")])
needs_data = pytest.mark.skipif(not CORPUS, reason="the folder of real mails is not here: set PENNYDESK_DATA")

HEAD = (
    b"From: Ann <ann@example.com>\r\nTo: desk@example.com\r\nSubject: Order\r\nMessage-ID: <m1@example.com>\r\n"
    b"Date: Mon, 04 May 2026 14:00:00 +0200\r\n"
)


def read(headers: bytes, body: bytes = b"Hello\r\n") -> InboundEmail:
    return read_email(HEAD + headers + b"\r\n" + body)


def multipart(kind: bytes, *parts: bytes) -> InboundEmail:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return read(b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n', body)


def test_a_plain_mail_is_read() -> None:
    got = read(b"Cc: Bob <BOB@example.com>\r\nReferences: <a@x>\r\n <b@y>\r\nIn-Reply-To: <b@y>\r\n")
    assert (got.sender, got.to, got.cc) == (
        Address("ann@example.com", "Ann"),
        (Address("desk@example.com"),),
        (Address("bob@example.com", "Bob"),),
    )
    assert got.date == datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    assert (got.message_id, got.references, got.in_reply_to) == ("<m1@example.com>", ("<a@x>", "<b@y>"), ("<b@y>",))
    assert (got.text, got.html, got.newly_said, got.problems) == ("Hello\n", "", "Hello", ())
    assert (got.envelope_sender, got.envelope_recipients, got.verdicts) == (None, (), {})


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb2312", "您好，我的订单在哪里？"),
        ("big5", "您好，我的訂單在哪裡？"),
        ("shift_jis", "注文はどこですか"),
        ("iso-2022-jp", "注文はどこですか"),
        ("koi8-r", "Где мой заказ?"),
        ("windows-1251", "Где мой заказ?"),
        ("windows-1252", "Où est ma commande – s’il vous plaît"),
        ("euc-kr", "주문은 어디에 있나요"),
        ("utf-7", "Where is my café order"),
        ("utf-16", "Where is it?"),
    ],
)
def test_declared_charsets_are_read(charset: str, text: str) -> None:
    body = base64.b64encode(text.encode(charset))
    got = read(
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n", body
    )
    assert (got.text, got.problems) == (text, ())


def test_utf8_is_read_as_such_whatever_the_mail_claims() -> None:
    assert read(b"Content-Type: text/plain; charset=iso-8859-1\r\n", "Größe: 你好".encode()).text == "Größe: 你好"


def test_an_undeclared_charset_is_guessed_and_said_so() -> None:
    text = "您好，我上周下的订单到现在还没有发货，请帮我查一下是什么原因，谢谢。" * 3
    got = read(b"", text.encode("gb18030"))
    assert got.text == text
    assert any("not declared" in problem for problem in got.problems)


def test_encoded_words_split_inside_a_character_are_joined() -> None:
    data = "订单".encode()
    words = [f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in (data[:4], data[4:])]
    assert decode_words("\r\n ".join(words)) == "订单"
    assert decode_words("=?iso-8859-1?q?caf=E9_noir?= ok") == "café noir ok"


def test_names_are_decoded_and_groups_and_comments_understood() -> None:
    values = ['=?utf-8?Q?Lee=2C_Ann?= <a@x.example>, "Bo, B" <b@x.example>', "Team: c@x.example (Cy), d@x.example;"]
    assert [(each.email, each.name) for each in read_addresses(values)] == [
        ("a@x.example", "Lee, Ann"),
        ("b@x.example", "Bo, B"),
        ("c@x.example", "Cy"),
        ("d@x.example", ""),
    ]


def test_a_name_that_looks_like_an_address_does_not_replace_it() -> None:
    assert read_addresses(['"boss@example.com" <eve@evil.example>'])[0].email == "eve@evil.example"


def test_a_mail_without_from_takes_the_next_best_and_says_so() -> None:
    got = read_email(b"Sender: Bob <bob@example.com>\n\nx")
    assert got.sender == Address("bob@example.com", "Bob")
    assert any("no sender in From" in problem for problem in got.problems)
    assert read_email(b"Subject: x\n\nx").problems == ("no sender", "no usable date")


def test_several_senders_are_noted() -> None:
    assert read_email(b"From: a@x.example, b@x.example\n\nx").problems[0] == "several senders: the first one counts"


def test_a_mail_without_date_has_that_of_its_arrival() -> None:
    trace = b"Received: from x by y for <d@x.example>; Mon, 04 May 2026 12:00:00 +0000\n"
    assert read_email(trace + b"From: a@x.example\n\nx").date == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert read_email(b"From: a@x.example\nDate: yesterday\n\nx").date == UNDATED


def test_the_envelope_and_the_verdicts_are_those_on_top() -> None:
    ses = (
        b"Return-Path: <Bounce@shop.example>\r\n"
        b"Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n for Desk@example.com;\r\n"
        b" Mon, 04 May 2026 12:00:00 +0000 (UTC)\r\n"
        b"X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: ok; dmarc=pass) envelope-from=a@b;\r\n"
        b" dkim=fail header.i=@a.example; dkim=pass header.i=@b.example;\r\n dmarc=fail header.from=b.example;\r\n"
    )
    forged = (
        b"Return-Path: <ann@example.com>\r\nX-SES-Spam-Verdict: PASS\r\n"
        b"Authentication-Results: amazonses.com; spf=pass; dkim=pass; dmarc=pass\r\n"
    )
    got = read_email(ses + forged + HEAD + b"\r\nHello")
    assert got.envelope_sender == "bounce@shop.example"
    assert got.envelope_recipients == ("desk@example.com",)
    assert got.verdicts == {"spam": "fail", "virus": "pass", "spf": "pass", "dkim": "pass", "dmarc": "fail"}


def test_a_verdict_smuggled_into_an_address_does_not_count() -> None:
    results = b'Authentication-Results: amazonses.com; spf=pass envelope-from="x; dmarc=pass"@e.example; dmarc=fail\r\n'
    assert read(results).verdicts["dmarc"] == "fail"


def test_the_null_sender_is_told_from_an_unknown_one() -> None:
    got = read_email(b"Return-Path: <>\r\n" + HEAD + b"\r\nx")
    assert (got.envelope_sender, got.automatic) == ("", "null_sender")


def test_alternatives_give_text_and_safe_html() -> None:
    got = multipart(
        b"alternative",
        b"Content-Type: text/plain\r\n\r\nHello",
        b"Content-Type: text/html\r\n\r\n<p onclick=x()>Hello</p><script>alert(1)</script>",
    )
    assert (got.text, got.html, got.attachments) == ("Hello", "<p>Hello</p>", ())


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


@pytest.mark.parametrize(
    "html",
    [
        "<img src='https://spy.example/x.gif'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//evil.example'>x</a>",
        "<form action='https://evil.example'><input name=p></form>",
        "<div style='background:url(https://spy.example)'>x</div>",
        "<table background='https://spy.example/x.gif'><tr><td>x</table>",
        "<svg><image href='https://spy.example'/></svg>",
        "<link rel=stylesheet href='https://spy.example'><base href='https://evil.example'>",
        "<iframe src='https://evil.example'></iframe>",
        "<img src='data:image/svg+xml;base64,AAAA'>",
    ],
)
def test_html_that_could_do_harm_is_disarmed(html: str) -> None:
    assert not re.search(r"(?i)spy|evil|script|data:|<form|<input|style=|action=", safe_html(html))


def test_links_and_the_mails_own_pictures_stay() -> None:
    assert (
        safe_html('<a href="https://x.example">x</a>') == '<a href="https://x.example" rel="noopener noreferrer">x</a>'
    )
    assert safe_html('<img src="cid:logo">') == '<img src="cid:logo">'


def test_preformatted_text_keeps_its_lines() -> None:
    assert text_of_html("<pre>a\n  b</pre>") == "a\n  b"


def test_attachments_keep_names_and_bytes() -> None:
    got = multipart(
        b"mixed",
        b"\r\nSee below",
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''%E8%AE%A2;"
        b"\r\n filename*1*=%E5%8D%95.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==",
        b'Content-Type: image/png; name="=?utf-8?B?5Zu+?=.png"\r\nContent-ID: <logo>\r\n'
        b"Content-Disposition: inline\r\n\r\nx",
        b"Content-Type: application/pdf\r\n\r\nx",
        b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx',
        b'Content-Disposition: attachment; filename="passwd"\r\n\r\nx',
    )
    assert got.text == "See below"
    assert [each.filename for each in got.attachments] == [
        "订单.pdf",
        "图.png",
        "attachment-3.pdf",
        "passwd",
        "passwd-2",
    ]
    assert got.attachments[0].content == b"%PDF"
    assert (got.attachments[1].inline, got.attachments[1].content_id) == (True, "logo")
    assert got.problems == ()


def test_a_forwarded_mail_is_kept_whole() -> None:
    got = multipart(b"mixed", b"\r\nfyi", b"Content-Type: message/rfc822\r\n\r\nSubject: Old news\r\n\r\nx")
    assert [(each.filename, each.content) for each in got.attachments] == [
        ("Old news.eml", b"Subject: Old news\r\n\r\nx")
    ]


def test_what_is_encrypted_is_kept_and_marked() -> None:
    got = multipart(
        b"encrypted",
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\nx",
    )
    assert len(got.attachments) == 2
    assert got.problems == ("encrypted with PGP: kept as an attachment",)


def test_flowed_lines_are_joined() -> None:
    got = read(b"Content-Type: text/plain; format=flowed\r\n", b"one \r\ntwo\r\n> quoted \r\n> on\r\n-- \r\nAnn")
    assert got.text == "one two\n> quoted on\n-- \nAnn"


def test_a_missing_last_boundary_loses_nothing() -> None:
    got = read(b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n\r\none\r\n--b\r\n\r\ntwo")
    assert got.text == "one\n\ntwo"


def test_nesting_without_end_is_cut_with_a_word() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5_000))
    got = read_email(HEAD.replace(b"\r", b"") + deep + b"\nhi")
    assert any("nested too deep" in problem for problem in got.problems)


def test_parts_without_end_are_cut_with_a_word() -> None:
    got = read(b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\n\nhi\n" * (MAX_PARTS * 3))
    assert any("too many parts" in problem for problem in got.problems)
    assert got.text.count("hi") < MAX_PARTS


def test_headers_without_end_are_cut_with_a_word() -> None:
    got = read(b"X-Many: x\r\n" * 50_000)
    assert any("headers" in problem for problem in got.problems)
    assert (got.sender, got.text) == (Address("ann@example.com", "Ann"), "Hello\n")


def test_html_that_nests_without_end_is_shown_as_text_only() -> None:
    got = read(b"Content-Type: text/html\r\n", b"<div>" * 100_000 + b"Hello")
    assert (got.html, got.text) == ("", "Hello")
    assert any("safely" in problem for problem in got.problems)


def test_the_content_hash_ignores_the_way_a_mail_came() -> None:
    one, two = HEAD + b"\r\nHello\r\n", b"Received: by x\r\nX-SES-Spam-Verdict: PASS\r\n" + HEAD + b"\r\nHello\r\n"
    assert read_email(one).content_hash == read_email(two).content_hash
    assert read_email(one).content_hash == read_email(one.replace(b"\r\n", b"\n")).content_hash
    assert read_email(one).content_hash != read_email(one.replace(b"Hello", b"Hullo")).content_hash


@pytest.mark.parametrize(
    "raw",
    [
        b"To: " + b"a@" * 100_000 + b"\n\nx",
        b"To: " + b"(" * 200_000 + b"\n\nx",
        b"To: " + b'"' * 200_001 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\nx",
        b"Content-Type: text/plain" + b';a="' * 50_000 + b"\n\nx",
        b"References: " + b"<" * 200_000 + b"\n\nx",
        HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * 200_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<" * 300_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<font>" * 9_000 + b"</b>" * 30_000,
        HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 100_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * 200_000,
    ],
)
def test_hostile_mails_take_time_in_proportion(raw: bytes) -> None:
    started = time.process_time()
    read_email(raw)
    assert time.process_time() - started < 10


def assert_sound(got: InboundEmail) -> None:
    assert not any("could not be taken apart" in problem for problem in got.problems)
    assert got.date.tzinfo == UTC
    assert got.sender is not None or got.problems
    assert bool(got.newly_said) == bool(got.text.strip())
    assert all(each.filename and not re.search(r"[/\\\x00-\x1f]", each.filename) for each in got.attachments)
    assert not re.search(r"(?i)<(script|style|form|iframe|object|svg)\b", got.html)
    "".join((got.text, got.html, got.subject, *(each.filename for each in got.attachments))).encode("utf-8")


FRAGMENTS = [
    *(
        b"From: a@b.c\n",
        b"Subject: =?utf-8?b?5Zu+?=\n",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"\n",
        b"--b\n",
    ),
    *(
        b"--b--\n",
        b"Content-Type: text/html; charset=gb2312\n",
        b"Content-Transfer-Encoding: base64\n",
        b"<b>x</p>\xe9",
    ),
    *(
        b"Content-Type: message/rfc822\n",
        b"Content-Disposition: attachment; filename*0*=x''%ff\n",
        b"\xff\xfe\x00",
        b" ",
    ),
    *(
        b"Content-Type: text/plain; charset=utf-7\n",
        b"+2AA-",
        b"Date: 99 Foo 99999 99:99:99 +9999\n",
        b"Received: for <\n",
    ),
    *(b"Content-Transfer-Encoding: x-uuencode\n", b"begin 644 x\nM!!\n", b"Content-Type: text/plain; charset=hex\n"),
]


@given(st.binary())
def test_any_bytes_make_a_mail(raw: bytes) -> None:
    assert_sound(read_email(raw))


@given(st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=20))
def test_any_mixture_of_mail_like_pieces_makes_a_mail(pieces: list[bytes]) -> None:
    assert_sound(read_email(b"".join(pieces)))


@needs_data
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_real_mail_is_read(path: Path) -> None:
    assert_sound(read_email(path.read_bytes()))


@needs_data
def test_real_mails_with_broken_bytes_are_read() -> None:
    chance = random.Random(7)
    for path in CORPUS:
        raw = bytearray(path.read_bytes()[:20_000])
        for _ in range(max(1, len(raw) // 100)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        cut = chance.randrange(len(raw))
        assert_sound(read_email(bytes(raw)))
        assert_sound(read_email(bytes(raw[cut:] + raw[:cut])))
