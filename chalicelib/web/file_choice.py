"""Files that somebody chose in a form: sent ahead by a script, or with the form itself where none runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import InvalidInput, TooLarge
from chalicelib.usecases.offer_upload import Enclosed, Waiting, enclosed, offer_place, take_file, waiting_files
from chalicelib.web.call import Answer, Call

FIELD, FILE_FIELD = "upload", "file"
"""What a form calls the ids of files that were sent ahead, and files themselves."""

WHOLE_FORM = 4_000_000
"""Bytes of files that pages say can come with a form itself."""


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What was chosen, and what was wrong with the rest of it: `too_large`, `refused` or `too_many`, or nothing."""

    files: tuple[Waiting, ...] = ()
    wrong: str = ""
    holder: str = ""

    @property
    def enclosed(self) -> tuple[Enclosed, ...]:
        """The files as a message names them."""
        return enclosed(self.files, self.holder)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of their uploads."""
        return tuple(file.upload for file in self.files)


def chosen_files(call: Call, holder: str, most: int) -> FileChoice:
    """Take in what a form brings: files that `holder` sent ahead, and those in the form itself, `most` in all."""
    uploads, wrong = call.form_lists().get(FIELD, [])[:100], ""
    ahead = waiting_files(call.desk, uploads, holder)
    came: list[str] = []
    for file in call.files():
        if len(ahead) + len(came) >= most:
            wrong = "too_many"
            break
        try:
            came.append(take_file(call.desk, file.filename, file.content_type, file.content, holder))
        except TooLarge:
            wrong = "too_large"
        except InvalidInput:
            wrong = "refused"
    files = waiting_files(call.desk, [*(file.upload for file in ahead), *came], holder)
    return FileChoice(files[:most], wrong or ("too_many" if len(files) > most else ""), holder)


def place_offered(call: Call, holder: str, given: Mapping[str, Any]) -> Answer:
    """Give a script the place to which it can send a file: `{id, url, type}`.

    Raises InvalidInput (422) for what isn't wanted, TooLarge (413).
    """
    name, kind, size = given.get("name"), given.get("type"), given.get("size")
    if not isinstance(name, str) or not isinstance(kind, str) or not isinstance(size, int):
        raise InvalidInput("tell the file's name, type and size", "name")
    place = offer_place(call.desk, name, kind, size, holder)
    return Answer({"id": place.id, "url": place.url, "type": place.content_type}, 201)


def told(call: Call) -> Mapping[str, Any]:
    """Give what a script tells of a file. Raises as `Call.json` does, and InvalidInput for what is no object."""
    given = call.json()
    if not isinstance(given, dict):
        raise InvalidInput("must be an object", "body")
    return given
