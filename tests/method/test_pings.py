"""The attention budget: how many pings, which, when; and what no cap holds back."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.calendar import Leave, NeverAtWork, WorkingTime, WorkWeek
from bot.method.catching_up import Kind
from bot.method.pings import CAP, Attention, Ping, Quiet, free_slots, send_out

BERLIN = WorkingTime(WorkWeek("Europe/Berlin"))
ANYBODY = Attention(BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


NOW = at("2027-01-04 10:00")


def ping(key: str, unblocks: float = 0, *, kind: Kind = "reminder", level: int = 0) -> Ping:
    return Ping(key, kind, 1, NOW, unblocks, level)


kinds: st.SearchStrategy[Kind] = st.sampled_from(get_args(Kind))
pings = st.lists(
    st.builds(
        Ping,
        key=st.text("abcdefgh", min_size=3, max_size=6),
        kind=kinds,
        initiative=st.integers(1, 4),
        due=st.just(NOW),
        unblocks=st.integers(0, 40),
        level=st.integers(0, 3),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)
attentions = st.builds(
    Attention,
    working=st.just(BERLIN),
    cap=st.integers(0, 5),
    quiet=st.sampled_from([(), (Quiet(time(12), time(14)),)]),
    muted=st.frozensets(kinds, max_size=3),
)
moments = st.timedeltas(timedelta(0), timedelta(days=14)).map(NOW.astimezone(UTC).__add__)
slots = st.sets(st.integers(1, 5))


class TestTheCap:
    def test_three_a_day_those_first_that_unblock_most(self) -> None:
        due = [ping("a", 1), ping("b", 20), ping("c", 5), ping("d", 3), ping("e")]
        found = send_out(due, ANYBODY, (), NOW)
        assert CAP == 3
        assert [(slot, one.key) for slot, one in found.pings] == [(1, "b"), (2, "c"), (3, "d")]
        assert [one.key for one in found.digest] == ["a", "e"]
        assert found.day == date(2027, 1, 4)

    def test_what_unblocks_as_much_goes_by_level_then_by_waiting(self) -> None:
        older = replace(ping("older"), due=NOW - timedelta(hours=1))
        found = send_out([ping("plain"), older, ping("high", level=2)], ANYBODY, (), NOW)
        assert [one.key for _, one in found.pings] == ["high", "older", "plain"]

    def test_slots_claimed_today_are_gone(self) -> None:
        found = send_out([ping("a"), ping("b")], ANYBODY, {1, 3}, NOW)
        assert [(slot, one.key) for slot, one in found.pings] == [(2, "a")]
        assert free_slots(3, {2}) == (1, 3)

    @given(pings, attentions, slots, moments)
    def test_never_more_than_the_cap_and_never_a_slot_twice(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime
    ) -> None:
        claimed = [slot for slot, _ in send_out(due, who, used, now).pings]
        assert len(claimed) <= who.cap
        assert len(set(claimed) | used) == len(claimed) + len(used)
        assert all(1 <= slot <= who.cap for slot in claimed)

    @given(pings, attentions, slots, moments)
    def test_every_ping_goes_exactly_one_way(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime
    ) -> None:
        found = send_out(due, who, used, now)
        sent = [one for _, one in found.pings]
        every = [*found.at_once, *sent, *found.digest, *found.later, *found.muted]
        assert Counter(one.key for one in every) == Counter(one.key for one in due)

    @given(pings, attentions, slots, moments)
    def test_nothing_in_the_digest_unblocks_more_than_what_was_sent(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime
    ) -> None:
        found = send_out(due, who, used, now)
        least = min((one.unblocks for _, one in found.pings), default=0)
        if found.pings:
            assert all(one.unblocks <= least for one in found.digest)

    @given(pings, attentions, slots, moments, st.integers(0, 3))
    def test_a_higher_cap_never_sends_less(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime, more: int
    ) -> None:
        few = send_out(due, who, used, now)
        many = send_out(due, replace(who, cap=who.cap + more), used, now)
        assert {one.key for _, one in few.pings} <= {one.key for _, one in many.pings}


class TestHours:
    def test_outside_working_hours_everything_waits_for_the_morning(self) -> None:
        found = send_out([ping("a")], ANYBODY, (), at("2027-01-08 18:00"))
        assert found.pings == ()
        assert found.digest == ()
        assert [one.key for one in found.later] == ["a"]
        assert found.not_before == at("2027-01-11 09:00")

    def test_never_on_leave(self) -> None:
        away = Attention(replace(BERLIN, leave=(Leave(date(2027, 1, 4), date(2027, 1, 8)),)))
        assert send_out([ping("a")], away, (), NOW).not_before == at("2027-01-11 09:00")

    def test_quiet_hours_inside_the_working_day(self) -> None:
        lunch = Attention(BERLIN, quiet=(Quiet(time(12), time(14)),))
        assert lunch.next_moment(at("2027-01-04 12:30")) == at("2027-01-04 14:00")
        assert lunch.next_moment(at("2027-01-04 14:00")) == at("2027-01-04 14:00")

    def test_quiet_hours_past_midnight(self) -> None:
        slow = Attention(BERLIN, quiet=(Quiet(time(16), time(10)),))
        assert slow.next_moment(at("2027-01-04 09:00")) == at("2027-01-04 10:00")
        assert slow.next_moment(at("2027-01-08 16:30")) == at("2027-01-11 10:00")

    def test_quiet_hours_that_leave_nothing_are_said(self) -> None:
        never = Attention(BERLIN, quiet=(Quiet(time(8), time(18)),))
        with pytest.raises(NeverAtWork):
            never.next_moment(NOW)

    def test_quiet_hours_without_a_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="another time"):
            Quiet(time(9), time(9))

    @given(pings, attentions, slots, moments)
    def test_what_is_no_severity_1_goes_in_working_hours_only(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime
    ) -> None:
        found = send_out(due, who, used, now)
        if found.pings or found.digest:
            assert BERLIN.is_working(now)
            assert found.not_before is None


class TestSeverity1:
    ALARM = ping("alarm", kind="severity1")

    @given(pings, attentions, slots, moments)
    def test_it_goes_at_once_day_or_night_capped_muted_or_not(
        self, due: list[Ping], who: Attention, used: set[int], now: datetime
    ) -> None:
        found = send_out([*due, self.ALARM], replace(who, muted=frozenset(get_args(Kind))), used, now)
        assert self.ALARM in found.at_once

    def test_it_takes_no_slot(self) -> None:
        found = send_out([self.ALARM, ping("a"), ping("b"), ping("c")], ANYBODY, (), NOW)
        assert len(found.pings) == 3


def test_a_muted_kind_is_only_seen_at_home() -> None:
    who = Attention(BERLIN, muted=frozenset({"reminder"}))
    found = send_out([ping("a"), ping("b", kind="escalation")], who, (), NOW)
    assert [one.key for one in found.muted] == ["a"]
    assert [one.key for _, one in found.pings] == ["b"]
