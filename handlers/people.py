"""`/slipway people`: who takes part, and the way to change it."""

from bot.desk import settings, status
from bot.desk.work import Work
from bot.language.verbs import read_command
from bot.views import actions as act
from bot.views.actions import InitiativeRef, decode
from handlers.incoming import Click, Command
from handlers.replies import Reply, Whisper
from handlers.routing import Does, Opens, Routes


async def _list(work: Work, command: Command) -> Reply:
    name = read_command(command.text).initiative
    return Whisper(await status.show_people(work, channel_id=command.channel_id, name=name))


async def _edit(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(InitiativeRef, click.value)
    await settings.open_people(work, ref.initiative, key=click.key, view_id=view_id)
    return None


ROUTES = Routes(
    commands={"people": Does(_list)},
    clicks={act.PEOPLE_EDIT: Opens(_edit, "People")},
)
