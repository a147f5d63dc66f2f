"""Mail out through Amazon SES, and mail in from the bucket where SES puts it."""

from typing import Any
from zlib import crc32

from botocore.exceptions import ClientError

from chalicelib import telemetry
from chalicelib.adapters import counting
from chalicelib.adapters.aws import brief_failures, error_code
from chalicelib.adapters.mime.wire_address import wire_address
from chalicelib.adapters.mime.writing import write_email
from chalicelib.domain.email import InboundEmail, OutboundEmail
from chalicelib.domain.errors import DeskError, MailHeldUp, MailRefused, NotFound, TryAgain
from chalicelib.domain.usage import Usage

REFUSED = frozenset({"MessageRejected", "BadRequestException"})
"""What SES says of a mail that it will never take (SES API v2, SendEmail)."""

THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"})

HELD_UP = {
    "SendingPausedException": "sending is paused for this account or its configuration set; resume it in the console "
    "of Amazon SES, under Reputation metrics",
    "AccountSuspendedException": "Amazon SES has suspended this account's sending; answer the case in AWS's support "
    "center",
    "MailFromDomainNotVerifiedException": "the custom MAIL FROM domain isn't verified; its MX and SPF records are "
    "listed in the console of Amazon SES, under Identities",
    "NotFoundException": "the configuration set that the sender's identity names isn't there; deploy the desk again",
    "AccessDeniedException": "the function on_work may not send as this address; deploy the desk with it",
}
"""What only an owner can mend, in words for them; mail waits for it."""

UNVERIFIED = (
    "Amazon SES knows the sender's domain as not verified, or the account is still in the sandbox, where it sends to "
    "verified addresses only: see docs/deploy.md"
)
QUOTA = "the account's daily sending quota is used up; ask AWS for a higher one in the console of Service Quotas"

HOUR = 3600


CHUNK = 256 * 1024
"""Bytes of received mail by which SES bills beside the mail itself; one that isn't full is free (SES pricing)."""


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
            groups = {"ToAddresses": mail.to, "CcAddresses": mail.cc, "BccAddresses": mail.bcc}
            destination = {
                kind: [wire_address(each.email) for each in group] for kind, group in groups.items() if group
            }
        except ValueError as error:
            raise MailRefused(f"the mail can't be written: {error}") from error
        self._hand_over(mail, sender, destination, raw)
        counting.add(Usage(mails_out=sum(map(len, destination.values()))))
        to = [telemetry.masked(address.email) for address in (*mail.to, *mail.cc, *mail.bcc)]
        telemetry.logger().info(
            "mail handed to SES", extra={"to": to, "message_id": mail.message_id, "bytes": len(raw)}
        )
        telemetry.measure("MailSent")

    def _hand_over(self, mail: OutboundEmail, sender: str, destination: Any, raw: bytes) -> None:
        with brief_failures():
            try:
                self._client.send_email(
                    FromEmailAddress=sender, Destination=destination, Content={"Raw": {"Data": raw}}
                )
            except ClientError as error:
                failure = _failure(error, mail)
                if isinstance(failure, MailHeldUp):
                    telemetry.logger().error("mail is held up", extra={"reason": failure.message})
                    telemetry.measure("MailHeldUp")
                raise failure from error


def _failure(error: ClientError, mail: OutboundEmail) -> DeskError:
    """What an error of SES means for a mail. Waits are spread by the mail, so that a thousand don't come back at once.

    See the SES developer guide, "Errors related to the sending quotas" and "API v2 errors".
    """
    code, said = error_code(error), str(error).lower()
    spread = crc32(mail.message_id.encode("utf-8", "surrogatepass"))
    if code in THROTTLED:
        if "daily" in said:
            return MailHeldUp(QUOTA, HOUR + spread % 900)
        return TryAgain("SES takes mail more slowly than it comes")
    if code == "MessageRejected" and "not verified" in said:
        return MailHeldUp(UNVERIFIED, HOUR + spread % 900)
    if code in HELD_UP:
        return MailHeldUp(HELD_UP[code], HOUR + spread % 900)
    if code in REFUSED:
        return MailRefused(f"SES refused the mail: {code}: {_said(error)}")
    return TryAgain(f"SES takes no mail now: {code}")


def _said(error: ClientError) -> str:
    words: str = error.response.get("Error", {}).get("Message", "")
    return words[:200]


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
        counting.add(Usage(mails_in=1, mail_in_chunks=len(raw) // CHUNK, stored_bytes=len(raw)))
        return read_email(raw)

    def understand(self, content: bytes) -> InboundEmail:
        """See ports.MailStore."""
        from chalicelib.adapters.mime.reading import read_email

        return read_email(content)
