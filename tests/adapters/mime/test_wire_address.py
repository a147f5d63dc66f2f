import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.mime.wire_address import domain_on_the_wire, wire_address


@pytest.mark.parametrize(
    ("email", "sent"),
    [
        ("ann@example.com", "ann@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@例子。中国", "ann@xn--fsqu00a.xn--fiqs8s"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ('"ann lee"@example.com', '"ann lee"@example.com'),
        (r'"a\"b@c, <d>"@example.com', r'"a\"b@c, <d>"@example.com'),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ("ann@[ipv6:2001:db8::1]", "ann@[ipv6:2001:db8::1]"),
        ("o'brien+x=y@example.com", "o'brien+x=y@example.com"),
    ],
)
def test_an_address_goes_out_in_ascii(email: str, sent: str) -> None:
    assert wire_address(email) == sent


def test_letters_that_idna_2003_would_replace_lead_to_the_domain_that_was_meant() -> None:
    assert domain_on_the_wire("fußball.example") == "xn--fuball-cta.example"
    assert domain_on_the_wire("fussball.example") == "fussball.example"


@pytest.mark.parametrize("email", ["用户@example.com", "josé@example.com", '"josé"@example.com'])
def test_a_local_part_beyond_ascii_is_refused_with_the_reason(email: str) -> None:
    with pytest.raises(ValueError, match="SMTPUTF8"):
        wire_address(email)


@pytest.mark.parametrize(
    "email",
    [
        *("ann", "@example.com", "ann@", "ann@example.com.", "ann@.example.com", "ann@exa mple.com", "a b@example.com"),
        *('"ann@example.com', '""@example.com', '"a"b"@example.com', '"a\nb"@example.com', "a@b@example.com"),
        *("ann@-example.com", "ann@example.com>", "ann@exam\u00adple.com", "ann@exam\u200dple.com", "ann@bü cher.com"),
        *(
            "ann@evil.example／bücher.com",
            "ann@evil＠bücher.com",
            "ann@" + "ü" * 64 + ".com",
            "ann@" + "ü." * 90 + "com",
        ),
        *(
            "a" * 65 + "@example.com",
            "ann@[192.0.2.1\r\n]",
            "ann@\U000e0061.com",
            "ann@example.com\r\nBcc: e@example.com",
        ),
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="that mail can be sent to"):
        wire_address(email)


@given(st.text(), st.text())
def test_whatever_is_let_through_is_one_line_of_ascii_and_stays_as_it_is(local: str, domain: str) -> None:
    try:
        sent = wire_address(f"{local}@{domain}")
    except ValueError:
        return
    assert sent.isascii()
    assert sent.isprintable()
    assert wire_address(sent) == sent
