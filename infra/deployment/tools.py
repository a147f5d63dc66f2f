"""Programs from PyPI that would not get on with the desk's own packages, each in a virtual environment of its own.

They are kept in the user's cache, never in the repository: the AWS command line pins its own botocore.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from infra.deployment.problems import DeploymentError

AWS_CLI = ("awscli==1.46.3",)
STAMP = "complete"
INSTALL_SECONDS = 600


def cache_folder() -> Path:
    """Where environments are kept: PENNYDESK_CACHE, or a folder of the user's cache."""
    named = os.environ.get("PENNYDESK_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "pennydesk"


def programs(name: str, pins: Sequence[str]) -> Path:
    """Give the folder with the programs of these pinned packages, installing them where they are not there yet.

    Raises DeploymentError when they can't be had.
    """
    fingerprint = hashlib.sha256("\n".join((sys.version, *pins)).encode()).hexdigest()[:10]
    folder = cache_folder() / f"{name}-{fingerprint}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / STAMP).exists():
            _install(folder, pins)
    return folder / "bin"


def aws_cli() -> Path:
    """Give the path of the `aws` program. Raises DeploymentError when it can't be had."""
    return programs("aws", AWS_CLI) / "aws"


def _install(folder: Path, pins: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        done = subprocess.run([*pip, *pins], capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DeploymentError(f"installing {', '.join(pins)} took over {INSTALL_SECONDS} s") from error
    if done.returncode:
        said = " ".join(done.stderr.strip().splitlines()[-2:])
        raise DeploymentError(f"{', '.join(pins)} could not be installed into {folder}: {said}")
    (folder / STAMP).touch()
