"""A file that was too large for its mail is fetched by the link that stands in it."""

from datetime import UTC, datetime

from chalicelib.domain.errors import LinkExpired, NotFound
from chalicelib.domain.message import Attachment
from chalicelib.usecases.ports import Desk

PURPOSE = "file"


def file_link(desk: Desk, file: Attachment, until: datetime) -> str:
    """Give the signed link to an attachment that works `until` then. The desk's own, not one of S3: those end with
    the credentials of the function that made them, after hours."""
    return f"{desk.settings.load().public_url}/files/{file_token(desk, file, until)}"


def file_token(desk: Desk, file: Attachment, until: datetime) -> str:
    """Give what names an attachment, and when its link ends, in that link."""
    content = {"key": file.key, "name": file.filename, "until": str(int(until.timestamp()))}
    return desk.signer.seal(PURPOSE, content)


def fetch_file(desk: Desk, token: str) -> str:
    """Give the short-lived link to the file itself; nothing is read or recorded.

    Raises NotFound for a link that isn't genuine, LinkExpired after its end.
    """
    content = desk.signer.unseal(PURPOSE, token)
    if content is None:
        raise NotFound("this link is not one of ours, or was cut short; open it from the mail again", "token")
    if desk.clock.now() >= datetime.fromtimestamp(int(content["until"]), UTC):
        raise LinkExpired("this link is no longer valid; ask for the file again", "token")
    return desk.files.link(Attachment(content["key"], content["name"], "application/octet-stream", 0))
