"""A task's states: what leads where, who may, who verifies, and whose time the waiting is."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.calendar import WorkingTime, WorkWeek
from bot.method.tasks import (
    MAY,
    OPEN,
    TRANSITIONS,
    Act,
    NotPossible,
    Standing,
    TaskState,
    after_act,
    claim_faults,
    late_days,
    may,
    ranked,
    verification,
    verifier_groups,
    waited,
)
from tests.method.plans import PLAYBOOK, task, worked_tasks

STATES: tuple[TaskState, ...] = get_args(TaskState)
ACTS: tuple[Act, ...] = get_args(Act)
BERLIN = WorkingTime(WorkWeek("Europe/Berlin"))
NEW_YORK = WorkingTime(WorkWeek("America/New_York"))

standings = st.sets(st.sampled_from(get_args(Standing)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


class TestStates:
    def test_they_are_those_of_the_playbook(self) -> None:
        assert PLAYBOOK.plan.weekly_checkin.task_states == STATES
        assert set(TRANSITIONS) == set(STATES)

    @pytest.mark.parametrize("state", OPEN)
    def test_an_open_task_is_reported_claimed_or_cancelled(self, state: TaskState) -> None:
        assert {act: after_act(state, act) for act in TRANSITIONS[state]} == {
            "on_track": "on_track",
            "at_risk": "at_risk",
            "blocked": "blocked",
            "claim": "done_claimed",
            "cancel": "cancelled",
        }

    def test_only_a_claimed_task_is_verified(self) -> None:
        assert [state for state in STATES if "verify" in TRANSITIONS[state]] == ["done_claimed"]
        assert after_act("done_claimed", "verify") == "done_verified"
        assert after_act("done_claimed", "send_back") == "at_risk"

    def test_what_is_done_can_be_opened_again(self) -> None:
        assert after_act("done_verified", "reopen") == "on_track"
        assert after_act("cancelled", "reopen") == "not_started"

    def test_a_second_verifier_hears_that_somebody_was_faster(self) -> None:
        with pytest.raises(NotPossible) as refused:
            after_act("done_verified", "verify")
        assert (refused.value.state, refused.value.act) == ("done_verified", "verify")

    @given(st.lists(st.sampled_from(ACTS), max_size=30))
    def test_no_way_leads_to_verified_without_a_claim_before(self, acts: list[Act]) -> None:
        state, claimed = STATES[0], False
        for act in acts:
            try:
                state = after_act(state, act)
            except NotPossible:
                continue
            claimed = claimed or act == "claim"
            assert claimed or state != "done_verified"

    def test_work_left_is_all_of_it_or_what_the_owner_says_or_none(self) -> None:
        whole = task("t", 6)
        assert whole.left == 6
        assert replace(whole, remaining_days=2).left == 2
        assert replace(whole, remaining_days=2, state="done_claimed").left == 0


class TestWhoMay:
    def test_every_act_has_somebody_who_may(self) -> None:
        assert set(MAY) == set(ACTS)
        assert all(MAY.values())

    @given(standings)
    def test_nobody_verifies_the_work_of_their_own_group(self, who: set[Standing]) -> None:
        if who & {"owner", "lead"}:
            assert not may("verify", who)
            assert not may("send_back", who)

    def test_verifier_and_their_lead_verify(self) -> None:
        assert may("verify", {"verifier"})
        assert may("verify", {"verifier_lead", "facilitator"})
        assert not may("verify", {"facilitator"})

    @given(st.sampled_from(ACTS))
    def test_a_stranger_may_nothing(self, act: Act) -> None:
        assert not may(act, ())

    def test_a_claim_needs_evidence_and_a_verifier_from_another_group(self) -> None:
        assert claim_faults("it_ops", ["https://example.com/run"], ["business"]) == ()
        assert claim_faults("it_ops", [], None) == ("no_evidence", "no_verifier")
        assert claim_faults("it_ops", ["x"], ["business", "it_ops"]) == ("same_group",)

    def test_a_witness_group_is_proposed_before_others_and_never_the_own(self) -> None:
        pipeline = worked_tasks()["gap:dat-production-pipeline"]
        assert verifier_groups(PLAYBOOK, pipeline) == ("pilot_team", "data_gov", "business")
        assert "it_ops" not in verifier_groups(PLAYBOOK, task("own"))


class TestVerifying:
    def test_two_working_days_of_the_verifier_then_two_of_their_lead(self) -> None:
        found = verification(at("2027-01-07 16:00"), NEW_YORK, BERLIN)
        assert found.lead_from == at("2027-01-11 16:00")
        assert found.waits_for(at("2027-01-11 15:59")) == "verifier"
        assert found.waits_for(at("2027-01-11 16:00")) == "verifier_lead"
        assert found.overdue_at == at("2027-01-13 16:00")
        assert not found.overdue(at("2027-01-13 15:59"))
        assert found.overdue(at("2027-01-13 16:00"))

    def test_the_waiting_counts_in_the_verifiers_time(self) -> None:
        claimed, verified = at("2027-01-08 16:00"), at("2027-01-11 16:00")
        assert waited(claimed, verified, BERLIN) == timedelta(hours=8)
        assert waited(claimed, verified, NEW_YORK) == timedelta(hours=8)

    def test_a_task_is_not_later_for_waiting(self) -> None:
        due = date(2027, 1, 8)
        claimed = task("t", due=due, state="done_claimed")
        assert late_days(claimed, date(2027, 1, 20), waiting_since=due) == 0
        assert late_days(claimed, date(2027, 1, 20), waiting_since=date(2027, 1, 11)) == 3
        assert late_days(task("t", due=due), date(2027, 1, 20)) == 12
        assert late_days(task("t", due=due, state="done_verified"), date(2027, 1, 20)) == 0


def test_what_blocks_comes_first_then_priority_then_date() -> None:
    tasks = [
        task("later", priority=3, due=date(2027, 3, 1)),
        task("carried", priority=9, blocking=False),
        task("sooner", priority=3),
        task("heavy", priority=9, due=date(2027, 3, 1)),
    ]
    assert [one.key for one in ranked(tasks)] == ["heavy", "sooner", "later", "carried"]
