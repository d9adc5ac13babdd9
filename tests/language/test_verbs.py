"""What is typed after the slash command."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.verbs import USAGE, Command, UnknownVerb, Verb, read_command


@pytest.mark.parametrize("verb", get_args(Verb))
def test_every_verb_is_understood_and_explained(verb: Verb) -> None:
    assert read_command(verb) == Command(verb)
    assert read_command(f" {verb.upper()} ") == Command(verb)
    assert USAGE[verb]


def test_nothing_typed_asks_for_help() -> None:
    assert read_command("") == Command("help")


def test_an_initiatives_name_may_follow_the_verb() -> None:
    assert read_command("gaps “Invoice matching”") == Command("gaps", "Invoice matching")
    assert read_command("status R&amp;D") == Command("status", "R&D")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("daignose", "diagnose"),
        ("stat", "status"),
        ("poeple", "people"),
        ("setings", "settings"),
        ("xyzzy", None),
    ],
)
def test_an_unknown_verb_names_the_nearest_and_does_nothing(typed: str, nearest: Verb | None) -> None:
    assert read_command(typed) == UnknownVerb(typed, nearest)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(read_command(text), Command | UnknownVerb)
