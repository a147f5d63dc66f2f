"""Several addresses of one desk: which of them a mail was for, what it begins with, how answers leave."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.desk import DeskSettings
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.sla_matching import matching_policy
from chalicelib.domain.support_address import SIGNATURE_LIMIT, SupportAddress, written_to
from chalicelib.domain.ticket import EmailThread
from tests.domain.samples import a_ticket, promise

SALES = SupportAddress("sales@shop.example", "Shop sales", "sales", "zh", ("buying",), {"en": "{name}\n{desk}"})
DESK = DeskSettings(name="Shop", support_address="Help@Shop.example", addresses=(SALES,))


class TestWhichAddress:
    @pytest.mark.parametrize(
        ("recipients", "found"),
        [
            (("sales@shop.example", "help@shop.example"), "sales@shop.example"),
            (("jo@customer.example", "HELP+7k3f-92qx.abcdefgh@shop.example"), "help@shop.example"),
            (("jo@customer.example",), ""),
            ((), ""),
        ],
    )
    def test_the_first_of_ours_that_the_recipients_name(self, recipients: tuple[str, ...], found: str) -> None:
        assert written_to(DESK.own_addresses, recipients) == found

    def test_the_main_address_is_ours_without_an_entry(self) -> None:
        assert DESK.own_addresses == ("help@shop.example", "sales@shop.example")
        assert DESK.address("help@shop.example") == SupportAddress("help@shop.example")

    def test_one_that_is_no_longer_ours_is_answered_from_the_main_one(self) -> None:
        main = SupportAddress("help@shop.example", "Help")
        desk = replace(DESK, addresses=(main, SALES))
        assert desk.address("old@shop.example") == main
        assert desk.address("sales+tag@shop.example") == SALES


class TestHowAnswersLeave:
    def test_the_signature_names_who_answers(self) -> None:
        assert SALES.signed("en", "Ada {desk}", "Shop") == "Ada {desk}\nShop sales"
        assert (
            SupportAddress("a@b.example", signature={"en": "{name}, {desk}"}).signed("en", "Ada", "Shop") == "Ada, Shop"
        )

    def test_a_language_without_one_gets_another(self) -> None:
        assert SALES.signed("zh", "Ada", "Shop") == "Ada\nShop sales"
        assert SupportAddress("a@b.example").signed("en", "Ada", "Shop") == ""

    def test_others_get_a_copy_where_the_desk_wants_it(self) -> None:
        everybody = ("jo@customer.example", "al@customer.example", "sales+x@shop.example")
        known = replace(a_ticket(), thread=EmailThread(participants=everybody))
        assert DESK.copied(known) == ()
        assert replace(DESK, copy_participants=True).copied(known) == ("al@customer.example",)


class TestRefusals:
    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"address": "sales"}, "addresses[sales].address"),
            ({"address": "sales+x@shop.example"}, "addresses[sales+x@shop.example].address"),
            ({"name": "a\nBcc: eve@elsewhere.example"}, "addresses[s@shop.example].name"),
            ({"language": "German"}, "addresses[s@shop.example].language"),
            ({"signature": {"x": "Bye"}}, "addresses[s@shop.example].signature.x"),
            ({"signature": {"en": "x" * (SIGNATURE_LIMIT + 1)}}, "addresses[s@shop.example].signature.en"),
        ],
    )
    def test_the_line_is_named(self, wrong: dict[str, Any], where: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            SupportAddress(**{"address": "s@shop.example", **wrong})
        assert refusal.value.field == where

    def test_no_address_is_listed_twice(self) -> None:
        with pytest.raises(InvalidInput, match="once"):
            DeskSettings(addresses=(SALES, replace(SALES, address="SALES@shop.example")))

    @pytest.mark.parametrize("name", ["blocked_senders", "allowed_senders"])
    def test_a_sender_that_can_not_be(self, name: str) -> None:
        wrong: dict[str, Any] = {name: ("jo@customer.example", "not a domain")}
        with pytest.raises(InvalidInput) as refusal:
            replace(DESK, **wrong)
        assert refusal.value.field == f"{name}[1]"


def test_a_policy_may_match_on_the_address() -> None:

    desk = replace(DESK, sla_policies=(promise("sales", match={"address": ("sales@shop.example",)}), promise()))
    assert matching_policy(replace(a_ticket(), thread=EmailThread(address="sales@shop.example")), desk) == "sales"
    assert matching_policy(a_ticket(), desk) == "standard"
