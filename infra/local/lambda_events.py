"""What AWS hands to the functions, made by hand: events, contexts, and the headers that SES puts before a mail."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any


class LocalContext:
    """What a function learns about its invocation (AWS Lambda developer guide, "context object in Python")."""

    def __init__(self, function_name: str, remaining_ms: int = 60_000) -> None:
        """A context of its own for each invocation."""
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function_name}"
        self.memory_limit_in_mb = 512
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/pennydesk/local/{function_name}"
        self.log_stream_name = "local"
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds that are left."""
        return self._remaining_ms


def sqs_event(messages: Sequence[Mapping[str, Any]], queue: str) -> dict[str, Any]:
    """Give the event of received SQS messages, as boto3's receive_message gave them."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": {},
                "md5OfBody": message.get("MD5OfBody", ""),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{queue}",
                "awsRegion": "us-east-1",
            }
            for message in messages
        ]
    }


def schedule_event(now: datetime, name: str) -> dict[str, Any]:
    """Give the event of a schedule's tick."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:000000000000:rule/{name}"],
        "detail": {},
    }


def as_ses_stores_it(
    raw: bytes, sender: str, recipients: Sequence[str], now: datetime, verdicts: Mapping[str, str]
) -> bytes:
    """Give a raw mail with the headers that SES puts before it when it stores it in S3.

    `verdicts` may name spam, virus, spf, dkim and dmarc (`pass`, `fail`, `gray`…); what is not named passed.
    """
    said = {name: verdicts.get(name, "pass") for name in ("spam", "virus", "spf", "dkim", "dmarc")}
    recipient = f" for {recipients[0]}" if recipients else ""
    domain = sender.rpartition("@")[2] or "localhost"
    lines = [
        f"Return-Path: <{sender}>",
        f"Received: from {domain} (localhost [127.0.0.1])",
        f" by inbound-smtp.local with SMTP id {uuid.uuid4().hex}{recipient};",
        f" {format_datetime(now)}",
        f"X-SES-Spam-Verdict: {said['spam'].upper()}",
        f"X-SES-Virus-Verdict: {said['virus'].upper()}",
        "Authentication-Results: amazonses.com;",
        f" spf={said['spf']} smtp.mailfrom={domain};",
        f" dkim={said['dkim']} header.i=@{domain};",
        f" dmarc={said['dmarc']} header.from={domain};",
    ]
    clean = (line.replace("\r", "").replace("\n", "") for line in lines)
    return "\r\n".join(clean).encode("utf-8", "replace") + b"\r\n" + raw
