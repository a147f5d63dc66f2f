"""What deployment uploads, in bytes, and what is heavy in it."""

import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]
ARCHIVE = ROOT / "build" / "package" / "deployment.zip"


@dataclass(frozen=True)
class PackageSize:
    """Bytes of the zip, of its files unpacked (AWS takes up to 250 MB), and of its heaviest folders, unpacked."""

    packed: int
    unpacked: int
    folders: dict[str, int]


def measure(*, build: bool) -> PackageSize | None:
    """Give the size of the package in build/package, made anew if asked; None where there is none.

    Raises subprocess.CalledProcessError when it can't be made.
    """
    if build:
        subprocess.run([sys.executable, "-m", "infra.package"], cwd=ROOT, check=True, capture_output=True, text=True)
    if not ARCHIVE.is_file():
        return None
    with zipfile.ZipFile(ARCHIVE) as archive:
        files = archive.infolist()
    folders: Counter[str] = Counter()
    for file in files:
        folders[file.filename.partition("/")[0]] += file.file_size
    return PackageSize(ARCHIVE.stat().st_size, sum(file.file_size for file in files), dict(folders.most_common(6)))
