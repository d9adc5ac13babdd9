"""`slipway assess`: an assessment without Slack, from case files. Reads all before it prints anything."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.method.assessment import Assessment
    from bot.playbook.model import Playbook


@click.command
@click.argument("cases", metavar="CASE.yaml...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document per file, one per line.")
@click.option(
    "--playbook",
    "playbook_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Assess by this playbook instead of the one that PLAYBOOK selects.",
)
def command(cases: tuple[Path, ...], as_json: bool, playbook_file: Path | None) -> None:
    """Assess pilots from files: what blocks each on its way to production, and why.

    A file holds `profile` and `answers`, and if wanted `respondents` and `capacity_days_weeks_5_8`. If one is
    malformed, nothing is printed but which key is wrong and what was expected, and the exit status is 2.
    """
    playbook = _playbook(playbook_file)
    assessed = _assess_all(playbook, cases)
    if as_json:
        _print_documents(assessed)
    else:
        _print_reports(playbook, assessed)


def _playbook(file: Path | None) -> "Playbook":
    """The playbook in `file`, else the one that the settings select."""
    from bot.commands.playbook import print_faults
    from bot.playbook.load import PlaybookError, load_playbook
    from bot.settings import Settings

    file = file or Settings.load().playbook
    try:
        return load_playbook(file)
    except PlaybookError as error:
        print_faults(file or Path(), error.faults)
        raise click.exceptions.Exit(2) from None


def _assess_all(playbook: "Playbook", files: tuple[Path, ...]) -> list[tuple[Path, "Assessment"]]:
    """Every file's assessment; if any is malformed, all their faults instead."""
    from bot.commands.playbook import print_faults
    from bot.method.assessment import assess
    from bot.method.case import parse_case
    from bot.playbook.faults import FaultyTextError
    from bot.playbook.yamltext import read_text

    assessed = []
    malformed = False
    for file in files:
        try:
            case = parse_case(read_text(file), playbook)
        except FaultyTextError as error:
            print_faults(file, error.faults)
            malformed = True
        else:
            assessed.append((file, assess(playbook, case.profile, case.answers, case.capacity)))
    if malformed:
        raise click.exceptions.Exit(2)
    return assessed


def _print_documents(assessed: list[tuple[Path, "Assessment"]]) -> None:
    import json

    from bot.method.document import document_of

    click.echo("\n".join(json.dumps(document_of(assessment)) for _, assessment in assessed))


def _print_reports(playbook: "Playbook", assessed: list[tuple[Path, "Assessment"]]) -> None:
    from rich.console import Console

    from bot.commands.assess_report import report

    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        for number, (file, assessment) in enumerate(assessed):
            if number:
                console.print()
            console.print(report(playbook, assessment, click.format_filename(file)))
    lines = captured.get().splitlines()
    click.echo("\n".join(line.rstrip() for line in lines), color=console.is_terminal or None)
