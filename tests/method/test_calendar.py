"""Working time: what counts as work, and what adding and measuring it gives."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.calendar import (
    Leave,
    NeverAtWork,
    UnknownPlace,
    WorkingTime,
    WorkWeek,
    add_working_days,
    public_holidays,
)

BERLIN = WorkingTime(WorkWeek("Europe/Berlin"))
HOUR = timedelta(hours=1)


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    """A local wall time as an aware moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Casablanca", "Asia/Kolkata", "UTC"])
moments = st.timedeltas(timedelta(0), timedelta(days=1000)).map(datetime(2026, 1, 1, tzinfo=UTC).__add__)
spans = st.timedeltas(timedelta(0), timedelta(hours=60))


@st.composite
def working_times(draw: st.DrawFn) -> WorkingTime:
    """Somebody who works some days of the week, part of the day, with days off and leave."""
    start = draw(st.integers(4, 12))
    week = WorkWeek(
        draw(zones),
        frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        time(start),
        time(draw(st.integers(start + 1, 23))),
    )
    days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
    leave = [Leave(day, day + timedelta(days=draw(st.integers(0, 30)))) for day in draw(st.lists(days))[:3]]
    return WorkingTime(week, None, frozenset(draw(st.sets(days, max_size=5))), tuple(leave))


class TestADay:
    def test_nine_to_five_from_monday_to_friday_unless_said_otherwise(self) -> None:
        assert BERLIN.hours_on(date(2027, 1, 4)) == (at("2027-01-04 09:00"), at("2027-01-04 17:00"))
        assert BERLIN.hours_on(date(2027, 1, 9)) is None
        assert BERLIN.week.day_length == 8 * HOUR

    def test_the_end_of_a_day_is_no_work_any_more(self) -> None:
        assert BERLIN.is_working(at("2027-01-04 09:00"))
        assert not BERLIN.is_working(at("2027-01-04 17:00"))

    def test_sunday_to_thursday_is_a_week_too(self) -> None:
        cairo = WorkingTime(WorkWeek("Africa/Cairo", frozenset({6, 0, 1, 2, 3})))
        assert cairo.works_on(date(2027, 1, 3))
        assert not cairo.works_on(date(2027, 1, 8))

    def test_leave_includes_its_last_day(self) -> None:
        away = WorkingTime(WorkWeek("UTC"), leave=(Leave(date(2027, 1, 4), date(2027, 1, 6)),))
        assert [away.works_on(date(2027, 1, day)) for day in (4, 5, 6, 7)] == [False, False, False, True]
        assert away.excused_on(date(2027, 1, 6))

    def test_a_weekend_is_no_excuse(self) -> None:
        assert not BERLIN.excused_on(date(2027, 1, 9))

    @pytest.mark.parametrize(
        ("days", "start", "end"),
        [((), 9, 17), ((7,), 9, 17), ((0,), 17, 9), ((0,), 9, 9)],
    )
    def test_a_week_without_days_or_hours_is_refused(
        self, days: tuple[int, ...], start: int, end: int
    ) -> None:
        with pytest.raises(ValueError):  # noqa: PT011
            WorkWeek("UTC", frozenset(days), time(start), time(end))

    def test_a_zone_that_nobody_knows_is_refused(self) -> None:
        with pytest.raises(ZoneInfoNotFoundError):
            WorkWeek("Middle/Earth")


class TestPublicHolidays:
    def test_a_country_and_its_parts_have_different_ones(self) -> None:
        epiphany = date(2027, 1, 6)
        assert epiphany not in public_holidays("DE", 2027)
        assert epiphany in public_holidays("DE-BY", 2027)
        assert date(2027, 7, 5) in public_holidays("US", 2027)  # the day observed: the 4th is a Sunday

    @pytest.mark.parametrize("place", ["XX", "DE-ZZ", ""])
    def test_an_unknown_place_is_said(self, place: str) -> None:
        with pytest.raises(UnknownPlace, match="no public holidays are known"):
            public_holidays(place, 2027)

    def test_nobody_works_on_one_and_it_excuses(self) -> None:
        munich = WorkingTime(WorkWeek("Europe/Berlin"), "DE-BY")
        assert not munich.works_on(date(2027, 1, 6))
        assert munich.excused_on(date(2027, 1, 6))
        assert munich.add_days(at("2027-01-05 14:00"), 1) == at("2027-01-07 14:00")


class TestAdding:
    def test_eight_hours_after_nine_are_five_the_same_day(self) -> None:
        assert BERLIN.add(at("2027-01-04 09:00"), 8 * HOUR) == at("2027-01-04 17:00")
        assert BERLIN.add(at("2027-01-04 09:00"), 9 * HOUR) == at("2027-01-05 10:00")

    def test_friday_afternoon_goes_on_on_monday(self) -> None:
        assert BERLIN.add(at("2027-01-08 15:00"), 4 * HOUR) == at("2027-01-11 11:00")

    def test_before_work_and_after_work_wait_for_work(self) -> None:
        assert BERLIN.next_moment(at("2027-01-08 07:00")) == at("2027-01-08 09:00")
        assert BERLIN.next_moment(at("2027-01-08 17:00")) == at("2027-01-11 09:00")
        assert BERLIN.next_moment(at("2027-01-08 12:34")) == at("2027-01-08 12:34")

    def test_two_working_days_keep_the_wall_time(self) -> None:
        assert BERLIN.add_days(at("2027-01-04 14:00"), 2) == at("2027-01-06 14:00")
        assert BERLIN.add_days(at("2027-01-08 14:00"), 2) == at("2027-01-12 14:00")
        assert BERLIN.add_days(at("2027-01-09 14:00"), 2) == at("2027-01-13 09:00")

    def test_the_wall_time_stays_across_a_clock_change(self) -> None:
        assert BERLIN.add_days(at("2027-03-26 09:30"), 1) == at("2027-03-29 09:30")

    def test_somebody_who_is_never_at_work_is_said(self) -> None:
        gone = WorkingTime(WorkWeek("UTC"), leave=(Leave(date(2027, 1, 1), date(2032, 1, 1)),))
        with pytest.raises(NeverAtWork):
            gone.next_moment(at("2027-01-04 09:00"))

    @given(working_times(), moments, spans)
    def test_what_was_added_is_what_is_measured(
        self, person: WorkingTime, start: datetime, span: timedelta
    ) -> None:
        assert person.between(start, person.add(start, span)) == span

    @given(working_times(), moments, spans, spans)
    def test_adding_more_never_ends_earlier(
        self, person: WorkingTime, start: datetime, one: timedelta, more: timedelta
    ) -> None:
        assert person.add(start, one) <= person.add(start, one + more)

    @given(working_times(), moments, st.timedeltas(timedelta(0), timedelta(days=9)), st.integers(0, 9))
    def test_days_counted_from_later_never_end_earlier(
        self, person: WorkingTime, start: datetime, later: timedelta, days: int
    ) -> None:
        assert person.add_days(start, days) <= person.add_days(start + later, days)

    @given(working_times(), moments, st.integers(0, 9))
    def test_every_time_given_back_is_at_work(self, person: WorkingTime, start: datetime, days: int) -> None:
        assert person.is_working(person.next_moment(start))
        assert person.is_working(person.add_days(start, days))


class TestMeasuring:
    def test_nights_and_weekends_do_not_count(self) -> None:
        assert BERLIN.between(at("2027-01-08 16:00"), at("2027-01-11 10:00")) == 2 * HOUR
        assert BERLIN.between(at("2027-01-11 10:00"), at("2027-01-08 16:00")) == timedelta(0)

    @given(working_times(), moments, spans, spans)
    def test_two_stretches_are_as_long_as_both_together(
        self, person: WorkingTime, start: datetime, one: timedelta, other: timedelta
    ) -> None:
        middle, end = start + one, start + one + other
        assert person.between(start, end) == person.between(start, middle) + person.between(middle, end)

    def test_working_days_of_a_month_without_its_holidays(self) -> None:
        germany = WorkingTime(WorkWeek("Europe/Berlin"), "DE")
        assert germany.days_in(date(2027, 5, 1), date(2027, 5, 31)) == 21 - 2
        assert germany.days_in(date(2027, 5, 2), date(2027, 5, 1)) == 0


def test_without_a_person_two_working_days_after_friday_and_saturday_are_tuesday() -> None:
    tuesday = at("2027-01-12 12:00")
    assert add_working_days(at("2027-01-08 12:00"), 2, "Europe/Berlin") == tuesday
    assert add_working_days(at("2027-01-09 12:00"), 2, "Europe/Berlin") == tuesday
