"""Two bots on one database are one bot to everybody who talks to it."""

import aiohttp

from sandbox.programme import Programme
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.screens import keys_posted, questions_twice
from tests.e2e_case.stage import assessment_in, stage
from tests.support.databases import PostgresDatabase
from tests.support.process import BotProcess, running_bot


async def test_two_processes_give_the_case_one_assessment_and_nothing_twice(
    postgres_database: PostgresDatabase,
) -> None:
    database_url = postgres_database.emptied()
    async with stage(database_url) as on, running_bot(on.sandbox, database_url) as other:
        await on.workspace.connected(connections=2)
        await Programme(on.workspace, on.case).run()
        await on.workspace.settled(quiet=1.0, within=60)
        assert as_derived(await assessment_in(database_url)) == expected()
        assert [key for key, count in (await keys_posted(on.workspace)).items() if count > 1] == []
        assert await questions_twice(on.workspace) == []
        # The sandbox deals payloads to its connections in turn.
        assert await _clicks_answered(on.bot) > 50
        assert await _clicks_answered(other) > 50


async def _clicks_answered(bot: BotProcess) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.address}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    counts = [line for line in lines if "_count{" in line and 'kind="click"' in line]
    return sum(float(line.rpartition(" ")[2]) for line in counts)
