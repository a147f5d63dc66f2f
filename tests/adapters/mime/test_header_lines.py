from chalicelib.domain.email import Address
from tests.adapters.mime.received import read


def test_headers_without_end_are_cut_with_a_word() -> None:
    got = read(b"X-Many: x\r\n" * 50_000)
    assert any("headers" in problem for problem in got.problems)
    assert (got.sender, got.text) == (Address("ann@example.com", "Ann"), "Hello\n")
