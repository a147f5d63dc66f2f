"""Tickets are found by their words in files of S3, whatever was typed and however the files were built."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters import search_index as module
from chalicelib.adapters.aws import Aws
from chalicelib.adapters.search_index import FRESH, S3SearchIndex
from chalicelib.domain.errors import InvalidInput, StaleVersion, TryAgain
from chalicelib.domain.search.document import Document
from chalicelib.domain.search.found import Found
from chalicelib.domain.search.query import Query, parse_query
from chalicelib.domain.ticket import Priority, Shelf, Status
from tests.domain.search.samples import NOON, a_document

NOTHING: Mapping[str, Document | None] = {}
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        client = Aws(region="us-east-1").client("s3")
        client.create_bucket(Bucket="files")
        yield client


@pytest.fixture
def s3(cloud: Any) -> Any:
    for key in keys(cloud):
        cloud.delete_object(Bucket="files", Key=key)
    return cloud


@pytest.fixture
def index(s3: Any) -> S3SearchIndex:
    return S3SearchIndex(s3, "files")


def asked(index: S3SearchIndex, text: str, limit: int = 25, after: str = "", **more: Any) -> Found:
    return index.search(parse_query(text), limit, after, newer=more.get("newer", NOTHING))


def refs(index: S3SearchIndex, text: str, **more: Any) -> list[str]:
    return [hit.document.ref for hit in asked(index, text, **more).hits]


def keys(s3: Any) -> set[str]:
    return {one["Key"] for one in s3.list_objects_v2(Bucket="files").get("Contents", [])}


def a_month_of(*numbers: int, before: int = 0, **more: Any) -> list[Document]:
    """Give tickets with these numbers, opened a second apart, so many months before NOON."""
    at = NOON - before * MONTH
    return [a_document(f"T{one}", created_at=at + timedelta(seconds=one), **more) for one in numbers]


def folding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every building write the months' files anew."""
    monkeypatch.setattr(module, "FOLD_AT", 1)


class TestQuestions:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("lamp", "AB"),
            ("lamps", "AB"),
            ("LAMP blue", "B"),
            ("lamp -blue", "A"),
            ("-blue", "AC"),
            ('"arrived broken"', "A"),
            ('"broken arrived"', ""),
            ("arriv", "A"),
            ("rrived", ""),
            ("退款", "C"),
            ("款退", ""),
            ("müller", "AB"),
            ("from:jo", "AB"),
            ("from:lamp", ""),
            ("subject:dark", "B"),
            ("subject:broken", ""),
            ("kim@customer.example", "C"),
            ("status:solved", "B"),
            ("status:open lamp", "A"),
            ("priority:urgent", "C"),
            ("tag:vip", "B"),
            ("tag:vi", ""),
            ("agent:sam", "B"),
            ("agent:none", "AC"),
            ("team:support", "B"),
            ("channel:phone", "C"),
            ("has:attachment", "C"),
            ("since:2026-11-24", "C"),
            ("until:2026-11-24", "AB"),
            ("B", "B"),
            ("in:spam", "D"),
            ("pills", ""),
            ("zebra", ""),
        ],
    )
    @pytest.mark.parametrize("folded", [False, True])
    def test_what_fits_is_found(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch, text: str, found: str, folded: bool
    ) -> None:
        if folded:
            folding(monkeypatch)
        index.build(FOUR, ())
        assert sorted(refs(index, text)) == sorted(found)

    def test_a_ticket_comes_back_as_it_was_kept(self, index: S3SearchIndex) -> None:
        index.build(FOUR, ())
        hits = asked(index, "in:spam").hits + asked(index, "-nothing").hits
        assert {hit.document.ref: hit.document for hit in hits} == {one.ref: one for one in FOUR}

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text() | st.text(st.sampled_from("lamp 退款\"-:*(){}^+NEAR AND OR NOT \0';%")))
    def test_any_text_at_all_can_be_asked(self, index: S3SearchIndex, text: str) -> None:
        if not asked(index, "lamp").hits:
            index.build(FOUR, ())
        assert asked(index, text).after == ""

    def test_before_anything_was_built_nothing_is_found(self, index: S3SearchIndex) -> None:
        assert asked(index, "lamp") == Found(())


FOUR = (
    a_document("A"),
    a_document("B", subject="Dark", text="A blue lamp", status=Status.SOLVED, tags=("VIP",), assignee_id="sam",
               team_id="support", version=9, merged_into="A"),
    a_document("C", subject="", text="我要退款。", priority=Priority.URGENT, channel="phone", with_files=True,
               people=("Kim", "kim@customer.example"), created_at=NOON + timedelta(days=1)),
    a_document("D", text="Pills", shelf=Shelf.SPAM),
)  # fmt: skip


class TestPages:
    def test_the_newest_come_first_through_all_months_page_by_page(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build([*a_month_of(1, 2, 3), *a_month_of(4, 5, before=1), *a_month_of(6, before=14)], ())
        monkeypatch.setattr(module, "FOLD_AT", 100)
        index.build([*a_month_of(7), *a_month_of(8, before=1), *a_month_of(2, subject="Again")], ())
        found, after = [], ""
        for _ in range(4):
            page = asked(index, "lamp", 2, after)
            found += [hit.document.ref for hit in page.hits]
            after = page.after
        assert (found, after) == (["T7", "T3", "T2", "T1", "T8", "T5", "T4", "T6"], "")

    def test_tickets_of_one_moment_are_all_found(self, index: S3SearchIndex) -> None:
        index.build([a_document(f"T{number}") for number in range(30)], ())
        first = asked(index, "lamp", 20)
        assert len({*(hit.document.ref for hit in first.hits), *refs(index, "lamp", after=first.after)}) == 30

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 19, "٣", "1" * 40])
    def test_a_place_of_no_page_is_refused(self, index: S3SearchIndex, after: str) -> None:
        with pytest.raises(InvalidInput):
            asked(index, "lamp", after=after)

    def test_when_time_runs_out_the_page_says_how_far_it_got_and_the_next_goes_on(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build([*a_month_of(1), *a_month_of(2, before=1), *a_month_of(3, before=2)], ())
        now = iter(range(0, 1000, 5))
        monkeypatch.setattr(time, "monotonic", lambda: float(next(now)))
        first = asked(index, "lamp")
        assert [hit.document.ref for hit in first.hits] == ["T1"]
        assert first.back_to == NOON.replace(day=1, hour=0)
        assert refs(index, "lamp", after=first.after) == ["T2"]

    def test_where_one_month_alone_is_too_much_somebody_is_asked_to_narrow_it(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build(a_month_of(*range(300)), ())
        monkeypatch.setattr("chalicelib.adapters.index_file._PAUSE", 1)
        now = iter([0.0, 1.0, *[99.0] * 1000])
        monkeypatch.setattr(time, "monotonic", lambda: next(now))
        with pytest.raises(TryAgain):
            asked(index, "lamp")


class TestBuilding:
    def test_what_changed_takes_the_place_of_what_was(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for most in (100, 1, 1):
            monkeypatch.setattr(module, "FOLD_AT", most)
            index.build([a_document(text=f"zebra{most}")], ())
            index.build([a_document(text="A lamp")], ())
            assert (refs(index, "zebra"), len(refs(index, "lamp"))) == ([], 1)

    def test_what_waits_to_be_built_in_is_found_and_hides_what_was(self, index: S3SearchIndex) -> None:
        index.build([a_document("A", text="zebra"), a_document("B", text="zebra")], ())
        newer = {"A": a_document("A", text="giraffe"), "B": None, "C": a_document("C", text="zebra too")}
        assert (refs(index, "zebra", newer=newer), refs(index, "giraffe", newer=newer)) == (["C"], ["A"])

    def test_what_waits_is_found_before_anything_was_built(self, index: S3SearchIndex) -> None:
        assert refs(index, "lamp", newer={"A": a_document("A")}) == ["A"]

    def test_fresh_tickets_are_taken_over_into_their_months_files(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "FOLD_AT", 3)
        index.build(a_month_of(1), ())
        assert keys(s3) == {FRESH}
        index.build([*a_month_of(2), *a_month_of(3, before=1)], ())
        assert keys(s3) == {FRESH, "search/2026-10-2.db", "search/2026-11-2.db"}

    def test_a_file_that_is_out_of_use_goes_away_at_the_next_building(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build(a_month_of(1), ())
        index.build(a_month_of(2), ())
        assert keys(s3) == {FRESH, "search/2026-11-1.db", "search/2026-11-2.db"}
        index.build((), ())
        assert keys(s3) == {FRESH, "search/2026-11-2.db"}

    def test_a_reader_who_meets_a_file_that_just_went_away_looks_again(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build(a_month_of(1), ())
        reader, latest = S3SearchIndex(s3, "files"), S3SearchIndex._latest
        meanwhile: list[Sequence[Document]] = [a_month_of(2), ()]

        def read(self: S3SearchIndex) -> bool:
            found = latest(self)
            while self is reader and meanwhile:
                index.build(meanwhile.pop(0), ())
            return found

        monkeypatch.setattr(S3SearchIndex, "_latest", read)
        assert refs(reader, "lamp") == ["T2", "T1"]

    def test_who_built_on_what_was_is_refused_and_spoils_nothing(self, index: S3SearchIndex, s3: Any) -> None:
        slow, begun = S3SearchIndex(s3, "files"), S3SearchIndex._begun
        for known in (False, True):

            def begin(self: S3SearchIndex) -> Any:
                found = begun(self)
                if self is slow:
                    index.build([a_document("B")], ())
                return found

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(S3SearchIndex, "_begun", begin)
                with pytest.raises(StaleVersion):
                    slow.build([a_document("A")], ())
            assert refs(slow, "lamp") == ["B"], known
        slow.build([a_document("A")], ())
        assert sorted(refs(index, "lamp")) == ["A", "B"]

    def test_a_ticket_that_is_gone_is_found_no_more_and_none_of_its_words_stay(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build([*a_month_of(1, subject="xylophone", text="xylophone"), *a_month_of(2, 3, before=1)], ())
        monkeypatch.setattr(module, "FOLD_AT", 100)
        index.build(a_month_of(4, subject="xylophone"), ())
        assert index.build((), ["T1", "T4"])
        assert (refs(index, "xylophone"), refs(index, "lamp")) == ([], ["T3", "T2"])
        stored = [s3.get_object(Bucket="files", Key=key)["Body"].read() for key in keys(s3)]
        assert not any(b"xylophone" in content or b"T1" in content for content in stored)

    def test_what_there_is_no_time_to_take_out_is_hidden_and_taken_out_the_next_time(
        self, index: S3SearchIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build([*a_month_of(1), *a_month_of(2, before=1)], ())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "SECONDS", -1.0)
            assert not index.build((), ["T1"])
        assert refs(index, "lamp") == ["T2"]
        assert index.build((), ())
        assert refs(index, "lamp") == ["T2"]

    def test_everything_is_built_anew(self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        folding(monkeypatch)
        index.build(a_month_of(1, 2), ())
        monkeypatch.setattr(module, "FOLD_AT", 100)
        index.build([*a_month_of(2), *a_month_of(9)], ())
        assert index.rebuild(iter([*a_month_of(2, 3), *a_month_of(4, before=1)])) == 3
        assert refs(index, "lamp") == ["T3", "T2", "T4"]
        assert keys(s3) == {FRESH, "search/2026-10-3.db", "search/2026-11-3.db"}

    def test_an_index_of_nothing_finds_nothing(self, index: S3SearchIndex) -> None:
        assert (index.rebuild(()), refs(index, "-nothing")) == (0, [])


class TestCost:
    def test_a_search_asks_once_whether_anything_is_new(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build(FOUR, ())
        reader, calls = S3SearchIndex(s3, "files"), counted(s3)
        assert (len(refs(reader, "lamp")), calls) == (2, ["GetObject", "GetObject"])
        calls.clear()
        assert (len(refs(reader, "lamp")), calls) == (2, ["GetObject"])

    def test_a_building_gets_and_puts_one_file(self, index: S3SearchIndex, s3: Any) -> None:
        calls = counted(s3)
        index.build(FOUR, ())
        assert calls == ["GetObject", "PutObject"]

    def test_the_files_that_were_searched_for_longest_ago_make_room(
        self, index: S3SearchIndex, s3: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folding(monkeypatch)
        index.build([one for month in range(4) for one in a_month_of(month, before=month)], ())
        reader = S3SearchIndex(s3, "files")
        monkeypatch.setattr(module, "MOST_CACHED", 1)
        assert len(refs(reader, "lamp")) == 4
        assert len(list(reader._folder.glob("*-*.db"))) == 1


def counted(s3: Any) -> list[str]:
    calls: list[str] = []
    s3.meta.events.register("before-call", lambda model, **_: calls.append(model.name))
    return calls


def test_a_question_of_nothing_but_a_number_of_tickets_finds_the_newest(index: S3SearchIndex) -> None:
    index.build([replace(one, text=f"word{number}") for number, one in enumerate(a_month_of(*range(9)))], ())
    assert [hit.document.ref for hit in index.search(Query(), 3, newer=NOTHING).hits] == ["T8", "T7", "T6"]
