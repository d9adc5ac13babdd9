"""`slipway settings`: every setting with its value, what it is for, its default and an example."""

import textwrap

import click

from bot.settings import SettingNote, Settings


@click.command
@click.option("--markdown", is_flag=True, help="Print the table as the README has it, without values.")
def command(markdown: bool) -> None:
    """List every setting: value (secrets masked), purpose, default and an example."""
    if markdown:
        click.echo(markdown_table())
        return
    shown = Settings.load().shown()
    click.echo("\n\n".join(_stanza(note, shown[note.name]) for note in Settings.notes()))


def markdown_table() -> str:
    """The README's table of settings."""
    rows = [
        f"| `{note.name}` | {note.description} | {_default(note)} | `{note.example}` |"
        for note in Settings.notes()
    ]
    return "\n".join(["| Setting | What it is for | Default | Example |", "|---|---|---|---|", *rows])


def _default(note: SettingNote) -> str:
    return f"`{note.default}`" if note.default else "not set"


def _stanza(note: SettingNote, value: str) -> str:
    about = (
        f"{note.description.replace('`', '')} Default: {note.default or 'not set'}. Example: {note.example}"
    )
    purpose = textwrap.fill(
        about,
        width=78,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{note.name} = {value}\n{purpose}"
