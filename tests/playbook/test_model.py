"""The built-in playbook: that it loads, what it holds, and the questions each group is asked."""

import hashlib
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.playbook.load import BUILT_IN, load_playbook, parse_playbook

PLAYBOOK = load_playbook()

NOT_SEEN_BY_DAILY_USERS = {
    "str-outcome-defined",
    "str-named-owner",
    "str-tradeoffs-explicit",
    "str-phase-gates-funding",
    "str-run-funding",
    "str-production-metrics",
    "dat-named-steward",
    "mlo-live-quality",
    "wfl-business-led",
    "wfl-change-plan",
}


def test_the_built_in_playbook_is_known_by_id_version_and_hash() -> None:
    content = (files("bot.playbook") / BUILT_IN).read_bytes()
    assert (PLAYBOOK.id, PLAYBOOK.version) == ("pilot-to-production", "1.0.0")
    assert PLAYBOOK.sha256 == hashlib.sha256(content).hexdigest()


def test_the_built_in_playbook_is_read_once() -> None:
    assert load_playbook() is PLAYBOOK


def test_a_playbook_comes_back_from_its_own_text() -> None:
    assert parse_playbook(PLAYBOOK.text).sha256 == PLAYBOOK.sha256


def test_a_file_and_its_text_make_the_same_playbook(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(PLAYBOOK.text.replace("\n", "\r\n").encode())
    own = load_playbook(file)
    assert own.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert parse_playbook(own.text).sha256 == own.sha256
    assert own.sha256 != PLAYBOOK.sha256


@pytest.mark.parametrize(
    ("group", "questions"), [("pilot_team", 28), ("business", 25), ("it_ops", 20), ("data_gov", 12)]
)
def test_each_group_has_its_own_questions(group: str, questions: int) -> None:
    asked = PLAYBOOK.questions(group)
    assert len(asked) == questions
    assert [c.id for c in asked] == [c.id for c in PLAYBOOK.criteria if group in c.asks]


def test_a_daily_user_is_asked_the_fifteen_questions_that_a_daily_user_can_see() -> None:
    asked = {criterion.id for criterion in PLAYBOOK.questions("business", daily_user=True)}
    assert len(asked) == 15
    assert {criterion.id for criterion in PLAYBOOK.questions("business")} - asked == NOT_SEEN_BY_DAILY_USERS


def test_names_are_found_by_id() -> None:
    assert PLAYBOOK.group_names["it_ops"] == "IT operations"
    assert PLAYBOOK.condition_names["mlops"] == "Lifecycle"
    assert PLAYBOOK.criterion("arc-observability").witnesses == ("pilot_team", "business")
    assert PLAYBOOK.ranks["autonomy"]["acts_alone"] == 3


def test_a_playbook_does_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        setattr(PLAYBOOK.criteria[0], "title", "Something else")  # noqa: B010 - mypy knows it is frozen
    with pytest.raises(ValidationError):
        setattr(PLAYBOOK, "title", "Something else")  # noqa: B010 - mypy knows it is frozen
