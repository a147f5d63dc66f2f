"""Writes the whole desk into a folder: `python -m infra.export --stage prod --out FOLDER`. See docs/leaving.md."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.audit import COMMAND, Deed, Kind
from chalicelib.domain.errors import DeskError
from chalicelib.wiring import WiredDesk
from infra.export.walk import Wanted, export
from infra.stage import Refused, find_environment, in_one_line, reach_cloud

MOST_PAGE = 1000
"""S3 lists no more at a time."""


def main(arguments: Sequence[str] | None = None, variables: Mapping[str, str] = os.environ) -> int:
    """Export. Gives the exit code: 0, or 1 after one line on what is wrong; the same command then goes on."""
    options = _parser().parse_args(arguments)
    wanted = Wanted(options.with_files, options.with_mail, options.with_keys, options.with_signing_key, options.page)
    try:
        aws = reach_cloud(variables)
        desk = WiredDesk(find_environment(aws, options.stage, variables), aws)
        with desk.acting(COMMAND):
            desk.audit.note(Deed.EXPORTED, Kind.DESK, desk.environment.stage, "", wanted.taken_along)
        counts = export(desk, Path(options.out), wanted)
    except (Refused, DeskError, BotoCoreError, ClientError, OSError) as error:
        print(in_one_line(error), file=sys.stderr)
        return 1
    for name, count in counts.items():
        print(f"{name}: {count}")
    if not wanted.signing_key:
        print("The signing key stays behind: a desk with another key won't know old reply addresses and survey links.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.export", description="Write the whole desk as JSON Lines.")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder, or one to go on with")
    parser.add_argument("--stage", default="", help="the desk of this stage: stack pennydesk-<stage> (default: prod)")
    parser.add_argument("--with-files", action="store_true", help="copy the attachments' bytes as well")
    parser.add_argument("--with-mail", action="store_true", help="copy the mails as they came in as well")
    parser.add_argument("--with-keys", action="store_true", help="take API keys' names and hashes along")
    parser.add_argument("--with-signing-key", action="store_true", help="take the secret that signs links along")
    parser.add_argument("--page", type=_page, default=200, help="items read before they are kept (1 to 1000)")
    return parser


def _page(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_PAGE:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MOST_PAGE}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
