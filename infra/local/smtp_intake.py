"""Mail in by SMTP on loopback: what a mail server would hand to SES."""

from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.cloud import LocalCloud

MOST_BYTES = 40 * 1024 * 1024
"""Bytes of one mail; SES takes 40 MB (SES developer guide, "Service quotas")."""


class Intake:
    """Stores each mail in the mail bucket."""

    def __init__(self, cloud: LocalCloud) -> None:
        """Serve one cloud."""
        self._cloud = cloud

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail in; the sender keeps it when it can't be stored."""
        content: Any = envelope.original_content or b""
        try:
            self._cloud.receive_mail(bytes(content), envelope.mail_from or "", list(envelope.rcpt_tos))
        except OSError:
            return "451 4.3.0 The mail could not be stored; try again later"
        return "250 2.6.0 Message accepted"


def smtp_intake(cloud: LocalCloud, port: int) -> Controller:
    """Give the SMTP server, not yet started; starting it raises OSError when the port is taken."""
    return Controller(Intake(cloud), hostname="127.0.0.1", port=port, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True)
