"""What one answer costs the database: at most eight statements in one transaction."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest_asyncio
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, select, update

from bot.desk.opening import open_round
from bot.desk.playbooks import Playbooks
from bot.desk.work import Actor, House
from bot.playbook.load import load_playbook
from bot.store.engine import Database
from bot.store.models import Answer, Conversation, Initiative, Outbox, Person, Role, Stakeholder, Workspace
from bot.views.actions import LevelRef, encode
from handlers import tables
from handlers.entrance import Entrance
from handlers.front import Front
from handlers.router import Router
from tests.e2e.stage import ANSWER, CASE, GROUPS
from tests.support.clock import FakeClock

TEAM, WHO = "T0COST", "UBRUNO"
AT_MOST = 8


@dataclass
class Desk:
    """The entrance without Slack: payloads in, rows out."""

    database: Database
    entrance: Entrance
    clock: FakeClock
    seconds: int = 0

    async def conversation(self) -> Conversation:
        async with self.database.begin() as session:
            return (
                await session.scalars(
                    select(Conversation)
                    .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
                    .where(Stakeholder.user_id == WHO)
                )
            ).one()

    async def choice(self, level: int) -> Mapping[str, object]:
        """A level on the card that is shown."""
        shown = await self.conversation()
        value = encode(LevelRef(str(shown.id), str(shown.asking), level))
        return {"selected_option": {"value": value}}

    async def start(self) -> None:
        await self.click("diagnosis.start", {"value": str((await self.conversation()).id)})

    async def click(self, action: str, chosen: Mapping[str, object]) -> None:
        self.seconds += 1
        await self.entrance.click(
            _ack(),
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": WHO, "team_id": TEAM},
                "container": {"message_ts": "1.0", "channel_id": "D1"},
                "channel": {"id": "D1"},
                "response_url": f"https://hooks.example/{self.seconds}",
                "actions": [{"action_id": action, "action_ts": f"{self.seconds}.000001", **chosen}],
            },
        )

    async def say(self, text: str) -> None:
        """Type below the invitation."""
        self.seconds += 1
        ts = f"{int(self.clock.now().timestamp()) + self.seconds}.000001"
        message = {"type": "message", "channel": "D1", "channel_type": "im", "user": WHO, "ts": ts}
        await self.entrance.event(
            _ack(),
            {
                "team_id": TEAM,
                "event_id": f"Ev{self.seconds}",
                "event": {**message, "text": text, "thread_ts": "9.0"},
            },
        )

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Every statement meanwhile, without those that open and close the transaction."""
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        engine = self.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


def _ack() -> AsyncAck:
    return AsyncAck()  # type: ignore[no-untyped-call]


@pytest_asyncio.fixture(loop_scope="module")
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """Round 1 is open, and nobody has begun."""
    database, clock = Database(database_url), FakeClock()
    house = House(database.sessions, clock, Playbooks(load_playbook(None)))

    async def no_slack(_: str) -> AsyncWebClient:
        raise AssertionError("an answer asks Slack nothing")

    entrance = Entrance(
        house,
        Front(no_slack),
        Router(tables.ROUTES, unknown_click=tables.UNKNOWN_CLICK),
    )
    number = await _seed(database, clock)
    async with house.work(Actor(TEAM, "ULENA", TEAM)) as work:
        await open_round(work, await work.session.get_one(Initiative, number))
    async with database.begin() as session:
        await session.execute(
            update(Outbox).where(Outbox.to == WHO).values(channel="D1", ts="9.0", state="sent")
        )
    yield Desk(database, entrance, clock)
    await database.close()


async def _seed(database: Database, clock: FakeClock) -> int:
    now = clock.now()
    async with database.begin() as session:
        session.add(Workspace(id=TEAM, name="Cost"))
        await session.flush()
        initiative = Initiative(
            workspace_id=TEAM,
            state="open",
            name="Invoices",
            name_key="invoices",
            facilitator_id="ULENA",
            owner_id="UBEA",
            zone="Europe/Berlin",
            profile=dict(CASE.profile),
            created_by="ULENA",
            created_at=now,
        )
        session.add(initiative)
        await session.flush()
        common = {"workspace_id": TEAM, "initiative_id": initiative.id}
        accepted = {**common, "state": "accepted", "asked_at": now}
        session.add(Role(**accepted, kind="owner", user_id="UBEA"))
        session.add(Person(workspace_id=TEAM, user_id="ULENA", read_at=now))
        for group, members in GROUPS.items():
            session.add(Role(**accepted, kind="lead", group=group, user_id=f"U{members[0].upper()}"))
            for place, name in enumerate(members):
                user_id = f"U{name.upper()}"
                session.add(Person(workspace_id=TEAM, user_id=user_id, read_at=now))
                row = {**common, "user_id": user_id, "group": group, "is_lead": place == 0, "added_at": now}
                session.add(Stakeholder(**row))
        return initiative.id


async def test_a_clicked_answer_costs_at_most_eight_statements_and_one_message(desk: Desk) -> None:
    await desk.start()
    conversation = await desk.conversation()
    for place in range(len(conversation.criteria) - 1):
        choice = await desk.choice(place % 5)
        with desk.counted() as seen:
            await desk.click(ANSWER, choice)
        assert len(seen) <= AT_MOST, "\n".join(seen)
    async with desk.database.begin() as session:
        found = await session.scalars(select(Answer).where(Answer.is_current))
        assert len(list(found)) == len(conversation.criteria) - 1
        sent = await session.scalars(select(Outbox).where(Outbox.method == "response_url"))
        assert len(list(sent)) == len(conversation.criteria) - 1


async def test_a_changed_answer_costs_no_more(desk: Desk) -> None:
    await desk.start()
    first, second = await desk.choice(2), await desk.choice(3)
    await desk.click(ANSWER, first)
    with desk.counted() as seen:
        await desk.click(ANSWER, second)
    assert len(seen) <= AT_MOST, "\n".join(seen)


async def test_a_typed_answer_costs_two_more_at_most(desk: Desk) -> None:
    await desk.start()
    for place in range(5):
        with desk.counted() as seen:
            await desk.say(f"{place} because it is so https://a.example")
        assert len(seen) <= AT_MOST + 2, "\n".join(seen)
    async with desk.database.begin() as session:
        assert len(list(await session.scalars(select(Answer).where(Answer.is_current)))) == 5
