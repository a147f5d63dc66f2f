"""What of a native module the loader never reads: symbols and notes for debuggers, megabytes in some wheels.

The dynamic linker works from the program headers alone; a shared object needs no section headers (System V ABI,
gabi 4.1, "Object Files"; elf(5)). What debuggers want lies behind the last byte that a program header names. Leaving it
out needs no `strip` for the function's processor, and changes no byte of what runs.
"""

import struct

ELF64_LITTLE = b"\x7fELF\x02\x01"
"""The magic number, 64 bits, least byte first: both of Lambda's processors."""

_HEADERS_AT, _SECTIONS_AT = 0x20, 0x28
_HEADER_SIZE_AND_COUNT = 0x36
_SECTION_COUNT_AND_NAMES = 0x3C
_IN_FILE = struct.Struct("<8xQ16xQ")
"""Of a program header: where its part of the file begins, and how many bytes that has."""


def without_debugging(module: bytes) -> bytes:
    """Give a native module without what only debuggers read; anything but a 64-bit ELF file is given as it is."""
    if not module.startswith(ELF64_LITTLE):
        return module
    end = _end_of_what_is_loaded(module)
    if end >= len(module):
        return module
    cut = bytearray(module[:end])
    cut[_SECTIONS_AT : _SECTIONS_AT + 8] = bytes(8)
    cut[_SECTION_COUNT_AND_NAMES : _SECTION_COUNT_AND_NAMES + 4] = bytes(4)
    return bytes(cut)


def _end_of_what_is_loaded(module: bytes) -> int:
    [begin] = struct.unpack_from("<Q", module, _HEADERS_AT)
    size, count = struct.unpack_from("<HH", module, _HEADER_SIZE_AND_COUNT)
    parts = [_IN_FILE.unpack_from(module, begin + size * number) for number in range(count)]
    return int(max([begin + size * count, *(offset + length for offset, length in parts)]))
