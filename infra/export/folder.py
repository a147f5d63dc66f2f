"""The folder that an export fills, page by page: killed between any two, it goes on after the last complete one."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.export.wire import line_of
from infra.stage import Refused

FORMAT, FORMAT_VERSION = "pennydesk-export", 1
MANIFEST, CHECKPOINT = "manifest.json", "checkpoint.json"
MOST_PENDING = 8 << 20
"""Bytes of one file that wait in memory for the page to be complete."""


@dataclass
class ExportFolder:
    """Files of lines, and a checkpoint that says how long each was when the last page was complete.

    `options` say what the export takes along; `place` is where the walk goes on: a phase and what came last in it.
    """

    path: Path
    options: Mapping[str, Any]
    started_at: str
    place: tuple[str, Any] = ("table", None)
    counts: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    _pending: dict[str, bytearray] = field(default_factory=dict)

    @staticmethod
    def at(path: Path, options: Mapping[str, Any], now: str) -> "ExportFolder":
        """Give the folder, new or as an earlier run left it: what came after its last complete page is cut off.

        Raises Refused for a finished export, for one with other options, and for a folder of something else.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (path / MANIFEST).exists():
            raise Refused(f"{path} holds a finished export; choose another folder")
        if not (path / CHECKPOINT).exists():
            if any(found.suffix != ".part" for found in path.iterdir()):
                raise Refused(f"{path} holds something else; choose a folder that is empty or not there yet")
            folder = ExportFolder(path, options, now)
            folder.commit(folder.place)
            return folder
        return _resumed(path, options)

    def add(self, name: str, record: Mapping[str, Any]) -> None:
        """Append a record to a file of lines."""
        pending = self._pending.setdefault(name, bytearray())
        pending += line_of(record)
        self.counts[name] = self.counts.get(name, 0) + 1
        if len(pending) > MOST_PENDING:
            self._append(name)

    def touch(self, name: str) -> None:
        """Make a file of lines be there, even with none."""
        self._pending.setdefault(name, bytearray())
        self.counts.setdefault(name, 0)

    def _append(self, name: str) -> None:
        with open(self.path / name, "ab", opener=_private) as file:
            file.write(self._pending.pop(name))
            file.flush()
            os.fsync(file.fileno())

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file that is one JSON object, whole or not at all; only its owner can read it."""
        passing = self.path / f"{name}.part"
        with open(passing, "w", encoding="utf-8", opener=_private) as file:
            json.dump(content, file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        passing.replace(self.path / name)

    def commit(self, place: tuple[str, Any]) -> None:
        """Make what was added since the last commit last, and remember where to go on."""
        for name in list(self._pending):
            self._append(name)
        self.place = place
        state = {"options": dict(self.options), "started_at": self.started_at, "place": list(place)}
        sizes = {name: (self.path / name).stat().st_size for name in self.counts}
        self.write(CHECKPOINT, {**state, "counts": self.counts, "seen": self.seen, "sizes": sizes})

    def finish(self, more: Mapping[str, Any]) -> None:
        """Write the manifest, which makes the export complete; the checkpoint goes."""
        head = {"format": FORMAT, "format_version": FORMAT_VERSION, "started_at": self.started_at}
        self.write(MANIFEST, {**head, **more, "options": dict(self.options), "counts": self.counts, "seen": self.seen})
        (self.path / CHECKPOINT).unlink()


def _resumed(path: Path, options: Mapping[str, Any]) -> ExportFolder:
    state = json.loads((path / CHECKPOINT).read_text(encoding="utf-8"))
    if state["options"] != dict(options):
        raise Refused(f"{path} holds an unfinished export of another desk or with other options: {state['options']}")
    for lines in path.glob("*.jsonl"):
        size = state["sizes"].get(lines.name, 0)
        if lines.stat().st_size < size:
            raise Refused(f"{lines} is shorter than it was; begin anew in an empty folder")
        os.truncate(lines, size)
    phase, after = state["place"]
    return ExportFolder(path, options, state["started_at"], (phase, after), state["counts"], state["seen"])


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
