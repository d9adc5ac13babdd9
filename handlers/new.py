"""`/slipway new`: the intake's pages, which `/slipway settings` sends off as well."""

from bot.desk import intake, settings
from bot.desk.checks import Checked
from bot.desk.work import Work
from bot.views import actions as act
from bot.views import intake as views
from bot.views.actions import FinishRef, InitiativeRef, IntakeRef, decode
from handlers.front import Front
from handlers.incoming import Click, Command, Submission
from handlers.looking_up import checked, look_up
from handlers.replies import NextView, Reply
from handlers.routing import Asks, Does, Opens, Routes


async def _open(work: Work, command: Command, view_id: str) -> Reply:
    await intake.open_new(work, key=command.key, view_id=view_id)
    return None


async def _ask_group(front: Front, sent: Submission) -> bool:
    group, actor = sent.metadata, sent.actor
    return bool(group) and await front.in_user_group(actor.workspace_id, group, actor.user_id)


async def _begin(work: Work, sent: Submission, answer: object) -> Reply:
    return NextView(await intake.begin(work, user_group=sent.metadata, is_in_it=answer is True))


async def _another(work: Work, click: Click) -> Reply:
    await intake.start_another(work, key=click.key, view_id=click.view_id)
    return None


async def _discard(work: Work, click: Click) -> Reply:
    ref = decode(InitiativeRef, click.value)
    await intake.discard(work, ref.initiative, key=click.key, view_id=click.view_id)
    return None


async def _page(work: Work, click: Click) -> Reply:
    await intake.show_page(work, decode(IntakeRef, click.value), key=click.key, view_id=click.view_id)
    return None


async def _ask_page(front: Front, sent: Submission) -> Checked:
    ref = decode(IntakeRef, sent.metadata)
    if ref.page == views.Page.CARRIERS:
        home = sent.fields.get(views.HOME)
        named = home if isinstance(home, str) else ""
        return await look_up(front, sent, people=(views.OWNER, views.SPONSOR), channel=named)
    if ref.page == views.Page.PEOPLE:
        return await look_up(front, sent, people=sent.fields.keys() - {views.WITHOUT_SLACK})
    return Checked.of(())


async def _save(work: Work, sent: Submission, answer: object) -> Reply:
    ref = decode(IntakeRef, sent.metadata)
    save = settings.save_page if ref.then == views.Then.SETTINGS else intake.save_page
    return NextView(await save(work, ref, sent.fields, checked(answer), key=sent.key))


async def _ask_home(front: Front, sent: Submission) -> Checked:
    return await look_up(front, sent, channel=decode(FinishRef, sent.metadata).home)


async def _finish(work: Work, sent: Submission, answer: object) -> Reply:
    ref = decode(FinishRef, sent.metadata)
    return NextView(await intake.finish(work, ref, checked(answer), key=sent.key))


ROUTES = Routes(
    commands={"new": Opens(_open, views.TITLE)},
    clicks={
        act.INTAKE_ANOTHER: Does(_another),
        act.INTAKE_DISCARD: Does(_discard),
        act.INTAKE_PAGE: Does(_page),
    },
    submissions={
        act.INTAKE_BEGIN: Asks(_ask_group, _begin),
        act.INTAKE_SUBMIT: Asks(_ask_page, _save),
        act.INTAKE_FINISH: Asks(_ask_home, _finish),
    },
)
