"""What a handler answers the person who acted; the entrance turns it into Slack's form."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.views.render import Message, Modal


@dataclass(frozen=True)
class Whisper:
    """Say something to the person alone, where they acted."""

    message: Message


@dataclass(frozen=True)
class FieldErrors:
    """The form stays open; one sentence under each input block that needs another look."""

    errors: Mapping[str, str]


@dataclass(frozen=True)
class NextView:
    """The form becomes another view."""

    view: Modal


@dataclass(frozen=True)
class PushView:
    """Another view opens on top of the form."""

    view: Modal


@dataclass(frozen=True)
class CloseAll:
    """Every open view closes."""


Reply = Whisper | FieldErrors | NextView | PushView | CloseAll | None
