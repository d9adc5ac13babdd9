"""The `slipway` command: quick to ask for help, and one line when something goes wrong."""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import COMMANDS, help_text
from bot.commands.group import Stopped, slipway
from bot.commands.settings import markdown_table
from bot.settings import MASK, Settings
from tests.ground.conftest import CHECKOUT

SLIPWAY = Path(sys.executable).parent / "slipway"
ATTEMPTS = 12
AT_MOST_STARTS = 8


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(slipway, arguments, env=environment, prog_name="slipway")


def quickest(command: list[str]) -> float:
    """Seconds of the quickest of several runs: noise only ever adds."""

    def once() -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start

    return min(once() for _ in range(ATTEMPTS))


class TestHelp:
    def test_it_costs_at_most_eight_bare_interpreter_starts(self) -> None:
        bare = quickest([sys.executable, "-c", ""])
        assert quickest([str(SLIPWAY), "--help"]) <= AT_MOST_STARTS * bare

    def test_it_imports_no_command_and_no_package_of_others(self) -> None:
        code = (
            "import sys; sys.argv = ['slipway', '--help']\n"
            "from bot.cli import main; main()\n"
            "heavy = {'click', 'pydantic', 'bot.settings', 'slack_sdk', 'sqlalchemy'}\n"
            "print(sorted(heavy & sys.modules.keys()))"
        )
        python = [sys.executable, "-c", code]
        shown = subprocess.run(python, check=True, capture_output=True, text=True).stdout
        assert shown.splitlines()[-1] == "[]"

    @pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
    def test_it_is_the_same_text_however_asked(self, arguments: list[str]) -> None:
        shown = subprocess.run([SLIPWAY, *arguments], check=True, capture_output=True, text=True).stdout
        assert shown == help_text() + "\n"

    def test_click_gives_the_same_text(self) -> None:
        assert run("--help").output == help_text() + "\n"

    def test_it_lists_every_command_in_lines_of_a_narrow_terminal(self) -> None:
        assert all(f"\n  {name} " in help_text() for name in COMMANDS)
        assert max(map(len, help_text().splitlines())) <= 90

    def test_the_readme_lists_every_command(self) -> None:
        readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
        assert [name for name in COMMANDS if f"| `slipway {name}" not in readme] == []


class TestCommands:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_of_the_table_exists_and_explains_itself(self, name: str) -> None:
        module, _, attribute = COMMANDS[name].place.partition(":")
        assert isinstance(getattr(import_module(module), attribute), click.Command)
        assert run(name, "--help").exit_code == 0

    def test_an_unknown_command_gets_the_nearest_one(self) -> None:
        result = run("setings")
        assert result.exit_code == 2
        assert "Did you mean 'settings'?" in result.output

    def test_nonsense_gets_the_usage(self) -> None:
        result = run("qqq")
        assert result.exit_code == 2
        assert "Usage: slipway" in result.output

    def test_the_version_is_shown(self) -> None:
        assert run("--version").output == "slipway 0.1.0\n"


@pytest.mark.usefixtures("bare_environment")
class TestErrors:
    def test_a_wrong_setting_gives_one_line_and_status_2(self) -> None:
        result = run("settings", HTTP_PORT="80a")
        assert result.exit_code == 2
        assert result.stderr.startswith("slipway: HTTP_PORT must be a valid integer")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""

    def test_the_real_program_does_the_same_without_a_trace(self, bare_environment: Path) -> None:
        done = subprocess.run(
            [SLIPWAY, "settings"],
            cwd=bare_environment,
            env={**os.environ, "AUTO_MIGRATE": "perhaps"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith("slipway: AUTO_MIGRATE must be a valid boolean")
        assert done.stderr.count("\n") == 1

    def test_an_unexpected_error_gives_one_line_and_says_where_its_trace_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(cls: type[Settings]) -> Settings:
            raise RuntimeError("no luck with xoxb-1-2\nsecond line")

        monkeypatch.setattr(Settings, "load", classmethod(break_down))
        result = run("settings")
        assert result.exit_code == 1
        line, place = result.stderr.rstrip().rstrip(".").rsplit(" The details are in ", 1)
        trace = Path(place).read_text(encoding="utf-8")
        Path(place).unlink()
        assert line == "slipway: stopped by an unexpected error, RuntimeError: no luck with [redacted]."
        assert "Traceback" in trace
        assert "xoxb" not in trace

    def test_a_command_stops_itself_with_a_line_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(cls: type[Settings]) -> Settings:
            raise Stopped("the database is older than this program; run: slipway migrate", status=3)

        monkeypatch.setattr(Settings, "load", classmethod(stop))
        result = run("settings")
        assert result.exit_code == 3
        assert result.stderr == "slipway: the database is older than this program; run: slipway migrate\n"


@pytest.mark.usefixtures("bare_environment")
class TestSettingsCommand:
    def test_every_setting_is_listed_with_purpose_default_and_example(self) -> None:
        shown = " ".join(run("settings").output.split())
        for note in Settings.notes():
            assert f"{note.name} = " in shown
            assert note.description.replace("`", "") in shown
            assert f"Default: {note.default or 'not set'}. Example: {note.example}" in shown

    def test_secrets_are_masked(self) -> None:
        shown = run(
            "settings", SLACK_BOT_TOKEN="xoxb-12-34-hidden", DATABASE_URL="postgresql://u:hidden@h/d"
        ).output
        assert "hidden" not in shown
        assert f"SLACK_BOT_TOKEN = {MASK}" in shown
        assert f"DATABASE_URL = postgresql+psycopg://u:{MASK}@h/d" in shown

    def test_lines_fit_a_terminal_of_eighty_columns_but_for_one_long_word(self) -> None:
        too_long = [line for line in run("settings").output.splitlines() if len(line) > 80]
        assert all(len(line.split()) == 1 for line in too_long)

    def test_the_readme_has_the_same_table(self) -> None:
        """After a change: slipway settings --markdown prints the new one."""
        assert markdown_table() in (CHECKOUT / "README.md").read_text(encoding="utf-8")
        assert run("settings", "--markdown").output == markdown_table() + "\n"

    def test_the_readme_names_the_database_file(self) -> None:
        default = Settings.model_fields["database_url"].default.removeprefix("sqlite:///")
        assert f"**`{default}`**" in (CHECKOUT / "README.md").read_text(encoding="utf-8")
