"""Takes out of a S/MIME message what was signed, without judging the signature (RFC 8551; RFC 5652, 5)."""

from typing import Final, NamedTuple

_SIGNED: Final = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_SEQUENCE, _OID, _OCTETS, _CONTEXT_0 = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_DEEPEST = 16
_MOST_PIECES = 200_000


class NotSigned(ValueError):
    """The bytes are no CMS SignedData with its content in it: encrypted, detached, or broken."""


class _Element(NamedTuple):
    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes:
    """The content of a SignedData structure, itself a MIME entity for mail. Raises NotSigned."""
    reader = _Reader(data)
    outer = reader.only(0, len(data), _SEQUENCE)
    kind = reader.only(outer.start, outer.end, _OID)
    if data[kind.start : kind.end] != _SIGNED:
        raise NotSigned("not SignedData")
    wrapped = reader.only(kind.after, outer.end, _CONTEXT_0)
    signed = reader.only(wrapped.start, wrapped.end, _SEQUENCE)
    version = reader.element(signed.start, signed.end)
    digests = reader.element(version.after, signed.end)
    content = reader.only(digests.after, signed.end, _SEQUENCE)
    content_type = reader.only(content.start, content.end, _OID)
    explicit = reader.only(content_type.after, content.end, _CONTEXT_0)
    return b"".join(reader.octets(explicit.start, explicit.end, 0))


class _Reader:
    """Reads BER (X.690), in which mail programs write CMS: with lengths that are told, or only ended."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pieces = 0

    def only(self, at: int, end: int, tag: int) -> _Element:
        found = self.element(at, end)
        if found.tag != tag:
            raise NotSigned("not as CMS has it")
        return found

    def element(self, at: int, end: int, depth: int = 0) -> _Element:
        self._pieces += 1
        if at + 2 > end or depth > _DEEPEST or self._pieces > _MOST_PIECES:
            raise NotSigned("cut or too deep")
        tag, length, start = self._data[at], self._data[at + 1], at + 2
        if length == 0x80:
            return self._ended(tag, start, end, depth)
        if length > 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(self._data[start : start + size], "big"), start + size
        if start + length > end:
            raise NotSigned("cut")
        return _Element(tag, start, start + length, start + length)

    def _ended(self, tag: int, start: int, end: int, depth: int) -> _Element:
        at = start
        while self._data[at : at + 2] != b"\x00\x00":
            at = self.element(at, end, depth + 1).after
        return _Element(tag, start, at, at + 2)

    def octets(self, at: int, end: int, depth: int) -> list[bytes]:
        """The pieces of an octet string, which may itself be made of octet strings."""
        pieces: list[bytes] = []
        while at < end and depth < _DEEPEST:
            piece = self.element(at, end)
            if piece.tag == _OCTETS:
                pieces.append(self._data[piece.start : piece.end])
            elif piece.tag == _OCTETS | _CONSTRUCTED:
                pieces += self.octets(piece.start, piece.end, depth + 1)
            at = piece.after
        if not pieces:
            raise NotSigned("the content is elsewhere")
        return pieces
