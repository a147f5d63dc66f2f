"""Attachments on a laptop: the mocked bucket has no address of its own, so the local server hands its files out."""

from fnmatch import fnmatchcase
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

    @property
    def origin(self) -> str:
        """Where uploads go: the server's other name, so that browsers ask there first whether they may, as on AWS."""
        return self._url.replace("//127.0.0.1", "//localhost")

    def upload_link(self, key: str, content_type: str, size: int) -> str:
        """See ports.Files."""
        return f"{self.origin}{PREFIX}{quote(key)}"

    def sharing(self, origin: str, method: str) -> dict[str, str]:
        """Give the headers by which a page from some origin may do this here, as the bucket's own rules say; none where
        it may not (S3 user guide, "How does Amazon S3 evaluate the CORS configuration on a bucket?")."""
        for rule in self._s3.get_bucket_cors(Bucket=self._name)["CORSRules"]:
            allowed = any(fnmatchcase(origin, pattern) for pattern in rule["AllowedOrigins"])
            if origin and allowed and method in rule["AllowedMethods"]:
                return {
                    "Access-Control-Allow-Origin": origin,
                    "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethods"]),
                    "Access-Control-Allow-Headers": ", ".join(rule.get("AllowedHeaders", ())),
                    "Access-Control-Max-Age": str(rule.get("MaxAgeSeconds", 0)),
                    "Vary": "Origin",
                }
        return {}

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
