import pytest

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


def test_a_forwarded_mail_stays_a_file_and_is_read_where_nothing_else_is_said() -> None:
    forwarded = b"Content-Type: message/rfc822\r\n\r\nFrom: Cid <cid@x.example>\r\nSubject: Cup\r\n\r\nIt broke"
    got = multipart(b"mixed", b"Content-Type: text/plain\r\n\r\nSee below", forwarded)
    assert (got.text, [each.filename for each in got.attachments]) == ("See below", ["Cup.eml"])
    alone = multipart(b"mixed", forwarded)
    assert (alone.text, [each.filename for each in alone.attachments]) == (
        "Cid <cid@x.example>\nCup\n\nIt broke",
        ["Cup.eml"],
    )


def test_a_named_text_that_is_all_there_is_is_shown_as_well() -> None:
    named = b"Content-Type: text/plain; name=a.txt\r\nContent-Disposition: inline\r\n\r\nHello"
    got = multipart(b"mixed", named)
    assert (got.text, [each.filename for each in got.attachments]) == ("Hello", ["a.txt"])


def test_parts_between_other_boundaries_than_the_declared_are_found() -> None:
    hello, picture = b"Content-Type: text/plain\r\n\r\nHello", b"Content-Type: image/png\r\n\r\nPNG"
    body = b"--real\r\n" + hello + b"\r\n--real\r\n" + picture + b"\r\n--real--\r\n"
    got = read(b'Content-Type: multipart/mixed; boundary="other"\r\n', body)
    assert (got.text, [each.content for each in got.attachments]) == ("Hello", [b"PNG"])
    assert got.problems == ("a wrong boundary between its parts",)


def test_parts_after_the_last_one_are_parts() -> None:
    body = b"--b\r\n\r\nOne\r\n--b--\r\nnot this\r\n--b\r\n\r\nTwo\r\n--b--\r\nnor this\r\n"
    assert read(b"Content-Type: multipart/mixed; boundary=b\r\n", body).text == "One\n\nTwo"


def test_an_old_macintosh_file_comes_without_its_resource_fork() -> None:
    fork = b"Content-Type: application/applefile; name=cup.gif\r\n\r\nFORK"
    file = b"Content-Type: image/gif; name=cup.gif\r\n\r\nGIF"
    got = multipart(b"appledouble", fork, file)
    assert [(each.filename, each.content) for each in got.attachments] == [("cup.gif", b"GIF")]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (b"application/pgp-signature", "signed with PGP"),
        (b"application/pkcs7-signature", "signed with S/MIME"),
        (b"application/pgp-encrypted", "encrypted with PGP"),
        (b'message/external-body; access-type=URL; URL="http://x.example/"', "kept elsewhere"),
        (b"message/partial; id=a; number=1; total=2", "only a part"),
    ],
)
def test_what_needs_a_key_or_another_place_is_kept_and_marked(kind: bytes, said: str) -> None:
    got = multipart(b"mixed", b"Content-Type: text/plain\r\n\r\nHello", b"Content-Type: " + kind + b"\r\n\r\nx")
    assert (got.text, len(got.attachments)) == ("Hello", 1)
    assert any(said in problem for problem in got.problems)


@pytest.mark.parametrize(("armour", "said"), [("MESSAGE", "encrypted"), ("SIGNED MESSAGE", "signed")])
def test_pgp_within_the_text_is_marked(armour: str, said: str) -> None:
    got = read(b"", f"-----BEGIN PGP {armour}-----\r\n\r\nabc".encode())
    assert f"BEGIN PGP {armour}" in got.text
    assert any(said in problem for problem in got.problems)
