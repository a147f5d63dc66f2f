"""The way through the whole desk: the table page by page, then the buckets; each page is kept before the next."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from chalicelib.wiring import WiredDesk
from infra.export import records
from infra.export.folder import ExportFolder
from infra.export.objects import Shelved, copy_object, list_page
from infra.export.wire import to_wire

READERS = 8
"""How many tickets are read at a time."""

SETTINGS, SIGNING_KEY = "settings.json", "signing_key.json"
ATTACHMENTS, MAIL = "attachments.jsonl", "mail.jsonl"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export takes along beside the records; `page` is how many items are read before they are kept."""

    files: bool = False
    mail: bool = False
    keys: bool = False
    signing_key: bool = False
    page: int = 200

    @property
    def taken_along(self) -> dict[str, bool]:
        """Whether files, mail, keys and the signing key are taken along."""
        return {name: getattr(self, name) for name in ("files", "mail", "keys", "signing_key")}

    def options(self, table: str) -> dict[str, Any]:
        """Give what a resumed export must have in common with the one that it goes on with."""
        return {"table": table, **self.taken_along}


def export(desk: WiredDesk, path: Path, wanted: Wanted, tell: Tell = print) -> Mapping[str, int]:
    """Write the whole desk into a folder, or go on with an export that broke off; gives the lines of each file.

    Raises Refused where the folder is no place for it.
    """
    folder = ExportFolder.at(path, wanted.options(desk.environment.table), to_wire(datetime.now(UTC)))
    if folder.place == ("table", None):
        _begin(desk, folder, wanted)
    shelves = _shelves(desk, wanted)
    if folder.place[0] == "table":
        _walk_table(desk, folder, wanted, tell)
        folder.commit((shelves[0].listing, None))
    for number, shelved in enumerate(shelves):
        if folder.place[0] == shelved.listing:
            _walk_bucket(desk, folder, shelved, wanted.page, tell)
            following = shelves[number + 1].listing if number + 1 < len(shelves) else "end"
            folder.commit((following, None))
    _finish(desk, folder, wanted, tell)
    return folder.counts


def _begin(desk: WiredDesk, folder: ExportFolder, wanted: Wanted) -> None:
    folder.write(SETTINGS, to_wire(desk.settings.load()))
    if wanted.signing_key:
        folder.write(SIGNING_KEY, {"signing_key": desk.signer.secret().decode()})
    plain = (records.TICKETS, records.MESSAGES, records.CUSTOMERS, records.PEOPLE, records.EMAIL_IDS)
    later = (records.CUSTOMER_NOTES, records.ADDRESSES, records.SPAM, records.TEMPLATES, records.SPENDING)
    for name in (*plain, *later, records.AUDIT, records.VIEWS):
        folder.touch(name)
    if wanted.keys:
        folder.touch(records.API_KEYS)
    for name, record in chain(records.people_records(desk), records.template_records(desk)):
        folder.add(name, record)


def _shelves(desk: WiredDesk, wanted: Wanted) -> list[Shelved]:
    attachments = Shelved(desk.environment.files_bucket, "attachments/", ATTACHMENTS, "files", wanted.files)
    mail = Shelved(desk.environment.mail_bucket, "", MAIL, "mail", wanted.mail)
    return [attachments, *([mail] if wanted.mail else [])]


def _walk_table(desk: WiredDesk, folder: ExportFolder, wanted: Wanted, tell: Tell) -> None:
    after = folder.place[1]
    read = partial(records.records_of, desk, with_keys=wanted.keys)
    with ThreadPoolExecutor(READERS) as readers:
        while True:
            keys, after = records.scan_page(desk, after, wanted.page)
            for found in readers.map(read, keys):
                for name, record in found:
                    folder.add(name, record)
            folder.seen = dict(Counter(folder.seen) + Counter(records.kind_of(key) for key in keys))
            if after is None:
                return
            folder.commit(("table", after))
            tell(f"{sum(folder.seen.values())} items read, {folder.counts[records.TICKETS]} tickets so far")


def _walk_bucket(desk: WiredDesk, folder: ExportFolder, shelved: Shelved, page: int, tell: Tell) -> None:
    s3, after = desk.aws.client("s3"), folder.place[1]
    folder.touch(shelved.listing)
    while True:
        found, more = list_page(s3, shelved, after, page)
        for record in found:
            if shelved.copied:
                copy_object(s3, shelved, record, folder.path)
            folder.add(shelved.listing, record)
        if not more:
            return
        after = found[-1]["key"]
        folder.commit((shelved.listing, after))
        tell(f"{folder.counts[shelved.listing]} lines of {shelved.listing} so far")


def _finish(desk: WiredDesk, folder: ExportFolder, wanted: Wanted, tell: Tell) -> None:
    left = records.not_taken_along(folder.seen, with_keys=wanted.keys)
    folder.finish(
        {
            "finished_at": to_wire(datetime.now(UTC)),
            "stage": desk.environment.stage,
            "support_address": desk.settings.load().support_address,
            "left_behind": left,
        }
    )
    for kind, count in sorted(left.items()):
        tell(f"left behind: {count} {kind} ({records.PASSED_OVER.get(kind, 'see docs/leaving.md')})")
