"""The ladder: the playbook's times by hand, and what holds whatever people do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.method.calendar import Leave, WorkingTime, WorkWeek
from bot.method.escalation import (
    AUDIENCES,
    HAVE_IT,
    HAVE_IT_CHOICES,
    MAX_LOOPS,
    SNOOZES,
    HandedOver,
    Happening,
    HaveIt,
    Moved,
    Outlook,
    Seat,
    Snooze,
    Snoozed,
    StepDue,
    Told,
    Trigger,
    acknowledge_by,
    lapse_of,
    outlook,
    rule_of,
    rules_of_task,
    snooze_until,
    step_times,
    who_is_told,
)
from bot.playbook.programme import EscalationRule
from tests.method.plans import PLAYBOOK, TODAY, task

BERLIN = WorkingTime(WorkWeek("Europe/Berlin"))
NEW_YORK = WorkingTime(WorkWeek("America/New_York"))
RULES = [rule.id for rule in PLAYBOOK.escalation.rules]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


MONDAY = at("2027-01-04 10:00")


def rule(name: str) -> EscalationRule:
    return rule_of(PLAYBOOK, name)


def told(level: int, moment: datetime, who: WorkingTime = BERLIN) -> Told:
    return Told(moment, level, acknowledge_by(PLAYBOOK, level, moment, who))


def seen(name: str, *happened: Happening, now: datetime = MONDAY, since: datetime = MONDAY) -> Outlook:
    return outlook(rule(name), Trigger(since), happened, BERLIN, now)


class TestTimes:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("E1", [(0, "2027-01-06 10:00"), (1, "2027-01-08 10:00"), (2, "2027-01-13 10:00")]),
            ("E3", [(1, "2027-01-06 10:00"), (2, "2027-01-11 10:00"), (3, "2027-01-14 10:00")]),
            ("E4", [(1, "2027-01-05 10:00"), (2, "2027-01-07 10:00"), (3, "2027-01-11 10:00")]),
            ("E5", [(2, "2027-01-04 10:00")]),
            ("E6", [(1, "2027-01-07 10:00"), (2, "2027-01-11 10:00")]),
            ("E7", [(1, "2027-01-06 10:00"), (2, "2027-01-11 10:00")]),
            ("E8", [(1, "2027-01-04 10:00"), (2, "2027-01-11 10:00")]),
            ("E9", [(1, "2027-01-04 10:00"), (2, "2027-01-11 10:00")]),
            ("E10", [(1, "2027-01-04 10:00"), (2, "2027-01-07 10:00")]),
            ("E11", [(2, "2027-01-04 10:00")]),
            ("E12", [(1, "2027-01-04 10:00"), (2, "2027-01-06 10:00")]),
            ("E13", [(2, "2027-01-04 10:00")]),
            ("E14", [(2, "2027-01-04 10:00")]),
        ],
    )
    def test_each_rule_climbs_at_the_playbooks_times(
        self, name: str, expected: list[tuple[int, str]]
    ) -> None:
        found = step_times(rule(name), Trigger(MONDAY), BERLIN)
        assert [(step.level, step.at) for step in found] == [(level, at(text)) for level, text in expected]

    def test_a_missed_check_in_climbs_with_each_miss(self) -> None:
        missed = [at("2027-01-07 17:00"), at("2027-01-14 17:00")]
        found = step_times(rule("E2"), Trigger(missed[0], missed), BERLIN)
        assert [(s.level, s.at) for s in found] == [(0, at("2027-01-08 09:00")), (1, at("2027-01-15 09:00"))]

    def test_days_are_those_of_whom_it_waits_for(self) -> None:
        away = replace(BERLIN, leave=(Leave(date(2027, 1, 5), date(2027, 1, 8)),))
        first, *_ = step_times(rule("E3"), Trigger(MONDAY), away)
        assert first.at == at("2027-01-12 10:00")

    def test_at_once_means_when_they_next_work_unless_it_is_severity_1(self) -> None:
        night = at("2027-01-08 23:00")
        assert step_times(rule("E8"), Trigger(night), BERLIN)[0].at == at("2027-01-11 09:00")
        assert step_times(rule("E13"), Trigger(night), BERLIN)[0].at == night

    @given(st.sampled_from(RULES), st.timedeltas(timedelta(0), timedelta(days=60)), st.integers(0, 3))
    def test_steps_come_in_order_and_never_before_the_cause(
        self, name: str, ahead: timedelta, misses: int
    ) -> None:
        since = MONDAY + ahead
        missed = [since + timedelta(weeks=n) for n in range(misses)]
        found = step_times(rule(name), Trigger(since, missed), NEW_YORK)
        assert [step.level for step in found] == sorted(step.level for step in found)
        assert [step.at for step in found] == sorted(step.at for step in found)
        assert all(step.at >= since for step in found)

    def test_an_unknown_rule_is_said(self) -> None:
        with pytest.raises(KeyError):
            rule("E99")


class TestClimbing:
    def test_the_first_step_then_the_next(self) -> None:
        first = at("2027-01-06 10:00")
        assert seen("E3").next == StepDue(1, first, 0)
        assert seen("E3", told(1, first)).next == StepDue(2, at("2027-01-11 10:00"), 0)

    def test_a_late_first_step_leaves_time_to_acknowledge_before_the_second(self) -> None:
        late = at("2027-01-11 09:30")
        assert seen("E3", told(1, late)).next == StepDue(2, at("2027-01-12 09:30"), 0)

    def test_the_last_step_is_repeated_until_somebody_has_it_five_times_at_most(self) -> None:
        moment, happened = MONDAY, [told(2, MONDAY)]
        for loop in range(1, MAX_LOOPS + 1):
            found = seen("E5", *happened, now=moment)
            assert found.next is not None
            assert (found.next.level, found.next.loop) == (2, loop)
            moment = found.next.at
            happened.append(told(2, moment))
        assert seen("E5", *happened, now=moment) == Outlook("spent", None)

    def test_steering_has_two_working_days_to_acknowledge(self) -> None:
        assert acknowledge_by(PLAYBOOK, 3, MONDAY, BERLIN) == at("2027-01-06 10:00")

    def test_while_no_further_check_in_is_missed_it_waits(self) -> None:
        trigger = Trigger(MONDAY, [MONDAY])
        found = outlook(rule("E2"), trigger, [told(0, MONDAY)], BERLIN, MONDAY)
        assert found == Outlook("climbing", None)


class TestIHaveIt:
    HAVE = HaveIt(
        at("2027-01-06 11:00"), "U1", lapse_of(at("2027-01-06 11:00"), HAVE_IT_CHOICES[HAVE_IT], BERLIN)
    )
    FIRST = told(1, at("2027-01-06 10:00"))

    def test_it_stops_the_ladder_for_the_time_given(self) -> None:
        lapses = at("2027-01-08 11:00")
        found = seen("E4", self.FIRST, self.HAVE, now=at("2027-01-07 12:00"))
        assert (found.state, found.until) == ("held", lapses)
        assert found.next == StepDue(2, lapses, 0)

    def test_it_lapses_when_nothing_moves(self) -> None:
        found = seen("E4", self.FIRST, self.HAVE, now=at("2027-01-08 11:00"))
        assert (found.state, found.until) == ("climbing", None)
        assert found.next == StepDue(2, at("2027-01-08 11:00"), 0)

    def test_when_something_moves_it_is_kept_from_there(self) -> None:
        moved = Moved(at("2027-01-08 10:00"), at("2027-01-12 10:00"))
        found = seen("E4", self.FIRST, self.HAVE, moved, now=at("2027-01-11 12:00"))
        assert (found.state, found.until) == ("held", moved.lapses_at)

    def test_moving_without_having_it_stops_nothing(self) -> None:
        moved = Moved(at("2027-01-06 11:00"), at("2027-01-12 10:00"))
        assert seen("E4", self.FIRST, moved).state == "climbing"

    def test_a_lapse_after_the_last_step_is_a_loop(self) -> None:
        lapses = at("2027-01-07 10:00")
        found = seen("E5", told(2, MONDAY), HaveIt(MONDAY, "U1", lapses), now=lapses)
        assert found.next == StepDue(2, lapses, 1)


class TestSnoozing:
    @pytest.mark.parametrize(
        ("choice", "now", "until"),
        [
            ("four_hours", "2027-01-04 10:00", "2027-01-04 14:00"),
            ("four_hours", "2027-01-04 15:00", "2027-01-05 11:00"),
            ("four_hours", "2027-01-04 13:00", "2027-01-05 09:00"),
            ("day", "2027-01-08 10:00", "2027-01-11 10:00"),
            ("monday", "2027-01-04 10:00", "2027-01-11 09:00"),
            ("monday", "2027-01-10 23:00", "2027-01-11 09:00"),
        ],
    )
    def test_four_working_hours_a_day_until_monday(self, choice: Snooze, now: str, until: str) -> None:
        assert snooze_until(choice, at(now), BERLIN) == at(until)

    def test_monday_waits_for_a_day_at_work(self) -> None:
        germany = replace(BERLIN, country="DE")
        assert snooze_until("monday", at("2027-03-25 10:00"), germany) == at("2027-03-30 09:00")

    def test_it_rests_the_ladder_and_ends(self) -> None:
        snoozed = Snoozed(MONDAY, at("2027-01-07 10:00"))
        assert seen("E3", snoozed).state == "resting"
        assert seen("E3", snoozed).next == StepDue(1, at("2027-01-07 10:00"), 0)
        assert seen("E3", snoozed, now=at("2027-01-07 10:00")).state == "climbing"

    @given(st.sampled_from(SNOOZES), st.timedeltas(timedelta(0), timedelta(days=200)))
    def test_every_snooze_ends_later_and_at_work(self, choice: Snooze, ahead: timedelta) -> None:
        until = snooze_until(choice, MONDAY + ahead, NEW_YORK)
        assert until > MONDAY + ahead
        assert NEW_YORK.is_working(until)


class TestHandingOver:
    def test_who_takes_over_has_the_whole_ladders_time(self) -> None:
        handed = HandedOver(at("2027-01-11 10:00"), "U2")
        found = seen("E3", told(1, at("2027-01-06 10:00")), handed, now=handed.at)
        assert found.next == StepDue(1, at("2027-01-13 10:00"), 0)

    def test_it_can_not_go_in_circles_for_ever(self) -> None:
        handed: list[Happening] = [
            HandedOver(MONDAY + timedelta(days=n), f"U{n}") for n in range(MAX_LOOPS + 3)
        ]
        friday = handed[MAX_LOOPS - 1].at
        assert friday == at("2027-01-08 10:00")
        assert seen("E3", *handed).next == StepDue(1, at("2027-01-12 10:00"), 0)

    def test_hand_overs_and_repetitions_count_together(self) -> None:
        handed = [HandedOver(MONDAY, f"U{n}") for n in range(MAX_LOOPS)]
        assert seen("E5", *handed, told(2, MONDAY)) == Outlook("spent", None)


kinds = st.sampled_from(["told", "have", "moved", "snoozed", "handed"])


@given(st.sampled_from(RULES), st.lists(st.tuples(kinds, st.integers(0, 60)), max_size=60))
@settings(max_examples=60)
def test_whatever_people_do_nobody_is_told_without_end(name: str, acts: Sequence[tuple[str, int]]) -> None:
    """Steps are told when due; between them people have it, snooze and hand over as generated."""
    happened: list[Happening] = []
    now, missed = MONDAY, [MONDAY + timedelta(weeks=n) for n in range(3)]
    trigger = Trigger(MONDAY, missed)
    for kind, hours in [*acts, *[("told", 0)] * 60]:
        found = outlook(rule(name), trigger, happened, BERLIN, now)
        lapses = lapse_of(now, timedelta(hours=hours), BERLIN)
        if kind == "told":
            if found.next is not None:
                now = max(now, found.next.at)
                happened.append(told(found.next.level, now))
            continue
        said: dict[str, Happening] = {
            "have": HaveIt(now, "U1", lapses),
            "moved": Moved(now, lapses),
            "snoozed": Snoozed(now, lapses),
            "handed": HandedOver(now, "U2"),
        }
        happened.append(said[kind])
    times = [one.at for one in happened if isinstance(one, Told)]
    steps = len(rule(name).steps)
    assert len(times) <= steps * (MAX_LOOPS + 1) + MAX_LOOPS
    assert times == sorted(times)
    final = outlook(rule(name), trigger, happened, BERLIN, now)
    assert final.next is None


@given(st.sampled_from(RULES), st.integers(0, 80), st.integers(0, 40))
def test_having_it_longer_never_brings_the_next_step_forward(name: str, hours: int, more: int) -> None:
    trigger = Trigger(MONDAY, [MONDAY, MONDAY, MONDAY])
    ends = [lapse_of(MONDAY, timedelta(hours=n), BERLIN) for n in (hours, hours + more)]
    shorter, longer = (
        outlook(rule(name), trigger, [HaveIt(MONDAY, "U1", end)], BERLIN, MONDAY).next for end in ends
    )
    assert shorter is not None
    assert longer is not None
    assert shorter.at <= longer.at


class TestWho:
    def test_each_level_speaks_to_its_own(self) -> None:
        seats: dict[Seat, list[str]] = {
            "waited_for": ["U1"],
            "lead": ["U2"],
            "owner": ["U3"],
            "sponsor": ["U4", "U3"],
            "steering": ["U5", "U6"],
            "facilitator": ["U9"],
        }
        found = [who_is_told(level, seats) for level in range(4)]
        assert found == [("U1",), ("U2",), ("U3", "U4"), ("U5", "U6")]

    def test_an_empty_seat_passes_it_up_and_at_last_to_the_facilitator(self) -> None:
        assert who_is_told(1, {"sponsor": ["U4"], "facilitator": ["U9"]}) == ("U4",)
        assert who_is_told(3, {"lead": ["U2"], "facilitator": ["U9"]}) == ("U9",)
        assert who_is_told(0, {}) == ()

    def test_only_the_group_leads_level_is_read_in_the_channel(self) -> None:
        assert [level for level, audience in AUDIENCES.items() if audience.in_channel] == [1]
        assert AUDIENCES[2].form == "decision"
        assert AUDIENCES[3].form == "brief"

    def test_every_level_of_the_playbook_has_its_audience(self) -> None:
        assert set(AUDIENCES) == {rung.level for rung in PLAYBOOK.escalation.ladder}


class TestRulesOfATask:
    def test_blocked_and_overdue_set_off_a_rule_each(self) -> None:
        blocked = task("t", state="blocked", due=TODAY)
        assert rules_of_task(blocked, TODAY) == ("E3",)
        assert rules_of_task(blocked, TODAY + timedelta(days=1)) == ("E3", "E4")
        assert rules_of_task(task("t", state="on_track"), TODAY + timedelta(days=1)) == ("E4",)

    def test_only_work_that_blocks_and_is_not_done_does(self) -> None:
        late = TODAY + timedelta(days=30)
        assert rules_of_task(task("t", state="blocked", blocking=False), late) == ()
        assert rules_of_task(task("t", state="done_claimed"), late) == ()


def test_the_ladder_does_not_depend_on_the_machines_zone() -> None:
    early = WorkingTime(WorkWeek("Pacific/Auckland", start=time(8), end=time(16)))
    [first, *_] = step_times(rule("E1"), Trigger(datetime(2027, 1, 4, tzinfo=UTC)), early)
    assert first.at == datetime(2027, 1, 6, 0, 0, tzinfo=UTC)
