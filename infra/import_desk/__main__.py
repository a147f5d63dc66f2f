"""Loads an export into an empty desk: `python -m infra.import_desk --in FOLDER --stage new`. See docs/leaving.md."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.audit import COMMAND, Deed, Kind
from chalicelib.domain.errors import DeskError
from chalicelib.wiring import WiredDesk
from infra.export.walk import ATTACHMENTS
from infra.import_desk.loading import Choices, load, read_manifest
from infra.stage import Refused, find_environment, in_one_line, reach_cloud

ANOTHER_KEY = (
    "This desk signs with a key of its own: reply addresses (support+…@) and survey links in old mails are not known "
    "here. Answers find their ticket by the Message-IDs of the mails they answer, or by the reference in their "
    "subject; old survey links say that they don't exist; a known customer who writes anew gets a new record."
)
KEY_TAKEN_OVER = "The old signing key is in place; functions that are warm use it within the hour, or deploy again."


def main(arguments: Sequence[str] | None = None, variables: Mapping[str, str] = os.environ) -> int:
    """Import. Gives the exit code: 0, or 1 after one line on what is wrong; `--resume` then goes on."""
    options = _parser().parse_args(arguments)
    choices = Choices(options.resume, options.with_signing_key, options.keep_addresses)
    folder = Path(options.folder)
    try:
        manifest = read_manifest(folder)
        aws = reach_cloud(variables)
        desk = WiredDesk(find_environment(aws, options.stage, variables), aws)
        with desk.acting(COMMAND):
            desk.audit.note(Deed.IMPORTED, Kind.DESK, desk.environment.stage, "", {"from": manifest.get("stage", "")})
        load(desk, folder, choices)
    except (Refused, DeskError, BotoCoreError, ClientError, OSError) as error:
        print(in_one_line(error), file=sys.stderr)
        return 1
    print(KEY_TAKEN_OVER if choices.signing_key else ANOTHER_KEY)
    missing = manifest["counts"].get(ATTACHMENTS, 0) if not manifest["options"].get("files") else 0
    if missing:
        print(f"The export has no copies of its {missing} attachments (--with-files): their links lead nowhere.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.import_desk", description="Load an export into a desk.")
    parser.add_argument("--in", dest="folder", required=True, metavar="FOLDER", help="what infra.export wrote")
    parser.add_argument("--stage", default="", help="the desk of this stage: stack pennydesk-<stage> (default: prod)")
    parser.add_argument("--resume", action="store_true", help="go on; what lies in the desk already stays as it is")
    parser.add_argument("--with-signing-key", action="store_true", help="sign with the old desk's key from now on")
    parser.add_argument("--keep-addresses", action="store_true", help="keep the old support address and public URL")
    return parser


if __name__ == "__main__":
    sys.exit(main())
