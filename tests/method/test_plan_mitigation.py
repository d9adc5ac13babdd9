"""Mitigations: asked for, checked, and turned back into blocking gaps when they lapse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.assessment import Assessment
from bot.method.gates import GateInputs, evaluate_gate
from bot.method.mitigation import (
    LONGEST,
    Fault,
    Mitigation,
    counting_as_blocking,
    faults,
    lapsed_gaps,
    requests,
)
from tests.method.plans import PLAYBOOK
from tests.method.worked import at_gate

TODAY = date(2027, 1, 28)
GOOD = Mitigation(
    criterion="str-tradeoffs-explicit",
    text="The sponsor decides each week which of the two goes first",
    owner="U1",
    watched="Two teams ask for the same person",
    approver="U2",
    expires=TODAY + LONGEST,
)


@pytest.fixture(scope="module")
def launch() -> Assessment:
    """The worked case at Gate 3: nothing blocks, nine gaps are manageable."""
    return at_gate(3)


def carrying(assessment: Assessment, *, fired: bool = False) -> list[Mitigation]:
    return [replace(GOOD, criterion=gap.id, fired=fired) for gap in assessment.gaps("manageable")]


class TestWritingOne:
    @pytest.mark.parametrize(
        ("worse", "fault"),
        [
            (replace(GOOD, text="  "), "text"),
            (replace(GOOD, owner=None), "owner"),
            (replace(GOOD, watched=""), "watched"),
            (replace(GOOD, approver=None), "approver"),
            (replace(GOOD, expires=None), "expiry_missing"),
            (replace(GOOD, expires=TODAY - timedelta(days=1)), "expiry_passed"),
            (replace(GOOD, expires=TODAY + timedelta(days=91)), "expiry_too_late"),
        ],
    )
    def test_what_is_missing_is_said(self, worse: Mitigation, fault: Fault) -> None:
        assert faults(worse, TODAY) == (fault,)

    def test_ninety_days_are_allowed(self) -> None:
        assert faults(GOOD, TODAY) == ()

    def test_every_manageable_gap_is_asked_about_most_pressing_first(self, launch: Assessment) -> None:
        asked = requests(PLAYBOOK, launch, [], TODAY)
        assert [one.criterion for one in asked] == [gap.id for gap in launch.gaps("manageable")]
        assert {one.latest for one in asked} == {TODAY + LONGEST}
        assert all(one.group == PLAYBOOK.criterion(one.criterion).authority for one in asked)

    def test_what_is_carried_is_not_asked_about(self, launch: Assessment) -> None:
        assert requests(PLAYBOOK, launch, carrying(launch), TODAY) == ()
        assert len(requests(PLAYBOOK, launch, carrying(launch, fired=True), TODAY)) == 9


class TestLapsing:
    def test_it_carries_through_its_last_day(self) -> None:
        assert not GOOD.lapsed(TODAY + LONGEST)
        assert GOOD.lapsed(TODAY + LONGEST + timedelta(days=1))
        assert replace(GOOD, fired=True).lapsed(TODAY)

    def test_a_newer_one_takes_over_from_a_lapsed_one(self, launch: Assessment) -> None:
        gap = launch.gaps("manageable")[0].id
        old, new = replace(GOOD, criterion=gap, fired=True), replace(GOOD, criterion=gap)
        assert lapsed_gaps(launch, [old], TODAY) == (gap,)
        assert lapsed_gaps(launch, [old, new], TODAY) == ()

    def test_a_gap_that_never_had_one_has_not_lapsed(self, launch: Assessment) -> None:
        assert lapsed_gaps(launch, [], TODAY) == ()

    def test_a_lapsed_one_blocks_the_launch_gate(self, launch: Assessment) -> None:
        gap = launch.gaps("manageable")[0].id
        worse = counting_as_blocking(PLAYBOOK, launch, [gap])
        before, after = (evaluate_gate(PLAYBOOK, "G3", a, GateInputs()) for a in (launch, worse))
        assert "G3.m1" not in before.failed_must
        assert "G3.m1" in after.failed_must

    def test_verdict_colour_counts_and_order_follow(self, launch: Assessment) -> None:
        gap = launch.gaps("manageable")[0]
        worse = counting_as_blocking(PLAYBOOK, launch, [gap.id])
        assert worse.counts["blocking"] == 1
        assert worse.counts["manageable"] == 8
        assert [one.criterion for one in worse.blocking_in_priority_order] == [gap.id]
        assert worse.conditions[gap.condition].colour == "red"
        assert worse.verdict == "not_ready"

    @pytest.mark.parametrize("gate", [0, 1, 2, 3])
    def test_where_nothing_lapsed_nothing_changes(self, gate: int) -> None:
        assert counting_as_blocking(PLAYBOOK, at_gate(gate), ()) == at_gate(gate)

    @given(st.sets(st.sampled_from(sorted(PLAYBOOK.by_id))))
    def test_only_manageable_gaps_turn_and_the_sum_stays(self, lapsed: set[str]) -> None:
        before = at_gate(0)
        after = counting_as_blocking(PLAYBOOK, before, lapsed)
        turned = {n for n, one in after.criteria.items() if one.status != before.criteria[n].status}
        assert turned == lapsed & {gap.id for gap in before.gaps("manageable")}
        assert sum(after.counts.values()) == sum(before.counts.values())
