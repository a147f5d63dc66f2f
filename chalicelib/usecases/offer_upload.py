"""A file on its way to a message: somebody says what they will upload, sends it to the bucket, and names it then.

Who was offered a place is its holder: an agent, a form, a ticket's page. Nobody else can name what lies there.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import InvalidInput, NotFound, TooLarge
from chalicelib.domain.message import Attachment
from chalicelib.domain.upload import LARGEST, plain_name, plain_type
from chalicelib.usecases.ports import Desk

PURPOSE = "upload"
UPLOAD_LIMIT = LARGEST
"""Most bytes of one file."""

UPLOAD_SECONDS = 900
"""How long the link to send a file to works; what it holds waits two days to be named in a message."""

AGENT = "agent:"
"""How an agent's holder begins. What belongs to a draft of theirs waits as long as the draft does."""


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
    """A file that a message names: the id of its upload; with `content_id` it is shown where the HTML names it.

    `holder` is who names it; nobody for the API's clients.
    """

    upload: str
    content_id: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was uploaded and waits to be sent; `size` is in bytes."""

    upload: str
    filename: str
    size: int


def offer_upload(desk: Desk, filename: str, content_type: str, size: int, holder: str = "") -> Upload:
    """Give a place for a file of this name, type and size in bytes. Raises InvalidInput for one that is too large."""
    if not 1 <= size <= UPLOAD_LIMIT:
        raise InvalidInput(f"must be from 1 to {UPLOAD_LIMIT:,} bytes", "size")
    key = f"{_folder(holder)}/{secrets.token_hex(16)}"
    expires = desk.clock.now() + timedelta(seconds=UPLOAD_SECONDS)
    url = desk.files.upload_link(key, content_type, size)
    return Upload(_sealed(desk, key, filename, content_type, size, holder), url, content_type, expires)


def offer_place(desk: Desk, filename: str, content_type: str, size: int, holder: str) -> Upload:
    """Do the same for who sits at a browser: the name and the type as they can be kept.

    Customers are held to the desk's settings. Raises InvalidInput, naming `filename` or `size`, and TooLarge.
    """
    name, kind = plain_name(filename), plain_type(content_type)
    _refuse_unwanted(desk, name, size, holder)
    return offer_upload(desk, name, kind, size, holder)


def take_file(desk: Desk, filename: str, content_type: str, content: bytes, holder: str) -> str:
    """Keep a file that came with a form, as a browser without scripts sends it, and give the id of its upload; the same
    again is the same. Raises as `offer_place` does."""
    name, kind = plain_name(filename), plain_type(content_type)
    _refuse_unwanted(desk, name, len(content), holder)
    said = repr((holder, name, hashlib.sha256(content).hexdigest())).encode("utf-8", "surrogatepass")
    key = f"{_folder(holder)}/{hmac.digest(desk.signer.secret(), said, 'sha256').hex()[:32]}"
    desk.files.take(key, kind, content)
    return _sealed(desk, key, name, kind, len(content), holder)


def waiting_files(desk: Desk, uploads: Sequence[str], holder: str) -> tuple[Waiting, ...]:
    """Give those of these uploads that are genuine and the holder's own, each once; nothing is read."""
    told = ((upload, desk.signer.unseal(PURPOSE, upload)) for upload in dict.fromkeys(uploads))
    return tuple(
        Waiting(upload, found["name"], int(found.get("size", "0")))
        for upload, found in told
        if found and found.get("for", "") == holder
    )


def enclosed(files: Sequence[Waiting], holder: str) -> tuple[Enclosed, ...]:
    """Give waiting files as a message names them."""
    return tuple(Enclosed(file.upload, holder=holder) for file in files)


def claim_uploads(desk: Desk, ref: str, message_id: str, named: tuple[Enclosed, ...]) -> tuple[Attachment, ...]:
    """Make uploaded files a message's attachments; the same again is the same.

    Raises InvalidInput for an upload that isn't genuine or isn't its holder's, was never sent, or is gone.
    """
    return tuple(_claimed(desk, ref, message_id, number, file) for number, file in enumerate(named))


def _claimed(desk: Desk, ref: str, message_id: str, number: int, file: Enclosed) -> Attachment:
    told = desk.signer.unseal(PURPOSE, file.upload)
    try:
        if told is None or told.get("for", "") != file.holder:
            raise NotFound("this is no upload of ours")
        kept = desk.files.claim(told["key"], ref, message_id, number, told["name"], told["type"])
    except NotFound:
        remedy = "is no upload whose file has arrived, or is older than two days; upload it, then name it here"
        raise InvalidInput(remedy, f"attachments[{number}].upload") from None
    return replace(kept, inline=bool(file.content_id), content_id=file.content_id)


def _folder(holder: str) -> str:
    return "drafts" if holder.startswith(AGENT) else "uploads"


def _sealed(desk: Desk, key: str, filename: str, content_type: str, size: int, holder: str) -> str:
    told = {"key": key, "name": filename, "type": content_type, "size": str(size)}
    return desk.signer.seal(PURPOSE, {**told, "for": holder} if holder else told)


def _refuse_unwanted(desk: Desk, filename: str, size: int, holder: str) -> None:
    limits = desk.settings.load().uploads
    most = UPLOAD_LIMIT if holder.startswith(AGENT) else limits.most_bytes
    if size > most:
        raise TooLarge(f"must have at most {most:,} bytes", "size")
    if not holder.startswith(AGENT) and limits.refuses(filename):
        raise InvalidInput("is of a kind that the desk doesn't take", "filename")
