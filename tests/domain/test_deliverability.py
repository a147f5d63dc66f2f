"""What is remembered of an address that mail doesn't reach."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bounce import Bounce, BounceKind, BounceReason
from chalicelib.domain.deliverability import SOFT_DAYS, SOFT_LIMIT, AddressMark, Trouble, marked
from tests.domain.samples import MONDAY, law

JO = "jo@customer.example"
GONE = Bounce(address=JO, status="5.1.1", reason=BounceReason.UNKNOWN_USER, kind=BounceKind.HARD)
FULL = Bounce(address=JO, status="4.2.2", reason=BounceReason.MAILBOX_FULL, kind=BounceKind.SOFT)
COMPLAINT = Bounce(address=JO, status="", reason=BounceReason.COMPLAINT, kind=BounceKind.SOFT)


def after(*bounces: Bounce) -> AddressMark:
    mark = None
    for number, bounce in enumerate(bounces):
        mark = marked(mark, JO, bounce, f"event-{number}", MONDAY)
    assert mark is not None
    return mark


def test_nobody_there_stands_until_a_person_lifts_it() -> None:
    mark = after(GONE)
    assert (mark.trouble, mark.expires_at, mark.reason, mark.status) == (Trouble.BOUNCED, None, "unknown_user", "5.1.1")
    assert not mark.takes_mail(MONDAY + timedelta(days=3650))


def test_who_complained_gets_answers_only() -> None:
    mark = after(COMPLAINT)
    assert (mark.takes_mail(MONDAY), mark.takes_unasked(MONDAY)) == (True, False)


def test_what_may_pass_counts_up_and_passes() -> None:
    assert after(*[FULL] * (SOFT_LIMIT - 1)).takes_unasked(MONDAY)
    mark = after(*[FULL] * SOFT_LIMIT)
    assert (mark.takes_mail(MONDAY), mark.takes_unasked(MONDAY)) == (True, False)
    assert mark.takes_unasked(MONDAY + timedelta(days=SOFT_DAYS))


def test_after_it_has_passed_counting_begins_anew() -> None:
    later = MONDAY + timedelta(days=SOFT_DAYS)
    assert marked(after(*[FULL] * SOFT_LIMIT), JO, FULL, "later", later).count == 1


def test_the_same_report_counts_once() -> None:
    mark = after(FULL)
    assert marked(mark, JO, FULL, "event-0", MONDAY) is mark


@law
@given(st.permutations([GONE, FULL, COMPLAINT, FULL]))
def test_the_worst_counts_in_whatever_order_they_are_told(bounces: list[Bounce]) -> None:
    mark = after(*bounces)
    assert (mark.trouble, mark.expires_at, mark.reason, mark.count) == (Trouble.BOUNCED, None, "unknown_user", 4)
