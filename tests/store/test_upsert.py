"""Insert or ignore, insert or update: the same on both databases, also when two do it at once."""

import asyncio

from sqlalchemy import select

from bot.store.engine import Database
from bot.store.models import Inbox, Person, Workspace
from bot.store.upsert import insert_new, upsert
from bot.time import machine_now


async def test_the_second_copy_of_a_payload_is_not_new(database: Database) -> None:
    async with database.begin() as session:
        assert await insert_new(session, Inbox, key="event:1", received_at=machine_now())
        assert not await insert_new(session, Inbox, key="event:1", received_at=machine_now())


async def test_of_copies_at_the_same_time_exactly_one_is_new(database: Database, database_url: str) -> None:
    other = Database(database_url)

    async def take(into: Database) -> bool:
        async with into.begin() as session:
            return await insert_new(session, Inbox, key="event:1", received_at=machine_now())

    taken = await asyncio.gather(*(take((database, other)[number % 2]) for number in range(16)))
    await other.close()
    assert taken.count(True) == 1


async def test_a_copy_whose_first_was_rolled_back_is_new(database: Database) -> None:
    async with database.begin() as session:
        await insert_new(session, Inbox, key="event:1", received_at=machine_now())
        await session.rollback()
    async with database.begin() as session:
        assert await insert_new(session, Inbox, key="event:1", received_at=machine_now())


async def test_an_upsert_writes_what_it_was_given_and_leaves_the_rest(database: Database) -> None:
    async with database.begin() as session:
        session.add(Workspace(id="T1"))
        await session.flush()
        session.add(Person(workspace_id="T1", user_id="U1", name="Jonas"))
    for dm in ("D1", "D2"):
        async with database.begin() as session:
            await upsert(
                session,
                Person,
                (Person.workspace_id, Person.user_id),
                workspace_id="T1",
                user_id="U1",
                dm_channel=dm,
            )
    async with database.begin() as session:
        person = (await session.scalars(select(Person))).one()
        assert (person.name, person.dm_channel) == ("Jonas", "D2")
