"""A stage for the worked case: a sandbox with its people, a real bot, and what the database then holds."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.desk.assessing import Assessed, assessed
from bot.desk.playbooks import Playbooks
from bot.desk.work import House
from bot.method.assessment import Assessment
from bot.playbook.load import load_playbook
from bot.store.engine import Database
from bot.store.models import Answer, Conversation, Initiative, Outbox
from bot.store.outbox import OPEN
from bot.time import MachineClock
from sandbox import Sandbox, SandboxConfig
from sandbox.case import Case, worked_case
from sandbox.client import Workspace
from sandbox.config import Knobs, RateKnobs
from tests.support.process import BotProcess, Mode, running_bot

FREE_RATES = RateKnobs(off=True)


@dataclass(frozen=True)
class Stage:
    """The workspace, its sandbox, the bot in it, and where the bot keeps its state."""

    sandbox: Sandbox
    workspace: Workspace
    bot: BotProcess
    database_url: str
    case: Case


@asynccontextmanager
async def stage(
    database_url: str,
    *,
    mode: Mode = "socket",
    knobs: Knobs | None = None,
    case: Case | None = None,
    env: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """A bot that is ready in the case's workspace. Without `knobs` there are no rate limits."""
    played = case or worked_case()
    config = SandboxConfig(workspaces=[played.workspace()], knobs=knobs or Knobs(rates=FREE_RATES))
    async with (
        Sandbox(config) as sandbox,
        Workspace(sandbox.url) as workspace,
        running_bot(sandbox, database_url, mode=mode, env=env) as bot,
    ):
        yield Stage(sandbox, workspace, bot, database_url, played)


async def assessment_in(database_url: str) -> Assessment:
    """What the answers in the database come to."""
    database = Database(database_url)
    try:
        result = await _assessed(database)
    finally:
        await database.close()
    return result.assessment


async def _assessed(database: Database) -> Assessed:
    house = House(database.sessions, MachineClock(), Playbooks(load_playbook()))
    async with database.begin() as session:
        initiative = (await session.scalars(select(Initiative))).one()
        result = await assessed(house.work_in(session, initiative.workspace_id), initiative)
    assert result is not None, "round 1 was never opened"
    return result


@dataclass(frozen=True, order=True)
class Kept:
    """A current answer in the database, by whom, as somebody who looks at the case would say it."""

    user_id: str
    criterion: str
    said: str
    level: int
    note: str
    link: str

    def by(self, name: str) -> "Kept":
        """The same, with the person's name: ids differ between runs."""
        return replace(self, user_id=name)


async def answers_in(database_url: str, *, current: bool = True) -> list[Kept]:
    """Every answer in the database, in a fixed order; with `current` only the newest revisions."""
    query = select(Answer).join(Conversation, Conversation.id == Answer.conversation_id)
    if current:
        query = query.where(Answer.is_current)
    database = Database(database_url)
    try:
        async with database.begin() as session:
            found = (await session.scalars(query)).all()
    finally:
        await database.close()
    return sorted(
        Kept(
            one.said_by,
            one.criterion_id,
            one.said,
            -1 if one.level is None else one.level,
            one.note,
            one.link,
        )
        for one in found
    )


async def everything_sent(database_url: str, within: float = 90.0) -> None:
    """Wait until the outbox is empty: after a kill that takes until the leases are over."""
    database = Database(database_url)
    try:
        async with asyncio.timeout(within):
            while await _count_open(database):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.1)
    finally:
        await database.close()


async def _count_open(database: Database) -> int:
    async with database.begin() as session:
        return (await session.scalars(select(func.count()).where(Outbox.state.in_(OPEN)))).one()
