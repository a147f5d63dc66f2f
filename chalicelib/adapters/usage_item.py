"""A usage in as few bytes as can be: every ticket carries one, and DynamoDB bills bytes."""

from typing import Any

from chalicelib.domain.usage import NAMES, Usage

_MORE = 0x80


def pack_usage(usage: Usage) -> bytes:
    """Give a usage's numbers in the order of its fields, seven bits to a byte, lowest first; zeros at the end left out.

    (The form is commonly known as LEB128.) Some twenty bytes for a ticket's whole life.
    """
    numbers = list(usage.numbers)
    while numbers and not numbers[-1]:
        numbers.pop()
    packed = bytearray()
    for number in numbers:
        while number >= _MORE:
            packed.append(number % _MORE | _MORE)
            number //= _MORE
        packed.append(number)
    return bytes(packed)


def unpack_usage(packed: Any) -> Usage:
    """Give the usage of a packed one, as DynamoDB gives bytes back; numbers that this version doesn't know are lost."""
    numbers, number, shift = [], 0, 0
    for byte in bytes(packed or b""):
        number |= (byte & ~_MORE) << shift
        shift += 7
        if not byte & _MORE:
            numbers.append(number)
            number = shift = 0
    return Usage(*numbers[: len(NAMES)])
