"""How much of a mail is looked at, so that none takes more than seconds. What cuts a text or drops a part says so."""

from typing import Final

MAX_DEPTH: Final = 32  # levels of multipart within multipart
MAX_PARTS: Final = 1_000
MAX_ATTACHMENTS: Final = 100  # each is a file to store and a line in the message's item
MAX_HEAD_BYTES: Final = 256 * 1024  # of the header lines of the mail, and of each part
MAX_FIELDS: Final = 2_000  # header lines that are looked at
MAX_HEADER_CHARS: Final = 4_096  # of a header with parameters
MAX_ADDRESSES: Final = 500  # per header
MAX_TEXT_CHARS: Final = 1_000_000  # of all plain texts of a mail
MAX_HTML_CHARS: Final = 400_000  # of all its HTML, but for pictures within: a tag's attributes take quadratic time
MAX_PICTURE_CHARS: Final = 100_000  # of a picture written into the HTML
MAX_ELEMENTS: Final = 10_000  # HTML elements that can nest: the sanitizer's time grows with the square of the depth
MAX_CLOSINGS: Final = 40_000  # HTML closing tags: each may search through all that is open
