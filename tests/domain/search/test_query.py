"""Whatever is typed is a question, and means what people mean by it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.query import MOST_TERMS, MOST_WORDS, Part, Query, Term, parse_query
from chalicelib.domain.ticket import Priority, Shelf, Status
from tests.domain.samples import law


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("lamp", Term(("lamp",), True)),
        ("refunds", Term(("refund",), True)),
        ("charged", Term(("charg",), True)),
        ("yes", Term(("yes",), True)),
        ("a", Term(("a",))),
        ('"refunds"', Term(("refunds",))),
        ('"arrived broken"', Term(("arrived", "broken"))),
        ('"never closed', Term(("never", "closed"))),
        ("“退款 申请”", Term(("退", "款", "申", "请"))),
        ("退款", Term(("退", "款"))),
        ("A-10293", Term(("a", "10293"), True)),
        ("http://x.org/a", Term(("http", "x", "org", "a"))),
        ("foo:bar", Term(("foo", "bar"))),
        ("12:30", Term(("12", "30"))),
        ("status:", Term(("statu",), True)),
        ("status:nonsense", Term(("status", "nonsense"))),
        ("since:yesterday", Term(("since", "yesterday"))),
        ("since:2026-99-99", Term(("since", "2026", "99", "99"))),
        ("subject:invoices", Term(("invoic",), True, Part.SUBJECT)),
        ("主题：发票", Term(("发", "票"), False, Part.SUBJECT)),
        ('from:"Jo Müller"', Term(("jo", "muller"), False, Part.PEOPLE)),
    ],
)
def test_a_piece_of_a_question_is_one_term(text: str, term: Term) -> None:
    assert parse_query(text) == Query(terms=(term,))


def test_several_words_are_several_terms_and_a_minus_forbids_one() -> None:
    query = parse_query('lamp -blue -"very old" e-mail')
    assert [term.words for term in query.terms] == [("lamp",), ("e", "mail")]
    assert [term.words for term in query.without] == [("blue",), ("very", "old")]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("status:open", Query(statuses=frozenset({Status.OPEN}))),
        ("Status:ON-HOLD", Query(statuses=frozenset({Status.ON_HOLD}))),
        ("status:solved status:closed", Query(statuses=frozenset({Status.SOLVED, Status.CLOSED}))),
        ("status:done", Query(statuses=frozenset({Status.SOLVED, Status.CLOSED}))),
        ("状态：未解决", Query(statuses=frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD}))),
        ("priority:urgent", Query(priorities=frozenset({Priority.URGENT}))),
        ("优先级:紧急", Query(priorities=frozenset({Priority.URGENT}))),
        ("in:spam", Query(shelf=Shelf.SPAM)),
        ("位于:垃圾邮件", Query(shelf=Shelf.SPAM)),
        ("has:attachment", Query(with_files=True)),
        ("channel:Phone", Query(channel="phone")),
        ("tag:VIP tag:new", Query(tags=("vip", "new"))),
        ("agent:me", Query(agent="me")),
        ('team:"Second Line"', Query(team="Second Line")),
        ("since:2026-11", Query(since=datetime(2026, 11, 1, tzinfo=UTC))),
        ("until:2026-12-05", Query(until=datetime(2026, 12, 5, tzinfo=UTC))),
    ],
)
def test_a_filter_filters(text: str, query: Query) -> None:
    assert parse_query(text) == query
    assert parse_query(text).asks


def test_days_begin_where_the_reader_is() -> None:
    assert parse_query("since:2026-11-23", ZoneInfo("Asia/Shanghai")).since == datetime(2026, 11, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "   ", "?!", "-", '""', ":", "🦉", "\0"])
def test_without_a_word_nothing_is_asked(text: str) -> None:
    assert not parse_query(text).asks


@law
@given(st.text())
def test_any_text_is_a_question_of_no_more_than_it_may_have(text: str) -> None:
    query = parse_query(text)
    assert len(query.terms) <= MOST_TERMS
    assert all(0 < len(term.words) <= MOST_WORDS for term in (*query.terms, *query.without))
