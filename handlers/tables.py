"""Which modules answer, and what the clock does: the list that `bot/app.py` composes from."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.desk import diagnosis_due, happenings, silence
from bot.desk.work import Work
from bot.store.models import Due
from bot.views import notices
from handlers import assessment, commands, diagnosis, home, members, new, people, roles, settings
from handlers.incoming import Click
from handlers.replies import Reply, Whisper
from handlers.routing import Does, Routes

DueWork = Callable[[Work, Due], Awaitable[None]]

OLD_BUTTON: Final = (
    "This button belongs to something that has changed since. Type `/slipway mine` to see what waits for you."
)

ROUTES: Final[tuple[Routes, ...]] = (
    commands.ROUTES,
    new.ROUTES,
    roles.ROUTES,
    people.ROUTES,
    settings.ROUTES,
    diagnosis.ROUTES,
    assessment.ROUTES,
    home.ROUTES,
    members.ROUTES,
)


async def _old_button(_work: Work, _request: Click) -> Reply:
    return Whisper(notices.told(OLD_BUTTON))


UNKNOWN_CLICK: Final[Does[Click]] = Does(_old_button)


def _merged(*tables: Mapping[str, DueWork]) -> Mapping[str, DueWork]:
    """One table of all; raises ValueError where two claim a kind."""
    merged: dict[str, DueWork] = {}
    for table in tables:
        if twice := merged.keys() & table.keys():
            raise ValueError(f"due work done twice: {', '.join(sorted(twice))}")
        merged.update(table)
    return MappingProxyType(merged)


DUE: Final = _merged(silence.DUE, diagnosis_due.DUE, happenings.DUE)
