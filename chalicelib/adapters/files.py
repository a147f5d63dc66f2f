"""Attachments in the files bucket."""

import re
from typing import Any
from urllib.parse import quote

from chalicelib.adapters.aws import brief_failures
from chalicelib.domain.message import Attachment

LINK_SECONDS = 300


class S3Files:
    """Keeps attachments in a private bucket, and hands out short-lived links."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is a boto3 S3 client."""
        self._client = client
        self._bucket = bucket

    def keep(self, ref: str, message_id: str, number: int, filename: str, content_type: str, content: bytes) -> str:
        """See ports.Files."""
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", filename)[-80:] or "file"
        key = f"attachments/{ref}/{message_id}/{number}-{safe}"
        with brief_failures():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)
        return key

    def link(self, attachment: Attachment) -> str:
        """See ports.Files. The file is always offered for download, never shown under our own roof."""
        disposition = f"attachment; filename*=UTF-8''{quote(attachment.filename)}"
        link: str = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": attachment.key,
                "ResponseContentDisposition": disposition,
                "ResponseContentType": "application/octet-stream",
            },
            ExpiresIn=LINK_SECONDS,
        )
        return link
