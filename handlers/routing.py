"""The shape of a routing table: a name, and who answers.

Each handler module has one `ROUTES` at its top. `handlers.router` merges them; nothing is matched
by walking through listeners.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.desk.work import Work
from handlers.front import Front
from handlers.incoming import Click, Command, Edited, Happened, Request, Shortcut, Submission, Typed
from handlers.replies import Reply

R = TypeVar("R", bound=Request)
S = TypeVar("S", bound=Command | Click | Shortcut)


@dataclass(frozen=True)
class Does(Generic[R]):
    """One use case, in one transaction, its answer acked when it is committed."""

    handle: Callable[[Work, R], Awaitable[Reply]]


@dataclass(frozen=True)
class Opens(Generic[S]):
    """A modal that opens at once as a skeleton and is filled by `fill(work, request, view_id)`.

    The skeleton needs no authority; what fills it does.
    """

    fill: Callable[[Work, S, str], Awaitable[Reply]]
    title: str


@dataclass(frozen=True)
class Asks(Generic[R]):
    """Slack has to be asked something first: `ask(front, request)`, then the use case with the answer.

    For checks on people and channels that somebody named in a form.
    """

    ask: Callable[[Front, R], Awaitable[object]]
    handle: Callable[[Work, R, object], Awaitable[Reply]]


@dataclass(frozen=True)
class Routes:
    """What one module answers."""

    commands: Mapping[str, "Does[Command] | Opens[Command] | Asks[Command]"] = field(default_factory=dict)
    clicks: Mapping[str, "Does[Click] | Opens[Click] | Asks[Click]"] = field(default_factory=dict)
    submissions: Mapping[str, "Does[Submission] | Asks[Submission]"] = field(default_factory=dict)
    closed: Mapping[str, "Does[Submission]"] = field(default_factory=dict)
    shortcuts: Mapping[str, "Does[Shortcut] | Opens[Shortcut]"] = field(default_factory=dict)
    events: Mapping[str, "Does[Happened] | Asks[Happened]"] = field(default_factory=dict)
    typed: "Does[Typed] | None" = None
    edited: "Does[Edited] | None" = None
