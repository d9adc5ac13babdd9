"""Claims: whose turn it is, and that one row is never two processes' at once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.store.engine import Database
from bot.store.models import Outbox, OutboxState, Workspace
from bot.store.outbox import Claimed, Outcome, claim, empty_payloads, settle, spent
from bot.time import machine_now
from tests.support.clock import START

LEASE = timedelta(seconds=30)
SENT = Outcome(OutboxState.SENT, channel="C1", ts="1.0")


@pytest.fixture(autouse=True)
async def workspace(database: Database) -> None:
    async with database.begin() as session:
        session.add_all([Workspace(id="T1"), Workspace(id="T2")])


async def _add(database: Database, *rows: Mapping[str, object]) -> None:
    base: dict[str, object] = {
        "workspace_id": "T1",
        "kind": "note",
        "method": "chat.postMessage",
        "to": "C1",
        "args": {"text": "x"},
        "created_at": START,
    }
    async with database.begin() as session:
        for row in rows:
            values = {**base, "lane": row.get("to", "C1"), "public_key": row["key"], **row}
            await session.execute(insert(Outbox).values(**values))


async def _claim(
    database: Database, now: datetime | None = None, limit: int = 10, **options: object
) -> Sequence[Claimed]:
    async with database.begin() as session:
        return await claim(
            session,
            now=now or machine_now(),
            lease=LEASE,
            limit=limit,
            **options,  # type: ignore[arg-type]
        )


async def _settle(database: Database, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
    async with database.begin() as session:
        return await settle(session, claimed.row, outcome, now)


def _keys(claimed: Sequence[Claimed]) -> list[str]:
    return [one.row.key for one in claimed]


async def test_one_row_of_each_lane_goes_at_a_time_the_most_urgent_first(database: Database) -> None:
    await _add(
        database,
        {"key": "a1", "to": "A"},
        {"key": "a2", "to": "A"},
        {"key": "b1", "to": "B", "priority": 1},
        {"key": "other workspace", "to": "A", "workspace_id": "T2"},
    )
    claimed = await _claim(database)
    assert _keys(claimed) == ["b1", "a1", "other workspace"]
    assert await _claim(database) == []
    assert await _settle(database, claimed[1], SENT, machine_now())
    assert _keys(await _claim(database)) == ["a2"]


async def test_a_row_is_claimed_again_when_its_lease_is_over_and_is_then_unsure(database: Database) -> None:
    await _add(database, {"key": "a"})
    now = machine_now()
    [first] = await _claim(database, now)
    assert not first.unsure
    assert await _claim(database, now + LEASE / 2) == []
    [second] = await _claim(database, now + LEASE)
    assert second.unsure
    assert not await _settle(database, first, SENT, now)
    assert await _settle(database, second, SENT, now)


async def test_a_row_that_waits_its_time_out_was_surely_not_sent(database: Database) -> None:
    await _add(database, {"key": "a"}, {"key": "behind it"})
    now = machine_now()
    [claimed] = await _claim(database, now)
    later = now + timedelta(seconds=5)
    await _settle(database, claimed, Outcome(OutboxState.WAITING, until=later), now)
    assert await _claim(database, now) == []
    [again] = await _claim(database, later)
    assert (again.row.key, again.unsure) == ("a", False)


async def test_posts_in_one_lane_keep_their_distance_and_edits_do_not(database: Database) -> None:
    await _add(
        database,
        {"key": "first"},
        {"key": "edit", "method": "chat.update", "edit_of": "first"},
        {"key": "second"},
    )
    now = machine_now()
    gap = timedelta(seconds=1)
    [first] = await _claim(database, now, lane_gap=gap)
    await _settle(database, first, SENT, now)
    [edit] = await _claim(database, now, lane_gap=gap)
    await _settle(database, edit, SENT, now)
    assert await _claim(database, now, lane_gap=gap) == []
    assert _keys(await _claim(database, now + gap, lane_gap=gap)) == ["second"]


async def test_what_slack_holds_back_waits_and_nothing_else_does(database: Database) -> None:
    await _add(
        database,
        {"key": "post"},
        {"key": "home", "to": "U1", "method": "views.publish"},
        {"key": "elsewhere", "workspace_id": "T2"},
    )
    held = {("T1", "chat.postMessage")}
    assert _keys(await _claim(database, held=held)) == ["home", "elsewhere"]


async def test_a_reply_to_an_unknown_message_fails_and_makes_room(database: Database) -> None:
    await _add(database, {"key": "reply", "thread_of": "nothing"}, {"key": "next"})
    assert _keys(await _claim(database)) == ["next"]
    async with database.begin() as session:
        state = await session.scalar(select(Outbox.state).where(Outbox.key == "reply"))
    assert state == OutboxState.FAILED


async def test_many_claimers_never_share_a_row(database: Database, database_url: str) -> None:
    await _add(database, *({"key": f"k{n}", "to": f"lane{n % 9}"} for n in range(60)))
    others = [Database(database_url) for _ in range(3)]
    seen: list[str] = []

    async def work(mine: Database) -> None:
        while claimed := await _claim(mine, limit=3):
            seen.extend(_keys(claimed))
            for one in claimed:
                assert await _settle(mine, one, SENT, machine_now())

    for _ in range(20):
        await asyncio.gather(*(work(one) for one in (database, *others)))
    for other in others:
        await other.close()
    assert sorted(seen) == sorted(f"k{n}" for n in range(60))


async def test_what_was_spent_is_counted_for_those_who_have_more_to_send(database: Database) -> None:
    await _add(database, {"key": "a", "to": "A"}, {"key": "b", "to": "B"}, {"key": "c", "workspace_id": "T2"})
    now = machine_now()
    for one in await _claim(database, now):
        await _settle(database, one, SENT, now)
    await _add(database, {"key": "d", "to": "A"}, {"key": "e", "method": "chat.update"})
    async with database.begin() as session:
        used = await spent(session, now - timedelta(minutes=1))
        assert used == {("T1", "chat.postMessage"): 2, ("T1", "chat.update"): 0}
        used = await spent(session, now + timedelta(seconds=1))
        assert used == {("T1", "chat.postMessage"): 0, ("T1", "chat.update"): 0}


async def test_old_payloads_are_forgotten_and_the_ledger_stays(database: Database) -> None:
    await _add(
        database,
        {"key": "old", "to": "A", "picture": b"png"},
        {"key": "still waiting", "to": "B"},
        {"key": "new", "to": "C", "created_at": START + timedelta(days=3)},
    )
    async with database.begin() as session:
        await session.execute(
            update(Outbox).where(Outbox.key != "still waiting").values(state="sent", channel="C1", ts="1.0")
        )
    async with database.begin() as session:
        assert await empty_payloads(session, START + timedelta(days=1)) == 1
        assert await empty_payloads(session, START + timedelta(days=1)) == 0
    async with database.begin() as session:
        rows = {row.key: row for row in await session.scalars(select(Outbox))}
    assert (rows["old"].args, rows["old"].picture) == (None, None)
    assert (rows["old"].channel, rows["old"].ts) == ("C1", "1.0")
    assert rows["new"].args
    assert rows["still waiting"].args
