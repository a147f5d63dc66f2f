"""`python -m infra.translations`: bring the console's catalogue up to date with what its templates and code say.

New sentences come in untranslated, ones that nothing says any more leave. With `--check` nothing is written, and the
exit status is 1 where something is missing, doubtful or left over.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HEADER = """# The console in Simplified Chinese; `python -m infra.translations` brings it up to date.
msgid ""
msgstr ""
"Language: zh_Hans_CN\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
CONSOLE = Path(__file__).resolve().parent.parent / "chalicelib" / "web" / "console"
CATALOGUE = CONSOLE / "locale" / "zh.po"
SOURCES = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}


def said() -> Catalog:
    """Give every sentence that the console's templates and code say, with where."""
    catalogue = Catalog()
    found = extract_from_dir(CONSOLE, SOURCES, OPTIONS, comment_tags=("Translators:",))
    for path, line, message, comments, context in found:
        catalogue.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return catalogue


def kept() -> Catalog:
    """Give the catalogue as it is kept."""
    if not CATALOGUE.is_file():
        return Catalog(locale="zh_Hans_CN", project="Pennydesk", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def lacking(catalogue: Catalog, sentences: Catalog) -> Iterator[str]:
    """Give, in words, what a catalogue lacks or has too much to say all of these sentences."""
    for message in sentences:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None or not known.string or not all(known.string):
            yield f"not translated: {message.id}"
        elif known.fuzzy:
            yield f"doubtful: {message.id}"
    for message in catalogue:
        if message.id and sentences.get(message.id, message.context) is None:
            yield f"said nowhere: {message.id}"


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogue anew, or check it; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.translations", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say what is missing")
    wanted = parser.parse_args(arguments)
    sentences, catalogue = said(), kept()
    if not wanted.check:
        catalogue.update(sentences, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with CATALOGUE.open("wb") as file:
            file.write(HEADER.encode())
            write_po(file, catalogue, sort_output=True, no_location=True, omit_header=True, width=0)
    problems = list(lacking(catalogue, sentences))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
