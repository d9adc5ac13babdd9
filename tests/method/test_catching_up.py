"""What is done after an outage about each kind of message."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.catching_up import CATCH_UP, Kind, Verdict, verdict_on

DUE = datetime(2027, 1, 4, 9, tzinfo=UTC)
ORDER: tuple[Verdict, ...] = ("on_time", "late", "merge", "skip")

kinds: st.SearchStrategy[Kind] = st.sampled_from(get_args(Kind))


def test_every_kind_says_what_becomes_of_it() -> None:
    assert set(CATCH_UP) == set(get_args(Kind))


@pytest.mark.parametrize(
    ("kind", "hours", "verdict"),
    [
        ("monday", 0, "on_time"),
        ("monday", 48, "late"),
        ("monday", 72, "skip"),
        ("checkin", 72, "merge"),
        ("checkin", 96, "skip"),
        ("reminder", 72, "merge"),
        ("escalation", 24 * 30, "merge"),
        ("severity1", 72, "late"),
    ],
)
def test_after_an_outage(kind: Kind, hours: int, verdict: Verdict) -> None:
    assert verdict_on(kind, DUE, DUE + timedelta(hours=hours)) == verdict


@given(
    kinds, st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=60))
)
def test_more_delay_is_never_less_late(kind: Kind, delay: timedelta, more: timedelta) -> None:
    earlier, later = verdict_on(kind, DUE, DUE + delay), verdict_on(kind, DUE, DUE + delay + more)
    assert ORDER.index(earlier) <= ORDER.index(later)


@given(kinds, st.timedeltas(timedelta(days=-60), timedelta(minutes=30)))
def test_half_an_hour_is_on_time_for_all(kind: Kind, delay: timedelta) -> None:
    assert verdict_on(kind, DUE, DUE + delay) == "on_time"
