"""Style sheets and scripts, each under a name that holds its content's hash, so that a browser keeps it for a year."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.domain.errors import NotFound
from chalicelib.web.call import Answer, Call
from chalicelib.web.headers import COMMON

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: `name` is what its address calls it."""

    name: str
    media_type: str
    text: str


@cache
def static_file(plain_name: str) -> StaticFile | None:
    """Give the file that lies under a plain name (`console.css`), or None: a script may not have been fetched."""
    path = FOLDER / plain_name
    if path.suffix not in MEDIA_TYPES or not path.is_file():
        return None
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return StaticFile(f"{path.stem}.{digest}{path.suffix}", MEDIA_TYPES[path.suffix], content.decode("utf-8"))


def address_of(root: str, plain_name: str) -> str:
    """Give the address of the file of a plain name, under the API's stage; "" where there is none."""
    found = static_file(plain_name)
    return f"{root}/static/{found.name}" if found else ""


def get(call: Call) -> Answer:
    """Answer with a file. One that an older page names by another hash is not there any more: raises NotFound."""
    stem, _, rest = call.path["name"].partition(".")
    _, _, suffix = rest.partition(".")
    found = static_file(f"{stem}.{suffix}") if stem.replace("-", "").isalnum() else None
    if found is None or found.name != call.path["name"]:
        raise NotFound("there is no such file; load the page again", "name")
    headers = {**COMMON, "Content-Type": found.media_type, "Cache-Control": A_YEAR}
    return Answer(found.text, 200, headers, html=True)
