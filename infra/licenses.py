"""Whose work the package holds, and under which licences: the file THIRD_PARTY_LICENSES.

What wheels bring is read from their metadata (core metadata specification, packaging.python.org), native modules' parts
from the bills of materials beside them (PEP 770). Chalice copies its runtime in without metadata: that is read where it
is installed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

FILE = "THIRD_PARTY_LICENSES"
TEXTS = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)", re.IGNORECASE)
RULE = "=" * 100
COPIED = {"chalice": "chalice"}
"""Packages that come without metadata: their folder, and the distribution that they are a part of."""


SCRIPTS = {"chalicelib/web/static/htmx.js": ("htmx", re.compile(r'version:"([0-9.]+)"'), "0BSD")}
"""Scripts of others that pages load: their file, name, where they tell their version, and licence."""


@dataclass(frozen=True)
class Work:
    """One distribution: what its licence is called, the texts that come with it, and what it has compiled in."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    parts: tuple[str, ...] = ()


def write_licenses(folder: Path) -> None:
    """Write the file into an unpacked package; none where nothing of others is in it."""
    works = shipped(folder)
    if works:
        (folder / FILE).write_text(licenses(works), encoding="utf-8")


def shipped(folder: Path) -> list[Work]:
    """Give every distribution in an unpacked package, by name."""
    works = [_work(metadata.parent) for metadata in folder.glob("*.dist-info/METADATA")]
    for package, name in COPIED.items():
        if (folder / package).is_dir():
            works.append(_work(Path(str(distribution(name).locate_file("")), *_metadata_folder(name))))
    for file, (name, version, licence) in SCRIPTS.items():
        if (folder / file).is_file():
            told = version.search((folder / file).read_text(encoding="utf-8"))
            works.append(Work(name, told[1] if told else "", licence, ()))
    return sorted(works, key=lambda work: work.name.lower())


def _metadata_folder(name: str) -> tuple[str, ...]:
    found = distribution(name)
    return (f"{found.metadata['Name']}-{found.version}.dist-info",)


def _work(info: Path) -> Work:
    metadata = HeaderParser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
    classifiers = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier", ()) if one.startswith("License")]
    named = metadata.get("License-Expression") or ", ".join(classifiers) or metadata.get("License") or "see below"
    texts = sorted(path for path in info.rglob("*") if path.is_file() and TEXTS.match(path.name))
    return Work(
        str(metadata["Name"]),
        str(metadata["Version"]),
        named.strip().splitlines()[0],
        tuple(path.read_text(encoding="utf-8").strip() for path in texts),
        tuple(sorted(set(_parts(info)))),
    )


def _parts(info: Path) -> Iterator[str]:
    for path in info.glob("sboms/*.json"):
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        for part in content.get("components", ()):
            terms = (
                entry.get("expression") or entry.get("license", {}).get("id") for entry in part.get("licenses", ())
            )
            yield f"{part['name']} {part.get('version', '')}: {', '.join(filter(None, terms)) or 'not told'}"


def licenses(works: list[Work]) -> str:
    """Give the file's text: first a list, then each distribution's own words."""
    head = "Pennydesk is under the MIT licence. Its package holds these works of others, unchanged but for bytecode:"
    names = [f"  {work.name} {work.version}: {work.licence}" for work in works]
    return "\n".join([head, "", *names, "", *(line for work in works for line in _in_full(work))])


def _in_full(work: Work) -> Iterator[str]:
    yield from (RULE, f"{work.name} {work.version}: {work.licence}", RULE, "")
    for text in work.texts:
        yield from (text, "")
    if work.parts:
        yield from ("Compiled in, with licences as its bill of materials tells:", *(f"  {part}" for part in work.parts))
        yield ""
