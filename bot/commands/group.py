"""The click group behind `slipway`: finds commands in the table, and explains what goes wrong in one line."""

from importlib import import_module
from importlib.metadata import version
from typing import IO, Any

import click

from bot.cli import COMMANDS, help_text


class Stopped(click.ClickException):
    """The command ends here; its text is the one line a person reads."""

    def __init__(self, line: str, *, status: int = 1) -> None:
        super().__init__(line)
        self.exit_code = status  # type: ignore[misc]  # click declares it on the class and reads the instance

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line alone, on standard error."""
        click.echo(f"slipway: {self.message}", file=file, err=file is None)


class LazyCommands(click.Group):
    """A click group over COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was asked for; None for an unknown name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        """The same text as the way in prints without click."""
        return help_text()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first; for an unknown one the nearest name."""
        from difflib import get_close_matches

        if args[0] not in COMMANDS and (near := get_close_matches(args[0], COMMANDS, n=1)):
            ctx.fail(f"There is no command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn whatever escapes into one line."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            raise _explained(error) from error


def _explained(error: Exception) -> Stopped:
    """A setting to mend (status 2), or what broke and where its trace is (status 1)."""
    from bot.logs import Redactor, keep_trace
    from bot.settings import SettingsFault

    if isinstance(error, SettingsFault):
        return Stopped(str(error), status=2)
    first_line = next(iter(str(error).splitlines()), "").strip().rstrip(".")
    what = ": ".join(filter(None, (type(error).__name__, Redactor()(first_line))))
    return Stopped(f"stopped by an unexpected error, {what}. The details are in {keep_trace(error)}.")


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("slipway-bot"), message="slipway %(version)s")
def slipway() -> None:
    """Slipway takes one stalled AI pilot to production in twelve weeks, in Slack."""
