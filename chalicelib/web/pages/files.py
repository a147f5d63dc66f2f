"""A file that was too large for its mail: the link in the mail leads here, and on to where the file lies."""

from chalicelib.usecases.fetch_file import fetch_file
from chalicelib.web.call import Answer, Call


def fetch(call: Call) -> Answer:
    """Lead on to the file by a link that works for minutes. Nothing is recorded: mail scanners follow links."""
    link = fetch_file(call.desk, call.path["token"])
    headers = {"Location": link, "Content-Type": "text/html", "Cache-Control": "no-store"}
    return Answer("", 302, headers, html=True)
