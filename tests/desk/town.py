"""People with every standing there is, and one initiative among them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bot.desk import asking
from bot.desk.work import Actor, House, Work
from bot.store.base import Base
from bot.store.models import (
    Audit,
    Due,
    Inbox,
    Initiative,
    InitiativeState,
    Outbox,
    Person,
    Role,
    Stage,
    Stakeholder,
    Workspace,
)
from tests.support.clock import FakeClock

TEAM = "T1"
GROUPS = ("pilot_team", "it_ops", "business", "data_gov")
LEADS = dict(zip(GROUPS, ("ULEAD1", "ULEAD2", "ULEAD3", "ULEAD4"), strict=True))
PROFILE = {"autonomy": "acts_within_limits", "audience": "customer"}

_NOT_STATE = (Audit, Inbox)


@dataclass
class Town:
    """The initiative's id, and a way to act as anybody."""

    house: House
    clock: FakeClock
    initiative: int

    @classmethod
    async def built(cls, house: House, clock: FakeClock) -> "Town":
        # Fresh for as long as any test lasts.
        looked_up = clock.now() + timedelta(days=30)
        async with house.sessions.begin() as session:
            session.add(Workspace(id=TEAM, bot_user_id="UBOT"))
            await session.flush()
            plain = ("UFAC", "UOWNER", "USPON", "UMEMBER", "UANSWER", *LEADS.values())
            session.add_all(
                Person(workspace_id=TEAM, user_id=one, name=one, read_at=looked_up) for one in plain
            )
            session.add_all(
                Person(workspace_id=TEAM, user_id=user_id, name=user_id, read_at=looked_up, **{mark: True})
                for user_id, mark in (
                    ("UADMIN", "is_admin"),
                    ("UGUEST", "is_guest"),
                    ("UGONE", "is_deactivated"),
                    ("UROBOT", "is_bot"),
                    ("UEXTERN", "is_external"),
                )
            )
            initiative = Initiative(
                workspace_id=TEAM,
                stage=Stage.STALLED_PILOT,
                state=InitiativeState.OPEN,
                name="Invoices",
                name_key="invoices",
                facilitator_id="UFAC",
                owner_id="UOWNER",
                sponsor_id="USPON",
                home_channel_id="CHOME",
                zone="Europe/Berlin",
                profile=PROFILE,
                created_by="UFAC",
                created_at=clock.now(),
            )
            session.add(initiative)
            await session.flush()
            answering = [(group, lead, True) for group, lead in LEADS.items()] + [
                ("business", "UANSWER", False)
            ]
            session.add_all(
                Stakeholder(
                    workspace_id=TEAM,
                    initiative_id=initiative.id,
                    user_id=user_id,
                    group=group,
                    is_lead=is_lead,
                    added_at=clock.now(),
                )
                for group, user_id, is_lead in answering
            )
            await session.flush()
            await asking.ask_who_is_missing(house.work_in(session, TEAM), initiative)
        return cls(house, clock, initiative.id)

    @asynccontextmanager
    async def work(self, user_id: str, *, team_id: str = "", workspace: str = TEAM) -> AsyncIterator[Work]:
        """One piece of work of one person."""
        async with self.house.work(Actor(workspace, user_id, team_id)) as work:
            yield work

    async def subject(self, work: Work) -> Initiative:
        """The initiative, in this piece of work."""
        return await work.session.get_one(Initiative, self.initiative)

    async def role(self, kind: str, group: str | None = None) -> Role:
        """The newest role of a kind."""
        async with self.house.sessions() as session:
            roles = await session.scalars(
                select(Role).where(Role.kind == kind, Role.group == group).order_by(Role.id.desc())
            )
            return roles.first() or Role()

    async def sent(self, kind: str) -> list[Outbox]:
        """What was queued for a reason, oldest first."""
        async with self.house.sessions() as session:
            return list(await session.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id)))

    async def fall_due(self, handlers: Mapping[str, Callable[[Work, Due], Awaitable[None]]]) -> None:
        """Do what is due by now, as the clock does."""
        async with self.house.sessions.begin() as session:
            due = await session.scalars(
                select(Due).where(Due.state == "waiting", Due.due_at <= self.clock.now()).order_by(Due.due_at)
            )
            for one in list(due):
                one.state = "done"
                await handlers[one.kind](self.house.work_in(session, one.workspace_id), one)

    async def counts(self) -> dict[str, int]:
        """How many rows each table has, the audit log and the inbox aside."""
        async with self.house.sessions() as session:
            return {
                table.name: int(await session.scalar(select(func.count()).select_from(table)) or 0)
                for table in Base.metadata.sorted_tables
                if table.name not in {kind.__tablename__ for kind in _NOT_STATE}
            }
