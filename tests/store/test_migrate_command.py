"""`slipway migrate`, as an administrator runs it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.migrate import command
from bot.store.migrate import pending


def test_migrating_says_what_it_did_and_then_that_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/slipway.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    first, second = CliRunner().invoke(command), CliRunner().invoke(command)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "applied" in first.output
    assert "nothing to do" in second.output
    assert pending(url) == []


def test_a_database_that_is_not_there_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://slipway:secret@127.0.0.1:1/slipway")
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "can't be used" in result.output
    assert "secret" not in result.output
