"""A file on its way to a message: somebody says what they will upload, sends it to the bucket, and names it then."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.message import Attachment
from chalicelib.usecases.ports import Desk

PURPOSE = "upload"
UPLOAD_LIMIT = 100_000_000
"""Most bytes of one file."""

UPLOAD_SECONDS = 900
"""How long the link to send a file to works; what it holds waits two days to be named in a message."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for one file: PUT it to `url` with just this Content-Type and length before `expires_at`.

    `id` names it in a message. It is signed and says itself what it stands for, so that nothing is kept until then.
    """

    id: str
    url: str
    content_type: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that a message names: the id of its upload; with `content_id` it is shown where the HTML names it."""

    upload: str
    content_id: str = ""


def offer_upload(desk: Desk, filename: str, content_type: str, size: int) -> Upload:
    """Give a place for a file of this name, type and size in bytes. Raises InvalidInput for one that is too large."""
    if not 1 <= size <= UPLOAD_LIMIT:
        raise InvalidInput(f"must be from 1 to {UPLOAD_LIMIT:,} bytes", "size")
    key = f"uploads/{secrets.token_hex(16)}"
    told = {"key": key, "name": filename, "type": content_type}
    expires = desk.clock.now() + timedelta(seconds=UPLOAD_SECONDS)
    url = desk.files.upload_link(key, content_type, size)
    return Upload(desk.signer.seal(PURPOSE, told), url, content_type, expires)


def claim_uploads(desk: Desk, ref: str, message_id: str, named: tuple[Enclosed, ...]) -> tuple[Attachment, ...]:
    """Make uploaded files a message's attachments; the same again is the same.

    Raises InvalidInput for an upload that isn't genuine, was never sent, or is gone.
    """
    return tuple(_claimed(desk, ref, message_id, number, file) for number, file in enumerate(named))


def _claimed(desk: Desk, ref: str, message_id: str, number: int, file: Enclosed) -> Attachment:
    told = desk.signer.unseal(PURPOSE, file.upload)
    try:
        if told is None:
            raise NotFound("this is no upload of ours")
        kept = desk.files.claim(told["key"], ref, message_id, number, told["name"], told["type"])
    except NotFound:
        remedy = "is no upload whose file has arrived, or is older than two days; upload it, then name it here"
        raise InvalidInput(remedy, f"attachments[{number}].upload") from None
    return replace(kept, inline=bool(file.content_id), content_id=file.content_id)
