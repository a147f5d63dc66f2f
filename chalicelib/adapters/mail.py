"""Mail out through Amazon SES, and mail in from the bucket where SES puts it."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib import telemetry
from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.adapters.mime.wire_address import wire_address
from chalicelib.adapters.mime.writing import write_email
from chalicelib.domain.email import InboundEmail, OutboundEmail
from chalicelib.domain.errors import MailRefused, NotFound, TryAgain

REFUSED = frozenset({"MessageRejected", "BadRequestException"})
"""What SES says of a mail that it will never take (SES API v2, SendEmail); all else may be mended: tried again."""


class SesMailer:
    """Sends by SES, API version 2."""

    def __init__(self, client: Any) -> None:
        """`client` is a boto3 sesv2 client."""
        self._client = client

    def send(self, mail: OutboundEmail) -> None:
        """See ports.Mailer."""
        try:
            raw = write_email(mail)
            sender = wire_address(mail.sender.email)
            destination = {
                "ToAddresses": [wire_address(address.email) for address in mail.to],
                "CcAddresses": [wire_address(address.email) for address in mail.cc],
            }
        except ValueError as error:
            raise MailRefused(f"the mail can't be written: {error}") from error
        try:
            with brief_failures():
                self._client.send_email(
                    FromEmailAddress=sender, Destination=destination, Content={"Raw": {"Data": raw}}
                )
        except ClientError as error:
            if error_code(error) in REFUSED:
                raise MailRefused(f"SES refused the mail: {error_code(error)}") from error
            raise TryAgain(f"SES takes no mail now: {error_code(error)}") from error
        to = [telemetry.masked(address.email) for address in (*mail.to, *mail.cc)]
        telemetry.logger().info("mail handed to SES", extra={"to": to, "message_id": mail.message_id})
        telemetry.measure("MailSent")


class S3MailStore:
    """Reads received mail from the mail bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is a boto3 S3 client."""
        self._client = client
        self._bucket = bucket

    def read(self, key: str) -> InboundEmail:
        """See ports.MailStore."""
        from chalicelib.adapters.mime.reading import read_email

        try:
            with brief_failures():
                raw = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error_code(error) in ("NoSuchKey", "404"):
                raise NotFound(f"there is no mail {key}", "key") from error
            raise
        return read_email(raw)

    def understand(self, content: bytes) -> InboundEmail:
        """See ports.MailStore."""
        from chalicelib.adapters.mime.reading import read_email

        return read_email(content)
