"""Route keys and the values that travel with them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.actions import (
    LevelRef,
    QuestionRef,
    RoundPage,
    ToldToRef,
    UnreadableValueError,
    block_ref,
    decode,
    encode,
    ref_of_block,
    route_of,
)

_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(_WORDS, _WORDS, st.integers(0, 4))
def test_a_value_comes_back_as_it_was_sent(conversation: str, criterion: str, level: int) -> None:
    ref = LevelRef(conversation, criterion, level)
    assert decode(LevelRef, encode(ref)) == ref


@given(_WORDS, _WORDS, _WORDS)
def test_a_typed_name_comes_back_whatever_it_holds(conversation: str, criterion: str, person: str) -> None:
    ref = ToldToRef(conversation, criterion, person)
    assert decode(ToldToRef, encode(ref)) == ref


def test_values_are_compact_and_readable() -> None:
    assert encode(LevelRef("cv12", "arc-observability", 3)) == "cv12:arc-observability:3"


@pytest.mark.parametrize(
    "value", ["", "cv", "cv:x", "cv:x:", "cv:x:5", "cv:x:-1", "cv:x:a", "cv:x:1:2", ":x:1"]
)
def test_a_value_that_is_not_ours_is_unreadable(value: str) -> None:
    with pytest.raises(UnreadableValueError):
        decode(LevelRef, value)


@given(st.text())
def test_no_value_makes_it_fail_in_another_way(value: str) -> None:
    with suppress(UnreadableValueError):
        assert decode(RoundPage, value).page >= 0


def test_a_repeated_controls_mark_is_no_part_of_its_route() -> None:
    assert route_of("diagnosis.change~12") == "diagnosis.change"
    assert route_of("diagnosis.change") == "diagnosis.change"


def test_a_block_id_carries_its_question_even_when_repeated() -> None:
    ref = QuestionRef("cv~1", "crit:1")
    assert ref_of_block(QuestionRef, block_ref("who", ref)) == ref
    assert ref_of_block(QuestionRef, block_ref("who", ref) + "~3") == ref
    with pytest.raises(UnreadableValueError):
        ref_of_block(QuestionRef, "part-3")
