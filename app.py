"""The desk as AWS Lambda sees it: the HTTP routes, and every queue and schedule entry point."""

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

app = Chalice(app_name="pennydesk")


@app.on_sqs_message(queue="pennydesk-intake", batch_size=10, name="on_mail")
def on_mail(event: SQSEvent) -> dict[str, object]:
    """Mail that arrived in the bucket becomes tickets and messages."""
    return {}


@app.on_sqs_message(queue="pennydesk-work", batch_size=10, name="on_work")
def on_work(event: SQSEvent) -> dict[str, object]:
    """Whatever is due on the tickets named in the queue is done."""
    return {}


@app.schedule(Rate(1, unit=Rate.MINUTES), name="every_minute")
def every_minute(event: CloudWatchEvent) -> None:
    """What is due by now, or within the next minute, is put on the work queue."""


@app.route("/v1/health", methods=["GET"])
def health() -> dict[str, str]:
    """Answer that the desk is there."""
    return {"status": "ok"}
