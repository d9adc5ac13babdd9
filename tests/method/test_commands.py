"""`slipway assess` and `slipway playbook check`, as a person or a script calls them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import bot.playbook
from bot.commands import assess as assess_module
from bot.commands import playbook as playbook_module
from bot.playbook.load import BUILT_IN, load_playbook
from tests.method.worked import FILE, worked_case

KEYS = [
    "playbook", "complete", "unheard_groups", "criteria", "counts", "conditions", "overall_index", "verdict",
    "purgatory_flag", "alignment", "perception_gaps", "visibility_gaps", "patterns",
    "blocking_in_priority_order", "blocking_effort_days", "over_capacity",
]  # fmt: skip

CRITERION_KEYS = [
    "required", "criticality", "floor", "groups", "reconciled", "effective", "status", "gap", "flags", "why",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty directory and no settings, so that nobody's `.env` plays a part."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLAYBOOK", raising=False)


def assess(*args: object, columns: int = 80) -> Result:
    runner = CliRunner(env={"COLUMNS": str(columns)})
    return runner.invoke(assess_module.command, list(map(str, args)))


def check(*args: object) -> Result:
    return CliRunner().invoke(playbook_module.command, ["check", *map(str, args)])


def case_file(folder: Path, name: str, **changes: Any) -> Path:
    file = folder / name
    file.write_text(yaml.safe_dump(worked_case() | changes, sort_keys=False), encoding="utf-8")
    return file


def test_json_has_exactly_the_promised_keys() -> None:
    result = assess(FILE, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert list(document) == KEYS
    assert list(document["playbook"]) == ["id", "version", "sha256"]
    assert all(list(criterion) == CRITERION_KEYS for criterion in document["criteria"].values())


def test_json_holds_the_worked_cases_expectations() -> None:
    expected = worked_case()["expected_diagnosis"]
    document = json.loads(assess(FILE, "--json").stdout)
    assert document["counts"] == expected["counts"]
    assert document["conditions"] == {
        name: {"colour": one["colour"], "index": one["index"]} for name, one in expected["conditions"].items()
    }
    for key in (
        "overall_index",
        "verdict",
        "purgatory_flag",
        "perception_gaps",
        "visibility_gaps",
        "patterns",
    ):
        assert document[key] == expected[key]
    assert document["alignment"] == expected["alignment"]["value"]
    assert document["blocking_effort_days"] == expected["blocking_effort_days"]
    assert document["over_capacity"] == expected["over_capacity_weeks_5_8"]
    assert document["blocking_in_priority_order"] == [
        {"criterion": one["id"], "priority": one["priority"]}
        for one in expected["blocking_in_priority_order"]
    ]


def test_json_keeps_what_does_not_apply_with_nulls(tmp_path: Path) -> None:
    profile = worked_case()["profile_variant"]["profile"]
    document = json.loads(assess(case_file(tmp_path, "gentle.yaml", profile=profile), "--json").stdout)
    criterion = document["criteria"]["mlo-vendor-change"]
    assert criterion.pop("why")
    assert criterion.pop("status") == "not_applicable"
    assert criterion.pop("flags") == []
    assert set(criterion.values()) == {None}


def test_json_is_one_line_per_file_in_the_order_given(tmp_path: Path) -> None:
    silent = case_file(tmp_path, "silent.yaml", answers={})
    lines = assess(FILE, silent, "--json").stdout.splitlines()
    assert [json.loads(line)["complete"] for line in lines] == [True, False]
    assert json.loads(lines[1])["alignment"] is None


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_report_reads_well_at_any_width_and_has_no_escapes_in_a_pipe(columns: int) -> None:
    result = assess(FILE, columns=columns)
    assert result.exit_code == 0
    assert "Not ready for production: 14 of 39 block" in result.stdout
    assert "Automatic flow of live data" in result.stdout
    assert "\x1b" not in result.stdout
    assert "…" not in result.stdout
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert not any(line.endswith(" ") for line in lines)


def test_the_report_says_what_blocks_why_and_what_could_be_done() -> None:
    report = " ".join(assess(FILE, columns=120).stdout.split())
    for words in (
        "14 blocking, 1 unknown, 12 manageable, 1 not proven, 11 met. Overall index 0.43",
        "IT operations says 1, 4 is needed because its data changes by the hour; hard, so below 3 blocks.",
        "IT operations: don't know, Pilot team: 3, Business function: 1",
        "likely Clean-data illusion",
        "possible Cost volatility",
        "IT operations: 3 more than they have in weeks 5-8.",
        "11 block Prepares the action; a person approves each one",
    ):
        assert words in report


def test_the_report_says_when_somebody_was_not_heard(tmp_path: Path) -> None:
    report = " ".join(assess(case_file(tmp_path, "silent.yaml", answers={})).stdout.split())
    assert (
        "Incomplete, not heard yet: Business function, Data governance, IT operations, Pilot team." in report
    )


def test_a_report_of_a_ready_pilot_has_nothing_to_settle(tmp_path: Path) -> None:
    answers = {
        c.id: {"evidence": "verified", **{group: [4] for group in c.asks}} for c in load_playbook().criteria
    }
    file = case_file(
        tmp_path, "ready.yaml", answers=answers, respondents={g: ["A"] for g in ("it_ops", "business")}
    )
    report = assess(file).stdout
    assert "Ready for production: 0 of 39 block" in report
    assert "What to settle first" not in report


def test_words_of_a_file_are_not_taken_for_markup_or_escapes(tmp_path: Path) -> None:
    answers = {
        "dat-production-pipeline": {"it_ops": ["na", "na"], "na_confirmed": "[red]no\x1b[2J data[/red]"}
    }
    file = case_file(tmp_path, "[bold]x.yaml", answers=answers)
    result = assess(file)
    assert result.exit_code == 0
    assert "[bold]x.yaml" in "".join(result.stdout.split("\n"))
    assert "\x1b" not in result.stdout


def test_nothing_is_printed_when_one_of_several_files_is_malformed(tmp_path: Path) -> None:
    bad = case_file(tmp_path, "bad.yaml", answers={"arc-nothing": {}})
    for args in ([FILE, bad], [FILE, bad, "--json"]):
        result = assess(*args)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "bad.yaml: answers.arc-nothing: expected the id of a criterion" in result.stderr


def test_faults_of_all_files_are_named(tmp_path: Path) -> None:
    result = assess(tmp_path / "gone.yaml", tmp_path)
    assert result.exit_code == 2
    assert "gone.yaml: the file: expected a file that can be read, found no such file" in result.stderr
    assert "found is a directory" in result.stderr


def test_a_flood_of_faults_is_cut_and_counted(tmp_path: Path) -> None:
    answers = {"arc-observability": {"it_ops": [9] * 500}}
    result = assess(case_file(tmp_path, "bad.yaml", answers=answers, respondents={"it_ops": ["A"] * 500}))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == playbook_module.MOST_FAULTS + 1
    assert result.stderr.endswith("and 480 more\n")


def test_a_file_name_is_needed() -> None:
    assert assess().exit_code == 2


@pytest.fixture
def own_playbook(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    text = load_playbook().text.replace('playbook_version: "1.0.0"', 'playbook_version: "7.0.0"')
    file.write_text(text, encoding="utf-8")
    return file


def test_an_own_playbook_is_used_by_option_and_by_setting(
    own_playbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        json.loads(assess(FILE, "--json", "--playbook", own_playbook).stdout)["playbook"]["version"]
        == "7.0.0"
    )
    monkeypatch.setenv("PLAYBOOK", str(own_playbook))
    assert json.loads(assess(FILE, "--json").stdout)["playbook"]["version"] == "7.0.0"


def test_a_broken_playbook_stops_an_assessment(own_playbook: Path) -> None:
    own_playbook.write_text("title: x\n", encoding="utf-8")
    result = assess(FILE, "--playbook", own_playbook)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "own.yaml: criteria: expected this key, which is missing" in result.stderr


def test_check_says_what_a_playbook_holds(own_playbook: Path) -> None:
    result = check(own_playbook)
    assert result.exit_code == 0
    assert "own.yaml: ok, pilot-to-production 7.0.0" in result.stdout
    assert "39 criteria" in result.stdout
    assert f"sha256 {load_playbook(own_playbook).sha256}" in result.stdout


def test_check_names_the_place_of_a_fault(own_playbook: Path) -> None:
    text = own_playbook.read_text(encoding="utf-8")
    own_playbook.write_text(text.replace('owner: "business"', 'owner: "nobody"', 1), encoding="utf-8")
    result = check(own_playbook)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "own.yaml: criteria[0].remediation.owner: expected one of pilot_team" in result.stderr


def test_the_console_script_assesses_and_checks(tmp_path: Path) -> None:
    slipway = Path(sys.executable).with_name("slipway")

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [slipway, *map(str, args)], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60
        )

    assessed = run("assess", FILE, "--json")
    assert assessed.returncode == 0
    assert json.loads(assessed.stdout)["overall_index"] == 0.4286
    assert run("assess", tmp_path / "gone.yaml").returncode == 2

    checked = run("playbook", "check", Path(bot.playbook.__path__[0]) / BUILT_IN)
    assert (checked.returncode, checked.stderr) == (0, "")
