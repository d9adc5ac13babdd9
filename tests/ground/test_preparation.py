"""The two commands on a machine that lacks something: one clear line, no question, no foreign address."""

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.ground.conftest import CHECKOUT

TOOLS = ("sh", "dirname", "mkdir", "cat", "cksum", "rm", "env")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a shell and its small tools and no Python; returns the directory of its programs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        [found] = [Path(place) / tool for place in ("/usr/bin", "/bin") if (Path(place) / tool).exists()][:1]
        (programs / tool).symlink_to(found)
    return programs


def pretend(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def run(machine: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the scripts, so that nothing of this checkout is touched."""
    scripts = machine.parent / "checkout/scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    for name in ("python", "uv", "prepare"):
        copy = scripts / name
        copy.write_bytes((CHECKOUT / "scripts" / name).read_bytes())
        copy.chmod(0o755)
    return subprocess.run(
        [str(scripts / script), *arguments],
        env={"PATH": str(machine), "HOME": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_without_python_one_line_says_what_is_needed(machine: Path) -> None:
    done = run(machine, "python")
    assert done.returncode == 1
    assert done.stderr.startswith("Slipway needs Python 3.11 or newer, and none was found.")
    assert done.stderr.count("\n") == 1


def test_a_python_that_is_too_old_is_passed_over(machine: Path) -> None:
    pretend(machine, "python3.11", "exit 127")
    pretend(machine, "python3", "exit 1")
    pretend(machine, "python", "exit 0")
    assert run(machine, "python").stdout == f"{machine / 'python'}\n"


def test_a_python_without_venv_and_pip_says_what_to_install(machine: Path) -> None:
    pretend(machine, "python3", 'case "$2" in "import sys"*) exit 0;; *) exit 1;; esac')
    done = run(machine, "uv", "--version")
    assert done.returncode == 1
    assert "has neither venv nor pip" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_a_package_index_out_of_reach_says_so(machine: Path) -> None:
    pretend(machine, "python3", 'case "$*" in *install*) exit 1;; *) exit 0;; esac')
    done = run(machine, "uv", "--version")
    assert done.returncode == 1
    assert "uv could not be fetched from the package index" in done.stderr


def test_a_uv_that_is_there_is_used(machine: Path) -> None:
    pretend(machine, "uv", 'echo "uv says $*"')
    assert run(machine, "uv", "pip", "list").stdout == "uv says pip list\n"


def test_the_wish_for_another_python_is_heard(machine: Path) -> None:
    pretend(machine, "mine", "exit 0")
    scripts = CHECKOUT / "scripts"
    environment = {"PATH": str(machine), "PYTHON": "mine"}
    done = subprocess.run([scripts / "python"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{machine / 'mine'}\n"


@pytest.mark.parametrize("file", ["Makefile", ".ci/run", "scripts/uv", "scripts/python", "scripts/prepare"])
def test_no_address_is_named_and_no_command_that_writes_one(file: str) -> None:
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    assert not re.search(r"https?://|\b[\w-]+\.(?:org|com|io|dev|net)\b", text)
    assert not re.search(r"\buv (?:run|sync|lock|add)\b", text)


def test_the_lock_names_no_address_and_every_package_has_hashes() -> None:
    lines = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pinned = [index for index, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert pinned
    assert all("==" in lines[index] and "--hash=sha256:" in lines[index + 1] for index in pinned)


def test_scripts_can_be_run() -> None:
    for file in (".ci/run", "scripts/uv", "scripts/python", "scripts/prepare"):
        assert os.access(CHECKOUT / file, os.X_OK), file
