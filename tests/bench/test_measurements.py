"""The measurements run, and what they count holds the goals; times are never asserted."""

import pytest

from bench import clocks, counts, goals, imports, pages, processor
from bench.desk import BenchError, metered_desk
from bench.meter import UnknownRule
from bench.playback import Recording
from bench.quiet import quiet
from bench.recording import record
from bench.report import Report, as_json, as_text


@pytest.fixture(scope="module")
def recording() -> Recording:
    with quiet():
        return record()


def test_every_use_case_stays_within_what_it_may_call_and_consume() -> None:
    found = counts.count((25, 60))
    reached = goals.count_goals(found)
    assert [goal for goal in reached if not goal.met] == []
    report = Report(counts=found, goals=reached)
    assert "Reply: the request" in as_text(report)
    assert len(as_json(report)["use_cases"]) == len(found)


def test_pages_stay_within_what_they_may_call_and_weigh() -> None:
    with quiet():
        found = pages.measure()
    assert [goal for goal in goals.page_goals(found) if not goal.met and "CPU" not in goal.name] == []
    assert "Ticket with 50 messages" in as_text(Report(pages=found))


def test_a_recording_survives_being_written_down(recording: Recording) -> None:
    assert Recording.from_json(recording.as_json()) == recording


def test_a_recorded_ticket_can_be_played_without_any_cloud(recording: Recording) -> None:
    spent = processor.measure(recording, tickets=10)
    assert spent.request_ms > 0
    assert spent.worker_ms > 0


def test_no_function_imports_the_tracer(recording: Recording) -> None:
    found = imports.measure(recording.as_json(), rounds=1)
    assert {cold.name: cold.traced for cold in found} == {cold.name: False for cold in found}


def test_a_call_without_a_rule_is_no_figure() -> None:
    with metered_desk() as desk, pytest.raises(UnknownRule, match="Scan"), desk.meter.running("on_work"):
        desk.desk.table.client.scan(TableName=desk.desk.environment.table)


def test_an_answer_that_was_not_meant_ends_the_measurement() -> None:
    with metered_desk() as desk, pytest.raises(BenchError, match="404"):
        desk.ask("GET", "/v1/tickets/{ref}", 200, {"ref": "AAAA-AAAA"})


def test_business_time_is_measured_and_shown() -> None:
    report = Report(reckoned=clocks.measure())
    assert "add four business hours" in as_text(report)
    assert as_json(report)["clocks_us"]["clocks_of_long_ticket"] > 0
