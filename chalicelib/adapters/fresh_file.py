"""The one file of the search index that is overwritten: tickets that changed lately, and which files there are."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from chalicelib.adapters.index_file import IndexFile
from chalicelib.domain.search.document import Document

SCHEMA = """
CREATE TABLE IF NOT EXISTS generation (number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS months (month TEXT PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS retired (key TEXT PRIMARY KEY, generation INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS gone (month TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (month, ref));
"""


class FreshFile(IndexFile):
    """The fresh file, open for as long as a `with` lasts."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """See IndexFile. Each opening for writing begins a further generation, after which new files are named."""
        super().__init__(path, writable=writable)
        if writable:
            self.connection.execute(SCHEMA)
            self.generation = 1 + int(self.connection.execute("SELECT max(number) FROM generation").get or 0)
            self.connection.execute("DELETE FROM generation")
            self.connection.execute("INSERT INTO generation VALUES (?)", (self.generation,))

    def begin_anew(self) -> tuple[str, ...]:
        """Forget everything, and give the keys of all files that nobody names any more."""
        rows = self.connection.execute("SELECT key FROM months UNION SELECT key FROM retired")
        old = tuple(str(key) for (key,) in rows)
        for ref in self.refs():
            self.remove(ref)
        self.connection.execute("DELETE FROM months; DELETE FROM gone; DELETE FROM retired")
        return old

    def take_in(self, documents: Iterable[Document], gone: Iterable[str]) -> None:
        """Take in what changed, and remember which tickets are to be taken out of every month's file."""
        for document in documents:
            self.put(document)
            self.connection.execute("DELETE FROM gone WHERE ref = ?", (document.ref,))
        erased = tuple(gone)
        self.erase(erased)
        for ref in erased:
            self.connection.execute("INSERT OR IGNORE INTO gone SELECT month, ? FROM months", (ref,))

    def to_fold(self, most: int) -> list[str]:
        """Give the months whose files must be written anew, the newest first: all that are fresh where there are
        `most`, and those in which a ticket may be that is gone."""
        months = {month for (month,) in self.connection.execute("SELECT DISTINCT month FROM gone")}
        if self.count() >= most:
            months |= {month for (month,) in self.connection.execute("SELECT DISTINCT month FROM docs")}
        return sorted(months, reverse=True)

    def fold(self, month: str) -> str:
        """Give the key of a month's next file, which holds from now on what was fresh of it."""
        key = f"search/{month}-{self.generation}.db"
        for document in list(self.of_month(month)):
            self.remove(document.ref)
        self.connection.execute("DELETE FROM gone WHERE month = ?", (month,))
        if known := self.file_of(month):
            self.connection.execute("INSERT OR REPLACE INTO retired VALUES (?, ?)", (known, self.generation))
        self.connection.execute("INSERT OR REPLACE INTO months VALUES (?, ?)", (month, key))
        return key

    def file_of(self, month: str) -> str:
        """Give the key of a month's file, empty where there is none."""
        return str(self.connection.execute("SELECT key FROM months WHERE month = ?", (month,)).get or "")

    def files_newest_first(self) -> list[tuple[str, str]]:
        """Give each month with its file's key."""
        rows = self.connection.execute("SELECT month, key FROM months ORDER BY month DESC")
        return [(str(month), str(key)) for month, key in rows]

    def superseded(self) -> Sequence[str]:
        """Give the tickets that are not to be looked for in months' files: known better here, or gone."""
        gone = (str(ref) for (ref,) in self.connection.execute("SELECT DISTINCT ref FROM gone"))
        return (*self.refs(), *gone)

    def erased_from(self, month: str) -> tuple[str, ...]:
        """Give the tickets that are still to be taken out of a month's file."""
        return tuple(str(ref) for (ref,) in self.connection.execute("SELECT ref FROM gone WHERE month = ?", (month,)))

    def erasing(self) -> bool:
        """Whether some month's file may still hold a ticket that is gone."""
        return self.connection.execute("SELECT 1 FROM gone LIMIT 1").fetchone() is not None

    def retired(self) -> tuple[str, ...]:
        """Give the files that nobody names any more, and strike them out: readers had a whole building's time."""
        sql = "DELETE FROM retired WHERE generation < ? RETURNING key"
        return tuple(str(key) for (key,) in self.connection.execute(sql, (self.generation,)))

    def just_retired(self) -> tuple[str, ...]:
        """Give the files that this generation took the place of."""
        rows = self.connection.execute("SELECT key FROM retired WHERE generation = ?", (self.generation,))
        return tuple(str(key) for (key,) in rows)
