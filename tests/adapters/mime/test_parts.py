from chalicelib.adapters.mime.limits import MAX_ATTACHMENTS, MAX_HTML_CHARS, MAX_PARTS
from chalicelib.adapters.mime.reading import read_email
from tests.adapters.mime.received import HEAD, multipart, read


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


def test_files_without_end_are_cut_with_a_word() -> None:
    got = multipart(b"mixed", *[b"Content-Disposition: attachment; filename=x\r\n\r\nx"] * (MAX_ATTACHMENTS + 50))
    assert len(got.attachments) == MAX_ATTACHMENTS
    assert "too many attachments: the rest is left out" in got.problems


def test_what_is_kept_of_a_file_is_fit_for_a_header() -> None:
    (file,) = multipart(b"mixed", 'Content-Type: imäge/png\r\nContent-ID: <a\rb\u202e"c>\r\n\r\nx'.encode()).attachments
    assert (file.content_type, file.content_id) == ("im-ge/png", 'ab"c')


def test_texts_without_end_are_cut_with_a_word() -> None:
    got = multipart(b"mixed", *[b"Content-Type: text/html\r\n\r\n" + b"<p>x</p>" * 20_000] * 5)
    assert len(got.html) < MAX_HTML_CHARS * 1.1
    assert "a text is too long: cut" in got.problems
