"""From an assessment to dated tasks: the worked case by hand, and what holds for any tasks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.plan import close_tasks, deliverable_tasks, gap_tasks, redated
from bot.method.programme import Hold, ProgrammeClock, window_weeks
from bot.method.scheduling import Pace, dated
from bot.method.tasks import Task, TaskState
from tests.method.plans import CAPACITY, CLOCK, PLAYBOOK, TODAY, task, task_graphs, worked_tasks
from tests.method.worked import at_gate

days = st.dates(date(2026, 12, 20), date(2027, 4, 30))


def ends(clock: ProgrammeClock, window: str | None, today: date) -> date:
    assert window is not None
    return clock.end_of_week(window_weeks(window)[1], today)


class TestTheWorkedCase:
    def test_each_blocking_gap_has_its_remediation_and_nothing_else_does(self) -> None:
        blocking = {one.criterion for one in at_gate(0).blocking_in_priority_order}
        closing = {t.criterion for t in worked_tasks().values() if t.kind == "close_gap"}
        assert len(closing) == 14
        assert closing == blocking

    def test_a_task_carries_what_the_playbook_says(self) -> None:
        remedy = PLAYBOOK.criterion("dat-production-pipeline").remediation
        found = worked_tasks()["gap:dat-production-pipeline"]
        assert (found.title, found.done, found.group) == (remedy.task, remedy.done, "it_ops")
        assert (found.effort_days, found.window, found.priority) == (15, "5-8", 9)
        assert found.after == ("gap:dat-named-steward",)

    def test_dependencies_that_do_not_block_are_no_tasks_to_wait_for(self) -> None:
        assert (
            "arc-integration-production" in PLAYBOOK.criterion("arc-failure-handling").remediation.depends_on
        )
        assert all(set(t.after) <= set(worked_tasks()) for t in worked_tasks().values())

    def test_operations_takes_one_after_the_other_at_its_pace(self) -> None:
        """32 days in 20 working days: 15 days of effort take 9.4, then 8 take 5, then 12 what is left."""
        found = worked_tasks()
        dates = {
            name: (found[f"gap:{name}"].start, found[f"gap:{name}"].due)
            for name in ("dat-production-pipeline", "arc-observability", "arc-integration-production")
        }
        assert dates == {
            "dat-production-pipeline": (date(2027, 2, 1), date(2027, 2, 12)),
            "arc-observability": (date(2027, 2, 12), date(2027, 2, 19)),
            "arc-integration-production": (date(2027, 2, 19), date(2027, 2, 26)),
        }

    def test_the_unproven_is_shown_within_five_working_days_by_who_claims_it(self) -> None:
        shown = worked_tasks()["proof:arc-rollback-stop"]
        assert (shown.kind, shown.group, shown.due) == ("show_it", "it_ops", date(2027, 2, 4))
        assert shown.blocking  # it is a hard criterion: the launch gate asks for the proof
        assert "IT operations" in shown.done

    def test_the_unknown_is_found_out_by_who_must_live_with_it(self) -> None:
        found = worked_tasks()["find:mlo-vendor-change"]
        assert (found.kind, found.group, found.due) == ("find_out", "it_ops", date(2027, 2, 4))

    def test_the_same_assessment_makes_the_same_plan(self) -> None:
        again = gap_tasks(PLAYBOOK, at_gate(0), CLOCK, TODAY, CAPACITY)
        assert {t.key: t for t in again} == worked_tasks()

    def test_at_the_second_gate_only_what_still_blocks_is_left(self) -> None:
        left = gap_tasks(PLAYBOOK, at_gate(2), CLOCK, date(2027, 2, 26))
        assert sorted(t.key for t in left if t.blocking) == [
            "gap:mlo-operational-handover",
            "gap:wfl-redesigned-process",
        ]


class TestDeliverables:
    def test_every_week_from_the_first_on_has_its_own(self) -> None:
        found = deliverable_tasks(PLAYBOOK, CLOCK, TODAY)
        assert len(found) == sum(len(w.deliverables) for w in PLAYBOOK.plan.weeks if w.week)
        assert {t.week for t in found} == set(range(1, 17))
        assert len({t.key for t in found}) == len(found)

    def test_they_are_due_on_the_friday_and_owned_by_the_first_group(self) -> None:
        pipeline = next(t for t in deliverable_tasks(PLAYBOOK, CLOCK, TODAY, [6]) if t.key == "week:6:0")
        assert pipeline.title == "Pipeline runs on live sources (attended)"
        assert (pipeline.group, pipeline.groups) == ("it_ops", ("it_ops", "pilot_team", "data_gov"))
        assert (pipeline.start, pipeline.due) == (date(2027, 2, 8), date(2027, 2, 12))


class TestDates:
    @given(
        task_graphs(), days, st.dictionaries(st.sampled_from(list(PLAYBOOK.group_names)), st.integers(0, 60))
    )
    def test_no_task_is_due_before_one_it_comes_after(
        self, tasks: list[Task], today: date, capacity: dict[str, int]
    ) -> None:
        found = {t.key: t for t in dated(tasks, CLOCK, today, Pace({"5-8": capacity}))}
        assert set(found) == {t.key for t in tasks}
        for one in found.values():
            assert all(found[key].due <= one.due for key in one.after)

    @given(task_graphs(), days)
    def test_every_task_begins_and_ends_on_programme_days_from_today_on(
        self, tasks: list[Task], today: date
    ) -> None:
        for one in dated(tasks, CLOCK, today, Pace({})):
            assert one.start is not None
            assert max(today, CLOCK.start) <= one.start <= one.due
            assert CLOCK.runs_on(one.due, today)
            assert CLOCK.runs_on(one.start, today)

    @given(task_graphs(), days)
    def test_no_task_is_due_after_its_window_unless_that_is_over(
        self, tasks: list[Task], today: date
    ) -> None:
        overdue = {t.key for t in tasks if ends(CLOCK, t.window, today) < today}
        if not overdue:
            assert all(t.due <= ends(CLOCK, t.window, today) for t in dated(tasks, CLOCK, today, Pace({})))

    @given(task_graphs(), st.integers(1, 40), st.integers(0, 40))
    def test_more_people_never_begin_a_lone_task_later(self, tasks: list[Task], few: int, more: int) -> None:
        for one in tasks:
            alone = replace(one, after=())
            slow = dated([alone], CLOCK, TODAY, Pace({"5-8": {one.group: few}}))[0]
            fast = dated([alone], CLOCK, TODAY, Pace({"5-8": {one.group: few + more}}))[0]
            assert fast.due <= slow.due

    def test_what_more_waits_behind_comes_first_when_priorities_are_equal(self) -> None:
        tasks = [task("alone", 2), task("leads", 2), task("follows", 9, ("leads",), group="business")]
        assert [t.key for t in dated(tasks, CLOCK, TODAY, Pace({}))] == ["leads", "alone", "follows"]

    def test_a_group_without_any_days_is_dated_as_if_one_person_did_it(self) -> None:
        [only] = dated([task("only", 3)], CLOCK, TODAY, Pace({"5-8": {"it_ops": 0}}))
        assert only.due == date(2027, 2, 3)

    def test_in_the_middle_of_a_window_work_begins_today(self) -> None:
        wednesday = date(2027, 2, 10)
        [only] = close_tasks(PLAYBOOK, {"wfl-baseline-measured": 4}, CLOCK, wednesday)
        assert (only.start, only.due) == (wednesday, date(2027, 2, 15))

    def test_when_the_window_is_over_the_work_begins_now_all_the_same(self) -> None:
        late = date(2027, 3, 10)
        [only] = close_tasks(PLAYBOOK, {"wfl-baseline-measured": 4}, CLOCK, late)
        assert (only.start, only.due) == (late, date(2027, 3, 15))


class TestAfterAHold:
    HELD = replace(
        CLOCK,
        holds=(Hold("hold", date(2027, 2, 8), date(2027, 2, 12), "No money", "U1", date(2027, 2, 12)),),
    )

    def test_open_tasks_keep_their_programme_day(self) -> None:
        before = task("t", due=date(2027, 2, 10))
        [after] = redated([before], self.HELD, CLOCK, TODAY)
        assert after.due == date(2027, 2, 17)

    @pytest.mark.parametrize("state", ["done_claimed", "done_verified", "cancelled"])
    def test_what_is_done_or_cancelled_stays(self, state: TaskState) -> None:
        before = task("t", due=date(2027, 2, 10), state=state)
        assert redated([before], self.HELD, CLOCK, TODAY) == [before]

    @given(task_graphs(), st.integers(0, 60))
    def test_no_task_moves_forward_and_moved_ones_keep_their_order(
        self, tasks: list[Task], ahead: int
    ) -> None:
        today = TODAY + timedelta(days=ahead)
        before = sorted(dated(tasks, CLOCK, TODAY, Pace({})), key=lambda one: one.due)
        after = redated(before, self.HELD, CLOCK, today)
        assert all(new.due >= old.due for old, new in zip(before, after, strict=True))
        moved = [new.due for old, new in zip(before, after, strict=True) if old.due >= today]
        assert moved == sorted(moved)
