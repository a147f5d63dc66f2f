"""The search index in the files bucket: a file for each month, and one, small, for what is newer than these.

`search/fresh.db` holds what changed lately, and names the file of each month. It is the only object that is ever
overwritten, and only by who has read it as it stands: so all that changes, changes at once with it. A file of a month
is written once under a name of its own; the one that it takes the place of goes away at the next building.
"""

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.adapters.fresh_file import FreshFile
from chalicelib.adapters.index_file import LAST, IndexFile, OutOfTime, asked_numbers, created_at, month_of, numbers_of
from chalicelib.domain.errors import InvalidInput, StaleVersion, TryAgain
from chalicelib.domain.search.document import Document
from chalicelib.domain.search.excerpt import excerpt, marked
from chalicelib.domain.search.found import Found, Hit
from chalicelib.domain.search.query import Part, Query

PREFIX = "search/"
FRESH = f"{PREFIX}fresh.db"
FOLD_AT = 300
"""When so many tickets are fresh, they are taken over into the months' files."""

SECONDS = 8.0
"""How long one search may look through older months, and how long taking over may begin with another month."""

MOST_CACHED = 300 << 20
"""Bytes of files that are kept for the next search; Lambda has 512 MB for them unless told otherwise."""

TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
MISSING = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
"""S3 answers 403 for what isn't there to those who may not list (S3 API, "GetObject", permissions)."""

Numbered = tuple[int, Document]
"""A document with its row's number, by which results are in order."""


class S3SearchIndex:
    """Builds and searches the index; files are kept in a folder of this process."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is a boto3 S3 client."""
        self._client = client
        self._bucket = bucket
        self._folder = Path(tempfile.mkdtemp(prefix="pennydesk-search-"))
        self._fresh = self._folder / "fresh.db"
        self._fresh_etag = ""
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    # ---- building

    def build(self, documents: Sequence[Document], gone: Sequence[str]) -> bool:
        """See ports.SearchIndex. One GET and one PUT; both and a DELETE for each month that is written anew."""
        until = time.monotonic() + SECONDS
        building, etag = self._begun()
        with FreshFile(building, writable=True) as fresh:
            self._delete(fresh.retired())
            fresh.take_in(documents, gone)
            erasing = fresh.erasing()
            months = fresh.to_fold(FOLD_AT)
            for month in months:
                if time.monotonic() < until:
                    self._fold(fresh, month)
            if months:
                fresh.compact()
            finished, erased = not fresh.erasing(), fresh.just_retired() if erasing else ()
        self._finish(building, etag)
        self._delete(erased)
        return finished

    def _begun(self) -> tuple[Path, str]:
        """Give a copy of the fresh file to work on, and the ETag that the object has unless somebody else builds."""
        building = self._folder / "fresh.building"
        building.unlink(missing_ok=True)
        if self._latest():
            shutil.copyfile(self._fresh, building)
        return building, self._fresh_etag

    def _fold(self, fresh: FreshFile, month: str) -> None:
        building, known = self._folder / "month.building", fresh.file_of(month)
        building.unlink(missing_ok=True)
        if known:
            self._copy(known).replace(building)
        with IndexFile(building, writable=True) as file:
            file.erase(fresh.erased_from(month))
            for document in fresh.of_month(month):
                file.put(document)
        key = fresh.fold(month)
        self._upload(key, building)
        building.replace(self._place(key))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See ports.SearchIndex. Each month's file is written on this machine, then sent."""
        before, etag = self._begun()
        files: dict[str, IndexFile] = {}
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch, ExitStack() as opened:
            for document in documents:
                month = month_of(document)
                if month not in files:
                    files[month] = opened.enter_context(IndexFile(Path(scratch, month), writable=True))
                files[month].put(document)
            count = sum(file.count() for file in files.values())
            opened.close()
            with FreshFile(before, writable=True) as fresh:
                old = fresh.begin_anew()
                for month in sorted(files):
                    self._upload(fresh.fold(month), Path(scratch, month))
        self._finish(before, etag)
        self._delete(old)
        return count

    def _latest(self) -> bool:
        """Have this process's copy of the fresh file as it stands now; False where there is none."""
        asked = {"IfNoneMatch": self._fresh_etag} if self._fresh_etag else {}
        try:
            self._fresh_etag = self._download(FRESH, self._fresh, **asked)
        except ClientError as error:
            if error_code(error) in MISSING:
                self._fresh_etag = ""
            elif error_code(error) not in ("304", "NotModified"):
                raise
        return bool(self._fresh_etag)

    def _finish(self, building: Path, etag: str) -> None:
        """Put the new fresh file in the old one's place, and with it all that it names."""
        try:
            self._fresh_etag = self._upload(FRESH, building, **({"IfMatch": etag} if etag else {"IfNoneMatch": "*"}))
        except ClientError as error:
            if error_code(error) in TAKEN:
                raise StaleVersion("somebody else built the index meanwhile") from error
            raise
        building.replace(self._fresh)

    # ---- searching

    def search(self, query: Query, limit: int, after: str = "", *, newer: Mapping[str, Document | None]) -> Found:
        """See ports.SearchIndex. One conditional GET, and one for each file that this process hasn't got yet.

        Raises TryAgain where one month alone takes too long.
        """
        if after and not (after.isascii() and after.isdecimal() and len(after) < 20 and int(after) <= LAST):
            raise InvalidInput("is not a cursor that this list gave; begin without one", "cursor")
        below = int(after or LAST)
        try:
            return self._search(query, limit, below, newer)
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return self._search(query, limit, below, newer)  # a month's file was replaced in between

    def _search(self, query: Query, limit: int, below: int, newer: Mapping[str, Document | None]) -> Found:
        deadline = time.monotonic() + SECONDS
        found = _find_among(newer, query, limit + 1, below)
        known: Sequence[str] = tuple(newer)
        files: Sequence[tuple[str, str]] = ()
        if self._latest():
            with FreshFile(self._fresh) as fresh:
                found = _merged(found, fresh.find(query, limit + 1, below, known))
                known, files = (*known, *fresh.superseded()), fresh.files_newest_first()
        since, until = asked_numbers(query, below)
        looked_to = until
        for month, key in files:
            begins, ends = numbers_of(month)
            if begins >= until or ends <= since:
                continue
            if sum(1 for number, _ in found if number >= looked_to) > limit:
                break
            try:
                further = self._in_month(key, query, limit + 1, below, known, deadline, first=looked_to == until)
            except OutOfTime:
                return _page(query, found, limit, looked_to)
            found, looked_to = _merged(found, further), begins
        return _page(query, found, limit, 0)

    def _in_month(
        self, key: str, query: Query, limit: int, below: int, known: Sequence[str], deadline: float, *, first: bool
    ) -> list[Numbered]:
        """The first month has twice the time, since a page that looked nowhere would lead nowhere."""
        until = deadline + SECONDS if first else deadline
        if time.monotonic() > until:
            raise OutOfTime
        with IndexFile(self._copy(key)) as file:
            try:
                return file.find(query, limit, below, known, stop=lambda: time.monotonic() > until)
            except OutOfTime:
                if first:
                    raise TryAgain("there is too much to look through; ask for more words, or for fewer days") from None
                raise

    # ---- files

    def _copy(self, key: str) -> Path:
        """Give this process's copy of a month's file, which never changes under its name."""
        path = self._place(key)
        if path.exists():
            os.utime(path)
        else:
            self._make_room()
            self._download(key, path)
        return path

    def _place(self, key: str) -> Path:
        return self._folder / key.removeprefix(PREFIX)

    def _make_room(self) -> None:
        """Let go of the files that were not searched for longest."""
        cached = sorted(self._folder.glob("*-*.db"), key=lambda path: path.stat().st_mtime, reverse=True)
        kept = 0
        for path in cached:
            kept += path.stat().st_size
            if kept > MOST_CACHED:
                path.unlink()

    def _download(self, key: str, path: Path, **conditions: str) -> str:
        with brief_failures():
            answer = self._client.get_object(Bucket=self._bucket, Key=key, **conditions)
            coming = path.with_name(f"{path.name}.part")
            with coming.open("wb") as file:
                for chunk in answer["Body"].iter_chunks(1 << 20):
                    file.write(chunk)
        coming.replace(path)
        return str(answer["ETag"])

    def _upload(self, key: str, path: Path, **conditions: str) -> str:
        with brief_failures(), path.open("rb") as file:
            return str(self._client.put_object(Bucket=self._bucket, Key=key, Body=file, **conditions)["ETag"])

    def _delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            with brief_failures():
                self._client.delete_object(Bucket=self._bucket, Key=key)


def _find_among(newer: Mapping[str, Document | None], query: Query, limit: int, below: int) -> list[Numbered]:
    documents = [document for document in newer.values() if document]
    if not documents:
        return []
    with IndexFile(None, writable=True) as file:
        for document in documents:
            file.put(document)
        return file.find(query, limit, below)


def _merged(some: Sequence[Numbered], others: Sequence[Numbered]) -> list[Numbered]:
    return sorted((*some, *others), key=lambda entry: entry[0], reverse=True)


def _page(query: Query, found: Sequence[Numbered], limit: int, looked_to: int) -> Found:
    """Give a page of what was found above the number down to which everything was looked through."""
    sure = [entry for entry in found if entry[0] >= looked_to]
    hits = tuple(_hit(document, query) for _, document in sure[:limit])
    if len(sure) > limit:
        return Found(hits, str(sure[limit - 1][0]))
    return Found(hits, str(looked_to), created_at(looked_to)) if looked_to else Found(hits)


def _hit(document: Document, query: Query) -> Hit:
    return Hit(document, marked(document.subject, query, Part.SUBJECT), excerpt(document.text, query))
