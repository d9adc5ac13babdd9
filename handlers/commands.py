"""`/slipway help`, `status` and `mine`, and what is no verb at all."""

from bot.desk import mine, status
from bot.desk.authority import Action, authorise
from bot.desk.work import Work
from bot.language.verbs import USAGE, UnknownVerb, read_command
from bot.views import commands as views
from bot.views import notices
from handlers.incoming import Command, Shortcut
from handlers.replies import Reply, Whisper
from handlers.routing import Does, Opens, Routes


async def _help(work: Work, _command: Command) -> Reply:
    await authorise(work, Action.USE)
    return Whisper(views.usage(USAGE.items()))


async def _unknown(work: Work, command: Command) -> Reply:
    await authorise(work, Action.USE)
    read = read_command(command.text)
    if not isinstance(read, UnknownVerb):
        return Whisper(views.usage(USAGE.items()))
    again = f"{read.nearest or ''} {read.initiative}".strip()
    return Whisper(views.unknown(read.typed, read.nearest, again, list(USAGE)))


async def _status(work: Work, command: Command) -> Reply:
    name = read_command(command.text).initiative
    return Whisper(await status.show(work, channel_id=command.channel_id, name=name))


async def _mine(work: Work, _command: Command) -> Reply:
    return Whisper(views.mine(await mine.mine(work)))


async def _open_items(work: Work, shortcut: Shortcut, view_id: str) -> Reply:
    items = notices.whisper_in_modal(views.mine(await mine.mine(work)))
    await work.fill(items, view_id=view_id, key=f"{shortcut.key}:view")
    return None


ROUTES = Routes(
    commands={
        "help": Does(_help),
        "unknown": Does(_unknown),
        "status": Does(_status),
        "mine": Does(_mine),
    },
    shortcuts={"my_open_items": Opens(_open_items, "My open items")},
)
