"""Numbers the way people type them."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.amounts import UnclearAmount, amount, percentage, shown, typed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", "7"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1.200.000", "1200000"),
        ("1 200", "1200"),
        ("1'200", "1200"),
        ("12 %", "12"),
        ("12,5%", "12.5"),
        ("0,125", "0.125"),
        ("5k", "5000"),
        ("2,5 Mio.", "2500000"),
        ("€ 250 000", "250000"),
        ("250 EUR", "250"),
        ("about 30", "30"),
        ("~30", "30"),
        ("-4", "-4"),
        ("−4", "-4"),
    ],
)
def test_what_can_be_read_in_one_way_is_read(text: str, number: str) -> None:
    assert amount(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "  ", "?", "not known yet", "Unknown.", "don’t know", "tbd", "n/a"])
def test_not_known_yet_is_an_answer(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize("text", ["1.200", "1,200", "12.345"])
def test_what_can_be_read_in_two_ways_is_asked_back(text: str) -> None:
    with pytest.raises(UnclearAmount, match="two ways"):
        amount(text)


@pytest.mark.parametrize("text", ["1.200", "1,200", "250.000"])
def test_money_has_no_three_decimals(text: str) -> None:
    assert amount(text, money=True) == Decimal(text.replace(".", "").replace(",", ""))


@pytest.mark.parametrize(
    "text", ["a while", "3 to 5", "1,2,3", "1.2.3,4", "5 bananas", "1e9", "9" * 40, "٣", "½"]
)
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(UnclearAmount):
        amount(text)


def test_a_share_lies_between_0_and_100() -> None:
    assert percentage("12 per cent") == 12
    with pytest.raises(UnclearAmount, match="between 0 and 100"):
        percentage("140")


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_unclear(text: str) -> None:
    with contextlib.suppress(UnclearAmount):
        assert amount(text) is None or isinstance(amount(text), Decimal)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_number_shown_for_typing_is_read_back_as_itself(number: Decimal) -> None:
    assert amount(typed(number), money=True) == number
    assert "\u202f" not in typed(number)
    assert shown(number)
