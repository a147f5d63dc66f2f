"""Business time and clocks, asked for by JSON on standard input."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.sla.__main__ import answer, main

ROOT = Path(__file__).parents[2]
OFFICE = {"timezone": "Europe/Berlin", "hours": {"mon": [["09:00", "12:30"]], "tue": [["09:00", "12:30"]]}}
OPENED = {"at": "2026-11-23T08:00:00Z", "fact": "opened"}
PROMISE = {"id": "standard", "targets": {"first_response": {"normal": 3600, "urgent": 600}}, "business_time": True}


def case(op: str, **more: object) -> dict[str, object]:
    return {"calendar": OFFICE, "op": op, "start": "2026-11-23T08:30:00Z"} | more


def question(*timeline: object, **more: object) -> dict[str, object]:
    return {"timeline": list(timeline), "policy": PROMISE, "calendar": OFFICE, "now": "2026-11-23T08:30:00Z"} | more


class TestCases:
    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (case("add", seconds=1800), "2026-11-23T09:00:00Z"),
            (case("add", seconds=0.25), "2026-11-23T08:30:00.250000Z"),
            (case("add", seconds=4 * 3600), "2026-11-24T09:00:00Z"),
            (case("add", seconds=-1800), "2026-11-23T08:00:00Z"),
            (case("add", seconds=0, start="2026-11-22T00:00Z"), "2026-11-22T00:00:00Z"),
            (case("between", end="2026-11-24T08:00:01Z"), 3 * 3600 + 1),
            (case("within", end="2026-11-23T08:30:00.5Z"), 0.5),
            (case("between", end="2026-11-23T08:00:00Z"), -1800),
            (case("is_open"), True),
            (case("is_open", start="2026-11-23T11:30:00Z"), False),
            (case("next_open"), "2026-11-23T08:30:00Z"),
            (case("next_open", start="2026-11-24T20:30:00+09:00"), "2026-11-30T08:00:00Z"),
            (case("next_open", start="2026-11-22"), "2026-11-23T08:00:00Z"),
            (case("add", seconds=60, calendar={"always_open": True}, expected="…", id=7), "2026-11-23T08:31:00Z"),
        ],
    )
    def test_are_answered(self, asked: object, told: object) -> None:
        assert answer([asked]) == [told]

    def test_an_instant_without_an_offset_is_one_of_the_calendar_s_own_clock(self) -> None:
        assert answer(case("add", start="2026-11-23T09:30:00", seconds=60)) == "2026-11-23T08:31:00Z"

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ("add", "case"),
            (case("subtract"), "op"),
            (case("add"), "seconds"),
            (case("add", seconds=True), "seconds"),
            (case("add", seconds="60"), "seconds"),
            (case("add", seconds=float("nan")), "seconds"),
            (case("add", seconds=float("inf")), "seconds"),
            (case("add", seconds=10**400), "calendar"),
            (case("between"), "end"),
            (case("between", end=3), "end"),
            (case("is_open", start="soon"), "start"),
            (case("is_open", start="0001-01-01T00:00:00+14:00"), "start"),
            (case("is_open", calendar=None), "calendar"),
            (case("is_open", calendar={"timezone": "UTC", "hours": {}}), "calendar.hours"),
            (case("is_open", calendar=OFFICE | {"hours": {"mon": [["9", "10"]]}}), "calendar.hours.mon[0]"),
            (case("next_open", calendar=OFFICE | {"hours": {}, "holidays": [
                {"date": "2020-01-01", "hours": [["09:00", "10:00"]]}]}), "calendar"),
        ],
    )  # fmt: skip
    def test_a_mistake_stands_in_its_place_and_the_others_are_answered(self, asked: object, field: str) -> None:
        before, wrong, after = answer([case("is_open"), asked, case("is_open")])
        assert (before, after) == (True, True)
        assert wrong["field"] == field
        assert wrong["error"].startswith(f"{field}: ")


class TestExplanations:
    def test_show_each_clock_as_the_api_does(self) -> None:
        told = answer(question(OPENED))
        assert told["now"] == "2026-11-23T08:30:00Z"
        [clock] = told["clocks"]
        assert clock["used_seconds"] == 1800
        assert clock["remaining_seconds"] == 1800
        assert clock["due_at"] == "2026-11-23T09:00:00.000Z"
        assert [part["reason"] for part in clock["segments"]] == ["opened"]

    def test_take_a_fact_s_name_and_details_as_people_spell_them(self) -> None:
        raised = {"at": "2026-11-23T08:10:00Z", "what": "priority_set", "by": "agent:sam", "priority": "urgent"}
        in_detail = {**raised, "priority": "low", "detail": {"priority": "urgent"}}
        for fact in (raised, in_detail):
            assert answer(question(OPENED, fact))["clocks"][0]["target_seconds"] == 600

    def test_a_plain_target_is_promised_at_every_priority(self) -> None:
        urgent = OPENED | {"detail": {"priority": "urgent"}}
        told = answer(question(urgent, policy={"targets": {"first_response": 120}}))
        assert told["clocks"][0]["target_seconds"] == 120

    def test_a_policy_that_comes_later_is_heeded(self) -> None:
        gold = {"id": "gold", "targets": {"first_response": 60}}
        chosen = {"at": "2026-11-23T08:10:00Z", "fact": "policy_set", "detail": {"policy": "gold"}}
        first = OPENED | {"detail": {"policy": "standard"}}
        told = answer(question(first, chosen, policy=[PROMISE, gold]))
        assert [clock["policy_id"] for clock in told["clocks"]] == ["gold"]

    def test_without_a_calendar_every_second_counts(self) -> None:
        asked = question(OPENED | {"at": "2026-11-22T08:00:00Z"})
        del asked["calendar"]
        assert answer(asked)["clocks"][0]["due_at"] == "2026-11-22T09:00:00.000Z"

    def test_nothing_happened_and_nothing_is_promised(self) -> None:
        assert answer(question())["clocks"] == []

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            (question(now="later"), "now"),
            (question(policy=None), "policy"),
            (question(policy=[]), "policy"),
            (question(policy={"targets": {"first_answer": 60}}), "sla_policies[policy].targets.first_answer"),
            (question(policy={"target": {}}), "policy.target"),
            (question(calendar={"timezone": "Mars"}), "calendar.timezone"),
            (question(timeline="opened"), "timeline"),
            (question("opened"), "timeline[0]"),
            (question(OPENED, {"at": "2026-11-23T08:10:00Z"}), "timeline[1].fact"),
            (question({"at": "yesterday", "fact": "opened"}), "timeline[0].at"),
            (question(OPENED | {"detail": []}), "timeline[0].detail"),
            (question(OPENED | {"detail": {"priority": 1}}), "timeline[0].detail.priority"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, asked: dict[str, Any], field: str) -> None:
        assert answer(asked)["field"] == field


class TestTheCommand:
    def test_prints_a_list_for_a_list(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(json.dumps([case("is_open"), 3]).encode()) == 0
        told = json.loads(capsys.readouterr().out)
        assert [told[0], told[1]["field"]] == [True, "case"]

    @pytest.mark.parametrize(
        "text", [b"", b"{", b"\xff\xfe\xfd", b"[" * 200_000], ids=["empty", "broken", "bytes", "deep"]
    )
    def test_what_is_no_json_fails_with_one_line(self, capsys: pytest.CaptureFixture[str], text: bytes) -> None:
        assert main(text) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert len(shown.err.splitlines()) == 1

    def test_reads_standard_input_whatever_the_machine_s_own_zone(self) -> None:
        asked = json.dumps([case("add", start="2026-11-23T09:30:00", seconds=60)])
        environment = {**os.environ, "TZ": "Pacific/Apia"}
        words = [sys.executable, "-m", "infra.sla"]
        done = subprocess.run(words, input=asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == ["2026-11-23T08:31:00Z"]
