"""How much of a mail is looked at. Each limit that is hit leaves a word in the `problems` of what was read."""

from typing import Final

MAX_DEPTH: Final = 32  # levels of multipart within multipart
MAX_PARTS: Final = 1_000
MAX_HEAD_BYTES: Final = 256 * 1024  # of the header lines of the mail, and of each part
MAX_FIELDS: Final = 2_000  # header lines that are looked at
MAX_ADDRESSES: Final = 500  # per header
MAX_TEXT_CHARS: Final = 1_000_000  # of a text or HTML part
MAX_ELEMENTS: Final = 10_000  # HTML elements that can nest: the sanitizer's time grows with the square of the depth
MAX_CLOSINGS: Final = 40_000  # HTML closing tags: each may search through all that is open
MAX_HEADER_CHARS: Final = 8_192  # of a header with parameters
