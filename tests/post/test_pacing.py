"""How fast we may call, and what a 429 holds back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.post.errors import Limited
from bot.post.pacing import Brakes, Pacing
from bot.post.verdict import Timing
from tests.support.clock import START

POST = "chat.postMessage"


@given(per_second=st.floats(min_value=0.1, max_value=1e6))
def test_posts_in_one_channel_keep_their_distance(per_second: float) -> None:
    gap = Pacing(per_channel_per_second=per_second).lane_gap
    assert gap.total_seconds() == pytest.approx(1 / per_second, abs=1e-5)


@pytest.mark.parametrize(
    ("method", "used", "is_exhausted"),
    [
        (POST, 289, False),
        (POST, 290, True),
        ("chat.update", 39, False),
        ("chat.update", 40, True),
        ("views.publish", 90, True),
        ("response_url", 100_000, False),
    ],
)
def test_a_minutes_budget_is_slacks_less_what_is_being_sent(
    method: str, used: int, is_exhausted: bool
) -> None:
    budget = ("T1", method)
    assert list(Pacing().exhausted({budget: used}, headroom=10)) == ([budget] if is_exhausted else [])


def test_raising_the_posts_per_minute_raises_the_other_methods_as_well() -> None:
    assert not Pacing(per_minute=3_000).exhausted({("T1", "chat.update"): 489}, headroom=10)


def test_a_budget_smaller_than_the_headroom_still_lets_something_through() -> None:
    assert not Pacing(per_minute=5).exhausted({("T1", POST): 0}, headroom=10)
    assert Pacing(per_minute=5).exhausted({("T1", POST): 1}, headroom=10)


def test_a_429_to_one_channel_holds_back_that_channel_alone() -> None:
    brakes = Brakes()
    brakes.limited("T1", "C1", Limited(POST, 30), START)
    brakes.limited("T1", "C1", Limited(POST, 30), START)
    assert not brakes.held(START)


def test_a_429_to_a_second_channel_holds_back_the_workspace_until_it_is_over() -> None:
    brakes = Brakes()
    brakes.limited("T1", "C1", Limited(POST, 30), START)
    brakes.limited("T1", "C2", Limited(POST, 20), START)
    assert set(brakes.held(START)) == {("T1", POST)}
    assert not brakes.held(START + timedelta(seconds=20))


def test_a_429_to_a_tiered_method_holds_it_back_in_that_workspace() -> None:
    brakes = Brakes()
    brakes.limited("T1", "C1", Limited("chat.update", 30), START)
    assert set(brakes.held(START)) == {("T1", "chat.update")}


def test_addresses_of_clicks_do_not_hold_back_one_another() -> None:
    brakes = Brakes()
    for url in ("one", "two", "three"):
        brakes.limited("T1", url, Limited("response_url", 30), START)
    assert not brakes.held(START)


def test_a_call_that_could_outlive_its_lease_is_refused() -> None:
    with pytest.raises(ValueError, match="before its lease"):
        Timing(lease=10, call=10)


@given(attempts=st.integers(min_value=1, max_value=10_000))
def test_pauses_grow_up_to_the_longest(attempts: int) -> None:
    timing = Timing()
    assert timing.retry_after(attempts) <= timing.retry_after(attempts + 1) <= timedelta(seconds=60)
