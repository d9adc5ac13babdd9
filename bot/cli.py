"""The `slipway` command: the table of its commands, its help, and the way in.

`slipway --help` is often the first thing anybody sees: it comes from the table and imports nothing. Each
command is imported only when it is called.
"""

import sys
from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One command: where it lives and what `--help` says of it."""

    place: str
    summary: str


COMMANDS: Final = {
    "run": Entry("bot.commands.run:command", "Start the bot."),
    "demo": Entry("bot.commands.demo:command", "Play a whole diagnosis on this machine, without Slack."),
    "assess": Entry("bot.commands.assess:command", "Assess a pilot from a file, without Slack."),
    "playbook": Entry("bot.commands.playbook:command", "Check a playbook of your own."),
    "manifest": Entry("bot.commands.manifest:command", "Print the app manifest that Slack asks for."),
    "migrate": Entry("bot.commands.migrate:command", "Bring the database to the newest schema."),
    "settings": Entry("bot.commands.settings:command", "List every setting and its value."),
}

_ASKING_FOR_HELP: Final[tuple[list[str], ...]] = ([], ["--help"], ["-h"])


def help_text() -> str:
    """What `slipway --help` prints."""
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:<{width}}  {entry.summary}" for name, entry in COMMANDS.items())
    return (
        "Usage: slipway COMMAND [ARGS]...\n\n"
        "  Slipway takes one stalled AI pilot to production in twelve weeks, in Slack.\n\n"
        f"Commands:\n{listed}\n\n"
        "Options:\n"
        "  --version   Show the version.\n"
        "  -h, --help  Show this message. 'slipway COMMAND --help' tells more about one command."
    )


def main() -> None:
    """Run the command named on the command line."""
    if sys.argv[1:] in _ASKING_FOR_HELP:
        print(help_text())
        return
    from bot.commands.group import slipway

    slipway(prog_name="slipway")


if __name__ == "__main__":
    main()
