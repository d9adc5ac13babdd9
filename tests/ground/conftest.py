"""What the ground's tests share."""

from pathlib import Path

import pytest

from bot.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory and no setting in the environment; returns the directory."""
    for note in Settings.notes():
        monkeypatch.delenv(note.name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
