"""Verified work is put again to those who answered: who gets a card, and what holds a level down."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.method.answers import DONT_KNOW, GroupAnswer
from bot.method.reasking import Proposal, cards, held_down_by, proposals, ripe
from bot.method.reconcile import across_groups
from tests.method.plans import PLAYBOOK, task
from tests.method.worked import at_gate

NOW = datetime(2027, 2, 12, 9, tzinfo=UTC)
PIPELINE = "dat-production-pipeline"

people = st.sampled_from(["U1", "U2", "U3", "U4"])
criteria = st.sampled_from(sorted(PLAYBOOK.by_id))


class TestCards:
    def test_a_criterion_is_ripe_when_all_its_tasks_are_verified_or_cancelled(self) -> None:
        first = replace(task("one", state="done_verified"), criterion=PIPELINE)
        second = replace(task("two", state="done_claimed"), criterion=PIPELINE)
        assert ripe([first, second]) == ()
        assert ripe([first, replace(second, state="cancelled")]) == (PIPELINE,)
        assert ripe([replace(second, state="cancelled")]) == ()

    def test_the_required_level_is_proposed_where_it_is_not_met(self) -> None:
        assert proposals(at_gate(0), [PIPELINE, "str-outcome-defined"]) == (Proposal(PIPELINE, 4),)

    def test_a_person_gets_one_card_for_all_their_criteria(self) -> None:
        proposed = [Proposal("a", 3), Proposal("b", 2)]
        found = cards(proposed, {"a": ["U1", "U2"], "b": ["U1"]}, {}, NOW)
        assert found == {"U1": (Proposal("a", 3), Proposal("b", 2)), "U2": (Proposal("a", 3),)}

    def test_at_most_one_card_a_week(self) -> None:
        proposed = [Proposal("a", 3)]
        for days, asked in [(6, False), (7, True)]:
            last = NOW - timedelta(days=days)
            assert bool(cards(proposed, {"a": ["U1"]}, {"U1": last}, NOW)) is asked

    @given(st.lists(criteria, unique=True), st.dictionaries(criteria, st.sets(people)), st.sets(people))
    def test_nobody_is_asked_what_they_did_not_answer(
        self, names: list[str], answered: dict[str, set[str]], recent: set[str]
    ) -> None:
        found = cards([Proposal(n, 3) for n in names], answered, dict.fromkeys(recent, NOW), NOW)
        assert not recent & set(found)
        for person, on_card in found.items():
            assert on_card
            assert all(person in answered[one.criterion] for one in on_card)


class TestHeldDown:
    def test_the_authority_and_a_witness_far_below_hold_it_down(self) -> None:
        pipeline = at_gate(0).criteria[PIPELINE]
        assert dict(pipeline.groups) == {"it_ops": 1, "pilot_team": 2, "data_gov": 1}
        assert held_down_by(PLAYBOOK, pipeline, 4) == ("it_ops", "pilot_team", "data_gov")
        assert held_down_by(PLAYBOOK, pipeline, 3) == ("it_ops", "data_gov")
        assert held_down_by(PLAYBOOK, pipeline, 1) == ()

    def test_an_authority_that_can_not_see_it_holds_it_down_and_a_witness_that_can_not_does_not(self) -> None:
        limits = at_gate(0).criteria["arc-control-boundaries"]
        assert dict(limits.groups) == {"it_ops": DONT_KNOW, "pilot_team": 3, "business": 1}
        assert held_down_by(PLAYBOOK, limits, 2) == ("it_ops",)

    @given(criteria, st.integers(1, 4), st.data())
    def test_raising_those_groups_and_no_others_reaches_the_level(
        self, name: str, level: int, data: st.DataObject
    ) -> None:
        asked = list(at_gate(0).criteria[name].groups)
        answers: st.SearchStrategy[GroupAnswer] = st.sampled_from([0, 1, 2, 3, 4, DONT_KNOW])
        groups: dict[str, GroupAnswer] = {group: data.draw(answers) for group in asked}
        result = replace(at_gate(0).criteria[name], groups=groups)
        raised = groups | dict.fromkeys(held_down_by(PLAYBOOK, result, level), level)
        witnesses = [answer for group, answer in raised.items() if group != result.authority]
        reconciled = across_groups(raised[result.authority], witnesses, PLAYBOOK.scoring)
        assert reconciled.level is not None
        assert reconciled.level >= level
