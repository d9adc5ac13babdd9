"""The case from `/slipway new` to the channel, through Slack alone, in both modes, on both databases."""

import pytest

from sandbox.case import HOME
from sandbox.programme import Programme
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.stage import Stage, assessment_in, stage
from tests.support.process import Mode

SUMMARY = "14 blocking, 1 unknown, 12 manageable, 1 proof gap, 11 met; overall index 0.43"


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_case_gives_exactly_the_assessment_derived_by_hand(mode: Mode, database_url: str) -> None:
    async with stage(database_url, mode=mode) as on:
        programme = Programme(on.workspace, on.case)
        await programme.take_in()
        await programme.accept_roles()
        await programme.open_round()
        await _nobody_sees_an_answer(on)
        await programme.answer_all()
        posted = await programme.post()
        assert SUMMARY in posted.text
        assert as_derived(await assessment_in(database_url)) == expected()
        await on.workspace.settled(within=60)
        assert [line for line in on.bot.log if line.get("level") in ("warning", "error")] == []


async def _nobody_sees_an_answer(on: Stage) -> None:
    """While round 1 is open even the facilitator reads only how far everybody is."""
    lead = on.workspace.person("lena")
    shown = await lead.command("/slipway", "gaps", HOME)
    assert "block" not in shown.text
    assert "Round 1" in shown.text or "answered" in shown.text
