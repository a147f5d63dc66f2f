"""What deployment uploads: `python -m infra.package [--stage prod] [--out build/package] [--architecture arm64]`.

Chalice packages a clean copy of the app, so that neither caches nor other people's files get in. Then its zip is packed
again, with bytecode in it (a cold start needn't compile) and so that the same sources give the same bytes.

Reproducible means: same commit, same requirements' wheels, same Python patch version and zlib.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from chalicelib.adapters.public_holidays import LANGUAGES
from chalicelib.web.console.translations import compiled_catalogue
from infra import page_scripts
from infra.licenses import write_licenses
from infra.native_code import without_debugging

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURES = ("arm64", "x86_64")
LAMBDA_ROOT = "/var/task"
"""Where Lambda unpacks the zip: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html."""
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell; every entry bears it."""

DOCUMENTATION = Path("chalicelib", "web", "console", "docs")
"""Where the documentation lies in the package."""

SELDOM = "holidays"
"""A package that is imported when an owner asks for public holidays, and by nothing else."""


class PackagingError(Exception):
    """The package can't be made; the message says why and what to do."""


@dataclass(frozen=True)
class Package:
    """What was made: the merged SAM template and the zip it names, in one folder."""

    template: Path
    archive: Path

    @property
    def sha256(self) -> str:
        """Give the zip's hash, in hexadecimal."""
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()


def build(stage: str, out: Path, *, architecture: str | None = None, root: Path = ROOT) -> Package:
    """Package the app in `root` for a stage of .chalice/config.json into `out`.

    `architecture` (arm64 or x86_64) replaces the configured one, for an emulator on another processor.
    Raises PackagingError where Chalice fails or a pinned requirement is missing from its zip.
    """
    _fetch_scripts()
    with tempfile.TemporaryDirectory() as scratch:
        copy, made = Path(scratch, "app"), Path(scratch, "made")
        _copy_app(root, copy, architecture)
        _run_chalice(copy, made, stage, root / "infra" / "template.yaml")
        check_requirements(made / "deployment.zip", root / "requirements.txt")
        out.mkdir(parents=True, exist_ok=True)
        repack(made / "deployment.zip", out / "deployment.zip")
        _write_plainly(made / "sam.yaml", out / "sam.yaml")
    return Package(template=out / "sam.yaml", archive=out / "deployment.zip")


def _fetch_scripts() -> None:
    try:
        page_scripts.fetch()
    except page_scripts.ScriptUnavailable as problem:
        raise PackagingError(f"{problem}; a deployed desk should have it: connect, and try again") from None


def _copy_app(root: Path, copy: Path, architecture: str | None) -> None:
    no_caches = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for folder in ("chalicelib", ".chalice"):
        shutil.copytree(root / folder, copy / folder, ignore=no_caches)
    # the console shows the documentation, to which its settings link
    (copy / DOCUMENTATION).mkdir(parents=True, exist_ok=True)
    for written in sorted((root / "docs").glob("*.md")):
        shutil.copy(written, copy / DOCUMENTATION / written.name)
    for file in ("app.py", "requirements.txt"):
        shutil.copy(root / file, copy / file)
    if architecture:
        config = copy / ".chalice" / "config.json"
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r'("lambda_architecture": )"\w+"', rf'\1"{architecture}"', text), encoding="utf-8")


def _run_chalice(app: Path, out: Path, stage: str, template: Path) -> None:
    """Run `chalice package`. It asks for a region, only to learn AWS's names for its own services."""
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    start = "import sys; from chalice.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", start, "package", "--stage", stage, "--merge-template", str(template), str(out)]
    done = subprocess.run(words, cwd=app, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or f"it ended with {done.returncode}"
        raise PackagingError(f"chalice package failed: {said}")


def check_requirements(archive: Path, requirements: Path) -> None:
    """Raise PackagingError unless a package holds every pinned requirement.

    Chalice only warns of one that it found no wheel for, and packages the rest.
    """
    with zipfile.ZipFile(archive) as packed:
        present = {name.split("-")[0].lower() for name in packed.namelist() if ".dist-info/" in name}
    pins = re.findall(r"^([\w.-]+)==", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    missing = sorted(pin for pin in pins if re.sub(r"[-_.]+", "_", pin).lower() not in present)
    if missing:
        raise PackagingError(f"no wheel that Lambda could run was found for: {', '.join(missing)}")


def repack(archive: Path, target: Path) -> None:
    """Write the files of a zip into another one, with licences and bytecode, sorted and without times."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _unpack(archive, folder)
        _compile_catalogues(folder)
        _lighten(folder)
        write_licenses(folder)
        _compile(folder)
        _pack(folder, target)


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder, [name for name in packed.namelist() if _ships(name)])


def _ships(name: str) -> bool:
    """Leave out stale bytecode, the scripts that wheels bring for a terminal, and the ways of writing dates and the
    names of holidays of languages that the desk doesn't speak: 30 MB; dateutil's time zones beside tzdata's; and of
    Powertools its way of routing, whose pages for reading OpenAPI are half a megabyte: Chalice does that here; and
    what apsw brings beside SQLite."""
    path = PurePosixPath(name)
    folders = path.parts[:-1]
    if path.parent.name == "locale-data":
        return path.stem in ("root", "en", "zh", "zh_Hans", "zh_Hans_CN")
    if path.name == "dateutil-zoneinfo.tar.gz" or folders[:2] == ("aws_lambda_powertools", "event_handler"):
        return False
    if folders[:2] == ("holidays", "locale"):
        return folders[2] in LANGUAGES.values()
    if folders[:1] == ("apsw",):
        return len(folders) == 1 and path.name.startswith("__init__.") and path.suffix == ".so"
    return not any(folder == "__pycache__" or folder.endswith(".data") for folder in folders)


def _compile_catalogues(folder: Path) -> None:
    """Put the console's sentences beside their source in the form that is read quickly."""
    for source in sorted(folder.glob("chalicelib/**/*.po")):
        source.with_suffix(".mo").write_bytes(compiled_catalogue(source))


def _lighten(folder: Path) -> None:
    """Leave out of native modules what only a debugger reads: 16 MB of 24."""
    for module in sorted(folder.rglob("*.so")):
        module.write_bytes(without_debugging(module.read_bytes()))


def _compile(folder: Path) -> None:
    """Put bytecode beside every module, never checked against its source: Lambda's files don't change.

    Not beside SELDOM, which would take 1 MB for what happens once a year. In a fresh interpreter with a fixed hash
    seed, as bytecode differs slightly by what else an interpreter has seen.
    """
    options = ["-q", "-j", "1", "-s", str(folder), "-p", LAMBDA_ROOT, "--invalidation-mode", "unchecked-hash"]
    words = [sys.executable, "-P", "-m", "compileall", *options, "-x", f"/{SELDOM}/", str(folder)]
    done = subprocess.run(words, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingError(f"some module doesn't compile: {done.stdout.strip()}")


def _pack(folder: Path, target: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


class _PlainDumper(yaml.SafeDumper):
    """YAML without anchors: CloudFormation refuses aliases, which Chalice writes where two roles share a part."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_plainly(template: Path, target: Path) -> None:
    content = yaml.safe_load(template.read_text(encoding="utf-8"))
    target.write_text(yaml.dump(content, Dumper=_PlainDumper, allow_unicode=True), encoding="utf-8")


def main() -> int:
    """Package from the command line; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description="Make what deployment uploads.")
    parser.add_argument("--stage", default="prod", help="a stage of .chalice/config.json (prod)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "package", help="folder (build/package)")
    parser.add_argument("--architecture", choices=ARCHITECTURES, help="instead of the configured one")
    given = parser.parse_args()
    try:
        package = build(given.stage, given.out, architecture=given.architecture)
    except PackagingError as problem:
        print(problem, file=sys.stderr)
        return 1
    size = package.archive.stat().st_size / 1e6
    print(f"{package.template}\n{package.archive}  {size:.1f} MB  sha256 {package.sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
