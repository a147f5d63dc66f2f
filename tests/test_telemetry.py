"""Logs tell what happened to which ticket, never what people wrote or who they are."""

import logging
import sys

import pytest

from chalicelib import telemetry
from infra.local.cloud import LocalCloud


def test_an_address_is_masked() -> None:
    assert telemetry.masked("jo@customer.org") == "j…@customer.org"
    assert telemetry.masked("") == "…"


def test_no_log_line_holds_words_or_addresses_of_customers(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry.logger().registered_handler, "stream", sys.stdout)
    telemetry.logger().setLevel(logging.DEBUG)
    mail = b"From: Jo Secretname <jo@customer.org>\r\nTo: support@example.com\r\nSubject: Topsecret\r\n\r\nMy words\r\n"
    cloud.receive_mail(mail, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    cloud.advance(5 * 3600)
    logged = capsys.readouterr().out
    assert "mail taken in" in logged
    assert "mail handed to SES" in logged
    for private in ("Secretname", "jo@customer.org", "Topsecret", "My words"):
        assert private not in logged


def test_log_lines_bear_the_ticket_and_the_request(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry.logger().registered_handler, "stream", sys.stdout)
    telemetry.logger().setLevel(logging.INFO)
    mail = b"From: jo@customer.org\r\nTo: support@example.com\r\nSubject: Hi\r\n\r\nHi\r\n"
    cloud.receive_mail(mail, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    ref = cloud.desk.tickets.of_customer(cloud.desk.customers.id_of("jo@customer.org"), 1).cards[0].ref
    lines = [line for line in capsys.readouterr().out.splitlines() if "mail handed to SES" in line]
    assert lines
    assert all(f'"ticket":"{ref}"' in line and '"request_id"' in line for line in lines)


MAIL = b"From: jo@customer.org\r\nTo: support@example.com\r\nSubject: Hi\r\n\r\nHi\r\n"


def test_metrics_are_off_as_each_of_them_is_paid_for(cloud: LocalCloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    cloud.tick()
    assert "CloudWatchMetrics" not in capsys.readouterr().out


def test_metrics_that_are_on_are_written_to_the_log(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_METRICS", "on")
    cloud.receive_mail(MAIL, "jo@customer.org", ["support@example.com"])
    cloud.settle()
    logged = capsys.readouterr().out
    assert '"MailReceived":[1.0]' in logged
    assert '"MailSent":' in logged


def test_tracing_is_off_and_its_sdk_is_not_loaded(cloud: LocalCloud) -> None:
    cloud.tick()
    assert "aws_xray_sdk" not in sys.modules


def test_tracing_that_is_on_without_its_sdk_says_so_and_goes_on(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESK_TRACING", "on")
    monkeypatch.setattr(telemetry.logger().registered_handler, "stream", sys.stdout)
    cloud.tick()
    assert "X-Ray SDK is missing" in capsys.readouterr().out
