"""django-helpdesk in a virtual environment of its own, made on demand and kept for the next run."""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from bench.anchor.errors import AnchorUnavailableError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
INSTALL_SECONDS = 300


@dataclass(frozen=True)
class Installation:
    """A virtual environment in which every pinned package is installed."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def marker(self) -> Path:
        """The copy of the pins that says the environment is complete; written last."""
        return self.folder / "installed.txt"

    def is_complete(self) -> bool:
        """Whether it holds what is pinned today."""
        return self.marker.is_file() and self.marker.read_text() == REQUIREMENTS.read_text()

    def run(self, *arguments: str, environment: dict[str, str] | None = None, seconds: float = 120) -> str:
        """Run its interpreter for at most `seconds` and give what it printed.

        Raises subprocess.SubprocessError when it fails or takes longer.
        """
        answer = subprocess.run(
            [self.python, *arguments], env=environment, timeout=seconds, check=True, capture_output=True, text=True
        )
        return answer.stdout


def pins() -> dict[str, str]:
    """Each pinned package's version, by its name in small letters."""
    lines = (line.strip() for line in REQUIREMENTS.read_text().splitlines())
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {name.lower(): version for name, version in pairs}


def cache_folder() -> Path:
    """Where the environment is kept: outside the checkout, by the XDG Base Directory Specification."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "pennydesk" / f"django-helpdesk-{pins()['django-helpdesk']}"


def installed() -> Installation:
    """Give the environment, installing it first where it is absent or holds other pins.

    Raises AnchorUnavailableError when it cannot be installed.
    """
    installation = Installation(cache_folder())
    if not installation.is_complete():
        _install(installation)
    return installation


def _install(installation: Installation) -> None:
    print(f"Installing django-helpdesk into {installation.folder}", file=sys.stderr)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--retries", "1", "--timeout", "15"]
    try:
        venv.create(installation.folder, clear=True, with_pip=True)
        installation.run("-m", "pip", "install", *options, "-r", str(REQUIREMENTS), seconds=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as failure:
        raise AnchorUnavailableError(f"django-helpdesk could not be installed: {_last_line(failure)}") from failure
    installation.marker.write_text(REQUIREMENTS.read_text())


def _last_line(failure: Exception) -> str:
    said = getattr(failure, "stderr", None) or str(failure)
    lines = str(said).strip().splitlines()
    return lines[-1] if lines else type(failure).__name__
