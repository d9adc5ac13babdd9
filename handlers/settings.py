"""`/slipway settings`: the menu, and what is no page of the intake. Pages are sent off to `handlers.new`."""

from bot.desk import settings
from bot.desk.checks import Checked
from bot.desk.work import Work
from bot.language.verbs import read_command
from bot.views import actions as act
from bot.views import settings as views
from bot.views.actions import InitiativeRef, decode
from handlers.front import Front
from handlers.incoming import Click, Command, Submission
from handlers.looking_up import checked, look_up
from handlers.replies import NextView, Reply
from handlers.routing import Asks, Does, Opens, Routes


async def _open(work: Work, command: Command, view_id: str) -> Reply:
    name = read_command(command.text).initiative
    await settings.open_menu(work, channel_id=command.channel_id, name=name, key=command.key, view_id=view_id)
    return None


async def _menu(work: Work, click: Click) -> Reply:
    await settings.back_to_menu(work, _initiative(click), key=click.key, view_id=click.view_id)
    return None


async def _facilitator(work: Work, click: Click) -> Reply:
    await settings.open_facilitator(work, _initiative(click), key=click.key, view_id=click.view_id)
    return None


async def _ask_person(front: Front, sent: Submission) -> Checked:
    return await look_up(front, sent, people=(views.PERSON,))


async def _hand_over(work: Work, sent: Submission, answer: object) -> Reply:
    ref = decode(InitiativeRef, sent.metadata)
    return NextView(
        await settings.hand_over(work, ref.initiative, sent.fields, checked(answer), key=sent.key)
    )


async def _close(work: Work, click: Click) -> Reply:
    await settings.close(work, _initiative(click), key=click.key, view_id=click.view_id)
    return None


async def _reopen(work: Work, click: Click) -> Reply:
    await settings.reopen(work, _initiative(click), key=click.key, view_id=click.view_id)
    return None


def _initiative(click: Click) -> int:
    return decode(InitiativeRef, click.value).initiative


ROUTES = Routes(
    commands={"settings": Opens(_open, views.TITLE)},
    clicks={
        act.SETTINGS_MENU: Does(_menu),
        act.SETTINGS_FACILITATOR: Does(_facilitator),
        act.SETTINGS_CLOSE: Does(_close),
        act.SETTINGS_REOPEN: Does(_reopen),
    },
    submissions={act.SETTINGS_FACILITATOR_SUBMIT: Asks(_ask_person, _hand_over)},
)
