"""Due work: done once, in one commit with its effects, and no row stops another."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from bot.clock.housekeeping import Keep, tidy
from bot.clock.ticker import GIVE_UP_AFTER, DueHandler, Ticker
from bot.store.engine import Database
from bot.store.models import Audit, Due, DueState, Inbox, Outbox, Workspace
from bot.time import machine_now
from tests.support.clock import START, FakeClock


@pytest.fixture(autouse=True)
async def workspace(database: Database) -> None:
    async with database.begin() as session:
        session.add(Workspace(id="T1"))


async def _add(database: Database, *, kind: str = "note", minutes: float = 0, subject_id: int = 1) -> str:
    key = f"{kind}:{subject_id}:{minutes}"
    async with database.begin() as session:
        due_at = START + timedelta(minutes=minutes)
        session.add(Due(workspace_id="T1", key=key, kind=kind, subject_id=subject_id, due_at=due_at))
    return key


async def _row(database: Database, key: str) -> Due:
    async with database.begin() as session:
        return (await session.scalars(select(Due).where(Due.key == key))).one()


async def _noted(database: Database) -> list[str]:
    async with database.begin() as session:
        return list(await session.scalars(select(Audit.subject).order_by(Audit.id)))


async def _rested(database: Database) -> None:
    """As if the pause after a failure were over."""
    async with database.begin() as session:
        await session.execute(update(Due).values(lease_until=machine_now() - timedelta(seconds=1)))


async def _note(session: AsyncSession, due: Due) -> None:
    """A handler with an effect that can be counted."""
    session.add(
        Audit(workspace_id="T1", at=START, actor="slipway", action="note", subject=f"{due.subject_id}")
    )


def _ticker(database: Database, clock: FakeClock, **handlers: DueHandler) -> Ticker:
    return Ticker(database, clock, {"note": _note, **handlers}, wake=lambda: None)


async def test_what_is_due_is_done_once_longest_overdue_first(database: Database, clock: FakeClock) -> None:
    await _add(database, minutes=0, subject_id=2)
    await _add(database, minutes=-5, subject_id=1)
    later = await _add(database, minutes=5, subject_id=3)
    ticker = _ticker(database, clock)
    assert await ticker.tick() == 2
    assert await ticker.tick() == 0
    assert await _noted(database) == ["1", "2"]
    assert (await _row(database, later)).state == DueState.WAITING


async def test_a_clock_that_jumps_makes_due_what_it_passed(database: Database, clock: FakeClock) -> None:
    for day in range(1, 4):
        await _add(database, minutes=day * 24 * 60, subject_id=day)
    ticker = _ticker(database, clock)
    assert await ticker.tick() == 0
    clock.advance(days=2)
    assert await ticker.tick() == 2
    clock.advance(days=300)
    assert await ticker.tick() == 1


async def test_more_than_a_page_of_due_work_is_done_in_one_tick(database: Database, clock: FakeClock) -> None:
    async with database.begin() as session:
        session.add_all(
            Due(workspace_id="T1", key=f"{n}", kind="note", subject_id=n, due_at=START) for n in range(250)
        )
    assert await _ticker(database, clock).tick() == 250


async def test_two_tickers_do_each_row_exactly_once(
    database: Database, database_url: str, clock: FakeClock
) -> None:
    for number in range(40):
        await _add(database, subject_id=number)
    other = Database(database_url)
    done = await asyncio.gather(_ticker(database, clock).tick(), _ticker(other, clock).tick())
    await other.close()
    assert sum(done) == 40
    assert sorted(map(int, await _noted(database))) == list(range(40))


async def test_a_failing_row_changes_nothing_and_stops_no_other(database: Database, clock: FakeClock) -> None:
    async def fails(session: AsyncSession, due: Due) -> None:
        await _note(session, due)
        await session.flush()
        raise RuntimeError("no")

    broken = await _add(database, kind="broken", minutes=-1)
    fine = await _add(database, subject_id=7)
    with capture_logs() as logs:
        assert await _ticker(database, clock, broken=fails).tick() == 1
    assert await _noted(database) == ["7"]
    row = await _row(database, broken)
    assert (row.state, row.attempts, row.error) == (DueState.WAITING, 1, "RuntimeError: no")
    assert (await _row(database, fine)).state == DueState.DONE
    assert [line["due"] for line in logs if line["event"] == "due_failed"] == [row.id]


async def test_a_failed_row_rests_and_is_given_up_in_the_end(database: Database, clock: FakeClock) -> None:
    calls = 0

    async def fails(_session: AsyncSession, _due: Due) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError("no")

    key = await _add(database, kind="broken")
    ticker = _ticker(database, clock, broken=fails)
    await ticker.tick()
    await ticker.tick()
    assert calls == 1
    for _ in range(GIVE_UP_AFTER + 2):
        await _rested(database)
        await ticker.tick()
    assert calls == GIVE_UP_AFTER
    assert (await _row(database, key)).state == DueState.FAILED


async def test_a_handler_may_find_that_it_is_too_late(database: Database, clock: FakeClock) -> None:
    async def skips(_session: AsyncSession, due: Due) -> None:
        due.state = DueState.SKIPPED

    key = await _add(database, kind="late")
    await _ticker(database, clock, late=skips).tick()
    row = await _row(database, key)
    assert (row.state, row.done_at) == (DueState.SKIPPED, START)


async def test_work_of_a_kind_nobody_knows_waits_for_a_version_that_does(
    database: Database, clock: FakeClock
) -> None:
    key = await _add(database, kind="from the future")
    await _ticker(database, clock).tick()
    assert (await _row(database, key)).state == DueState.WAITING
    await _rested(database)
    await Ticker(database, clock, {"from the future": _note}, wake=lambda: None).tick()
    assert (await _row(database, key)).state == DueState.DONE


async def test_a_started_ticker_ticks_by_itself_and_wakes_the_pump(
    database: Database, clock: FakeClock
) -> None:
    woken = asyncio.Event()
    await _add(database)
    ticker = Ticker(database, clock, {"note": _note}, wake=woken.set, tick_seconds=0.05)
    ticker.start()
    async with asyncio.timeout(10):
        await woken.wait()
    await ticker.stop()
    assert await _noted(database) == ["1"]


async def test_stopping_lets_the_row_in_hand_be_finished(database: Database, clock: FakeClock) -> None:
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def slowly(session: AsyncSession, due: Due) -> None:
        begun.set()
        await go_on.wait()
        await _note(session, due)

    key = await _add(database, kind="slow")
    ticker = Ticker(database, clock, {"slow": slowly}, wake=lambda: None, tick_seconds=0.05)
    ticker.start()
    await begun.wait()
    stopping = asyncio.create_task(ticker.stop())
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert (await _row(database, key)).state == DueState.DONE


async def test_housekeeping_forgets_what_is_older_than_it_should_keep(
    database: Database, clock: FakeClock
) -> None:
    async with database.begin() as session:
        for days, name in ((10, "old"), (3, "new")):
            at = START - timedelta(days=days)
            session.add(Inbox(key=name, received_at=at))
            session.add(
                Outbox(
                    workspace_id="T1",
                    key=name,
                    kind="note",
                    method="chat.postMessage",
                    to="C1",
                    lane="C1",
                    args={"text": "x"},
                    public_key=name,
                    state="sent",
                    created_at=at,
                )
            )
    await tidy(database, clock.now(), Keep(payload_days=7, inbox_days=7))
    async with database.begin() as session:
        assert (await session.scalars(select(Inbox.key))).all() == ["new"]
        kept = {row.key: row.args for row in await session.scalars(select(Outbox))}
    assert kept == {"old": None, "new": {"text": "x"}}
