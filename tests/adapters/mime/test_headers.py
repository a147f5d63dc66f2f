from chalicelib.adapters.mime.headers import read_addresses
from chalicelib.adapters.mime.reading import read_email
from tests.adapters.mime.received import HEAD, read


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
