"""Every dependency is locked, explained, and really used; nobody else ships our package names."""

import re
import tomllib
from importlib.metadata import distributions
from typing import Final

import pytest

from tests.ground.conftest import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN_TIME = [re.split(r"[^\w.-]", text)[0] for text in PROJECT["dependencies"]]
DEVELOPMENT = [re.split(r"[^\w.-]", text)[0] for text in PROJECT["optional-dependencies"]["dev"]]

IMPORTED_AS: Final = {
    "prometheus-client": "prometheus_client",
    "pydantic-settings": "pydantic_settings",
    "pyyaml": "yaml",
    "slack-bolt": "slack_bolt",
    "slack-sdk": "slack_sdk",
}
NEVER_IMPORTED: Final = {"aiosqlite", "psycopg", "tzdata"}
"""Drivers that SQLAlchemy finds by a database's address, and data that the standard library finds."""


def documented() -> dict[str, str]:
    """Package to licence, as the document has them."""
    text = (CHECKOUT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]
    return {row[0]: row[-1] for row in rows if row[0] not in ("Package", "---")}


def test_each_is_explained_in_the_document_and_nothing_else_is() -> None:
    assert sorted(documented()) == sorted(RUN_TIME + DEVELOPMENT)


def test_each_licence_stated_by_its_package_is_the_one_documented() -> None:
    stated = {
        distribution.name.lower(): distribution.metadata["License-Expression"]
        for distribution in distributions()
        if "License-Expression" in distribution.metadata
    }
    ours = {name: licence for name, licence in documented().items() if name in stated}
    assert ours == {name: stated[name] for name in ours}


@pytest.mark.parametrize("name", RUN_TIME + DEVELOPMENT)
def test_each_is_locked(name: str) -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(name)}(\[[\w,]+\])?==", lock, re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in RUN_TIME if name not in NEVER_IMPORTED])
def test_each_run_time_dependency_is_imported_somewhere(name: str) -> None:
    wanted = re.compile(rf"^\s*(?:from|import) {IMPORTED_AS.get(name, name)}\b", re.MULTILINE)
    places = ("bot", "handlers", "sandbox", "migrations")
    sources = [path for place in places for path in (CHECKOUT / place).rglob("*.py")]
    assert any(wanted.search(path.read_text(encoding="utf-8")) for path in sources)


def test_no_other_distribution_ships_a_package_of_our_name() -> None:
    ours = {"bot", "handlers", "sandbox"}
    others = {
        distribution.name: {file.parts[0] for file in distribution.files or ()} & ours
        for distribution in distributions()
        if distribution.name != "slipway-bot"
    }
    assert {name: taken for name, taken in others.items() if taken} == {}
