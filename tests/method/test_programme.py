"""The programme clock: weeks, what holds it, and the dates of the gates."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.programme import (
    PER_WEEK,
    Hold,
    HoldKind,
    ProgrammeClock,
    gate_dates,
    gate_week,
    next_gate,
    phase_of,
    plan_week,
    released_by,
    window_weeks,
)
from bot.playbook.load import load_playbook

PLAYBOOK = load_playbook()
START = date(2027, 1, 4)
CLOCK = ProgrammeClock(START, "Europe/Berlin")
TODAY = date(2027, 2, 1)


def hold(first: date, last: date | None, kind: HoldKind = "hold", review: date | None = None) -> Hold:
    return Hold(kind, first, last, "Year-end close", "U1", review or first + timedelta(days=14))


def held(*holds: Hold) -> ProgrammeClock:
    return replace(CLOCK, holds=holds)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@st.composite
def clocks(draw: st.DrawFn) -> ProgrammeClock:
    """A clock with up to four holds that may overlap."""
    days = st.dates(START, date(2027, 6, 30))
    firsts: Iterable[date] = draw(st.lists(days, max_size=4))
    return held(*(hold(day, day + timedelta(days=draw(st.integers(0, 20)))) for day in firsts))


class TestWeeks:
    @pytest.mark.parametrize(
        ("day", "week"),
        [
            (date(2027, 1, 3), 0),
            (date(2027, 1, 4), 1),
            (date(2027, 1, 10), 1),
            (date(2027, 1, 11), 2),
            (date(2027, 3, 26), 12),
            (date(2027, 3, 29), 13),
        ],
    )
    def test_week_one_starts_on_the_chosen_monday(self, day: date, week: int) -> None:
        assert CLOCK.week_at(noon(day)).week == week

    def test_another_day_than_monday_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Monday"):
            ProgrammeClock(date(2027, 1, 5))

    def test_the_week_begins_at_local_midnight(self) -> None:
        just_before = datetime(2027, 1, 10, 22, 59, tzinfo=UTC)
        assert CLOCK.week_at(just_before).week == 1
        assert CLOCK.week_at(just_before + timedelta(minutes=1)).week == 2

    def test_week_6_of_12_is_calendar_week_8_after_a_hold_of_two_weeks(self) -> None:
        point = held(hold(date(2027, 1, 18), date(2027, 1, 31))).week_at(noon(date(2027, 2, 24)))
        assert (point.week, point.of, point.calendar_week) == (6, 12, 8)
        assert point.calendar_differs
        assert point.hold is None

    def test_without_a_hold_the_calendar_says_the_same(self) -> None:
        assert not CLOCK.week_at(noon(TODAY)).calendar_differs

    def test_while_it_is_held_the_week_stands_still_and_says_why(self) -> None:
        stopped = hold(date(2027, 1, 18), None)
        point = held(stopped).week_at(noon(date(2027, 1, 27)))
        assert (point.week, point.calendar_week, point.hold) == (2, 4, stopped)

    def test_after_the_last_week_there_is_no_of(self) -> None:
        assert CLOCK.week_at(noon(date(2027, 4, 5))).of is None

    @given(clocks(), st.dates(date(2026, 12, 1), date(2027, 12, 31)))
    def test_weeks_never_go_back_and_never_overtake_the_calendar(
        self, clock: ProgrammeClock, day: date
    ) -> None:
        today, tomorrow = clock.week_at(noon(day)), clock.week_at(noon(day + timedelta(days=1)))
        assert today.week <= tomorrow.week <= today.week + 1
        assert today.week <= today.calendar_week


class TestDays:
    @given(clocks(), st.integers(-20, 120))
    def test_each_programme_day_is_found_by_its_number(self, clock: ProgrammeClock, number: int) -> None:
        assert clock.number(clock.date_of(number, TODAY), TODAY) == number

    @given(clocks(), st.integers(0, 120))
    def test_programme_days_are_working_days_on_which_the_clock_runs(
        self, clock: ProgrammeClock, number: int
    ) -> None:
        assert clock.runs_on(clock.date_of(number, TODAY), TODAY)

    @given(clocks(), st.integers(1, 20))
    def test_every_week_has_five_days(self, clock: ProgrammeClock, week: int) -> None:
        first, last = clock.start_of_week(week, TODAY), clock.end_of_week(week, TODAY)
        assert clock.working_days(first, last, TODAY) == PER_WEEK

    def test_public_holidays_are_no_working_days_but_do_not_stop_the_clock(self) -> None:
        german = replace(CLOCK, country="DE")
        good_friday, start = date(2027, 3, 26), date(2027, 3, 22)
        assert german.working_days(start, good_friday, TODAY) == 4
        assert german.end_of_week(12, TODAY) == good_friday


class TestHolds:
    def test_three_held_days_move_what_follows_by_three_working_days(self) -> None:
        clock = held(hold(date(2027, 1, 13), date(2027, 1, 15)))
        assert clock.end_of_week(1, TODAY) == date(2027, 1, 8)
        assert clock.end_of_week(2, TODAY) == date(2027, 1, 20)
        assert clock.end_of_week(4, TODAY) == date(2027, 2, 3)

    def test_days_held_twice_count_once(self) -> None:
        one = hold(date(2027, 1, 11), date(2027, 1, 15))
        assert held(one, replace(one, kind="freeze")).end_of_week(4, TODAY) == date(2027, 2, 5)

    def test_an_open_hold_counts_until_its_review_and_then_until_today(self) -> None:
        clock = held(hold(date(2027, 1, 18), None, review=date(2027, 2, 1)))
        assert clock.end_of_week(4, date(2027, 1, 20)) == date(2027, 2, 12)
        assert clock.end_of_week(4, date(2027, 2, 5)) == date(2027, 2, 19)

    def test_it_is_asked_about_every_two_weeks_and_decided_after_six(self) -> None:
        stopped = hold(date(2027, 1, 18), None)
        assert stopped.ask_on(date(2027, 1, 18)) == date(2027, 2, 1)
        assert stopped.ask_on(date(2027, 2, 1)) == date(2027, 2, 1)
        assert stopped.ask_on(date(2027, 2, 2)) == date(2027, 2, 15)
        assert stopped.decide_by == date(2027, 3, 1)

    def test_a_hold_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(ValueError, match="ends on its first day or later"):
            hold(date(2027, 1, 18), date(2027, 1, 17))

    @given(clocks(), st.dates(START, date(2027, 6, 30)), st.integers(0, 20), st.integers(0, 16))
    def test_one_more_hold_never_brings_a_week_forward(
        self, clock: ProgrammeClock, first: date, days: int, week: int
    ) -> None:
        more = replace(clock, holds=(*clock.holds, hold(first, first + timedelta(days=days))))
        assert more.end_of_week(week, TODAY) >= clock.end_of_week(week, TODAY)


class TestGates:
    def test_each_gate_is_held_on_the_friday_of_its_week(self) -> None:
        assert gate_dates(PLAYBOOK, CLOCK, TODAY) == {
            "G0": date(2027, 1, 1),
            "G1": date(2027, 1, 29),
            "G2": date(2027, 2, 26),
            "G3": date(2027, 3, 26),
            "G4": date(2027, 4, 23),
        }

    def test_a_hold_moves_the_gates_after_it_and_no_other(self) -> None:
        clock = held(hold(date(2027, 2, 8), date(2027, 2, 19), "freeze"))
        before, after = gate_dates(PLAYBOOK, CLOCK, TODAY), gate_dates(PLAYBOOK, clock, TODAY)
        moved = {gate: (after[gate] - before[gate]).days for gate in before}
        assert moved == {"G0": 0, "G1": 0, "G2": 14, "G3": 14, "G4": 14}

    def test_a_gate_that_names_no_week_is_said(self) -> None:
        vague = PLAYBOOK.gates[1].model_copy(update={"when": "when we feel like it"})
        with pytest.raises(ValueError, match="when we feel like it"):
            gate_week(vague)

    def test_the_next_gate_is_the_first_undecided_one(self) -> None:
        coming = next_gate(PLAYBOOK, {"G0", "G1"})
        assert coming is not None
        assert coming.id == "G2"
        assert next_gate(PLAYBOOK, PLAYBOOK.gates_by_id) is None

    def test_what_a_gate_releases(self) -> None:
        assert released_by(PLAYBOOK, "G1") == {"infrastructure": 45}
        assert released_by(PLAYBOOK, "G4") == {}


def test_phases_windows_and_weeks_of_the_playbook() -> None:
    names = {week: phase.id for week in (0, 4, 5, 12, 16, 99) if (phase := phase_of(PLAYBOOK, week))}
    assert names == {
        0: "entry",
        4: "diagnosis",
        5: "infrastructure",
        12: "workflow_launch",
        16: "proof",
        99: "sustain",
    }
    assert [window_weeks(window.id) for window in PLAYBOOK.windows] == [(1, 4), (5, 8), (9, 12)]
    seven = plan_week(PLAYBOOK, 7)
    assert seven is not None
    assert seven.theme == "Shadow the real work"
    assert plan_week(PLAYBOOK, 17) is None


def test_a_window_without_weeks_in_its_name_is_said() -> None:
    with pytest.raises(ValueError, match="does not say its weeks"):
        window_weeks("later")
