"""Attachments on a laptop: the mocked bucket has no address of its own, so the local server hands its files out."""

from urllib.parse import quote

from botocore.exceptions import ClientError

from chalicelib.adapters.files import S3Files
from chalicelib.domain.message import Attachment
from infra.local.cloud import LocalCloud

PREFIX = "/_local/files/"


class LocalFiles(S3Files):
    """The files bucket, with links that lead to the local server."""

    def __init__(self, cloud: LocalCloud, url: str) -> None:
        """`url` is the server's, without a slash at its end."""
        self._s3, self._name = cloud.desk.aws.client("s3"), cloud.environment["FILES_BUCKET"]
        self._url = url
        super().__init__(self._s3, self._name)

    def link(self, attachment: Attachment) -> str:
        """See ports.Files."""
        return f"{self._url}{PREFIX}{quote(attachment.key)}"

    def upload_link(self, key: str, content_type: str, size: int) -> str:
        """See ports.Files."""
        return f"{self._url}{PREFIX}{quote(key)}"

    def fetched(self, key: str) -> tuple[str, bytes] | None:
        """Give a file's media type and bytes, or None."""
        try:
            answer = self._s3.get_object(Bucket=self._name, Key=key)
        except ClientError:
            return None
        return answer.get("ContentType", "application/octet-stream"), answer["Body"].read()

    def taken(self, key: str, content_type: str, content: bytes) -> None:
        """Take an upload."""
        self._s3.put_object(Bucket=self._name, Key=key, Body=content, ContentType=content_type)
