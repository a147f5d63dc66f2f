"""Attachments in the files bucket."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.adapters import counting
from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.domain.errors import NotFound
from chalicelib.domain.message import Attachment
from chalicelib.domain.upload import HEAD_BYTES, real_type
from chalicelib.domain.usage import Usage

LINK_SECONDS = 300
UPLOAD_SECONDS = 900

SHOWN_AS_WHAT_THEY_ARE = frozenset(
    {"application/pdf", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"}
)
"""Media types that a link may name: nothing in them runs. All else is a row of bytes, whatever a sender calls it."""


class S3Files:
    """Keeps attachments in a private bucket, and hands out short-lived links."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is a boto3 S3 client."""
        self._client = client
        self._bucket = bucket

    def keep(self, ref: str, message_id: str, number: int, filename: str, content_type: str, content: bytes) -> str:
        """See ports.Files."""
        key = _key(ref, message_id, number, filename)
        with brief_failures():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        counting.add(Usage(stored_bytes=len(content)))
        return key

    def read(self, attachment: Attachment) -> bytes:
        """See ports.Files."""
        try:
            with brief_failures():
                content: bytes = self._client.get_object(Bucket=self._bucket, Key=attachment.key)["Body"].read()
        except ClientError as error:
            raise _missing(error, attachment.filename) from error
        return content

    def upload_link(self, key: str, content_type: str, size: int) -> str:
        """See ports.Files. Type and length are signed headers: S3 refuses a file of any other."""
        link: str = self._client.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "Key": key, "ContentType": content_type, "ContentLength": size},
            ExpiresIn=UPLOAD_SECONDS,
        )
        return link

    def take(self, key: str, content_type: str, content: bytes) -> None:
        """See ports.Files."""
        with brief_failures():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def claim(
        self, upload: str, ref: str, message_id: str, number: int, filename: str, content_type: str
    ) -> Attachment:
        """See ports.Files. One call asks for the size and how it begins, one copies; the upload itself expires."""
        key = _key(ref, message_id, number, filename)
        try:
            with brief_failures():
                begins = self._client.get_object(Bucket=self._bucket, Key=upload, Range=f"bytes=0-{HEAD_BYTES - 1}")
                size, kind = _whole_size(begins), real_type(content_type, begins["Body"].read())
                self._client.copy_object(
                    Bucket=self._bucket,
                    Key=key,
                    CopySource={"Bucket": self._bucket, "Key": upload},
                    ContentType=kind,
                    MetadataDirective="REPLACE",
                )
        except ClientError as error:
            raise _missing(error, filename) from error
        counting.add(Usage(s3_puts=1, stored_bytes=size))  # the upload itself was a browser's call, by our link
        return Attachment(key, filename, kind, size)

    def link(self, attachment: Attachment) -> str:
        """See ports.Files. The file is always offered for download; a page can still show a picture of it (`<img>`)."""
        kind = attachment.content_type.lower()
        link: str = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": attachment.key,
                "ResponseContentDisposition": disposition(attachment.filename),
                "ResponseContentType": kind if kind in SHOWN_AS_WHAT_THEY_ARE else "application/octet-stream",
            },
            ExpiresIn=LINK_SECONDS,
        )
        return link


def _key(ref: str, message_id: str, number: int, filename: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", filename)[-80:] or "file"
    return f"attachments/{ref}/{message_id}/{number}-{safe}"


def _whole_size(begins: Mapping[str, Any]) -> int:
    """The size of an object of which a part was asked for: `bytes 0-511/2048` (RFC 9110, 14.4)."""
    return int(begins.get("ContentRange", "").rpartition("/")[2] or begins["ContentLength"])


def _missing(error: ClientError, filename: str) -> Exception:
    """S3 answers 403 for what isn't there to those who may not list (S3 API, "GetObject", permissions)."""
    gone = error_code(error) in ("NoSuchKey", "404", "AccessDenied", "403")
    return NotFound(f"the file {filename!r} is not there", "upload") if gone else error


def disposition(filename: str) -> str:
    """A Content-Disposition that offers a download under this name (RFC 6266; RFC 8187 for what isn't ASCII)."""
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]+", "_", filename).strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
