"""All routing tables merged into one look-up; a name that two modules claim is a mistake at start.

What nobody claims is answered too: an unknown verb with the nearest one, an old button with a word.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot.language.verbs import Command as TypedCommand
from bot.language.verbs import read_command
from bot.views.actions import route_of
from handlers.incoming import Click, Command, Happened, Shortcut, Submission
from handlers.routing import Asks, Does, Opens, Routes

T = TypeVar("T")


class Router:
    """Finds the one route of a request by name."""

    def __init__(self, modules: Iterable[Routes], *, unknown_click: Does[Click]) -> None:
        """`unknown_click` answers buttons that no longer exist. Raises ValueError on a double claim."""
        tables = list(modules)
        self._commands = _merged(table.commands for table in tables)
        self._clicks = _merged(table.clicks for table in tables)
        self._submissions = _merged(table.submissions for table in tables)
        self._closed = _merged(table.closed for table in tables)
        self._shortcuts = _merged(table.shortcuts for table in tables)
        self._events = _merged(table.events for table in tables)
        self.typed = _only_one(table.typed for table in tables)
        self.edited = _only_one(table.edited for table in tables)
        self._unknown_click = unknown_click

    @property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Everything that is routed, for checks against the manifest and the docs."""
        return {
            "verbs": frozenset(self._commands),
            "clicks": frozenset(self._clicks),
            "submissions": frozenset(self._submissions),
            "shortcuts": frozenset(self._shortcuts),
            "events": frozenset(self._events),
        }

    def command(self, request: Command) -> "Does[Command] | Opens[Command] | Asks[Command]":
        """The verb's route; `help` where nothing was typed, `unknown` where no verb fits."""
        typed = read_command(request.text)
        verb = typed.verb if isinstance(typed, TypedCommand) else "unknown"
        return self._commands.get(verb, self._commands["unknown"])

    def click(self, request: Click) -> "Does[Click] | Opens[Click] | Asks[Click]":
        """The action's route; an old button that nobody claims any more is answered too."""
        return self._clicks.get(route_of(request.action_id), self._unknown_click)

    def submission(self, request: Submission) -> "Does[Submission] | Asks[Submission] | None":
        """The form's route."""
        return self._submissions.get(request.callback_id)

    def closed(self, request: Submission) -> "Does[Submission] | None":
        """Who wants to know that a form was closed."""
        return self._closed.get(request.callback_id)

    def shortcut(self, request: Shortcut) -> "Does[Shortcut] | Opens[Shortcut] | None":
        """The shortcut's route."""
        return self._shortcuts.get(request.callback_id)

    def event(self, request: Happened) -> "Does[Happened] | Asks[Happened] | None":
        """Who wants to know about this kind of event."""
        return self._events.get(request.kind)


def _merged(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for table in tables:
        twice = merged.keys() & table.keys()
        if twice:
            raise ValueError(f"routed twice: {', '.join(sorted(twice))}")
        merged.update(table)
    return merged


def _only_one(routes: Iterable[T | None]) -> T | None:
    found = [route for route in routes if route is not None]
    if len(found) > 1:
        raise ValueError("messages are routed twice")
    return found[0] if found else None
