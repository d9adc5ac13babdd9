"""Whether the plan fits, the honest options, the gate forecast: the worked case by hand, and properties."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from graphlib import CycleError
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.chains import longest_chain, makes_a_circle, waiting_behind
from bot.method.forecast import (
    E5_DAYS,
    Fit,
    LaterDate,
    LessScope,
    MorePeople,
    Stop,
    fit,
    forecast_gate,
    options,
)
from bot.method.plan import close_tasks
from bot.method.programme import Hold
from bot.method.tasks import Task
from tests.method.plans import CAPACITY, CLOCK, PLAYBOOK, TODAY, task, task_graphs, worked_tasks
from tests.method.worked import at_gate

WORKED = list(worked_tasks().values())


def worked_fit() -> Fit:
    return fit(PLAYBOOK, WORKED, CLOCK, TODAY, CAPACITY)


def chain(*efforts: float) -> list[Task]:
    """Tasks in a row, each after the one before."""
    return [task(f"c{n}", effort, (f"c{n - 1}",) if n else ()) for n, effort in enumerate(efforts)]


class TestChains:
    def test_the_longest_is_that_with_the_most_effort_not_the_most_tasks(self) -> None:
        tasks = [*chain(1, 1, 1), task("big", 9), task("after", 2, ("big",))]
        found = longest_chain(tasks)
        assert (found.keys, found.days) == (("big", "after"), 11)

    def test_done_and_foreign_tasks_hold_nothing_up(self) -> None:
        done = task("done", 30, state="done_claimed")
        assert longest_chain([done, task("next", 2, ("done", "elsewhere"))]).days == 2
        assert longest_chain([]).days == 0

    @given(task_graphs())
    def test_no_chain_is_longer_than_the_longest(self, tasks: list[Task]) -> None:
        def brute(one: Task) -> float:
            return one.left + max((brute(by_key[key]) for key in one.after), default=0)

        by_key = {one.key: one for one in tasks}
        assert longest_chain(tasks).days == max((brute(one) for one in tasks), default=0)

    @given(task_graphs())
    def test_a_chain_is_made_of_tasks_that_wait_for_each_other(self, tasks: list[Task]) -> None:
        found, by_key = longest_chain(tasks), {one.key: one for one in tasks}
        assert sum(by_key[key].left for key in found.keys) == found.days
        assert all(
            first in by_key[second].after for first, second in zip(found.keys, found.keys[1:], strict=False)
        )

    def test_what_waits_behind_is_everything_later_once(self) -> None:
        diamond = [
            task("a", 1),
            task("b", 2, ("a",)),
            task("c", 3, ("a",)),
            task("d", 4, ("b", "c")),
        ]
        assert waiting_behind(diamond) == {"a": 9, "b": 4, "c": 4, "d": 0}

    def test_a_circle_is_seen_before_it_is_made(self) -> None:
        tasks = chain(1, 1, 1)
        assert makes_a_circle(tasks, "c0", ["c2"])
        assert makes_a_circle(tasks, "c0", ["c0"])
        assert not makes_a_circle(tasks, "c2", ["c0"])
        with pytest.raises(CycleError):
            longest_chain([replace(tasks[0], after=("c2",)), *tasks[1:]])


class TestFit:
    def test_the_worked_case_has_three_days_too_many_for_operations(self) -> None:
        over = {load.group: load.over for load in worked_fit().loads if load.over}
        efforts = {load.group: load.effort for load in worked_fit().loads if load.window == "5-8"}
        assert over == {"it_ops": 3}
        assert efforts == {"it_ops": 35, "pilot_team": 31, "data_gov": 5, "business": 4}
        assert not worked_fit().fits

    def test_its_longest_chain_of_weeks_5_to_8_just_fits(self) -> None:
        """The pipeline (15) before the freshness signals (5): all 20 working days."""
        middle = next(one for one in worked_fit().chains if one.window == "5-8")
        assert middle.chain.keys == ("gap:dat-production-pipeline", "gap:dat-freshness-signals")
        assert (middle.chain.days, middle.days, middle.over) == (20, 20, 0)

    def test_nothing_is_claimed_of_a_group_whose_days_nobody_stated(self) -> None:
        unknown = fit(PLAYBOOK, [task("t", 500, group="business")], CLOCK, TODAY)
        assert [(load.capacity, load.over) for load in unknown.loads] == [(None, 0)]

    def test_half_way_through_the_window_half_of_the_days_are_left(self) -> None:
        [load] = fit(PLAYBOOK, [task("t", 20)], CLOCK, date(2027, 2, 15), CAPACITY).loads
        assert (load.capacity, load.over) == (16, 4)

    def test_verified_and_cancelled_work_needs_no_days(self) -> None:
        done = [replace(one, state="done_verified") for one in WORKED]
        assert fit(PLAYBOOK, done, CLOCK, TODAY, CAPACITY) == Fit((), ())

    @given(task_graphs(), st.integers(0, 60), st.integers(0, 20))
    def test_more_capacity_never_fits_worse(self, tasks: list[Task], few: int, more: int) -> None:
        def over(days: int) -> float:
            capacity = {w.id: dict.fromkeys(PLAYBOOK.group_names, days) for w in PLAYBOOK.windows}
            return sum(load.over for load in fit(PLAYBOOK, tasks, CLOCK, TODAY, capacity).loads)

        assert over(few + more) <= over(few)

    @given(task_graphs(), st.data())
    def test_finishing_a_task_never_fits_worse(self, tasks: list[Task], data: st.DataObject) -> None:
        if tasks:
            done = data.draw(st.sampled_from(tasks))
            less = [replace(one, state="done_verified") if one is done else one for one in tasks]
            before, after = (fit(PLAYBOOK, some, CLOCK, TODAY, CAPACITY) for some in (tasks, less))
            assert after.fits or not before.fits


class TestOptions:
    def test_the_worked_case_could_add_people_do_less_wait_or_stop(self) -> None:
        found = options(PLAYBOOK, at_gate(0), worked_fit(), CLOCK, TODAY, CAPACITY)
        assert [type(one) for one in found] == [MorePeople, LessScope, LessScope, LaterDate, Stop]
        assert found[0] == MorePeople("5-8", "it_ops", 3, enough=True)

    def test_less_autonomy_is_judged_anew_and_says_that_it_does_not_help_operations(self) -> None:
        found = options(PLAYBOOK, at_gate(0), worked_fit(), CLOCK, TODAY, CAPACITY)
        nearest = next(one for one in found if isinstance(one, LessScope))
        assert (nearest.factor, nearest.value, nearest.blocking) == ("autonomy", "acts_with_approval", 11)
        efforts = {load.group: load.effort for load in nearest.fit.loads if load.window == "5-8"}
        assert efforts == {"it_ops": 35, "pilot_team": 17, "data_gov": 5, "business": 4}
        assert not nearest.fit.fits

    def test_later_is_what_is_missing_at_the_groups_own_pace(self) -> None:
        """3 days over at 32 in 20 working days: 1.9 days more, so Friday becomes Tuesday."""
        found = options(PLAYBOOK, at_gate(0), worked_fit(), CLOCK, TODAY, CAPACITY)
        assert next(one for one in found if isinstance(one, LaterDate)) == LaterDate(
            "G2", 2, date(2027, 3, 2)
        )

    def test_people_alone_do_not_shorten_a_chain(self) -> None:
        tasks = chain(12, 12)
        found = options(
            PLAYBOOK, at_gate(0), fit(PLAYBOOK, tasks, CLOCK, TODAY, {"5-8": {"it_ops": 20}}), CLOCK, TODAY
        )
        assert found[0] == MorePeople("5-8", "it_ops", 4, enough=False)

    def test_a_plan_that_fits_needs_no_options(self) -> None:
        assert options(PLAYBOOK, at_gate(0), Fit((), ()), CLOCK, TODAY) == ()


class TestForecast:
    def test_the_worked_case_has_a_day_to_spare_before_gate_2(self) -> None:
        found = forecast_gate(PLAYBOOK, "G2", WORKED, CLOCK, TODAY)
        assert found.chain.keys == (
            "gap:dat-named-steward",
            "gap:dat-production-pipeline",
            "gap:dat-freshness-signals",
        )
        assert (found.chain.days, found.days_left, found.late) == (21, 22, -1)
        assert found.expected == found.planned == date(2027, 2, 26)
        assert not found.escalates

    def test_a_week_later_with_nothing_done_it_is_four_days_late_and_then_nine(self) -> None:
        soon = forecast_gate(PLAYBOOK, "G2", WORKED, CLOCK, date(2027, 2, 4))
        assert (soon.late, soon.escalates, soon.expected) == (4, False, date(2027, 3, 4))
        later = forecast_gate(PLAYBOOK, "G2", WORKED, CLOCK, date(2027, 2, 11))
        assert (later.late, later.escalates, later.expected) == (9, True, date(2027, 3, 11))

    def test_five_days_late_is_not_yet_more_than_five(self) -> None:
        [only] = [task("t", 20 + E5_DAYS)]
        monday = date(2027, 2, 1)
        assert not forecast_gate(PLAYBOOK, "G2", [only], CLOCK, monday).escalates
        assert forecast_gate(PLAYBOOK, "G2", [replace(only, effort_days=25.5)], CLOCK, monday).escalates

    def test_a_gate_waits_for_the_windows_that_end_by_then_only(self) -> None:
        launch = task("launch work", 40, window="9-12")
        assert forecast_gate(PLAYBOOK, "G2", [launch], CLOCK, TODAY).chain.days == 0
        assert forecast_gate(PLAYBOOK, "G3", [launch], CLOCK, TODAY).chain.days == 40

    def test_a_gate_whose_day_is_over_is_late_even_with_nothing_left(self) -> None:
        found = forecast_gate(PLAYBOOK, "G2", [], CLOCK, date(2027, 3, 3))
        assert (found.late, found.expected) == (3, date(2027, 3, 3))

    def test_public_holidays_are_no_days_to_work(self) -> None:
        german = replace(CLOCK, country="DE")
        monday = date(2027, 3, 22)
        assert forecast_gate(PLAYBOOK, "G3", [], german, monday).days_left == 4
        late = forecast_gate(PLAYBOOK, "G3", [task("t", 6)], german, monday)
        assert (late.late, late.expected) == (2, date(2027, 3, 31))  # Good Friday, Easter Monday

    def test_a_hold_moves_planned_and_expected_alike(self) -> None:
        hold = Hold("hold", date(2027, 2, 8), date(2027, 2, 19), "No money", "U1", date(2027, 2, 19))
        tasks, held = chain(15, 15), replace(CLOCK, holds=(hold,))
        before, after = (forecast_gate(PLAYBOOK, "G2", tasks, clock, TODAY) for clock in (CLOCK, held))
        assert before.late == after.late == 8
        assert after.planned - before.planned == after.expected - before.expected == timedelta(days=14)

    @given(task_graphs(), st.integers(0, 90), st.integers(0, 30), st.sampled_from(["G1", "G2", "G3", "G4"]))
    def test_time_passing_without_work_never_makes_a_forecast_better(
        self, tasks: list[Task], ahead: int, more: int, gate: str
    ) -> None:
        day = TODAY + timedelta(days=ahead)
        now = forecast_gate(PLAYBOOK, gate, tasks, CLOCK, day)
        then = forecast_gate(PLAYBOOK, gate, tasks, CLOCK, day + timedelta(days=more))
        assert now.late <= then.late
        assert now.expected <= then.expected

    @given(task_graphs(), st.data(), st.sampled_from(["G1", "G2", "G3"]))
    def test_finishing_a_task_never_makes_it_worse(
        self, tasks: list[Task], data: st.DataObject, gate: str
    ) -> None:
        if tasks:
            done = data.draw(st.sampled_from(tasks))
            less = [replace(one, state="done_claimed") if one is done else one for one in tasks]
            before, after = (forecast_gate(PLAYBOOK, gate, some, CLOCK, TODAY) for some in (tasks, less))
            assert after.late <= before.late
            assert after.expected <= before.expected


@given(task_graphs())
def test_the_order_in_which_tasks_are_listed_does_not_matter(tasks: list[Task]) -> None:
    orders: Sequence[tuple[Task, ...]] = list(permutations(tasks[:4]))
    assert len({longest_chain(order).days for order in orders}) == 1
    assert len({fit(PLAYBOOK, order, CLOCK, TODAY, CAPACITY).fits for order in orders}) == 1


def test_a_lower_profile_that_blocks_nothing_makes_no_tasks() -> None:
    assert close_tasks(PLAYBOOK, {}, CLOCK, TODAY) == ()
