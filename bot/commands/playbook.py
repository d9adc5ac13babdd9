"""`slipway playbook`: checks a playbook of an organisation's own before anybody is asked by it."""

from pathlib import Path

import click

MOST_FAULTS = 20
"""As many faults as a person mends in one go; the rest is counted."""


@click.group
def command() -> None:
    """Check a playbook of your own."""


@command.command
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check FILE: say what it holds, or every fault, where it is and what was expected (exit status 2)."""
    from bot.playbook.load import PlaybookError, load_playbook

    try:
        playbook = load_playbook(file)
    except PlaybookError as error:
        print_faults(file, error.faults)
        raise click.exceptions.Exit(2) from None
    click.echo(f"{click.format_filename(file)}: ok, {playbook.id} {playbook.version}")
    for name in ("criteria", "conditions", "groups", "profile_factors", "failure_patterns", "gates"):
        click.echo(f"  {len(getattr(playbook, name))} {name.replace('_', ' ')}")
    click.echo(f"  sha256 {playbook.sha256}")


def print_faults(file: Path, faults: tuple[object, ...]) -> None:
    """Faults on standard error, one a line, each with the file it is in."""
    name = click.format_filename(file)
    for fault in faults[:MOST_FAULTS]:
        click.echo(f"{name}: {fault}", err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"{name}: and {len(faults) - MOST_FAULTS} more", err=True)
