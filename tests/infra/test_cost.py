"""What a desk costs a month: reckoned from counted calls and dated prices, told line by line."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.prices import LIST, USD, in_usd
from chalicelib.domain.spending import FIXED
from infra.cost.__main__ import main
from infra.cost.bill import Bill, reckon
from infra.cost.counted import alarms, counted_on, days_kept, memory, pieces
from infra.cost.demand import Demand, Unclear
from infra.cost.documents import BEGIN, END, TABLES, months_table, with_table
from infra.cost.price_file import read_prices
from infra.cost.workload import Section, cold_starts
from tests.domain.samples import law


def quantity(bill: Bill, section: Section, price: str) -> int:
    return sum(item.line.quantity for item in bill.items if (item.line.section, item.line.price) == (section, price))


class TestTheIdleDesk:
    def test_it_pays_for_pollers_sweeps_and_alarms_and_for_no_ticket(self) -> None:
        bill = reckon(Demand(tickets=0))
        assert quantity(bill, Section.IDLE, "sqs_request") == 2 * 15 * 43_800
        assert quantity(bill, Section.IDLE, "lambda_request") == 43_800
        assert quantity(bill, Section.IDLE, "alarm_month") == 9
        assert bill.of(Section.TICKETS) == bill.of(Section.MAIL) == 0

    def test_the_desks_own_account_reckons_its_idling_alike(self) -> None:
        bill = reckon(Demand(tickets=0, months=12))
        assert {name: 43_800 * rate for name, rate in FIXED.items()} == {
            name: quantity(bill, Section.IDLE, name) for name in FIXED
        }

    def test_its_pollers_and_sweeps_stay_within_what_we_aim_at(self) -> None:
        bill = reckon(Demand(tickets=0))
        assert bill.total - quantity(bill, Section.IDLE, "alarm_month") * USD // 10 <= 0.65 * USD

    def test_the_essential_alarms_are_the_two_on_dead_letters(self) -> None:
        assert (alarms("full"), alarms("essential")) == (9, 2)

    def test_metrics_of_its_own_cost_only_where_they_are_on(self) -> None:
        more = reckon(Demand(tickets=0, metrics="on")).total - reckon(Demand(tickets=0)).total
        assert in_usd(more) == "1.50"


class TestTickets:
    def test_a_thousand_stay_near_what_we_aim_at_in_their_first_month(self) -> None:
        bill = reckon(Demand(tickets=1_000, months=1))
        assert bill.of(Section.TICKETS) <= 0.30 * USD, "docs/costs.md aims at 0.25"

    def test_messages_are_written_in_turn_the_customer_first(self) -> None:
        bill = reckon(Demand(tickets=10, messages=5, surveys=Fraction(0)))
        assert quantity(bill, Section.MAIL, "mail_in") == 30
        each = {name: piece.calls.get("sesv2:SendEmail", 0) for name, piece in pieces().items()}
        one = each["opening mail"] + 2 * each["further mail"] + 2 * each["reply"] + each["end, unasked"]
        assert quantity(bill, Section.MAIL, "mail_out") == 10 * one

    def test_a_share_of_surveys_lies_between_none_and_all(self) -> None:
        none, half, every = (
            reckon(Demand(tickets=1_000, surveys=Fraction(share, 2))).of(Section.MAIL) for share in (0, 1, 2)
        )
        assert 2 * half == none + every

    def test_an_attachment_is_kept_twice_once_in_its_mail(self) -> None:
        without, bill = (reckon(Demand(tickets=10, attachments=Fraction(count))) for count in (0, 1))
        puts = quantity(bill, Section.TICKETS, "s3_put") - quantity(without, Section.TICKETS, "s3_put")
        assert puts == 10, "the index is built as often with it as without"
        assert quantity(bill, Section.MAIL, "mail_in_chunk") == 10
        assert quantity(without, Section.MAIL, "mail_in_chunk") == 0
        assert quantity(bill, Section.TICKETS, "s3_byte_month") == 12 * 10 * 300_000
        more = quantity(bill, Section.MAIL, "s3_byte_month") - quantity(without, Section.MAIL, "s3_byte_month")
        assert more == 12 * 10 * 400_000

    def test_mails_are_kept_as_long_as_the_stack_says(self) -> None:
        assert days_kept("MailRetentionDays") == 400
        old, older = (reckon(Demand(tickets=10, months=months)) for months in (24, 60))
        same = quantity(old, Section.MAIL, "s3_byte_month")
        assert quantity(older, Section.MAIL, "s3_byte_month") == same
        assert quantity(older, Section.TICKETS, "table_byte_month") > quantity(old, Section.TICKETS, "table_byte_month")

    @law
    @given(
        st.builds(
            Demand,
            tickets=st.integers(0, 10_000),
            messages=st.integers(1, 50),
            attachments=st.fractions(0, 5),
            surveys=st.fractions(0, 1),
            months=st.integers(1, 60),
        )
    )
    def test_the_parts_are_the_whole_and_what_is_free_is_no_more(self, demand: Demand) -> None:
        bill = reckon(demand)
        assert sum(bill.of(section) for section in Section) == bill.total
        assert 0 <= bill.free <= bill.total
        assert all(item.line.quantity >= 0 for item in bill.items)


class TestColdStarts:
    def test_who_comes_rarely_always_starts_cold_and_a_crowd_never(self) -> None:
        assert cold_starts(0) == 0
        assert cold_starts(5) == 5
        assert cold_starts(1_000_000) == 0


class TestCounted:
    def test_memory_is_what_the_functions_get(self) -> None:
        assert memory() == {"api": 512, "on_mail": 512, "on_work": 512, "every_minute": 256}


class TestTheCommand:
    def tell(self, capsys: pytest.CaptureFixture[str], *words: str) -> str:
        assert main(words) == 0
        return capsys.readouterr().out

    def test_it_tells_each_line_its_price_and_what_is_left_to_pay(self, capsys: pytest.CaptureFixture[str]) -> None:
        told = self.tell(capsys, "--tickets", "1,000", "--messages", "6", "--attachments", "1")
        assert "1,000 tickets with 6 messages" in told
        for part in ("empty polls of 2 queues", "1,314,000", "0.4 a million", "mails sent", "to pay", counted_on()):
            assert part in told

    def test_programs_get_the_same_with_sources(self, capsys: pytest.CaptureFixture[str]) -> None:
        told: Any = json.loads(self.tell(capsys, "--tickets", "100", "--json"))
        bill = reckon(Demand(tickets=100))
        assert told["usd"]["total"] == in_usd(bill.total, 6)
        assert sum(line["picodollars"] for line in told["lines"]) == bill.total
        assert all(line["source"] for line in told["lines"])

    @pytest.mark.parametrize(
        ("words", "flag"),
        [
            (["--tickets", "-1"], "--tickets"),
            (["--messages", "0"], "--messages"),
            (["--surveys", "1.5"], "--surveys"),
            (["--attachment-kb", "50000"], "--attachment-kb"),
            (["--months", "0"], "--months"),
            (["--region", "moon"], "--region"),
            (["--prices", "nowhere.json"], "--prices"),
        ],
    )
    def test_what_can_t_be_is_one_line_that_names_the_flag(
        self, words: list[str], flag: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.startswith(flag)
        assert said.count("\n") == 1

    @pytest.mark.parametrize("words", [["--tickets", "many"], ["--surveys", "1/0"], ["--alarms", "loud"]])
    def test_what_is_no_number_is_refused_by_name(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(words)
        assert words[0] in capsys.readouterr().err

    def test_another_region_is_told_to_have_other_prices(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert "Prices differ by region" in self.tell(capsys, "--region", "eu-west-1")
        assert "Prices differ by region" not in self.tell(capsys, "--region", "us-east-1")


class TestAPriceFile:
    def write(self, folder: Path, content: Any) -> Path:
        path = folder / "prices.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def test_it_takes_the_place_of_what_it_names(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = self.write(tmp_path, {"region": "eu-west-1", "usd": {"mail_out": ["0.10", 1000]}})
        prices = read_prices(path)
        assert prices.prices["mail_out"].picodollars == 10**11
        assert prices.prices["mail_in"] == LIST["mail_in"]
        assert main(["--tickets", "10", "--region", "eu-west-1", "--prices", str(path)]) == 0
        assert "these are of us-east-1: read_half_unit" in capsys.readouterr().out
        assert main(["--region", "eu-west-2", "--prices", str(path)]) == 2

    def test_the_same_prices_give_the_same_bill(self, tmp_path: Path) -> None:
        usd = {
            price.name: [f"{price.picodollars // USD}.{price.picodollars % USD:012d}", price.per]
            for price in LIST.values()
        }
        prices = read_prices(self.write(tmp_path, {"usd": usd}))
        assert reckon(Demand(tickets=1_000), prices.prices).total == reckon(Demand(tickets=1_000)).total

    @pytest.mark.parametrize(
        "content",
        [
            [],
            {},
            {"usd": {"elephants": ["1", 1]}},
            {"usd": {"mail_out": 1}},
            {"usd": {"mail_out": ["x", 1]}},
            {"usd": {"mail_out": ["-1", 1]}},
            {"usd": {"mail_out": ["NaN", 1]}},
            {"usd": {"mail_out": [0.1, 1]}},
            {"usd": {"mail_out": ["0.1", 0]}},
            {"usd": {"mail_out": ["0.0000000000001", 1]}},
        ],
    )
    def test_what_is_no_price_is_refused_by_name(self, tmp_path: Path, content: Any) -> None:
        with pytest.raises(Unclear, match="--prices"):
            read_prices(self.write(tmp_path, content))


class TestDocuments:
    @pytest.mark.parametrize("name", TABLES)
    def test_a_table_is_what_is_reckoned_now(self, name: str) -> None:
        path, table = TABLES[name]
        text = path.read_text(encoding="utf-8")
        assert with_table(text, name, table()) == text, "make costs writes it anew"

    def test_the_readme_shows_the_sizes_that_people_ask_for(self) -> None:
        for size in ("| 0 |", "| 100 |", "| 1,000 |", "| 10,000 |", "| 1,000,000 |"):
            assert size in months_table()

    def test_what_stands_around_a_table_stays(self) -> None:
        text = f"before\n{BEGIN.format('x')}\nold\n{END.format('x')}\nafter\n"
        assert with_table(text, "x", "new") == text.replace("old", "new")

    def test_a_document_without_the_marks_is_left_alone(self) -> None:
        with pytest.raises(Unclear, match="--documents"):
            with_table("nothing here", "months", "table")
