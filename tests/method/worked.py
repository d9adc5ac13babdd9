"""The worked case as plain data: an oracle derived by hand, read as a file and never changed by code."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.method.answers import Answers, CriterionAnswers
from bot.method.assessment import Assessment, assess
from bot.playbook.load import load_playbook

FILE = Path(__file__).parents[2] / "sandbox" / "cases" / "worked_case.yaml"


@cache
def worked_case() -> dict[str, Any]:
    """The file's content."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def answers_with(*updates: dict[str, Any]) -> Answers:
    """The case's answers, with later entries in place of earlier ones."""
    entries = dict(worked_case()["answers"])
    for update in updates:
        entries |= update
    return {name: _answers(entry) for name, entry in entries.items()}


def _answers(entry: dict[str, Any]) -> CriterionAnswers:
    by_group = {group: said for group, said in entry.items() if group != "evidence"}
    return CriterionAnswers(by_group, entry["evidence"])


def at_gate(number: int) -> Assessment:
    """The assessment after the updates of all gates up to this one; 0 is the diagnosis."""
    updates = [worked_case()[f"gate_{gate}"]["updates"] for gate in range(1, number + 1)]
    case = worked_case()
    return assess(load_playbook(), case["profile"], answers_with(*updates), case["capacity_days_weeks_5_8"])
