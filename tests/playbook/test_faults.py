"""Every rule a playbook must keep, broken once: the fault names the place and what was expected there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.load import PlaybookError, load_playbook, parse_playbook

Content = dict[str, Any]

TEXT = load_playbook().text


GONE = object()
"""Put in place of a value: the key is taken out."""


def set_at(content: Content, path: str, value: object) -> None:
    """Put `value` where a path such as `criteria[3].anchors.2` points, or take out what is there."""
    parts: list[str | int] = [int(i) if i else k for i, k in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)]
    inside: Any = content
    for part in parts[:-1]:
        inside = inside[part]
    last = int(parts[-1]) if isinstance(inside, dict) and 0 in inside else parts[-1]
    if value is GONE:
        del inside[last]
    elif isinstance(inside, list) and last == len(inside):
        inside.append(value)
    else:
        inside[last] = value


def faults_after(changes: dict[str, object]) -> dict[str, str]:
    """Path to the whole line of each fault after values of the built-in playbook were changed."""
    content: Content = yaml.load(TEXT, Loader=yaml.CSafeLoader)
    for path, value in changes.items():
        set_at(content, path, value)
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False))
    return {fault.path: str(fault) for fault in caught.value.faults}


BROKEN_IN_PLACE: list[tuple[str, object, str]] = [
    ("criteria[1].id", "str-outcome-defined", "an id used once, found 'str-outcome-defined' again"),
    ("groups[1].id", "pilot_team", "an id used once"),
    ("profile_factors[0].values[1].id", "suggests", "an id used once"),
    ("gates[1].must[1].id", "G1.m1", "an id used once"),
    ("metrics[1].id", "adoption_work", "an id used once"),
    ("plan.weeks[1].week", 0, "an id used once"),
    ("criteria[0].asks.business", GONE, "a question for the authority, which is missing"),
    ("criteria[0].authority", "finance", "one of business, pilot_team, found 'finance'"),
    ("criteria[0].asks.finance", "How far?", "one of pilot_team"),
    ("criteria[0].condition", "luck", "one of strategy"),
    ("criteria[3].anchors.2", GONE, "a text for this level, which is missing"),
    ("criteria[3].anchors.2", "x" * 71, "at most 70 characters, found 71"),
    ("criteria[3].anchors.2", "  ", "some words"),
    ("criteria[3].anchors.5", "Better still", "no such level"),
    ("criteria[3].anchors.2", True, "text, found true"),
    ("criteria[0].asks.business", "x" * 241, "at most 240 characters"),
    ("criteria[0].title", "x" * 61, "at most 60 characters"),
    ("limits.anchor_max_chars", 76, "70 or less, found 76"),
    ("criteria[1].required.raise[0].when.sensitivity", "secret", "one of none, personal_data, regulated"),
    ("criteria[1].required.raise[0].when.mood", "good", "the id of a profile factor, found 'mood'"),
    ("criteria[5].harden[0].when.sensitivity", "secret", "one of none"),
    ("criteria[30].applies_when[0].model_source", "found", "one of in_house, vendor"),
    ("criteria[1].required.raise[0].to", 3, "a level above the base, 3, found 3"),
    ("criteria[1].required.raise[0].to", 5, "4 or less, found 5"),
    ("criteria[0].remediation.depends_on[0]", "wfl-training", "a criterion closed in window 1-4 or earlier"),
    ("criteria[0].remediation.depends_on[0]", "str-nothing", "the id of a criterion, found 'str-nothing'"),
    ("criteria[0].remediation.window", "13", "one of 1-4, 5-8, 9-12"),
    ("criteria[0].remediation.owner", "nobody", "one of pilot_team"),
    ("criteria[0].remediation.effort_days", "two", "a whole number or a number"),
    ("criteria[0].patterns[0]", "bad-luck", "one of clean-data-illusion"),
    (
        "failure_patterns[8]",
        {"id": "luck", "name": "Luck", "plain": "Rain."},
        "a pattern that some criterion",
    ),
    ("conditions[5]", {"id": "luck", "name": "Luck", "short": "Luck"}, "a condition with criteria"),
    ("scoring.evidence_caps.expired", 4, "no more than linked carries"),
    ("gates[1].must[3].check.ids[0]", "str-nothing", "one of str-outcome-defined"),
    ("gates[1].must[0].check.groups[0]", "finance", "one of pilot_team"),
    ("gates[1].must[6].check.window", "1-4", "one of 5-8"),
    ("gates[2].must[0].check.windows[0]", "0", "one of 1-4"),
    ("gates[4].must[0].check.metric", "applause", "one of adoption_work"),
    ("gates[4].must[3].also[0].op", "about", "'eq', 'gt', 'gte', 'lt' or 'lte'"),
    ("gates[0].must[0].check.value", "yes", "true or false"),
    ("plan.weeks[0].who[0]", "finance", "one of pilot_team"),
    ("plan.phases[1].weeks", [4, 1], "first and last week"),
    ("escalation.rules[0].steps[0].level", 9, "a level of the ladder"),
    ("funding.default_slices_percent.diagnosis", 101, "100 or less, found 101"),
    ("funding.released_by.infrastructure", "G9", "one of G0, G1, G2, G3, G4"),
    ("funding.released_by.party", "G1", "one of diagnosis"),
    ("funding.further_investment_unlocked_by", "G9", "one of G0"),
    ("criteria[0].colour", "red", "no such key here"),
    ("colour", "red", "no such key here"),
    ("criteria[0].probe", GONE, "this key, which is missing"),
    ("metrics", GONE, "this key, which is missing"),
    ("criteria[0].criticality", "soft", "'hard', 'compensable' or 'supporting', found 'soft'"),
    ("criteria[0].required.base", "3", "a whole number, found '3'"),
    ("criteria[0].required.base", True, "a whole number, found true"),
    ("criteria[0].required.base", 0, "1 or more, found 0"),
    ("criteria", {"one": 1}, "a list, found a mapping"),
    ("criteria[0]", "one", "a mapping, found 'one'"),
    ("criteria[0].id", "not an id", "an id of letters"),
    ("criteria[0].daily_user_sees", "no", "true or false"),
    ("playbook_version", 1.0, "text, found 1.0"),
]

BROKEN_TOGETHER: list[tuple[dict[str, object], str, str]] = [
    (
        {
            "criteria[0].remediation.depends_on": ["str-named-owner"],
            "criteria[1].remediation.depends_on": ["str-outcome-defined"],
        },
        "criteria[0].remediation.depends_on",
        "no dependency in a circle, found str-outcome-defined -> str-named-owner -> str-outcome-defined",
    ),
    (
        {"criteria[0].remediation.depends_on": ["str-outcome-defined"]},
        "criteria[0].remediation.depends_on",
        "no dependency in a circle, found str-outcome-defined -> str-outcome-defined",
    ),
    ({"windows[1].id": "5-9"}, "windows", "a window with the id 5-8"),
    ({"scale.levels[4].level": 3}, "scale.levels", "the levels 0, 1, 2, 3, 4 in this order"),
    ({"gates[4].must[0].check.metric": 7}, "gates[4].must[0].check.metric", "text, found 7"),
    ({"scale.extra_answers[1]": GONE}, "scale.extra_answers", "dk and na, each once"),
    (
        {"scoring.evidence_caps.none": 4},
        "scoring.evidence_caps",
        "better evidence to carry no less: none <= linked <= verified",
    ),
    (
        {"scoring.statuses.order_worst_first[0]": GONE},
        "scoring.statuses.order_worst_first",
        "the order blocking",
    ),
    ({"gates[4].must[0].check.target": GONE}, "gates[4].must[0].check", "either a value or a target"),
    ({"gates[0].must[0].check.type": "wish"}, "gates[0].must[0].check", "a 'type' out of"),
    (
        {"escalation.rules[0].steps[0].after_minutes": 5},
        "escalation.rules[0].steps[0]",
        "one of after_working_days",
    ),
    (
        {"funding.default_slices_percent.diagnosis": 16},
        "funding.default_slices_percent",
        "slices that make 100, found 101",
    ),
]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN_IN_PLACE)
def test_a_wrong_value_is_named_with_its_place_and_what_was_expected(
    path: str, value: object, expected: str
) -> None:
    faults = faults_after({path: value})
    assert path in faults
    assert f"expected {expected}" in faults[path]


@pytest.mark.parametrize(("changes", "path", "expected"), BROKEN_TOGETHER)
def test_what_does_not_agree_is_named_with_its_place_and_what_was_expected(
    changes: dict[str, object], path: str, expected: str
) -> None:
    faults = faults_after(changes)
    assert path in faults
    assert f"expected {expected}" in faults[path]


def test_all_faults_are_found_at_once() -> None:
    changes = {"criteria[0].remediation.owner": "nobody", "funding.default_slices_percent.diagnosis": 16}
    assert len(faults_after(changes)) == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "the file: expected a mapping, found nothing"),
        ("- one\n", "the file: expected a mapping, found a list"),
        ("a: 1\nb: [\n", "line 3: expected readable YAML"),
        ("a: 1\na: 2\n", "line 2: expected every key once, found 'a' again"),
        ("a: &x [*x]\n", "line 1: expected readable YAML, found unconstructable recursive node"),
        ("a: *x\n", "line 1: expected readable YAML"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "line 3: expected every key written out, found the merge key <<"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: expected readable YAML"),
        ("[" * 100 + "]" * 100, "line 1: expected at most 60 levels of nesting"),
        ("[" * 100_000, "line 1: expected readable YAML, found exceeded maximum nesting depth"),
        ("a: " + "9" * 5000, "expected readable YAML"),
        ("a: 2024-02-30\n", "expected readable YAML"),
        ("a: \x00\n", "expected readable YAML"),
        ("? [a, b]\n: 1\n", "line 1: expected a plain key"),
        ("a: 1\n---\nb: 2\n", "expected readable YAML"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else value,
)
def test_what_is_no_proper_yaml_is_a_fault_with_its_line(text: str, line: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text)
    assert line in str(caught.value)


def test_a_file_that_is_no_text_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(b"title: ok\nname: \xff\xfe\n")
    with pytest.raises(PlaybookError, match="line 2: expected UTF-8 text"):
        load_playbook(file)


def test_a_missing_file_and_a_directory_are_faults(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="expected a file that can be read, found no such file"):
        load_playbook(tmp_path / "nothing.yaml")
    with pytest.raises(PlaybookError, match="expected a file that can be read, found is a directory"):
        load_playbook(tmp_path)


def test_an_endless_file_is_a_fault() -> None:
    with pytest.raises(PlaybookError, match="at most 8 MB"):
        load_playbook("/dev/zero")


def test_a_key_can_not_steer_the_terminal() -> None:
    with pytest.raises(PlaybookError) as caught:
        parse_playbook('"\\e[2Jgone": 1\n')
    assert "\x1b" not in str(caught.value)


@given(st.text(alphabet=":-[]{}&*!|>'\"%@`#,? \n\ta1~\x00é", max_size=80))
def test_any_text_is_either_a_playbook_or_has_faults(text: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text)
    assert caught.value.faults
