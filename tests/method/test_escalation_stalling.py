"""Signs of stalling, and what is none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.stalling import (
    WAYS_OUT,
    Blocker,
    CheckIn,
    Stall,
    activity_without_movement,
    missed_in_a_row,
    same,
    signs_of,
    stalls,
)

NOW = datetime(2027, 2, 12, 15, tzinfo=UTC)
DUE = date(2027, 2, 26)
ACCESS = Blocker("Waiting for access to the ledger")


def ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=one) for one in days]


def said(blocker: Blocker | None = None, *, later: int = 0) -> CheckIn:
    return CheckIn(answered=True, due=DUE + timedelta(days=later), blocker=blocker)


def silent(*, excused: bool = False) -> CheckIn:
    return CheckIn(answered=False, due=DUE, excused=excused)


checkins = st.builds(
    CheckIn,
    answered=st.booleans(),
    due=st.dates(DUE, DUE + timedelta(days=20)),
    blocker=st.sampled_from([None, ACCESS, Blocker("No test data yet")]),
    excused=st.booleans(),
)


class TestActivityWithoutMovement:
    def test_five_tasks_in_two_weeks_and_nothing_moved(self) -> None:
        assert activity_without_movement(ago(1, 2, 3, 9, 13), [], NOW)
        assert activity_without_movement(ago(1, 2, 3, 9, 13), ago(20), NOW)

    def test_four_tasks_or_a_status_that_changed_are_no_sign(self) -> None:
        assert not activity_without_movement(ago(1, 2, 3, 9), [], NOW)
        assert not activity_without_movement(ago(1, 2, 3, 9, 15), [], NOW)
        assert not activity_without_movement(ago(1, 2, 3, 9, 13), ago(10), NOW)

    @given(st.lists(st.floats(0, 30)), st.lists(st.floats(0, 30)), st.floats(0, 30))
    def test_one_more_change_of_status_never_raises_it(
        self, done: list[float], changes: list[float], more: float
    ) -> None:
        if not activity_without_movement(ago(*done), ago(*changes), NOW):
            assert not activity_without_movement(ago(*done), ago(*changes, more), NOW)


class TestBlockers:
    @pytest.mark.parametrize(
        ("one", "other", "alike"),
        [
            ("Waiting for access to the ledger", "waiting for ledger access", True),
            ("Waiting for access to the ledger", "Waiting for access to the ledger.", True),
            ("Waiting for access to the ledger", "No test data from the supplier", False),
        ],
    )
    def test_the_same_in_other_words(self, one: str, other: str, alike: bool) -> None:
        assert same(Blocker(one), Blocker(other)) is alike

    def test_waiting_for_the_same_person_is_the_same(self) -> None:
        assert same(Blocker("Access", "U1"), Blocker("Still no log-in", "U1"))
        assert not same(Blocker("Access", "U1"), Blocker("Test data", "U2"))

    def test_named_twice_in_a_row_it_is_a_sign(self) -> None:
        assert list(signs_of([said(ACCESS), said(ACCESS)])) == ["same_blocker"]
        assert list(signs_of([said(ACCESS), silent(excused=True), said(ACCESS)])) == ["same_blocker"]

    def test_once_or_cleared_in_between_it_is_none(self) -> None:
        assert list(signs_of([said(ACCESS)])) == []
        assert list(signs_of([said(ACCESS), said(), said(ACCESS)])) == []
        assert list(signs_of([said(ACCESS), said(ACCESS), said()])) == []


class TestSilence:
    def test_twice_in_a_row_is_a_sign(self) -> None:
        assert list(signs_of([said(), silent(), silent()])) == ["silent_owner"]
        assert list(signs_of([silent(), silent(), said()])) == []

    def test_being_away_is_no_silence(self) -> None:
        assert missed_in_a_row([said(), silent(), silent(excused=True)]) == 1
        assert list(signs_of([silent(excused=True)] * 5)) == []

    @given(st.lists(checkins, max_size=10))
    def test_an_answer_ends_it(self, history: list[CheckIn]) -> None:
        assert missed_in_a_row([*history, said()]) == 0
        assert "silent_owner" not in signs_of([*history, said()])


class TestDates:
    def test_moved_back_twice_is_a_sign_and_forward_is_none(self) -> None:
        assert list(signs_of([said(), said(later=3), said(later=9)])) == ["date_moved"]
        assert list(signs_of([said(later=9), said(later=3), said()])) == []
        assert list(signs_of([said(), said(later=3), said(later=3)])) == []


class TestTogether:
    def test_the_whole_first_then_task_by_task(self) -> None:
        found = stalls(
            {"a": [said(ACCESS), said(ACCESS, later=2)], "b": [silent(), silent()]},
            ago(*range(1, 7)),
            [],
            NOW,
        )
        assert found == (Stall("no_movement", None), Stall("same_blocker", "a"), Stall("silent_owner", "b"))

    def test_every_sign_has_three_different_ways_out(self) -> None:
        assert all(len(set(ways)) == 3 for ways in WAYS_OUT.values())
        assert Stall("date_moved", "a").ways_out == ("add_people", "cut_scope", "move_gate")

    @given(st.dictionaries(st.sampled_from("abc"), st.lists(checkins, max_size=8)))
    def test_each_sign_is_said_once_per_task(self, history: dict[str, list[CheckIn]]) -> None:
        found = stalls(history, [], [], NOW)
        assert len(found) == len(set(found))
