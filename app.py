"""The desk as AWS Lambda sees it: the HTTP routes, and every queue and schedule entry point."""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from chalicelib import wiring
from chalicelib.web.routes import blueprint

app = Chalice(app_name="pennydesk", configure_logs=False)
app.api.binary_types.append("multipart/form-data")  # files that come with a form; else API Gateway takes bytes for text
app.register_blueprint(blueprint)


@app.on_sqs_message(queue="pennydesk-intake", batch_size=10, name="on_mail")
def on_mail(event: SQSEvent) -> dict[str, Any]:
    """Mail that arrived in the bucket becomes tickets and messages."""
    return wiring.take_in_mail(event.to_dict(), event.context)


@app.on_sqs_message(queue="pennydesk-work", batch_size=10, name="on_work")
def on_work(event: SQSEvent) -> dict[str, Any]:
    """Whatever is due on the tickets named in the queue is done."""
    return wiring.do_work(event.to_dict(), event.context)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="every_minute")
def every_minute(event: CloudWatchEvent) -> None:
    """What is due by now, or within the next minute, is put on the work queue."""
    wiring.wake_what_is_due(event.context)
