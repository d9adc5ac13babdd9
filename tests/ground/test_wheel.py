"""The wheel holds everything, and works in a clean environment, away from the checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import yaml

import bot
from bot.resources import resource
from tests.ground.conftest import CHECKOUT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of a POSIX environment")

CARRIED = {
    "bot/cli.py",
    "bot/py.typed",
    "bot/playbook/pilot-to-production.yaml",
    "bot/_data/manifest.yml",
    "bot/_data/migrations/env.py",
    "handlers/__init__.py",
    "sandbox/__init__.py",
    "sandbox/cases/worked_case.yaml",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the locked build backend, as `pip install` would."""
    place = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    [built] = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; returns its `bin`.

    The dependencies are borrowed from this one by a path file. Path files lying there are not followed,
    so that the checkout stays out of reach.
    """
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    uv = [str(CHECKOUT / "scripts/uv"), "pip", "install", "--quiet", "--no-deps", "--no-index", "--offline"]
    subprocess.run([*uv, "--python", str(place / "bin/python"), str(wheel)], check=True, capture_output=True)
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return place / "bin"


def run(command: list[str | Path], directory: Path) -> str:
    """Standard output of a program run away from the checkout, without its settings."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(directory)}
    done = subprocess.run(command, cwd=directory, env=clean, check=True, capture_output=True, text=True)
    return done.stdout


def test_every_file_that_is_read_at_run_time_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert CARRIED - names == set()


def test_every_source_file_of_the_three_packages_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = [
        path.relative_to(CHECKOUT).as_posix()
        for package in ("bot", "handlers", "sandbox")
        for path in (CHECKOUT / package).rglob("*.py")
    ]
    assert set(tracked) - names == set()


def test_every_migration_is_in_it_and_nothing_compiled(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    versions = {path.name for path in (CHECKOUT / "migrations").rglob("*.py")}
    assert versions <= {Path(name).name for name in names if name.startswith("bot/_data/migrations/")}
    assert not [name for name in names if name.endswith(".pyc")]


def test_no_tests_and_no_settings_are_in_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("tests/", "docs/", "scripts/")) or ".env" in name]


def test_the_installed_program_finds_its_own_files(elsewhere: Path, tmp_path: Path) -> None:
    code = (
        "import bot; from bot.resources import resource\n"
        "print(bot.__file__, resource('migrations'), resource('manifest.yml'))"
    )
    found = run([elsewhere / "python", "-c", code], tmp_path).split()
    assert [place for place in found if not Path(place).is_relative_to(elsewhere.parent)] == []


def test_the_installed_program_prints_the_manifest_of_the_checkout(elsewhere: Path, tmp_path: Path) -> None:
    printed = yaml.safe_load(run([elsewhere / "slipway", "manifest"], tmp_path))
    assert printed == yaml.safe_load((CHECKOUT / "manifest.yml").read_text(encoding="utf-8"))


def test_the_installed_program_loads_the_built_in_playbook(elsewhere: Path, tmp_path: Path) -> None:
    code = "from bot.playbook.load import load_playbook; print(load_playbook(None).id)"
    assert run([elsewhere / "python", "-c", code], tmp_path).strip() == "pilot-to-production"


def test_in_a_checkout_its_own_files_are_used_and_no_stale_copy() -> None:
    """An editable installation leaves a copy of `_data` in site-packages that nobody updates."""
    assert Path(bot.__file__) == CHECKOUT / "bot/__init__.py"
    assert resource("migrations") == CHECKOUT / "migrations"
    assert resource("manifest.yml") == CHECKOUT / "manifest.yml"


def test_a_file_nobody_has_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"^nothing\.txt is missing from this installation"):
        resource("nothing.txt")
