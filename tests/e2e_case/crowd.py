"""Many people who answer at the same time, each a click every few seconds, at Slack's own limits."""

import asyncio
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sandbox.case import Case, Respondent, worked_case
from sandbox.client import Workspace
from sandbox.config import Knobs
from sandbox.player import ANSWER, START, Answering
from sandbox.programme import Programme
from tests.e2e_case.stage import Stage, stage

# Empty unsets: the bot's own defaults, as an installation has them.
DEFAULT_PACING = {"POST_PER_CHANNEL_PER_SECOND": "", "POST_PER_MINUTE": ""}


@dataclass(frozen=True)
class Figures:
    """What a run came to; seconds from a click to the next card on the screen."""

    people: int
    waits: Sequence[float]
    limited: dict[str, int]
    ack_ms: Sequence[float]

    def __str__(self) -> str:
        return (
            f"{self.people} people, {len(self.waits)} clicks: next card after "
            f"{_share(self.waits, 0.5):.3f} s (median), {_share(self.waits, 0.95):.3f} s (p95), "
            f"{max(self.waits):.3f} s (longest); ack {_share(self.ack_ms, 0.95):.0f} ms (p95); "
            f"429s: {self.limited or 'none'}"
        )

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 clicks had their next card."""
        return _share(self.waits, 0.95)


def crowd(size: int) -> Case:
    """The worked case with more people in each group, who answer as their lead does."""
    case = worked_case()
    leads = list(case.leads.values())
    more = [
        Respondent(f"more{number:02}", f"More {number:02}", lead.group, is_lead=False, answers=lead.answers)
        for number in range(size - len(case.respondents))
        for lead in [leads[number % len(leads)]]
    ]
    return replace(case, respondents=[*case.respondents, *more])


async def answer_at_once(database_url: str, *, people: int, seconds: float, every: float) -> Figures:
    """`people` answer for `seconds`, each with a click `every` so many, from an empty workspace on."""
    case = crowd(people)
    async with stage(database_url, knobs=Knobs(), case=case, env=DEFAULT_PACING) as on:
        programme = Programme(on.workspace, case)
        await programme.take_in()
        await programme.accept_roles()
        await programme.open_round()
        chance = random.Random(people)
        clicking = [
            _Clicking(on.workspace, case, who, chance.uniform(0, every), every, seconds)
            for who in case.respondents
        ]
        await asyncio.gather(*(one.run() for one in clicking))
        return await _figures(on, [wait for one in clicking for wait in one.waits])


async def _figures(on: Stage, waits: Sequence[float]) -> Figures:
    counts: dict[str, int] = (await on.workspace.counters())["counts"]
    acks = [one.latency_ms for one in await on.workspace.deliveries("interactive") if one.latency_ms]
    limited = {name.removeprefix("429:"): count for name, count in counts.items() if name.startswith("429:")}
    return Figures(len(on.case.respondents), waits, limited, acks)


class _Clicking:
    """One person: answers, and two times in five goes back to change the last answer."""

    def __init__(
        self, workspace: Workspace, case: Case, who: Respondent, first: float, every: float, seconds: float
    ) -> None:
        self._answering = Answering(workspace, case, who)
        self._first, self._every, self._seconds = first, every, seconds
        self._clicks = 0
        self.waits: list[float] = []

    async def run(self) -> None:
        """Click until the time is over."""
        person, began = self._answering.person, time.monotonic()
        await asyncio.sleep(self._first)
        invitation = await person.next_message("asks for your view", within=60)
        await person.click(invitation, START)
        while (due := self._first + self._every * (self._clicks + 1)) < self._seconds:
            await asyncio.sleep(max(0.0, began + due - time.monotonic()))
            await self._click()
            self._clicks += 1

    async def _click(self) -> None:
        card = await self._answering.next_card()
        if card is None:
            raise AssertionError("there were not enough questions for so long a run")
        changes = self._clicks % 5 in (1, 3) and "Change" in card.buttons
        pick = None if changes else card.options(ANSWER)[self._clicks % 5]
        started = time.monotonic()
        await self._answering.person.click(card, "Change" if changes else ANSWER, pick)
        await self._answering.person.wait_until(
            lambda: self._answering.moved_on(card), 30, what="the next card"
        )
        self.waits.append(time.monotonic() - started)


def _share(values: Sequence[float], share: float) -> float:
    """The value that so large a share of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
