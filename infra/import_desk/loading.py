"""The way through an export's files into a desk, in an order in which nothing is missed while it is half done."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.domain.search.found import CHANGES
from chalicelib.wiring import WiredDesk
from infra.export import records
from infra.export.folder import FORMAT, FORMAT_VERSION, MANIFEST
from infra.export.walk import ATTACHMENTS, MAIL, SETTINGS, SIGNING_KEY
from infra.export.wire import Malformed
from infra.import_desk.restore import Restorer
from infra.reindex import reindex
from infra.stage import Refused

LINES_BETWEEN_MARKS = 500
MAY_BE_THERE = frozenset({"once", "api-keys", "audit", CHANGES})
"""What an empty desk may hold all the same."""

Tell = Callable[[str], None]
Take = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner chose: to go on with an import, to take over the old key, to keep the old desk's addresses."""

    resume: bool = False
    signing_key: bool = False
    keep_addresses: bool = False


def load(desk: WiredDesk, folder: Path, choices: Choices, tell: Tell = print) -> Mapping[str, int]:
    """Load an export into a desk, and let its tickets be found; gives how many records of each file it holds now.

    Raises Refused for an unfinished or unknown export, a desk that holds something already, and counts that differ
    from the manifest's.
    """
    manifest = read_manifest(folder)
    if not choices.resume:
        _refuse_unless_empty(desk)
    if choices.signing_key:
        _take_over_key(desk, folder)
    restorer = Restorer(desk, folder)
    restorer.settings(_object(folder / SETTINGS), keep_addresses=choices.keep_addresses)
    marks = Marks(folder / f"import-{desk.environment.table}.json", choices.resume)
    counts = {}
    for name, take in _order(restorer, manifest).items():
        counts[name] = _load_file(folder / name, take, marks)
        tell(f"{name}: {counts[name]}")
        if counts[name] != manifest["counts"][name]:
            raise Refused(
                f"{name} has {counts[name]} lines, its manifest says {manifest['counts'][name]}: copy it anew"
            )
    reindex(desk, tell)
    return counts


def read_manifest(folder: Path) -> dict[str, Any]:
    """Give an export's manifest. Raises Refused where the export is not finished, or not one of ours."""
    if not (folder / MANIFEST).is_file():
        raise Refused(f"{folder} has no {MANIFEST}: no export, or one that has to be finished by the same command")
    manifest = _object(folder / MANIFEST)
    if manifest.get("format") != FORMAT or manifest.get("format_version") != FORMAT_VERSION:
        shown = f"{manifest.get('format')} {manifest.get('format_version')}"
        raise Refused(f"this reads {FORMAT} {FORMAT_VERSION}, the folder holds {shown}; use the program that wrote it")
    return manifest


def _object(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{path} can't be read: {error}") from None
    return found


def _refuse_unless_empty(desk: WiredDesk) -> None:
    after = None
    while True:
        keys, after = records.scan_page(desk, after, 100)
        there = next((kind for key in keys if (kind := records.kind_of(key)) not in MAY_BE_THERE), None)
        if there is not None:
            advice = "choose another, or --resume, which leaves what is there as it is"
            raise Refused(f"the desk {desk.environment.stage} isn't empty, it holds {there} items; {advice}")
        if after is None:
            return


def _take_over_key(desk: WiredDesk, folder: Path) -> None:
    if not (folder / SIGNING_KEY).is_file():
        raise Refused(f"{folder} has no {SIGNING_KEY}: export with --with-signing-key, or import without it")
    value = str(_object(folder / SIGNING_KEY)["signing_key"])
    name = desk.environment.signing_key_parameter
    desk.aws.client("ssm").put_parameter(Name=name, Type="SecureString", Value=value, Overwrite=True)


def _order(restorer: Restorer, manifest: Mapping[str, Any]) -> dict[str, Take]:
    """Tickets come last: from the moment they are there, the desk works on them."""
    options, counts = manifest.get("options", {}), manifest.get("counts", {})
    later = {
        records.CUSTOMER_NOTES: restorer.customer_note,
        records.ADDRESSES: restorer.address,
        records.SPAM: restorer.spam,
        records.SPENDING: restorer.spending,
        records.AUDIT: restorer.audit_entry,
        records.VIEWS: restorer.views,
    }
    return {
        records.PEOPLE: restorer.person,
        **({records.TEMPLATES: restorer.template} if records.TEMPLATES in manifest.get("counts", {}) else {}),
        records.CUSTOMERS: restorer.customer,
        records.EMAIL_IDS: restorer.email_id,
        **{name: take for name, take in later.items() if name in counts},
        records.MESSAGES: restorer.message,
        **({ATTACHMENTS: restorer.attachment} if options.get("files") else {}),
        **({MAIL: restorer.mail} if options.get("mail") else {}),
        **({records.API_KEYS: restorer.api_key} if options.get("keys") else {}),
        records.TICKETS: restorer.ticket,
    }


class Marks:
    """How far each file was loaded, in a small file beside them: a resumed import skips what it has done."""

    def __init__(self, path: Path, resume: bool) -> None:
        """Without `resume` nothing counts as done."""
        self._path = path
        self._done: dict[str, list[int]] = _object(path) if resume and path.is_file() else {}

    def of(self, name: str) -> tuple[int, int]:
        """Give the bytes and lines of a file that are done."""
        size, lines = self._done.get(name, (0, 0))
        return size, lines

    def set(self, name: str, size: int, lines: int) -> None:
        """Remember that so many bytes and lines are done."""
        self._done[name] = [size, lines]
        passing = self._path.with_suffix(".part")
        passing.write_text(json.dumps(self._done), encoding="utf-8")
        passing.replace(self._path)


def _load_file(path: Path, take: Take, marks: Marks) -> int:
    """Hand a file's records over, and give how many lines it has. Raises Refused naming the line that is wrong."""
    place, number = marks.of(path.name)
    for line in _lines(path, place):
        number += 1
        try:
            take(json.loads(line))
        except (Malformed, ValueError) as error:
            raise Refused(f"{path.name}, line {number}: {error}") from None
        place += len(line)
        if number % LINES_BETWEEN_MARKS == 0:
            marks.set(path.name, place, number)
    marks.set(path.name, place, number)
    return number


def _lines(path: Path, start: int) -> Iterator[bytes]:
    if not path.is_file():
        raise Refused(f"{path} is missing: copy the whole folder")
    with path.open("rb") as file:
        file.seek(start)
        yield from file
