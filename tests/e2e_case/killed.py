"""The case with a bot that is killed in between, and what must hold afterwards."""

from sandbox.client import Workspace
from sandbox.player import Record
from sandbox.programme import Programme
from tests.e2e_case.killing import Killer, kills, knobs
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.screens import keys_posted, questions_twice
from tests.e2e_case.stage import Stage, answers_in, assessment_in, everything_sent, stage
from tests.support.process import Mode

# Calls and payloads in one case, roughly.
_IN_A_CASE = 1_000
# How long people look at a button that does nothing before they press it again, in seconds.
_PATIENCE = 4.0


async def killed_case(database_url: str, *, mode: Mode, times: int, seed: int) -> Killer:
    """Play the case, killing the bot `times` times, and check what is left; gives what was done."""
    async with stage(database_url, mode=mode, knobs=knobs()) as on:
        programme = Programme(on.workspace, on.case, patience=_PATIENCE)
        gap = _IN_A_CASE // times
        async with kills(on, times, (gap // 4, gap), seed) as killer:
            await programme.take_in()
            await programme.accept_roles()
            await programme.open_round()
            records = await programme.answer_all()
            await programme.post()
        await _restarted(on)
        await everything_sent(database_url)
        await on.workspace.settled(within=60)
        assert killer.kills == times
        await _check(on, records)
        return killer


async def _restarted(on: Stage) -> None:
    """The last kill may have come while the case was ending."""
    if not on.bot.is_running:
        await on.bot.restart()


async def _check(on: Stage, records: list[Record]) -> None:
    assert as_derived(await assessment_in(on.database_url)) == expected()
    assert await _lost(on.workspace, on.database_url, records) == []
    doubled = {key: count for key, count in (await keys_posted(on.workspace)).items() if count > 1}
    assert doubled == {}
    assert await questions_twice(on.workspace) == []


async def _lost(workspace: Workspace, database_url: str, records: list[Record]) -> list[Record]:
    """What somebody said and the bot acked, but no revision of an answer in the database says."""
    ids = await workspace.ids()
    kept = {
        (one.user_id, one.criterion, "dk" if one.said == "dk" else one.level)
        for one in await answers_in(database_url, current=False)
    }
    return [one for one in records if (ids[one.handle], one.criterion, one.said) not in kept]
