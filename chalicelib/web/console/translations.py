"""The console's sentences in Chinese, from a gettext catalogue; English is what the templates themselves say."""

from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent / "locale"


@cache
def translations(language: str) -> NullTranslations:
    """Give a language's catalogue: compiled, as the package holds it, or straight from its source."""
    if language == "en":
        return NullTranslations()
    compiled, source = FOLDER / f"{language}.mo", FOLDER / f"{language}.po"
    if compiled.is_file():
        return GNUTranslations(BytesIO(compiled.read_bytes()))
    return GNUTranslations(BytesIO(compiled_catalogue(source)))


def compiled_catalogue(source: Path) -> bytes:
    """Give a .po file's content in the form that gettext reads quickly, the same bytes whenever it is asked."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    into = BytesIO()
    with source.open("rb") as file:
        catalogue = read_po(file)
    catalogue.creation_date = catalogue.revision_date = datetime(1980, 1, 1, tzinfo=UTC)  # else it tells the present
    write_mo(into, catalogue)
    return into.getvalue()
